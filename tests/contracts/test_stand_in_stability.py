"""The stand-in of Stability AI refuses what the service refuses, and bills what it bills."""

import base64
from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Any

import httpx
import pytest
from PIL import Image

from tests.support.stand_ins.pictures import png
from tests.support.stand_ins.stability import StabilityStandIn
from tests.support.vendors.stand_in_requests import File, file

IMAGE = "/v2beta/stable-image/"
WORDS = {"prompt": "a house"}
PHOTO = file(png(80, 64, "lamp"))
Form = Mapping[str, "str | File | None"]

# Each endpoint with the least that it takes.
LEAST: Mapping[str, Form] = {
    "generate/ultra": WORDS,
    "generate/core": WORDS,
    "generate/sd3": WORDS,
    "edit/inpaint": {**WORDS, "image": PHOTO},
    "edit/outpaint": {"image": PHOTO, "up": "1"},
    "edit/search-and-replace": {**WORDS, "image": PHOTO, "search_prompt": "a cat"},
    "edit/search-and-recolor": {**WORDS, "image": PHOTO, "select_prompt": "a cat"},
    "edit/remove-background": {"image": PHOTO},
    "edit/replace-background-and-relight": {"subject_image": PHOTO, "background_prompt": "a sea"},
    "upscale/fast": {"image": PHOTO},
    "upscale/conservative": {**WORDS, "image": PHOTO},
    "upscale/creative": {**WORDS, "image": PHOTO},
    "control/sketch": {**WORDS, "image": PHOTO},
    "control/structure": {**WORDS, "image": PHOTO},
    "control/style": {**WORDS, "image": PHOTO},
    "control/style-transfer": {"init_image": PHOTO, "style_image": PHOTO},
    "../3d/stable-fast-3d": {"image": PHOTO},
}
CREDITS = [8, 3, 6.5, 5, 4, 5, 5, 5, 8, 2, 40, 60, 5, 5, 5, 8, 10]
RELIGHT = LEAST["edit/replace-background-and-relight"]


@pytest.fixture
def server() -> Iterator[StabilityStandIn]:
    with StabilityStandIn() as stand_in:
        yield stand_in


def send(
    server: StabilityStandIn, name: str, form: Form, *, method: str = "POST", **headers: str
) -> httpx.Response:
    """Send a form; a part that is None is left out."""
    path = "/v2beta/3d/stable-fast-3d" if name.startswith("..") else IMAGE + name
    kept: dict[str, Any] = {
        part: (None, value) if isinstance(value, str) else value
        for part, value in form.items()
        if value is not None
    }
    given = {"authorization": f"Bearer {server.api_key}", **headers}
    with httpx.Client(timeout=30, trust_env=False) as client:
        return client.request(method, server.base_url + path, files=kept, headers=given)


def poll(server: StabilityStandIn, answer: httpx.Response, **headers: str) -> httpx.Response:
    url = f"{server.base_url}/v2beta/results/{answer.json()['id']}"
    given = {"authorization": f"Bearer {server.api_key}", **headers}
    return httpx.get(url, headers=given, trust_env=False)


@pytest.mark.parametrize(("name", "credits_"), [*zip(LEAST, CREDITS, strict=True)])
def test_the_least_is_answered_and_billed(
    server: StabilityStandIn, name: str, credits_: float
) -> None:
    answer = send(server, name, LEAST[name])
    assert answer.status_code == 200
    assert "x-request-id" in answer.headers
    assert [call.micros for call in server.paid] == [int(credits_ * 10_000)]


@pytest.mark.parametrize("name", LEAST)
def test_each_part_of_the_least_is_needed_and_no_other_is_taken(
    server: StabilityStandIn, name: str
) -> None:
    fine = {"remesh": "none"} if "3d" in name else {"output_format": "webp"}
    for part in LEAST[name]:
        assert send(server, name, {**LEAST[name], part: None, **fine}).status_code == 400
    answer = send(server, name, {**LEAST[name], "steps": "30"})
    assert (answer.status_code, answer.json()["errors"]) == (400, ["steps: not as it should be"])
    assert server.paid == []


