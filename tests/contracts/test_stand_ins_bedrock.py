"""The Bedrock stand-in: it refuses what the service would refuse, above all a wrong signature."""

import base64
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from tests.support.stand_ins.bedrock import ACCESS_KEY, REGION, BedrockStandIn
from tests.support.stand_ins.pictures import png
from tests.support.stand_ins.server import Recorded
from tests.support.stand_ins.sigv4 import ALGORITHM, signature

CORE = "/model/stability.stable-image-core-v1%3A1/invoke"
SD35 = "/model/stability.sd3-5-large-v1%3A0/invoke"
BODY = b'{"prompt": "a house"}'
PHOTO = base64.b64encode(png(80, 64, "lamp")).decode()
SIGNED = ["accept", "content-type", "host", "x-amz-date"]


def service(name: str) -> str:
    return f"/model/us.stability.{name}-v1%3A0/invoke"


@pytest.fixture
def bedrock() -> Iterator[BedrockStandIn]:
    with BedrockStandIn() as server:
        yield server


def test_the_signature_is_that_of_the_published_vector() -> None:
    """A vector computed with botocore 1.44.5 and by hand (2026-11-20)."""
    headers = {
        "accept": "application/json",
        "content-type": "application/json",
        "host": "bedrock-runtime.us-east-1.amazonaws.com",
        "x-amz-date": "20261120T120000Z",
    }
    path = "/model/amazon.nova-canvas-v1%3A0/invoke"
    secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
    plain = Recorded("POST", path, headers, b'{"taskType":"TEXT_IMAGE"}')
    assert signature(plain, SIGNED, secret, "us-east-1", "bedrock") == (
        "57c1dce16f8792f24b98642d6301ccef7b20698702f5b12e89f4a8e8482ad25b",
        "2cdff3c23a57a194e48e8cbf9acccc3f0447e5ab5ca3a62b4a4885fee7b99429",
    )
    session = Recorded("POST", path, {**headers, "x-amz-security-token": "TOKEN"}, plain.body)
    with_token = [*SIGNED, "x-amz-security-token"]
    assert signature(session, with_token, secret, "us-east-1", "bedrock")[1] == (
        "4c14c4af3f4db1bfd003dd77b445fb6e0c941168566389d581f9764221fa83e8"
    )


def send(
    server: BedrockStandIn,
    path: str = CORE,
    body: object = BODY,
    *,
    method: str = "POST",
    change: dict[str, str] | None = None,
    signed: list[str] = SIGNED,
    region: str = REGION,
    after: dict[str, str] | None = None,
) -> httpx.Response:
    """Send a request signed by hand; ``after`` is changed behind the signature's back."""
    headers = {
        "accept": "application/json",
        "content-type": "application/json",
        "host": httpx.URL(server.base_url).netloc.decode(),
        "x-amz-date": datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ"),
        **(change or {}),
    }
    with httpx.Client(timeout=30, trust_env=False) as client:
        if isinstance(body, bytes):
            content = body
        else:
            content = httpx.Request("POST", "http://x", json=body).content
        request = Recorded(method, path, headers, content)
        name = signature(request, signed, server.api_key, region, "bedrock")[1]
        scope = f"{headers['x-amz-date'][:8]}/{region}/bedrock/aws4_request"
        headers["authorization"] = (
            f"{ALGORITHM} Credential={ACCESS_KEY}/{scope},"
            f" SignedHeaders={';'.join(signed)}, Signature={name}"
        )
        sent = {key: value for key, value in {**headers, **(after or {})}.items() if value}
        return client.request(method, server.base_url + path, headers=sent, content=content)


def error_type(answer: httpx.Response) -> str:
    return answer.headers["x-amzn-errortype"].partition(":")[0]


