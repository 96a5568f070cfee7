"""Our requests compared with those that the vendors' own SDKs send for the same request.

The SDKs also read what the stand-ins answer, which shows that the answers have the right shape.
"""

import asyncio
import base64
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import openai
import pytest
import runware
from runware.errors import derive_code

from studio.adapters.web.guarded_http import GuardedClient
from studio.domain.catalogue.catalogue import provider_card
from studio.domain.provider_calls.model import (
    Credentials,
    Generated,
    ProviderRequest,
    Refused,
    Throttled,
)
from studio.domain.provider_calls.source_file import SourceFile
from studio.providers.openai.adapter import OpenAIProvider
from studio.providers.openai.png_masks import transparent_where_white
from studio.providers.runware.adapter import RunwareProvider
from studio.providers.runware.errors import classify
from tests.support.imaging.masks import mask
from tests.support.stand_ins.openai import OpenAIStandIn
from tests.support.stand_ins.pictures import png
from tests.support.stand_ins.runware import RunwareStandIn
from tests.support.stand_ins.server import FORM, Recorded

KEY = "key-of-both-0123456789"
COMPARED_HEADERS = ("authorization", "accept", "content-type")

# What may differ, and why.
AGREED = {
    "runware": {
        # The SDK accepts anything; we say that we read JSON only.
        "accept": ("application/json", "*/*"),
    },
    "openai": {},
}

PICTURE = ProviderRequest(
    request_id="5f0c4c9e-6a0c-4a63-9a5e-3b1f4f3c0a11",
    model="gpt-image-2",
    prompt="a red house by the sea, naïve style",
    width=1536,
    height=864,
    quality="medium",
)
TASK = replace(
    PICTURE,
    model="runware:97@1",
    width=128,
    height=192,
    quality=None,
    seed=7,
    steps=30,
    guidance="3.5",
    negative_prompt="rain",
)
LAMP = SourceFile(png(40, 30, "lamp"), "image/png", 40, 30)
CHAIR = SourceFile(png(30, 40, "chair"), "image/png", 30, 40)
MASK = mask(40, 30, (10, 5, 20, 15))
SEEDED = replace(TASK, sources=(LAMP,), strength="0.55")


@dataclass(frozen=True, slots=True)
class Sent:
    """The part of a request that is compared; of a form its parts, whose order does not count."""

    method: str
    path: str
    headers: dict[str, str | None]
    body: Any

    @classmethod
    def of(cls, request: Recorded) -> "Sent":
        headers = {name: request.headers.get(name) for name in COMPARED_HEADERS}
        if request.media_type != FORM:
            return cls(request.method, request.path, headers, request.json())
        # The rest of the header is the boundary, which is drawn by lot.
        return cls(
            request.method,
            request.path,
            {**headers, "content-type": FORM},
            Counter(request.form()),
        )


def assert_agreed(ours: Sent, theirs: Sent, agreed: dict[str, tuple[str, str]]) -> None:
    differing = {
        name: (ours.headers[name], theirs.headers[name])
        for name in COMPARED_HEADERS
        if ours.headers[name] != theirs.headers[name]
    }
    assert differing == agreed
    assert (ours.method, ours.path) == (theirs.method, theirs.path)
    assert ours.body == theirs.body


@pytest.mark.parametrize("quality", ["medium", None])
def test_openai_the_same_request(quality: str | None) -> None:
    wanted = replace(PICTURE, quality=quality)
    with (
        OpenAIStandIn(KEY) as server,
        httpx.Client(trust_env=False) as client,
        openai.OpenAI(api_key=KEY, base_url=server.base_url, max_retries=0) as sdk,
    ):
        card = provider_card("openai")
        mine = OpenAIProvider(
            Credentials(KEY, server.base_url), card, client, GuardedClient
        ).submit(wanted)
        theirs = sdk.images.generate(
            model=wanted.model,
            prompt=wanted.prompt,
            size=f"{wanted.width}x{wanted.height}",
            output_format="png",
            quality="medium" if quality else openai.omit,
        )
        ours, official = map(Sent.of, server.requests)

    assert_agreed(ours, official, AGREED["openai"])
    assert isinstance(mine, Generated)
    assert theirs.data
    assert base64.b64decode(theirs.data[0].b64_json or "") == mine.data
    assert theirs.usage
    assert theirs.usage.output_tokens_details