@pytest.mark.parametrize(
    ("change", "status", "name"),
    [
        ({"method": "PUT"}, 405, "method_not_allowed"),
        ({"authorization": "Bearer other"}, 401, "unauthorized"),
        ({"authorization": "sk-stand-in"}, 401, "unauthorized"),
        ({"content-type": "application/json"}, 415, "unsupported_media_type"),
        ({"content-type": "application/x-www-form-urlencoded"}, 415, "unsupported_media_type"),
        ({"accept": "image/png"}, 400, "bad_request"),
        ({"accept": "text/html"}, 400, "bad_request"),
        ({"accept": "model/gltf-binary"}, 400, "bad_request"),
    ],
)
def test_a_wrong_request_is_refused_in_the_envelope_of_the_service(
    server: StabilityStandIn, change: Mapping[str, Any], status: int, name: str
) -> None:
    answer = send(server, "generate/core", WORDS, **change)
    assert answer.status_code == status
    assert answer.json()["name"] == name
    assert set(answer.json()) == {"id", "name", "errors"}
    assert server.paid == []


def test_a_form_that_is_none_is_refused(server: StabilityStandIn) -> None:
    kind = {"content-type": "multipart/form-data; boundary=x"}
    given = {"authorization": f"Bearer {server.api_key}", **kind}
    url = f"{server.base_url}{IMAGE}generate/core"
    assert httpx.post(url, content=b"a house", headers=given, trust_env=False).status_code == 400


def test_a_path_that_is_not_there(server: StabilityStandIn) -> None:
    for name in ("edit/erase-all", "generate/sd4", "results/0"):
        assert send(server, name, WORDS).status_code == 404


def test_3d_takes_no_accept_of_images(server: StabilityStandIn) -> None:
    form = LEAST["../3d/stable-fast-3d"]
    assert send(server, "../3d/stable-fast-3d", form, accept="image/*").status_code == 400
    answer = send(server, "../3d/stable-fast-3d", form, accept="model/gltf-binary")
    assert answer.headers["content-type"] == "model/gltf-binary"
    assert answer.content.startswith(b"glTF")


def test_more_than_10_mib_is_too_much(server: StabilityStandIn) -> None:
    noise = Image.effect_noise((2000, 2000), 90).convert("RGB")
    buffer = BytesIO()
    noise.save(buffer, "PNG", compress_level=0)
    answer = send(server, "edit/remove-background", {"image": file(buffer.getvalue())})
    assert (answer.status_code, answer.json()["name"]) == (413, "payload_too_large")


