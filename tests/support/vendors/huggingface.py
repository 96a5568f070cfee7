"""Hugging Face's router in the contract suite: an example for each provider behind it."""

from dataclasses import replace
from typing import Final

from studio.domain.provider_calls.model import ProviderRequest, Refused
from studio.money import UNKNOWN, Cost
from studio.providers.huggingface.adapter import HuggingFaceProvider
from tests.support.stand_ins.huggingface import HuggingFaceStandIn
from tests.support.stand_ins.server import GATEWAY
from tests.support.vendors.huggingface_requests import CARD, KEY, edit, words
from tests.support.vendors.model import (
    SOON,
    Body,
    Delay,
    Example,
    LateRefusal,
    Loss,
    Queue,
    Refusal,
    RefusedPoll,
    Retry,
    Success,
    Vendor,
    bearer,
    losses,
)

_VERSION: Final = "huggingface-2026-11-20"
_SIZE: Final = (256, 320)
_HEADER: Final = "req-call000001"
# Only Replicate and fal's queue put the id of the call into the body.
_BODY: Final = "call000001"


def _price(micros: int) -> Cost:
    return Cost(micros, "priced", _VERSION)


def _seeded(dialect: str) -> ProviderRequest:
    return replace(words(dialect), seed=7)


_QUEUE = Queue(
    examples={
        "queue": Example(replace(edit("fal-ai"), seed=7), UNKNOWN, _BODY, (40, 30), seed=7),
        "replicate": Example(_seeded("replicate"), _price(3_000), _BODY, _SIZE, seed=7),
    },
    accepted="acknowledged",
    wait_seconds=2,
    handle_length=1024,
    retries=(
        Retry("poll-rate-limit", (3, 2)),
        Retry("poll-unavailable", (7, 2)),
        Retry("poll-html", (2,)),
        Retry("poll-cut", (2,)),
    ),
    refusals=(
        LateRefusal("fails-later", 1, "no_image", "unknown"),
        LateRefusal("fails-moderated", 0, "moderation", "unknown"),
        LateRefusal("nsfw", 0, "moderation", "unknown", only=("queue",)),
    ),
    refused_polls=(
        RefusedPoll("poll-gone", "The provider does not know the call any more."),
        RefusedPoll("poll-auth", "The provider did not say what became of the call: auth."),
    ),
)

HUGGING_FACE = Vendor(
    card=CARD,
    stand_in=HuggingFaceStandIn,
    adapter=HuggingFaceProvider,
    key=KEY,
    authorized=bearer(KEY, keyless=("/files/",)),
    examples={
        "hf-inference": Example(_seeded("hf-inference"), UNKNOWN, _HEADER, _SIZE, seed=7),
        "fal-ai": Example(_seeded("fal-ai"), _price(3_000), _HEADER, _SIZE, seed=7),
        "together": Example(_seeded("together"), _price(2_700), _HEADER, _SIZE, seed=7),
        "replicate": Example(_seeded("replicate"), _price(3_000), _BODY, _SIZE, seed=7),
    },
    others={
        "hf-inference-edit": Example(edit("hf-inference"), UNKNOWN, _HEADER, _SIZE),
        "fal-ai-edit": Example(edit("fal-ai"), UNKNOWN, _BODY, (40, 30), seed=4711),
        "together-edit": Example(edit("together"), UNKNOWN, _HEADER, _SIZE),
        "replicate-edit": Example(edit("replicate"), UNKNOWN, _BODY, (40, 30)),
    },
    successes=(
        Success("several", only=("fal-ai", "together", "replicate")),
        Success("truncated-image", valid=False),
        Success("huge-image", valid=False),
    ),
    refusals=(
        Refusal("auth", "auth", has_id=False),
        Refusal("payment", "credits", has_id=False),
        Refusal("permission", "permission", has_id=False),
        Refusal("gone", "model_gone", has_id=False),
        Refusal("gone-410", "model_gone", has_id=False),
        Refusal("bad-request", "validation", has_id=False),
        Refusal(
            "unprocessable", "validation", "free", "(HTTP 422).",
            has_id=False, only=("hf-inference", "replicate"),
        ),
        Refusal(
            "unprocessable", "validation", "free", "(seed, invalid_type).",
            has_id=False, only=("fal-ai", "together"),
        ),
        Refusal("too-large", "validation", has_id=False),
        Refusal("moderated", "moderation", has_id=False),
        Refusal("garbage", "bad_answer", "unknown", call_id=_HEADER),
        Refusal("html", "bad_answer", "unknown", call_id=_HEADER),
        Refusal("wrong-type", "bad_answer", "unknown", call_id=_HEADER),
        Refusal("redirect", "bad_answer", has_id=False),
        Refusal("invalid-base64", "bad_answer", "paid", only=("together",)),
        Refusal("no-image", "no_image", "unknown"),
        Refusal("null-image", "no_image", "unknown", only=("fal-ai", "together", "replicate")),
        Refusal("nsfw", "moderation", "unknown", only=("fal-ai", "replicate")),
    ),
    delays=(
        Delay("rate-limit", "rate_limit", frozenset({3})),
        Delay("rate-limit-date", "rate_limit", SOON),
        Delay("rate-limit-reset", "rate_limit", frozenset({55})),
        Delay("rate-limit-bare", "rate_limit"),
        Delay("timeout", "transient"),
        Delay("server-error", "transient"),
        Delay("unavailable", "transient", frozenset({7})),
        Delay("loading", "transient", frozenset({21})),
    ),
    losses=(
        *losses("cut", "cut-body"),
        *(Loss(name, billed=False) for name in GATEWAY),
    ),
    silent=("hf-inference", "fal-ai", "together", "replicate"),
    logged=(
        "hf-inference", "fal-ai", "together", "replicate",
        "hf-inference-edit", "fal-ai-edit", "together-edit", "replicate-edit",
    ),
    bodies=(
        Body("fal-ai", {}, Refused, "no_image"),
        Body("fal-ai", {"images": "many"}, Refused, "no_image"),
        Body("fal-ai", {"images": [7, {"url": 8}]}, Refused, "no_image"),
        Body("fal-ai", {"response_url": 7}, Refused, "bad_answer"),
        Body("fal-ai", {"response_url": "https://[::1"}, Refused, "bad_answer"),
        Body("fal-ai", {"response_url": "https://queue.fal.run/a/../../b"}, Refused, "bad_answer"),
        Body(
            "fal-ai", {"response_url": "https://queue.fal.run/" + "a/" * 6 + "a" * 400}, Refused,
            "bad_answer",
        ),
        Body("together", {"data": {"b64_json": "aGk="}}, Refused, "no_image"),
        Body("together", {"data": [7, {"b64_json": 8}, {"b64_json": ""}]}, Refused, "no_image"),
        Body("replicate", {}, Refused, "bad_answer"),
        Body("replicate", {"urls": [], "status": "starting"}, Refused, "bad_answer"),
        Body("replicate", {"output": [7], "status": "succeeded"}, Refused, "no_image"),
        Body("replicate", {"status": "canceled"}, Refused, "no_image"),
        Body("replicate", {"status": "aborted"}, Refused, "no_image"),
        Body("replicate", [], Refused, "bad_answer"),
    ),
    queue=_QUEUE,
)  # fmt: skip
