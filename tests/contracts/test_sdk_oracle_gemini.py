"""Our requests to Gemini, compared with those of the vendor's own SDK."""

from dataclasses import replace
from typing import Any

import httpx
import pytest
from google import genai
from google.genai import errors, types

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
from studio.money import UNKNOWN
from studio.providers.gemini.adapter import GeminiProvider
from studio.providers.gemini.errors import MODERATION
from tests.support.stand_ins.gemini import GeminiStandIn
from tests.support.stand_ins.gemini_fields import camel, decoded
from tests.support.stand_ins.pictures import png
from tests.support.stand_ins.server import Recorded

KEY = "key-of-both-0123456789"
COMPARED_HEADERS = ("x-goog-api-key", "authorization", "accept", "content-type")
# What may differ, and why.
AGREED = {
    # The SDK accepts anything; we say that we read JSON only.
    "accept": ("application/json", "*/*"),
}
# Besides, the SDK writes ``mime_type`` where we write ``mimeType``, and bytes in the alphabet of
# base64 that is made for URLs. The service reads both, so bodies are compared in one spelling.

LAMP = SourceFile(png(40, 30, "lamp"), "image/png", 40, 30)
CHAIR = SourceFile(png(30, 40, "chair"), "image/png", 30, 40)
WORDS = ProviderRequest(
    request_id="5f0c4c9e-6a0c-4a63-9a5e-3b1f4f3c0a11",
    model="gemini-nano-banana-2.1",
    prompt="a red house by the sea, naïve style",
    width=1376,
    height=768,
    seed=7,
)


def _sdk(server: GeminiStandIn, wanted: ProviderRequest) -> types.GenerateContentResponse:
    """Say the same in the words of the SDK."""
    options = types.HttpOptions(base_url=server.base_url, api_version="v1")
    shown: list[types.PartUnionDict] = [
        types.Part.from_bytes(data=source.data, mime_type=source.media_type)
        for source in wanted.sources
    ]
    with genai.Client(api_key=KEY, http_options=options) as client:
        return client.models.generate_content(
            model=wanted.model,
            contents=[*shown, types.Part.from_text(text=wanted.prompt)],
            config=types.GenerateContentConfig(
                response_modalities=["IMAGE"],
                seed=wanted.seed,
                image_config=types.ImageConfig(aspect_ratio="16:9", image_size="1K"),
            ),
        )


def _ours(server: GeminiStandIn, wanted: ProviderRequest) -> Generated | Refused | Throttled:
    with httpx.Client(trust_env=False) as client:
        provider = GeminiProvider(
            Credentials(KEY, server.base_url), provider_card("gemini"), client, GuardedClient
        )
        answer = provider.submit(wanted)
    assert isinstance(answer, Generated | Refused | Throttled)
    return answer


def _compared(request: Recorded) -> tuple[str, str, Any]:
    document = camel(request.json())
    for part in document["contents"][0]["parts"]:
        if "inlineData" in part:
            part["inlineData"]["data"] = decoded(part["inlineData"]["data"])
    return request.method, request.path, document


@pytest.mark.parametrize("sources", [(), (LAMP,), (LAMP, CHAIR)], ids=["words", "one", "two"])
def test_the_same_request(sources: tuple[SourceFile, ...]) -> None:
    operation = "edit.general" if sources else "generate"
    wanted = replace(WORDS, sources=sources, operation=operation)
    with GeminiStandIn(KEY) as server:
        mine, theirs = _ours(server, wanted), _sdk(server, wanted)
        ours, official = server.requests

    assert {
        name: (ours.headers.get(name), official.headers.get(name))
        for name in COMPARED_HEADERS
        if ours.headers.get(name) != official.headers.get(name)
    } == AGREED
    assert _compared(ours) == _compared(official)
    assert isinstance(mine, Generated)
    pictures = [part.inline_data for part in theirs.parts or []]
    assert [picture.data for picture in pictures if picture] == [mine.data]
    assert theirs.response_id
    assert theirs.usage_metadata
    assert theirs.usage_metadata.candidates_tokens_details
    assert theirs.usage_metadata.thoughts_token_count


@pytest.mark.parametrize("scenario", ["moderated", "moderated-picture", "no-image", "escalation"])
def test_the_same_answer_without_an_image(scenario: str) -> None:
    with GeminiStandIn(KEY) as server:
        server.script([scenario, scenario])
        mine, theirs = _ours(server, WORDS), _sdk(server, WORDS)
    assert isinstance(mine, Refused)
    assert not theirs.parts
    feedback = theirs.prompt_feedback
    reasons = [one.finish_reason for one in theirs.candidates or []]
    reason = feedback.block_reason if feedback else reasons[0]
    assert reason
    assert mine.message.endswith(f"({reason.value}).")
    assert mine.cost != UNKNOWN


@pytest.mark.parametrize(
    ("scenario", "error", "kind"),
    [
        ("auth", errors.ClientError, "auth"),
        ("permission", errors.ClientError, "permission"),
        ("gone", errors.ClientError, "model_gone"),
        ("gone-wrapped", errors.ClientError, "model_gone"),
        ("bad-request", errors.ClientError, "validation"),
        ("billing", errors.ClientError, "credits"),
        ("rate-limit", errors.ClientError, "rate_limit"),
        ("server-error", errors.ServerError, "transient"),
        ("deadline", errors.ServerError, "transient"),
    ],
)
def test_the_same_class_of_error(scenario: str, error: type[errors.APIError], kind: str) -> None:
    with GeminiStandIn(KEY) as server:
        server.script([scenario, scenario])
        mine = _ours(server, WORDS)
        with pytest.raises(error) as caught:
            _sdk(server, WORDS)
    assert isinstance(mine, Refused | Throttled)
    assert mine.kind == kind
    assert caught.value.status


def test_we_know_the_reasons_that_the_sdk_knows() -> None:
    assert set(types.FinishReason.__members__) >= MODERATION
