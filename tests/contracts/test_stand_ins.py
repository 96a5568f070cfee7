"""The stand-ins themselves: they refuse what the provider would refuse, and bill what it bills."""

from collections.abc import Iterator, Mapping
from http.client import HTTPConnection
from typing import Any

import httpx
import pytest

from tests.support.stand_ins.openai import OpenAIStandIn
from tests.support.stand_ins.runware import RunwareStandIn
from tests.support.stand_ins.server import StandIn
from tests.support.vendors.stand_in_requests import EDIT, PICTURE, SEEDED, TASK, send

ALL = pytest.mark.parametrize(
    ("made", "path", "body"),
    [
        (OpenAIStandIn, "/images/generations", PICTURE),
        (OpenAIStandIn, "/images/edits", EDIT),
        (RunwareStandIn, "", [TASK]),
        (RunwareStandIn, "", [SEEDED]),
    ],
    ids=["openai", "openai-edit", "runware", "runware-seeded"],
)


@pytest.fixture
def openai() -> Iterator[OpenAIStandIn]:
    with OpenAIStandIn() as server:
        yield server


@pytest.fixture
def runware() -> Iterator[RunwareStandIn]:
    with RunwareStandIn() as server:
        yield server


@ALL
def test_a_right_request_is_answered_and_billed(
    made: type[StandIn], path: str, body: object
) -> None:
    with made() as server:
        assert send(server, path, body).status_code == 200
        assert [call.prompt for call in server.paid] == ["a house"]
        assert len(server.requests) == 1


@ALL
@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"method": "PUT"}, 405),
        ({"method": "GET"}, 405),
        ({"headers": {"authorization": "Bearer other"}}, 401),
        ({"headers": {"authorization": "sk-stand-in"}}, 401),
        ({"headers": {"content-type": "text/plain"}}, 415),
    ],
)
def test_a_wrong_request_is_refused_and_not_billed(
    made: type[StandIn], path: str, body: object, change: Mapping[str, Any], status: int
) -> None:
    with made() as server:
        assert send(server, path, body, **change).status_code == status
        assert server.paid == []


@ALL
def test_an_unknown_path_is_refused(made: type[StandIn], path: str, body: object) -> None:
    with made() as server:
        assert send(server, "/images/variations", body).status_code == 404


@ALL
def test_a_body_of_the_wrong_kind_is_refused(made: type[StandIn], path: str, body: object) -> None:
    with made() as server:
        kind = server.paths[httpx.URL(server.base_url + path).path]
        answer = send(server, path, "a house", headers={"content-type": kind})
        assert answer.status_code == 400


@ALL
def test_an_unknown_scenario_is_not_played(made: type[StandIn], path: str, body: object) -> None:
    with made() as server, pytest.raises(ValueError, match="sucess"):
        server.script(["sucess"])


@pytest.mark.parametrize(
    ("change", "param"),
    [
        ({"model": None}, "model"),
        ({"model": "imagen-4"}, "model"),
        ({"prompt": ""}, "prompt"),
        ({"prompt": "x" * 32_001}, "prompt"),
        ({"size": "1000x1024"}, "size"),
        ({"size": "1024x1032"}, "size"),
        ({"size": "3200x1024"}, "size"),
        ({"size": "512x512"}, "size"),
        ({"size": "big"}, "size"),
        ({"quality": "hd"}, "quality"),
        ({"quality": "max"}, "quality"),
        ({"seed": 7}, "seed"),
        ({"negative_prompt": "rain"}, "negative_prompt"),
        ({"response_format": "b64_json"}, "response_format"),
        ({"style": "vivid"}, "style"),
        ({"n": 11}, "n"),
        ({"n": "1"}, "n"),
        ({"output_format": "bmp"}, "output_format"),
        ({"output_compression": 50}, "output_compression"),
        ({"stream": True}, "stream"),
    ],
)
def test_openai_names_the_wrong_field(
    openai: OpenAIStandIn, change: dict[str, object], param: str
) -> None:
    answer = send(openai, "/images/generations", PICTURE | change)
    assert (answer.status_code, answer.json()["error"]["param"]) == (400, param)
    assert openai.paid == []


