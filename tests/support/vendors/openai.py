"""OpenAI in the contract suite."""

from typing import Final

from studio.domain.catalogue.catalogue import provider_card
from studio.money import Cost
from studio.providers.openai.adapter import OpenAIProvider
from tests.support.stand_ins.openai import OpenAIStandIn
from tests.support.stand_ins.server import GATEWAY
from tests.support.vendors.model import (
    SOON,
    Delay,
    Example,
    Refusal,
    Success,
    Vendor,
    bearer,
    losses,
)
from tests.support.vendors.openai_requests import EDIT, KEY, REQUEST

_VERSION: Final = "openai-2026-11-20"
# 6 tokens of prompt at 5 micro-dollars and 196 of image at 30. An edit has 32 tokens of text more,
# and 6434 of the source image at 8.
_PRICE = Cost(30 + 5_880, "priced", _VERSION)
_EDIT_PRICE = Cost(190 + 6_434 * 8 + 5_880, "priced", _VERSION)
_CALL: Final = "req_000001"
_SIZE: Final = (1024, 1024)

OPENAI = Vendor(
    card=provider_card("openai"),
    stand_in=OpenAIStandIn,
    adapter=OpenAIProvider,
    key=KEY,
    authorized=bearer(KEY),
    examples={
        "generate": Example(REQUEST, _PRICE, _CALL, _SIZE),
        "edit": Example(EDIT, _EDIT_PRICE, _CALL, _SIZE),
    },
    successes=(
        Success("several"),
        Success("no-usage", "unknown"),
        Success("wrong-type", "unknown"),
        Success("truncated-image", valid=False),
        Success("huge-image", valid=False),
    ),
    refusals=(
        Refusal("no-image", "no_image", "paid"),
        Refusal("null-image", "no_image", "paid"),
        Refusal("invalid-base64", "bad_answer", "paid"),
        Refusal("garbage", "bad_answer", "unknown"),
        Refusal("html", "bad_answer", "unknown"),
        Refusal("redirect", "bad_answer"),
        Refusal("auth", "auth"),
        Refusal("permission", "permission"),
        Refusal("bad-request", "validation", "free", "(size, invalid_value)."),
        Refusal("unprocessable", "validation"),
        Refusal("too-large", "validation"),
        Refusal("moderated", "moderation", "free", "(input, violence)."),
        Refusal("moderated-old", "moderation"),
        Refusal("quota", "credits"),
        Refusal("billing-limit", "credits"),
        Refusal("payment", "credits"),
        Refusal("gone", "model_gone"),
        Refusal("gone-400", "model_gone"),
        Refusal("gone-bare", "model_gone"),
    ),
    delays=(
        Delay("rate-limit", "rate_limit", frozenset({1})),
        Delay("rate-limit-date", "rate_limit", SOON),
        Delay("rate-limit-ms", "rate_limit", frozenset({2})),
        Delay("rate-limit-bare", "rate_limit"),
        Delay("timeout", "transient"),
        Delay("conflict", "transient"),
        Delay("server-error", "transient"),
        Delay("unavailable", "transient"),
    ),
    losses=losses("cut", "cut-body", *GATEWAY),
    silent=("generate", "edit"),
    logged=("generate", "edit"),
)
