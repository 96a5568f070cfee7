"""The stand-in for Hugging Face's router: it refuses what the providers behind it would refuse."""

import base64
from collections.abc import Iterator, Mapping
from typing import Any

import httpx
import pytest

from tests.support.stand_ins.huggingface import HuggingFaceStandIn
from tests.support.stand_ins.huggingface_fields import QUEUE
from tests.support.vendors.stand_in_requests import PHOTO, data_uri

Body = dict[str, Any]

HF = "/hf-inference/models/black-forest-labs/FLUX.1-dev"
HF_EDIT = "/hf-inference/models/black-forest-labs/FLUX.1-Kontext-dev"
FAL = "/fal-ai/fal-ai/flux/dev"
FAL_EDIT = "/fal-ai/fal-ai/flux-kontext/dev" + QUEUE
TOGETHER = "/together/v1/images/generations"
REPLICATE = "/replicate/v1/models/black-forest-labs/flux-dev/predictions"
VERSION = "/replicate/v1/predictions"

SIZE = {"width": 64, "height": 96}
SHOWN = base64.b64encode(PHOTO).decode()
WORDS: Body = {"inputs": "a house", "parameters": SIZE}
EDIT: Body = {"inputs": SHOWN, "parameters": {"prompt": "a house", "target_size": SIZE}}
FLAT: Body = {"prompt": "a house", "image_size": SIZE}
FLAT_EDIT: Body = {"prompt": "a house", "image_url": data_uri()}
OPEN: Body = {
    "model": "black-forest-labs/FLUX.1-schnell",
    "prompt": "a house",
    "response_format": "base64",
    **SIZE,
}
OPEN_EDIT = OPEN | {"model": "black-forest-labs/FLUX.1-kontext-dev", "image_url": data_uri()}
INPUT: Body = {"input": {"prompt": "a house", **SIZE}}
VERSIONED = {"version": "7762fd07", **INPUT}

RIGHT = [
    (HF, WORDS), (HF_EDIT, EDIT), (FAL, FLAT), (FAL_EDIT, FLAT_EDIT), (TOGETHER, OPEN),
    (TOGETHER, OPEN_EDIT), (REPLICATE, INPUT), (VERSION, VERSIONED),
]  # fmt: skip


@pytest.fixture
def server() -> Iterator[HuggingFaceStandIn]:
    with HuggingFaceStandIn() as stand_in:
        yield stand_in


def send(
    server: HuggingFaceStandIn,
    path: str,
    body: object = None,
    *,
    method: str = "POST",
    headers: Mapping[str, str] | None = None,
) -> httpx.Response:
    given = {"authorization": f"Bearer {server.api_key}"} if headers is None else headers
    with httpx.Client(timeout=30, trust_env=False, verify=False) as client:  # noqa: S501 - plain HTTP
        return client.request(method, server.base_url + path, headers=given, json=body)


@pytest.mark.parametrize(("path", "body"), RIGHT)
def test_a_right_request_is_answered_and_billed(
    server: HuggingFaceStandIn, path: str, body: Body
) -> None:
    assert send(server, path, body).status_code in (200, 201)
    assert [call.prompt for call in server.paid] == ["a house"]


