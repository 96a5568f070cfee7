"""Gemini in the contract suite."""

import json
from typing import Final

from studio.domain.catalogue.catalogue import provider_card
from studio.domain.provider_calls.model import Generated, Pending, Refused
from studio.money import Cost
from studio.providers.gemini.adapter import GeminiProvider
from tests.support.stand_ins.gemini import GeminiStandIn
from tests.support.stand_ins.server import GATEWAY, Recorded
from tests.support.vendors.gemini_requests import EDIT, KEY, REQUEST
from tests.support.vendors.model import (
    SOON,
    Body,
    Delay,
    Example,
    Refusal,
    Success,
    Vendor,
    losses,
)

_VERSION: Final = "gemini-2026-11-20"
# 6 tokens of prompt at 1.5 micro-dollars, 1120 of image at 30 and 210 of thoughts at 7.5. An edit
# has 1120 tokens of the source image at 1.5.
_PRICE = Cost(9 + 33_600 + 1_575, "priced", _VERSION)
_EDIT_PRICE = Cost(9 + 1_680 + 33_600 + 1_575, "priced", _VERSION)
_CALL: Final = "call000001"
_SIZE: Final = (1024, 1024)
_DATA: Final = "iVBORw0KGgo="
_URI: Final = f"data:image/png;base64,{_DATA}"
_PART: Final = {"inlineData": {"mimeType": "image/png", "data": _DATA}}
_TEXT: Final = {"content": {"parts": [{"text": "Here it comes."}]}}
_DRAWN: Final = {"content": {"parts": [_PART]}}
_STREAM: Final = b"".join(
    f"data: {json.dumps({'candidates': [one]})}\r\n\r\n".encode()
    for one in (_TEXT, _DRAWN, {"finishReason": "STOP"})
)


def _authorized(request: Recorded) -> bool:
    return request.headers.get("x-goog-api-key") == KEY and KEY not in request.path


GEMINI = Vendor(
    card=provider_card("gemini"),
    stand_in=GeminiStandIn,
    adapter=GeminiProvider,
    key=KEY,
    authorized=_authorized,
    examples={
        "generate": Example(REQUEST, _PRICE, _CALL, _SIZE),
        "edit": Example(EDIT, _EDIT_PRICE, _CALL, _SIZE),
    },
    successes=(
        Success("several", "reported"),
        Success("only-draft", "reported", valid=False),
        Success("no-usage", "unknown"),
        Success("wrong-type", "unknown", has_id=False),
        Success("truncated-image", valid=False),
        Success("huge-image", valid=False),
    ),
    refusals=(
        Refusal("moderated", "moderation", "reported", "(SAFETY)."),
        Refusal("moderated-list", "moderation", "reported", "(PROHIBITED_CONTENT)."),
        Refusal("moderated-other", "moderation", "reported", "(OTHER)."),
        Refusal("moderated-picture", "moderation", "reported", "(IMAGE_SAFETY)."),
        Refusal("moderated-recitation", "moderation", "reported", "(IMAGE_RECITATION)."),
        Refusal("no-image", "no_image", "reported", "(NO_IMAGE)."),
        Refusal("cut-short", "no_image", "reported", "(MAX_TOKENS)."),
        Refusal("escalation", "no_image", "reported", "(ESCALATION)."),
        Refusal("refused-in-words", "no_image", "reported", "(STOP)."),
        Refusal("null-image", "no_image", "reported", "(STOP)."),
        Refusal("invalid-base64", "bad_answer", "paid"),
        Refusal("garbage", "bad_answer", "unknown", has_id=False),
        Refusal("html", "bad_answer", "unknown", has_id=False),
        Refusal("redirect", "bad_answer", has_id=False),
        Refusal("auth", "auth", has_id=False),
        Refusal("auth-401", "auth", has_id=False),
        Refusal("permission", "permission", has_id=False),
        Refusal(
            "bad-request", "validation", "free",
            "(generationConfig.imageConfig.imageSize, INVALID_ARGUMENT).", has_id=False,
        ),
        Refusal("unprocessable", "validation", has_id=False),
        Refusal("too-large", "validation", "free", "(INVALID_ARGUMENT).", has_id=False),
        Refusal("billing", "credits", has_id=False),
        Refusal("payment", "credits", has_id=False),
        Refusal("quota", "credits", has_id=False),
        Refusal("credits", "credits", has_id=False),
        Refusal("gone", "model_gone", has_id=False),
        Refusal("gone-wrapped", "model_gone", has_id=False),
    ),
    delays=(
        Delay("rate-limit", "rate_limit", frozenset({1})),
        Delay("rate-limit-fraction", "rate_limit", frozenset({17})),
        Delay("rate-limit-wrapped", "rate_limit", frozenset({3})),
        Delay("rate-limit-header", "rate_limit", frozenset({7})),
        Delay("rate-limit-date", "rate_limit", SOON),
        Delay("rate-limit-bare", "rate_limit"),
        Delay("timeout", "transient"),
        Delay("server-error", "transient"),
        Delay("unavailable", "transient"),
        Delay("deadline", "transient"),
    ),
    bodies=tuple(
        Body("generate", document, outcome)
        for document, outcome in (
            ({"candidates": [{"content": {"parts": _PART}}]}, Generated),
            ({"candidates": [{"content": [{"parts": [_PART]}]}]}, Generated),
            ({"candidates": [{"parts": [_PART]}]}, Generated),
            ({"candidates": [{"content": {"parts": [{"text": f"Here: {_URI}."}]}}]}, Generated),
            ({"candidates": [{"content": {"parts": [{"text": "![a](https://a.b/c)"}]}}]}, Pending),
            ({"candidates": [{"content": {"parts": [{"text": "https://a.b/c"}]}}]}, Refused),
            ({"candidates": [{"content": {"parts": [{**_PART, "thought": True}]}}]}, Generated),
            ([{"candidates": [_TEXT]}, {"candidates": [_DRAWN]}], Generated),
            ({"generatedImages": [{"image": {"imageBytes": _DATA}}]}, Generated),
            ({"choices": [{"message": {"images": [{"image_url": {"url": _URI}}]}}]}, Generated),
            (_STREAM, Generated),
        )
    ),
    losses=losses("cut", "cut-body", *GATEWAY),
    silent=("generate", "edit"),
    logged=("generate", "edit"),
)  # fmt: skip
