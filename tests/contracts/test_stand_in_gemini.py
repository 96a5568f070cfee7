"""The Gemini stand-in itself: it refuses what the service would refuse, and bills what it bills."""

import base64
from collections.abc import Iterator, Mapping
from typing import Any

import httpx
import pytest

from tests.support.stand_ins.gemini import GeminiStandIn
from tests.support.stand_ins.gemini_fields import MAX_BODY
from tests.support.vendors.stand_in_requests import PHOTO

MODEL = "gemini-nano-banana-2.1"
BLOB = {"mimeType": "image/png", "data": base64.b64encode(PHOTO).decode()}
# The smallest GIF that is whole: one transparent pixel.
GIF = {
    "mimeType": "image/gif",
    "data": "R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7",
}
IN_IMAGE = "generationConfig.imageConfig"
TEXT = {"text": "a house"}
IMAGE = {"inlineData": BLOB}


def body(*parts: object, role: str = "user", **config: object) -> dict[str, Any]:
    return {"contents": [{"role": role, "parts": list(parts)}], "generationConfig": config}


REQUEST = body(TEXT, responseModalities=["IMAGE"], imageConfig={"aspectRatio": "1:1"})


@pytest.fixture
def server() -> Iterator[GeminiStandIn]:
    with GeminiStandIn() as stand_in:
        yield stand_in


def send(
    server: GeminiStandIn,
    document: object,
    *,
    model: str = MODEL,
    path: str = "/v1/models/{}:generateContent",
    method: str = "POST",
    headers: Mapping[str, str] | None = None,
) -> httpx.Response:
    given = {"x-goog-api-key": server.api_key} if headers is None else headers
    with httpx.Client(timeout=30, trust_env=False, verify=False) as client:  # noqa: S501 - plain HTTP
        url = server.base_url + path.format(model)
        return client.request(method, url, headers=given, json=document)


def wrong(answer: httpx.Response) -> str:
    assert (answer.status_code, answer.json()["error"]["status"]) == (400, "INVALID_ARGUMENT")
    (detail,) = answer.json()["error"]["details"]
    field: str = detail["fieldViolations"][0]["field"]
    return field


@pytest.mark.parametrize(
    "document", [REQUEST, body(IMAGE, TEXT, seed=-7), {"contents": [{"parts": [TEXT]}]}]
)
def test_a_right_request_is_answered_and_billed(
    server: GeminiStandIn, document: dict[str, Any]
) -> None:
    answer = send(server, document)
    assert answer.status_code == 200
    assert [call.prompt for call in server.paid] == ["a house"]
    assert server.paid[0].micros > 33_600
    assert answer.json()["responseId"] == server.paid[0].request_id


def test_names_may_be_in_snake_case(server: GeminiStandIn) -> None:
    blob = {"mime_type": "image/png", "data": BLOB["data"]}
    snake = {
        "contents": [{"parts": [{"inline_data": blob}, TEXT]}],
        "generation_config": {"image_config": {"aspect_ratio": "1:9"}},
    }
    assert wrong(send(server, snake)) == IN_IMAGE + ".aspectRatio"


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"method": "GET"}, 404),
        ({"path": "/v2/models/{}:generateContent"}, 404),
        ({"path": "/v1/models/{}:predict"}, 404),
        ({"model": "imagen-4.0-generate-001"}, 404),
        ({"model": "gemini-3-pro-image-preview"}, 404),
        ({"headers": {"x-goog-api-key": "other"}}, 400),
        ({"headers": {}}, 403),
        ({"headers": {"authorization": "Bearer sk-stand-in"}}, 401),
        ({"headers": {"x-goog-api-key": "sk-stand-in", "authorization": "Bearer x"}}, 401),
        ({"headers": {"x-goog-api-key": "sk-stand-in", "content-type": "text/plain"}}, 415),
    ],
)
def test_a_wrong_request_is_refused_and_not_billed(
    server: GeminiStandIn, change: Mapping[str, Any], status: int
) -> None:
    assert send(server, REQUEST, **change).status_code == status
    assert server.paid == []