@pytest.mark.parametrize(
    ("pictures", "masks"),
    [((LAMP,), ()), ((LAMP, CHAIR), ()), ((LAMP,), (MASK,)), ((LAMP, CHAIR), (MASK,))],
    ids=["one", "two", "one-masked", "two-masked"],
)
def test_openai_the_same_form(
    pictures: tuple[SourceFile, ...], masks: tuple[SourceFile, ...]
) -> None:
    wanted = replace(PICTURE, operation="edit.general", sources=(*pictures, *masks))
    # The SDK leaves name and type of a file to the caller, and sends neither unless told.
    files = [
        (f"source-{number}.png", source.data, source.media_type)
        for number, source in enumerate(pictures, 1)
    ]
    # How the mask looks there is for the tests of the mask; here, where it goes.
    clear = [("mask.png", transparent_where_white(ours.data), "image/png") for ours in masks]
    with (
        OpenAIStandIn(KEY) as server,
        httpx.Client(trust_env=False) as client,
        openai.OpenAI(api_key=KEY, base_url=server.base_url, max_retries=0) as sdk,
    ):
        card = provider_card("openai")
        mine = OpenAIProvider(
            Credentials(KEY, server.base_url), card, client, GuardedClient
        ).submit(wanted)
        theirs = sdk.images.edit(
            image=files[0] if len(files) == 1 else files,
            mask=clear[0] if clear else openai.omit,
            model=wanted.model,
            prompt=wanted.prompt,
            size=f"{wanted.width}x{wanted.height}",
            output_format="png",
            quality="medium",
        )
        ours, official = map(Sent.of, server.requests)

    assert_agreed(ours, official, AGREED["openai"])
    assert isinstance(mine, Generated)
    assert theirs.data
    assert base64.b64decode(theirs.data[0].b64_json or "") == mine.data
    assert theirs.usage
    assert theirs.usage.input_tokens_details.image_tokens > 0


@pytest.mark.parametrize(
    ("scenario", "error", "kind"),
    [
        ("auth", openai.AuthenticationError, "auth"),
        ("permission", openai.PermissionDeniedError, "permission"),
        ("gone", openai.NotFoundError, "model_gone"),
        ("bad-request", openai.BadRequestError, "validation"),
        ("moderated", openai.BadRequestError, "moderation"),
        ("unprocessable", openai.UnprocessableEntityError, "validation"),
        ("conflict", openai.ConflictError, "transient"),
        ("rate-limit", openai.RateLimitError, "rate_limit"),
        ("quota", openai.RateLimitError, "credits"),
        ("server-error", openai.InternalServerError, "transient"),
    ],
)
def test_openai_the_same_class_of_error(
    scenario: str, error: type[openai.APIStatusError], kind: str
) -> None:
    with (
        OpenAIStandIn(KEY) as server,
        httpx.Client(trust_env=False) as client,
        openai.OpenAI(api_key=KEY, base_url=server.base_url, max_retries=0) as sdk,
    ):
        server.script([scenario, scenario])
        card = provider_card("openai")
        mine = OpenAIProvider(
            Credentials(KEY, server.base_url), card, client, GuardedClient
        ).submit(PICTURE)
        with pytest.raises(error) as caught:
            sdk.images.generate(model=PICTURE.model, prompt=PICTURE.prompt)

    assert isinstance(mine, Refused | Throttled)
    assert mine.kind == kind
    assert isinstance(caught.value.body, dict)
    assert {"message", "type", "param", "code"} <= set(caught.value.body)