def test_a_right_request_is_answered_and_billed(bedrock: BedrockStandIn) -> None:
    answer = send(bedrock)
    assert answer.status_code == 200
    assert set(answer.json()) == {"seeds", "finish_reasons", "images"}
    assert [(call.prompt, call.micros) for call in bedrock.paid] == [("a house", 40_000)]


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"after": {"authorization": ""}}, "MissingAuthenticationTokenException"),
        ({"after": {"authorization": "Bearer aws-stand-in"}}, "IncompleteSignatureException"),
        ({"after": {"x-amz-date": "20261120T120000Z"}}, "InvalidSignatureException"),
        ({"after": {"accept": "*/*"}}, "InvalidSignatureException"),
        ({"after": {"x-amz-security-token": "T"}}, "UnrecognizedClientException"),
        ({"change": {"x-amz-date": "20261120T120000Z"}}, "InvalidSignatureException"),
        ({"change": {"x-amz-date": "yesterday"}}, "IncompleteSignatureException"),
        ({"region": "us-east-1"}, "InvalidSignatureException"),
        ({"signed": ["accept", "host", "x-amz-date"]}, "InvalidSignatureException"),
        ({"signed": ["host", "accept", "content-type", "x-amz-date"]}, "InvalidSignatureException"),
    ],
)
def test_a_wrong_signature_is_refused(
    bedrock: BedrockStandIn, change: dict[str, object], kind: str
) -> None:
    answer = send(bedrock, **change)  # type: ignore[arg-type]
    assert (answer.status_code, error_type(answer)) == (403, kind)
    assert bedrock.paid == []


def test_an_old_signature_is_refused(bedrock: BedrockStandIn) -> None:
    old = datetime.now(UTC) - timedelta(minutes=6)
    answer = send(bedrock, change={"x-amz-date": old.strftime("%Y%m%dT%H%M%SZ")})
    assert error_type(answer) == "InvalidSignatureException"


def test_a_session_wants_its_token_signed() -> None:
    with BedrockStandIn(token="T") as server:
        change = {"x-amz-security-token": "T"}
        assert error_type(send(server)) == "UnrecognizedClientException"
        assert error_type(send(server, change=change)) == "InvalidSignatureException"
        signed = [*SIGNED, "x-amz-security-token"]
        assert send(server, change=change, signed=signed).status_code == 200


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"path": "/model/stability.stable-image-core-v1:1/invoke"}, 400),
        ({"path": "/model/stability.stable-diffusion-xl-v1%3A0/invoke"}, 400),
        ({"path": "/model/stability.stable-image-inpaint-v1%3A0/invoke"}, 400),
        ({"path": "/v2beta/stable-image/generate/core"}, 404),
        ({"method": "PUT"}, 405),
        ({"change": {"content-type": "text/plain"}}, 415),
        ({"change": {"accept": "*/*"}}, 415),
        ({"body": b"a house"}, 400),
        ({"body": b"[]"}, 400),
        ({"body": {"prompt": "a house", "image": "a" * 25_000_000}}, 413),
    ],
)
def test_a_wrong_request_is_refused_and_not_billed(
    bedrock: BedrockStandIn, change: dict[str, object], status: int
) -> None:
    assert send(bedrock, **change).status_code == status  # type: ignore[arg-type]
    assert bedrock.paid == []


WORDS = {"prompt": "a house"}
SEEDED = WORDS | {"mode": "image-to-image", "image": PHOTO, "strength": 0.5}
EDIT = WORDS | {"image": PHOTO}
WIDE = base64.b64encode(png(200, 64, "wide")).decode()
SMALL = base64.b64encode(png(60, 80, "small")).decode()