@pytest.mark.parametrize(
    ("document", "field"),
    [
        ({"contents": []}, "contents"),
        ({"contents": REQUEST["contents"] * 2}, "contents"),
        (REQUEST | {"prompt": "a house"}, "prompt"),
        (body(TEXT, role="model"), "contents[0].role"),
        (body(), "contents[0].parts"),
        (body(IMAGE), "contents[0].parts"),
        (body(*[IMAGE] * 15, TEXT), "contents[0].parts"),
        (body({"text": ""}), "contents[0].parts[0]"),
        (body(TEXT, {**TEXT, **IMAGE}), "contents[0].parts[1]"),
        (body(TEXT, {"inlineData": BLOB | {"mimeType": "image/gif"}}), "contents[0].parts[1]"),
        (body(TEXT, {"inlineData": GIF}), "contents[0].parts[1]"),
        (body(TEXT, {"inlineData": BLOB | {"mimeType": "image/jpeg"}}), "contents[0].parts[1]"),
        (body(TEXT, {"inlineData": BLOB | {"data": "*"}}), "contents[0].parts[1]"),
        (body(TEXT, {"inlineData": BLOB | {"name": "a.png"}}), "contents[0].parts[1]"),
        (body(TEXT, negativePrompt="rain"), "generationConfig.negativePrompt"),
        (body(TEXT, candidateCount=2), "generationConfig.candidateCount"),
        (body(TEXT, seed="7"), "generationConfig.seed"),
        (body(TEXT, seed=2**31), "generationConfig.seed"),
        (body(TEXT, responseModalities=["TEXT"]), "generationConfig.responseModalities"),
        (body(TEXT, imageConfig="1K"), IN_IMAGE),
        (body(TEXT, imageConfig={"imageSize": "1k"}), IN_IMAGE + ".imageSize"),
        (body(TEXT, imageConfig={"imageSize": "512"}), IN_IMAGE + ".imageSize"),
        (body(TEXT, imageConfig={"aspectRatio": "2:1"}), IN_IMAGE + ".aspectRatio"),
        (
            body(TEXT, imageConfig={"outputMimeType": "image/png"}),
            IN_IMAGE + ".outputMimeType",
        ),
    ],
)
def test_the_wrong_field_is_named(
    server: GeminiStandIn, document: dict[str, Any], field: str
) -> None:
    assert wrong(send(server, document)) == field
    assert server.paid == []


def test_models_differ_in_what_they_take(server: GeminiStandIn) -> None:
    tall = body(TEXT, imageConfig={"aspectRatio": "1:8"})
    assert send(server, tall).status_code == 200
    assert send(server, tall, model="gemini-3-pro-image").status_code == 400
    large = body(TEXT, imageConfig={"imageSize": "2K"})
    assert send(server, large).status_code == 200
    assert send(server, large, model="gemini-3.1-flash-lite-image").status_code == 400
    shown = body(*[IMAGE] * 4, TEXT)
    assert send(server, shown).status_code == 200
    assert send(server, shown, model="gemini-2.5-flash-image").status_code == 400


@pytest.mark.parametrize("document", [[REQUEST], "a house"])
def test_a_body_of_the_wrong_kind_is_refused(server: GeminiStandIn, document: object) -> None:
    assert send(server, document).status_code == 400


def test_a_body_above_the_limit_is_refused(server: GeminiStandIn) -> None:
    assert send(server, body({"text": "x" * MAX_BODY})).status_code == 400


def test_markers_and_scripts_choose_the_answer(server: GeminiStandIn) -> None:
    assert send(server, body({"text": "a [[rate-limit-once]]"})).status_code == 429
    assert send(server, body({"text": "a [[rate-limit-once]]"})).status_code == 200
    assert send(server, body({"text": "a [[no-such-thing]]"})).status_code == 501
    server.script(["gone"])
    assert send(server, REQUEST).status_code == 404
    assert len(server.paid) == 1