@pytest.mark.parametrize(
    ("name", "change", "part"),
    [
        ("generate/core", {"prompt": ""}, "prompt"),
        ("generate/core", {"prompt": "x" * 10_001}, "prompt"),
        ("generate/core", {"negative_prompt": "x" * 10_001}, "negative_prompt"),
        ("generate/core", {"seed": "4294967295"}, "seed"),
        ("generate/core", {"seed": "-1"}, "seed"),
        ("generate/core", {"seed": "1.5"}, "seed"),
        ("generate/core", {"output_format": "gif"}, "output_format"),
        ("generate/core", {"aspect_ratio": "4:3"}, "aspect_ratio"),
        ("generate/core", {"style_preset": "vivid"}, "style_preset"),
        ("generate/core", {"image": PHOTO}, "image"),
        ("generate/core", {"prompt": file(b"a house", "a.txt", "text/plain")}, "prompt"),
        ("generate/ultra", {"image": PHOTO}, "strength"),
        ("generate/ultra", {"strength": "0.5"}, "image"),
        ("generate/ultra", {"image": PHOTO, "strength": "1.1"}, "strength"),
        ("generate/ultra", {"model": "sd3.5-large"}, "model"),
        ("generate/sd3", {"model": "sd3-large"}, "model"),
        ("generate/sd3", {"mode": "inpaint"}, "mode"),
        ("generate/sd3", {"image": PHOTO}, "image"),
        ("generate/sd3", {"strength": "0.5"}, "strength"),
        ("generate/sd3", {"mode": "image-to-image", "strength": "0.5"}, "image"),
        ("generate/sd3", {"mode": "image-to-image", "image": PHOTO}, "strength"),
        (
            "generate/sd3",
            {"mode": "image-to-image", "image": PHOTO, "strength": "1", "aspect_ratio": "1:1"},
            "aspect_ratio",
        ),
        ("generate/sd3", {"cfg_scale": "10.1"}, "cfg_scale"),
        ("edit/inpaint", {"grow_mask": "101"}, "grow_mask"),
        ("edit/inpaint", {"mask": file(b"no picture")}, "mask"),
        ("edit/outpaint", {"up": "0"}, "left"),
        ("edit/outpaint", {"up": "2001"}, "up"),
        ("edit/outpaint", {"top": "1"}, "top"),
        ("edit/outpaint", {"negative_prompt": "rain"}, "negative_prompt"),
        ("edit/search-and-replace", {"grow_mask": "21"}, "grow_mask"),
        ("edit/search-and-replace", {"mask": PHOTO}, "mask"),
        ("edit/search-and-recolor", {"search_prompt": "a cat"}, "search_prompt"),
        ("edit/remove-background", {"output_format": "jpeg"}, "output_format"),
        ("edit/remove-background", {"prompt": "a cat"}, "prompt"),
        ("upscale/fast", {"prompt": "a cat"}, "prompt"),
        ("upscale/fast", {"image": file(png(1537, 64, "x"))}, "image"),
        ("upscale/fast", {"image": file(png(1025, 1024, "x"))}, "image"),
        ("upscale/fast", {"image": file(png(33, 31, "x"))}, "image"),
        ("upscale/conservative", {"creativity": "0.19"}, "creativity"),
        ("upscale/conservative", {"style_preset": "anime"}, "style_preset"),
        ("upscale/creative", {"creativity": "0.51"}, "creativity"),
        ("upscale/creative", {"image": file(png(1025, 1024, "x"))}, "image"),
        ("control/sketch", {"control_strength": "1.01"}, "control_strength"),
        ("control/structure", {"aspect_ratio": "1:1"}, "aspect_ratio"),
        ("control/style", {"control_strength": "1"}, "control_strength"),
        ("control/style", {"fidelity": "much"}, "fidelity"),
        ("control/style-transfer", {"change_strength": "0.09"}, "change_strength"),
        ("control/style-transfer", {"style_preset": "anime"}, "style_preset"),
        ("../3d/stable-fast-3d", {"texture_resolution": "4096"}, "texture_resolution"),
        ("../3d/stable-fast-3d", {"foreground_ratio": "1.1"}, "foreground_ratio"),
        ("../3d/stable-fast-3d", {"remesh": "hex"}, "remesh"),
        ("../3d/stable-fast-3d", {"vertex_count": "20001"}, "vertex_count"),
        ("../3d/stable-fast-3d", {"output_format": "png"}, "output_format"),
        ("edit/replace-background-and-relight", {"keep_original_background": "True"},
         "keep_original_background"),
        ("edit/replace-background-and-relight", {"light_source_strength": "0.3"},
         "light_source_strength"),
        ("edit/replace-background-and-relight", {"light_source_direction": "top"},
         "light_source_direction"),
        ("edit/replace-background-and-relight", {"image": PHOTO}, "image"),
        ("edit/replace-background-and-relight",
         {"background_prompt": None, "keep_original_background": "true"}, "background_prompt"),
    ],
)  # fmt: skip
def test_the_wrong_part_is_named(
    server: StabilityStandIn, name: str, change: Form, part: str
) -> None:
    answer = send(server, name, {**LEAST[name], **change})
    assert (answer.status_code, answer.json()["name"]) == (400, "bad_request")
    assert answer.json()["errors"] == [f"{part}: not as it should be"]
    assert server.paid == []