def _wish_for_runware(photo: Path | None) -> dict[str, Any]:
    """Say the same as ``TASK`` in the words of the SDK; naming the task keeps it off the net."""
    start: dict[str, Any] = {}
    if photo:
        # Of a file the SDK knows the type by its name; mere bytes it calls octet-stream.
        start = {"strength": 0.55, "inputs": {"seedImage": runware.file_to_data_uri(photo)}}
    return start | {
        "taskType": "imageInference",
        "taskUUID": TASK.request_id,
        "model": TASK.model,
        "positivePrompt": TASK.prompt,
        "negativePrompt": TASK.negative_prompt,
        "width": TASK.width,
        "height": TASK.height,
        "seed": TASK.seed,
        "steps": TASK.steps,
        "CFGScale": 3.5,
        "numberResults": 1,
        "outputType": "base64Data",
        "outputFormat": "PNG",
        "includeCost": True,
        "deliveryMethod": "sync",
        "safety": {"checkContent": True},
    }


async def _runware_sdk(
    base_url: str, photo: Path | None
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    client = runware.Runware(api_key=KEY, transport="rest", http_base_url=base_url, max_retries=0)
    async with client:
        pictures = await client.run(_wish_for_runware(photo))
        again = await client.get_response({"taskUUID": TASK.request_id})
        return pictures, [dict(item) for item in again]


@pytest.mark.parametrize("wanted", [TASK, SEEDED], ids=["words", "picture"])
def test_runware_the_same_requests(wanted: ProviderRequest, tmp_path: Path) -> None:
    photo = tmp_path / "lamp.png" if wanted.sources else None
    if photo:
        photo.write_bytes(LAMP.data)
    card = provider_card("runware")
    with RunwareStandIn(KEY) as server, httpx.Client(trust_env=False) as client:
        provider = RunwareProvider(Credentials(KEY, server.base_url), card, client, GuardedClient)
        mine, found = provider.submit(wanted), provider.look_up(wanted)
        our_task, our_poll = map(Sent.of, server.requests)
    with RunwareStandIn(KEY) as server:
        pictures, again = asyncio.run(_runware_sdk(server.base_url, photo))
        official_task, official_poll = map(Sent.of, server.requests)

    assert_agreed(our_task, official_task, AGREED["runware"])
    assert_agreed(our_poll, official_poll, AGREED["runware"])
    assert isinstance(mine, Generated)
    assert found == mine
    assert [base64.b64decode(item["imageBase64Data"]) for item in pictures] == [mine.data]
    assert pictures == again


# The SDK's own classes, and ours for them. Its "auth" holds what a key may not do, too.
SAME_CLASS = {
    "quota": {"credits"},
    "rateLimit": {"rate_limit"},
    "safety": {"moderation"},
    "auth": {"auth", "permission"},
    "timeout": {"transient"},
    "notFound": {"not_found", "model_gone"},
    "serverError": {"transient"},
    "provider": {"transient"},
    "validation": {"validation"},
}


@pytest.mark.parametrize(
    "code",
    [
        "insufficientCredits", "quotaExceeded", "lowBalance", "paymentRequired",
        "rateLimitExceeded", "accountRateLimit",
        "contentPolicyViolation", "providerContentPolicyViolation", "sensitiveContentDetected",
        "unsafeContentDetected", "nsfwContentDetected", "promptBlocked", "imageBlocked",
        "moderationFailed", "invalidProviderContent",
        "invalidApiKey", "missingApiKey", "unauthorized", "forbidden", "permissionDenied",
        "insufficientPermissions", "authenticationFailed", "authTimeout", "invalidCredentials",
        "missingAuthentication", "tokenExpired", "tokenRevoked", "accountSuspended",
        "organizationDisabled", "workspaceSuspended",
        "timeout", "providerTimeout",
        "taskFailedOrNotFound", "uploadNotFound", "resultExpired", "unknownModel", "modelNotFound",
        "internalServerError", "serviceUnavailable", "serverUnavailable", "standardError",
        "unknownError", "undefinedError", "defaultError",
        "inferenceError", "processingFailed", "taskFailed", "noAvailableServer",
        "modelUnavailable", "modelNotReady", "providerError", "providerUnreachable",
        "invalidWidth", "missingPrompt", "conflictTaskUUID", "duplicateTask",
        "unsupportedScheduler", "valueTooHigh", "arrayTooLong", "maxResults",
    ],
)  # fmt: skip
def test_runware_the_same_class_of_error(code: str) -> None:
    assert classify(code, None, 400) in SAME_CLASS[derive_code(code)]