@pytest.mark.parametrize(
    ("path", "body", "wrong"),
    [
        (CORE, {}, "prompt"),
        (CORE, {"prompt": ""}, "prompt"),
        (CORE, {"prompt": "x" * 10_001}, "prompt"),
        (CORE, WORDS | {"seed": 7.0}, "seed"),
        (CORE, WORDS | {"seed": "7"}, "seed"),
        (CORE, WORDS | {"seed": 4_294_967_295}, "seed"),
        (CORE, WORDS | {"aspect_ratio": "4:3"}, "aspect_ratio"),
        (CORE, WORDS | {"output_format": "webp"}, "output_format"),
        (CORE, WORDS | {"image": PHOTO}, "image"),
        (CORE, WORDS | {"style_preset": "anime"}, "style_preset"),
        (CORE, WORDS | {"width": 1024}, "width"),
        (CORE, WORDS | {"negative_prompt": 7}, "negative_prompt"),
        (SD35, WORDS | {"mode": "inpaint"}, "mode"),
        (SD35, WORDS | {"strength": 0.5}, "strength"),
        (SD35, WORDS | {"mode": "image-to-image", "image": PHOTO}, "strength"),
        (SD35, WORDS | {"mode": "image-to-image", "strength": 0.5}, "image"),
        (SD35, SEEDED | {"strength": 1.1}, "strength"),
        (SD35, SEEDED | {"strength": "0.5"}, "strength"),
        (SD35, SEEDED | {"aspect_ratio": "1:1"}, "aspect_ratio"),
        (SD35, SEEDED | {"image": f"data:image/png;base64,{PHOTO}"}, "image"),
        (SD35, SEEDED | {"image": WIDE}, "image"),
        (SD35, SEEDED | {"image": SMALL}, "image"),
        (service("stable-image-inpaint"), EDIT | {"mask": "white"}, "mask"),
        (service("stable-image-inpaint"), EDIT | {"grow_mask": 101}, "grow_mask"),
        (service("stable-image-inpaint"), EDIT | {"grow_mask": 5.5}, "grow_mask"),
        (service("stable-image-inpaint"), EDIT | {"style_preset": "oil"}, "style_preset"),
        (service("stable-outpaint"), EDIT, "left"),
        (service("stable-outpaint"), EDIT | {"left": 0, "up": 0}, "left"),
        (service("stable-outpaint"), EDIT | {"top": 10}, "top"),
        (service("stable-outpaint"), EDIT | {"up": 2_001}, "up"),
        (service("stable-outpaint"), EDIT | {"up": 9, "creativity": 1.5}, "creativity"),
        (service("stable-image-search-replace"), EDIT, "search_prompt"),
        (service("stable-image-search-recolor"), EDIT | {"search_prompt": "a"}, "search_prompt"),
        (service("stable-image-search-recolor"), EDIT, "select_prompt"),
        (service("stable-image-remove-background"), EDIT, "prompt"),
        (service("stable-fast-upscale"), EDIT, "prompt"),
        (service("stable-conservative-upscale"), {"image": PHOTO}, "prompt"),
        (service("stable-conservative-upscale"), EDIT | {"creativity": 0.1}, "creativity"),
        (service("stable-creative-upscale"), EDIT | {"creativity": 0.6}, "creativity"),
        (service("stable-image-control-sketch"), WORDS, "image"),
        (service("stable-image-control-structure"), EDIT | {"fidelity": 0.5}, "fidelity"),
        (service("stable-image-style-guide"), EDIT | {"control_strength": 1}, "control_strength"),
        (service("stable-style-transfer"), {"init_image": PHOTO}, "style_image"),
        (
            service("stable-style-transfer"),
            {"init_image": PHOTO, "style_image": PHOTO, "change_strength": 0},
            "change_strength",
        ),
    ],
)
def test_the_wrong_member_is_named(
    bedrock: BedrockStandIn, path: str, body: dict[str, object], wrong: str
) -> None:
    answer = send(bedrock, path, body)
    assert (answer.status_code, error_type(answer)) == (400, "ValidationException")
    assert answer.json()["message"].endswith(f"#/{wrong}")
    assert bedrock.paid == []


def test_markers_in_prompts_choose_the_answer(bedrock: BedrockStandIn) -> None:
    for marker, status in (("gone", 404), ("rate-limit-once", 429), ("rate-limit-once", 200)):
        assert send(bedrock, body={"prompt": f"a house [[{marker}]]"}).status_code == status
    with pytest.raises(ValueError, match="sucess"):
        bedrock.script(["sucess"])