def test_a_part_must_not_come_twice(server: StabilityStandIn) -> None:
    twice = [("prompt", (None, "a house")), ("prompt", (None, "a boat"))]
    given = {"authorization": f"Bearer {server.api_key}"}
    with httpx.Client(timeout=30, trust_env=False) as client:
        url = f"{server.base_url}{IMAGE}generate/core"
        assert client.post(url, files=twice, headers=given).status_code == 400


@pytest.mark.parametrize(
    "picture",
    [
        file(png(63, 80, "x")),
        file(png(161, 64, "x")),
        file(png(80, 64, "x"), kind="image/jpeg"),
        file(png(80, 64, "x")[:-40]),
        file(png(80, 64, "x"), name=None),
        file(png(80, 64, "x"), kind="application/octet-stream"),
    ],
    ids=["small", "long", "other", "cut", "nameless", "untyped"],
)
def test_an_image_must_be_one_and_within_the_usual_limits(
    server: StabilityStandIn, picture: File
) -> None:
    answer = send(server, "edit/inpaint", {**WORDS, "image": picture})
    assert answer.json()["errors"] == ["image: not as it should be"]


@pytest.mark.parametrize(
    ("model", "micros"),
    [("sd3.5-large-turbo", 40_000), ("sd3.5-medium", 35_000), ("sd3.5-flash", 25_000)],
)
def test_the_model_of_sd3_has_the_price(server: StabilityStandIn, model: str, micros: int) -> None:
    send(server, "generate/sd3", {**WORDS, "model": model})
    assert [(call.model, call.micros) for call in server.paid] == [(model, micros)]


def test_bytes_have_their_facts_in_headers_and_json_in_its_body(server: StabilityStandIn) -> None:
    plain = send(server, "generate/core", {**WORDS, "seed": "9"}, accept="image/*")
    assert plain.headers["content-type"] == "image/png"
    assert (plain.headers["finish-reason"], plain.headers["seed"]) == ("SUCCESS", "9")

    server.script(["success", "filtered"])
    form = {**WORDS, "output_format": "jpeg"}
    for reason in ("SUCCESS", "CONTENT_FILTERED"):
        coded = send(server, "generate/core", form, accept="application/json")
        assert coded.headers["content-type"] == "application/json; type=image/jpeg"
        assert "finish-reason" not in coded.headers
        assert coded.json()["finish_reason"] == reason
        assert base64.b64decode(coded.json()["image"]).startswith(b"\xff\xd8")
    assert len(server.paid) == 2


def test_a_queue_answers_with_an_id_and_keeps_the_result(server: StabilityStandIn) -> None:
    queued = send(server, "edit/replace-background-and-relight", RELIGHT)
    assert queued.status_code == 200
    assert set(queued.json()) == {"id"}
    assert len(queued.json()["id"]) == 64
    waiting = poll(server, queued)
    assert (waiting.status_code, waiting.json()["status"]) == (202, "in-progress")
    for _ in range(2):
        assert poll(server, queued, accept="image/*").headers["content-type"] == "image/png"


def test_a_question_must_be_asked_rightly(server: StabilityStandIn) -> None:
    queued = send(server, "upscale/creative", LEAST["upscale/creative"])
    assert poll(server, queued, authorization="Bearer other").status_code == 401
    assert poll(server, queued, accept="text/html").status_code == 400
    unknown = httpx.Response(200, json={"id": "0" * 64})
    answer = poll(server, unknown)
    assert (answer.status_code, answer.json()["name"]) == (404, "generation_not_found")


def test_what_only_a_queue_does_is_not_played_elsewhere(server: StabilityStandIn) -> None:
    server.script(["endless"])
    assert send(server, "generate/core", WORDS).status_code == 501
    assert send(server, "generate/core", {"prompt": "a house [[nonsense]]"}).status_code == 501
    with pytest.raises(ValueError, match="sucess"):
        server.script(["sucess"])
