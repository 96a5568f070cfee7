"""Amazon Bedrock in the contract suite; the session's token is the key of the account."""

from dataclasses import replace
from typing import Final

import httpx
from botocore.credentials import ReadOnlyCredentials

from studio.domain.catalogue.catalogue import ProviderCard, provider_card
from studio.domain.provider_calls.model import Credentials, Generated, Refused
from studio.money import Cost
from studio.providers.bedrock.adapter import BedrockProvider
from studio.providers.shared.result_files import FetcherFactory
from tests.support.stand_ins.bedrock import ACCESS_KEY, REGION, BedrockStandIn
from tests.support.vendors.bedrock_requests import INPAINT, SECRET, SEEDED, TOKEN, WORDS
from tests.support.vendors.model import (
    OTHER_SUCCESSES,
    SOON,
    Body,
    Delay,
    Example,
    Refusal,
    Success,
    Vendor,
    losses,
)

_VERSION: Final = "bedrock-2026-11-20"
_CALL: Final = "0b5e1f00-0000-4000-8000-000000000001"


def _adapter(
    account: Credentials, card: ProviderCard, client: httpx.Client, fetcher: FetcherFactory
) -> BedrockProvider:
    keys = ReadOnlyCredentials(ACCESS_KEY, SECRET, account.api_key)
    return BedrockProvider(
        replace(account, api_key=""), card, client, fetcher, REGION, lambda: keys
    )


BEDROCK = Vendor(
    card=provider_card("bedrock"),
    stand_in=lambda token: BedrockStandIn(SECRET, token=token),
    adapter=_adapter,
    key=TOKEN,
    secrets=(SECRET,),
    authorized=lambda request: request.headers.get("x-amz-security-token") == TOKEN,
    examples={
        "words": Example(WORDS, Cost(40_000, "priced", _VERSION), _CALL, (1344, 768), seed=4711),
        "picture": Example(INPAINT, Cost(70_000, "priced", _VERSION), _CALL, (80, 64), seed=7),
    },
    others={
        "seeded": Example(SEEDED, Cost(80_000, "priced", _VERSION), _CALL, (80, 64), seed=7),
    },
    successes=(
        Success("several"),
        Success("no-seed", has_seed=False),
        Success("wrong-type", has_seed=False),
        Success("truncated-image", valid=False),
        Success("huge-image", valid=False),
    ),
    refusals=(
        Refusal("bad-request", "validation", "free", "(ValidationException)."),
        Refusal("unprocessable", "validation", "free", "(HTTP 422)."),
        Refusal("too-large", "validation", "free", "(HTTP 413)."),
        Refusal("moderated", "moderation", "free", "(ValidationException)."),
        Refusal("service-quota", "permission", "free", "(ServiceQuotaExceededException)."),
        Refusal("auth", "auth", "free", "(UnrecognizedClientException)."),
        Refusal("signature", "auth", "free", "(InvalidSignatureException)."),
        Refusal("permission", "permission", "free", "(AccessDeniedException)."),
        Refusal("forbidden-bare", "permission", "free", "(HTTP 403)."),
        Refusal("gone", "model_gone", "free", "(ResourceNotFoundException)."),
        Refusal("gone-400", "model_gone", "free", "(ValidationException)."),
        Refusal("filtered-prompt", "moderation", "unknown", "(prompt).", billed=False),
        Refusal("filtered-input", "moderation", "unknown", "(input image).", billed=False),
        Refusal("filtered-output", "moderation", "unknown", "(result).", billed=False),
        Refusal("filtered-oddly", "moderation", "unknown", "refused the image.", billed=False),
        Refusal("inference-error", "no_image", "free", "(Inference error).", billed=False),
        Refusal("odd-reason", "no_image", "unknown", "without an image.", billed=False),
        Refusal("no-image", "no_image", "unknown", "without an image.", billed=False),
        Refusal("null-image", "no_image", "unknown", "without an image.", billed=False),
        Refusal("garbage", "bad_answer", "unknown", "could not be read."),
        Refusal("html", "bad_answer", "unknown", "could not be read."),
        Refusal("redirect", "bad_answer", "free", "which the studio does not call."),
        Refusal("invalid-base64", "bad_answer", "paid"),
    ),
    delays=(
        Delay("rate-limit", "rate_limit", frozenset({3})),
        Delay("rate-limit-date", "rate_limit", SOON),
        Delay("rate-limit-bare", "rate_limit"),
        Delay("not-ready", "transient"),
        Delay("expired", "transient"),
        Delay("timeout", "transient"),
        Delay("model-error", "transient"),
        Delay("server-error", "transient"),
        Delay("unavailable", "transient"),
    ),
    losses=losses("cut", "cut-body", "gateway-timeout"),
    silent=("words",),
    logged=("seeded",),
    bodies=(
        Body("words", {"images": ["aGk="]}, Generated),
        Body("words", {"images": ["aGk="], "finish_reasons": [], "seeds": ["7"]}, Generated),
        Body("words", {"images": ["aGk="], "finish_reasons": [None, "Inference error"]}, Generated),
        Body("words", {"images": ["aGk="], "finish_reasons": ["Filter reason: prompt"]}, Refused),
        Body("words", {"images": ["aGk="], "finish_reasons": ["Model Error"]}, Refused),
        Body("words", {"images": ["aGk="], "finish_reasons": ["CONTENT_FILTERED"]}, Refused),
        Body("words", {"images": ["aGk="], "finish_reasons": ["filter reason: x"]}, Refused),
        *(
            Body("words", {"images": ["aGk="], "finish_reasons": [word]}, Generated)
            for word in (*OTHER_SUCCESSES, {"a": 1})
        ),
        Body("words", {"images": ["aGk="], "finish_reasons": ["SUCCESS"]}, Generated),
        Body("words", {"images": ["aGk="], "finish_reasons": [""]}, Generated),
        Body("words", {"images": "aGk="}, Refused),
        Body("words", {"images": [""]}, Refused),
        Body("words", {"images": [7]}, Refused),
        Body("words", [], Refused),
        Body("words", b"", Refused),
    ),
)