def test_the_ledger_has_the_published_prices(server: HuggingFaceStandIn) -> None:
    for path, body in ((FAL, FLAT), (TOGETHER, OPEN), (REPLICATE, INPUT), (HF, WORDS)):
        send(server, path, body)
    assert [call.micros for call in server.paid] == [25_000, 2_700, 25_000, 0]


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"method": "PUT"}, 405),
        ({"method": "GET"}, 404),
        ({"path": "/fal-ai/fal-ai/flux/pro"}, 404),
        ({"path": "/fal-ai/flux/dev"}, 404),
        ({"path": FAL + QUEUE}, 404),
        ({"path": FAL_EDIT.removesuffix(QUEUE)}, 404),
        ({"path": "/nebius/v1/images/generations"}, 404),
        ({"path": "/hf-inference/models/none"}, 404),
        ({"path": VERSION}, 404),
        ({"headers": {}}, 401),
        ({"headers": {"authorization": "Bearer other"}}, 401),
        ({"headers": {"authorization": "Key hf_stand-in"}}, 401),
        ({"headers": {"authorization": "Bearer hf_stand-in", "content-type": "text/plain"}}, 415),
        ({"body": [FLAT]}, 400),
    ],
)
def test_a_wrong_request_is_refused_and_not_billed(
    server: HuggingFaceStandIn, change: Mapping[str, Any], status: int
) -> None:
    assert send(server, **{"path": FAL, "body": FLAT, **change}).status_code == status
    assert server.paid == []


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (HF, {"inputs": "a house"}),
        (HF, {"inputs": "", "parameters": SIZE}),
        (HF, WORDS | {"seed": 7}),
        (HF, {"inputs": "a house", "parameters": {"target_size": SIZE}}),
        (HF, {"inputs": "a house", "parameters": {"prompt": "a house"}}),
        (HF_EDIT, {"inputs": "a house", "parameters": {"prompt": "a house"}}),
        (HF_EDIT, {"inputs": data_uri(), "parameters": {"prompt": "a house"}}),
        (HF_EDIT, {"inputs": SHOWN, "parameters": {"target_size": SIZE}}),
        (HF_EDIT, {"inputs": SHOWN, "parameters": {"prompt": "a house", "seed": 7}}),
        (HF_EDIT, {"inputs": SHOWN, "parameters": {"prompt": "a house", **SIZE}}),
        (FAL, {"image_size": SIZE}),
        (FAL, FLAT | SIZE),
        (FAL, FLAT | {"image_size": {"width": 64}}),
        (FAL, FLAT | {"image_size": "64x96"}),
        (FAL, FLAT | {"steps": 4}),
        (FAL, FLAT | {"num_inference_steps": 51}),
        (FAL, FLAT | {"num_inference_steps": "4"}),
        (FAL, FLAT | {"guidance_scale": "3.5"}),
        (FAL, FLAT | {"seed": -1}),
        (FAL, FLAT | {"image_url": data_uri()}),
        (FAL_EDIT, {"prompt": "a house"}),
        (FAL_EDIT, {"image_url": data_uri()}),
        (FAL_EDIT, FLAT_EDIT | {"image_url": SHOWN}),
        (FAL_EDIT, FLAT_EDIT | {"image_url": [data_uri()]}),
        (FAL_EDIT, FLAT_EDIT | {"image_url": data_uri(kind="image/jpeg")}),
        (FAL_EDIT, FLAT_EDIT | {"image_urls": data_uri()}),
        (TOGETHER, OPEN | {"response_format": "b64_json"}),
        (TOGETHER, OPEN | {"num_inference_steps": 4}),
        (TOGETHER, OPEN | {"image_url": data_uri()}),
        (TOGETHER, OPEN_EDIT | {"reference_images": [data_uri()]}),
        (TOGETHER, OPEN | {"width": 64.5}),
        (REPLICATE, {"prompt": "a house"}),
        (REPLICATE, INPUT | {"prompt": "a house"}),
        (REPLICATE, INPUT | {"version": "7762fd07"}),
        (REPLICATE, {"input": "a house"}),
        (REPLICATE, {"input": {"prompt": "a house", "input_image": data_uri()}}),
    ],
)
def test_a_wrong_field_is_refused(server: HuggingFaceStandIn, path: str, body: Body) -> None:
    assert send(server, path, body).status_code == 422
    assert server.paid == []


def test_a_field_is_refused_in_the_words_of_the_provider(server: HuggingFaceStandIn) -> None:
    wrong = [
        (HF, WORDS | {"inputs": ""}), (FAL, FLAT | {"prompt": ""}),
        (TOGETHER, OPEN | {"prompt": ""}), (REPLICATE, {"input": SIZE}),
    ]  # fmt: skip
    said = [send(server, path, body).json() for path, body in wrong]
    assert [next(iter(document)) for document in said] == ["error", "detail", "id", "title"]


def test_the_queue_is_asked_where_its_receipt_says(server: HuggingFaceStandIn) -> None:
    server.script(["acknowledged 1"])
    receipt = send(server, FAL_EDIT, FLAT_EDIT).json()
    path = "/fal-ai" + receipt["response_url"].removeprefix("https://queue.fal.run")
    answers = [send(server, f"{path}/status{QUEUE}", method="GET") for _ in range(2)]
    assert [(it.status_code, it.json()["status"]) for it in answers] == [
        (202, "IN_PROGRESS"), (200, "COMPLETED"),
    ]  # fmt: skip
    assert send(server, path + QUEUE, method="GET").json()["images"]
    assert send(server, path, method="GET").status_code == 404
    assert send(server, f"{path}0{QUEUE}", method="GET").status_code == 404


def test_a_prediction_is_waited_for_only_where_that_is_preferred(
    server: HuggingFaceStandIn,
) -> None:
    key = {"authorization": f"Bearer {server.api_key}"}
    waited = send(server, REPLICATE, INPUT, headers=key | {"prefer": "wait"}).json()
    taken = send(server, REPLICATE, INPUT).json()
    assert [waited["status"], taken["status"]] == ["succeeded", "processing"]
    path = "/replicate" + taken["urls"]["get"].removeprefix("https://api.replicate.com")
    assert send(server, path, method="GET").json()["status"] == "succeeded"


def test_a_result_is_given_to_anyone_and_no_key_is_welcome_there(
    server: HuggingFaceStandIn,
) -> None:
    url = send(server, FAL, FLAT).json()["images"][0]["url"]
    path = url.removeprefix(server.base_url.replace("127.0.0.1", "localhost"))
    assert send(server, path, method="GET", headers={}).content.startswith(b"\x89PNG")
    assert send(server, path, method="GET").status_code == 400


def test_markers_and_scripts_choose_the_answer(server: HuggingFaceStandIn) -> None:
    marked = FLAT | {"prompt": "a [[rate-limit-once]]"}
    assert [send(server, FAL, marked).status_code for _ in range(2)] == [429, 200]
    assert send(server, FAL, FLAT | {"prompt": "a [[no-such-thing]]"}).status_code == 501
    server.script(["gone"])
    assert send(server, FAL, FLAT).status_code == 404
    assert len(server.paid) == 1