def test_openai_does_not_know_retired_models(openai: OpenAIStandIn) -> None:
    answer = send(openai, "/images/generations", PICTURE | {"model": "dall-e-3"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "model_not_found")


def test_openai_takes_old_sizes_only_for_old_models(openai: OpenAIStandIn) -> None:
    free = PICTURE | {"size": "1536x864"}
    assert send(openai, "/images/generations", free).status_code == 200
    old = free | {"model": "gpt-image-1.5"}
    assert send(openai, "/images/generations", old).json()["error"]["param"] == "size"


@pytest.mark.parametrize(
    ("change", "parameter"),
    [
        ({"taskUUID": "one"}, "taskUUID"),
        ({"taskUUID": "5f0c4c9e-6a0c-5a63-9a5e-3b1f4f3c0a11"}, "taskUUID"),
        ({"taskType": "imageUpscale"}, "taskType"),
        ({"model": "runware:9@9"}, "model"),
        ({"positivePrompt": "x"}, "positivePrompt"),
        ({"width": 100}, "width"),
        ({"width": 130}, "width"),
        ({"height": 2112}, "height"),
        ({"steps": 101}, "steps"),
        ({"steps": "30"}, "steps"),
        ({"CFGScale": 51}, "CFGScale"),
        ({"CFGScale": "3.5"}, "CFGScale"),
        ({"numberResults": 0}, "numberResults"),
        ({"outputType": "png"}, "outputType"),
        ({"deliveryMethod": "later"}, "deliveryMethod"),
        ({"includeCost": "yes"}, "includeCost"),
        ({"safety": True}, "safety"),
        ({"checkNSFW": True}, "checkNSFW"),
        ({"prompt": "a house"}, "prompt"),
    ],
)
def test_runware_names_the_wrong_field(
    runware: RunwareStandIn, change: dict[str, object], parameter: str
) -> None:
    answer = send(runware, "", [TASK | change])
    assert (answer.status_code, answer.json()["errors"][0]["parameter"]) == (400, parameter)
    assert runware.paid == []


def test_runware_wants_an_array_of_one_task(runware: RunwareStandIn) -> None:
    assert send(runware, "", TASK).status_code == 400
    assert send(runware, "", []).status_code == 400


def test_runware_refuses_more_than_an_id_in_a_poll(runware: RunwareStandIn) -> None:
    poll = {"taskType": "getResponse", "taskUUID": TASK["taskUUID"]}
    assert send(runware, "", [poll | {"model": "runware:101@1"}]).status_code == 400
    assert send(runware, "", [poll]).json()["errors"][0]["code"] == "taskFailedOrNotFound"


def test_runware_reports_only_the_cost_that_was_asked_for(runware: RunwareStandIn) -> None:
    (item,) = send(runware, "", [TASK]).json()["data"]
    assert "cost" not in item
    assert "NSFWContent" not in item


def test_markers_in_prompts_choose_the_answer(openai: OpenAIStandIn) -> None:
    def status(prompt: str) -> int:
        return send(openai, "/images/generations", PICTURE | {"prompt": prompt}).status_code

    assert status("a house [[rate-limit-once]]") == 429
    assert status("a house [[rate-limit-once]]") == 200
    assert status("another house [[rate-limit-once]]") == 429
    assert status("a house [[moderated]]") == 400
    assert status("a house [[server-error]]") == 500
    assert status("a house [[no-such-thing]]") == 501
    assert status("a house") == 200
    assert len(openai.paid) == 2


def test_a_script_goes_before_markers(openai: OpenAIStandIn) -> None:
    openai.script(["server-error"])
    for status in (500, 404):
        body = PICTURE | {"prompt": "a house [[gone]]"}
        assert send(openai, "/images/generations", body).status_code == status


def test_a_huge_body_is_not_read(openai: OpenAIStandIn) -> None:
    url = httpx.URL(openai.base_url)
    connection = HTTPConnection(url.host, url.port)
    connection.putrequest("POST", url.path)
    connection.putheader("content-length", str(60 * 1024 * 1024 + 1))
    connection.endheaders()
    assert connection.getresponse().status == 413
    connection.close()
    assert not openai.requests
