"""Stability AI in the contract suite."""

from typing import Final

from studio.domain.catalogue.catalogue import provider_card
from studio.domain.provider_calls.model import Generated, Refused
from studio.money import Cost
from studio.providers.stability.adapter import StabilityProvider
from tests.support.stand_ins.stability import StabilityStandIn
from tests.support.vendors.model import (
    OTHER_SUCCESSES,
    Body,
    Delay,
    Example,
    LateRefusal,
    Queue,
    Refusal,
    RefusedPoll,
    Retry,
    Success,
    Vendor,
    bearer,
    losses,
)
from tests.support.vendors.stability_requests import (
    CREATIVE,
    FAST,
    INPAINT,
    KEY,
    MODEL_3D,
    RELIGHT,
    WORDS,
)

_CALL: Final = f"{1:032x}"
# A queued call takes three numbers of the stand-in: its own, that of the result and of a poll.
_RESULT: Final = f"{4:032x}"
_IMAGES: Final = ("words", "inpaint", "fast")
_ALL: Final = (*_IMAGES, "model", "creative", "relight")


def _credits(number: int) -> Cost:
    return Cost(number * 10_000, "priced", "stability-2026-11-20")


_QUEUE = Queue(
    examples={
        "creative": Example(
            CREATIVE, _credits(60), _CALL, (28 * 80, 28 * 64), seed=7, result_id=_RESULT
        ),
        "relight": Example(RELIGHT, _credits(8), _CALL, (80, 64), seed=7, result_id=_RESULT),
    },
    accepted="queued",
    wait_seconds=10,
    handle_length=1023,
    retries=(
        Retry("poll-rate-limit", (3,)),
        Retry("poll-rate-limit-bare", (60,)),
        Retry("poll-unavailable", (10,)),
        Retry("poll-error", (10,)),
        Retry("poll-html", (10, 10)),
        Retry("poll-redirect", (10,)),
        Retry("poll-cut", (10, 10)),
    ),
    refusals=(
        LateRefusal("fails-later", 1, "moderation", "free", _RESULT),
        LateRefusal("filtered", 1, "moderation", "free", _RESULT),
        LateRefusal("poll-no-image", 0, "no_image", "unknown", f"{3:032x}"),
    ),
    refused_polls=(
        RefusedPoll("poll-gone", "Stability AI does not know the generation any more."),
        RefusedPoll("poll-auth", "Stability AI does not say what became of the generation."),
    ),
)

STABILITY = Vendor(
    card=provider_card("stability"),
    stand_in=StabilityStandIn,
    adapter=StabilityProvider,
    key=KEY,
    authorized=bearer(KEY),
    examples={
        "words": Example(WORDS, _credits(3), _CALL, (1344, 768), seed=4711),
        "inpaint": Example(INPAINT, _credits(5), _CALL, (80, 64), seed=7),
        "fast": Example(FAST, _credits(2), _CALL, (320, 256), seed=4711),
        "model": Example(MODEL_3D, _credits(10), _CALL, None, b"glTF"),
    },
    others=_QUEUE.examples,
    successes=(
        Success("truncated-image", valid=False, only=_IMAGES),
        Success("huge-image", valid=False, only=_IMAGES),
        Success("no-headers", has_seed=False, only=_IMAGES),
        Success("wrong-type", only=_IMAGES),
    ),
    refusals=(
        Refusal("filtered", "moderation", only=_IMAGES),
        Refusal("no-image", "no_image", "unknown", only=_IMAGES),
        Refusal("odd-reason", "no_image", "unknown", only=_IMAGES),
        Refusal("garbage", "bad_answer", "unknown", only=_ALL),
        Refusal("html", "bad_answer", "unknown", only=_ALL),
        Refusal("redirect", "bad_answer", only=_ALL),
        Refusal("no-id", "bad_answer", "unknown", billed=False, only=tuple(_QUEUE.examples)),
        Refusal("auth", "auth"),
        Refusal("permission", "permission"),
        Refusal(
            "bad-request", "validation", "free",
            "Stability AI does not accept the request (strength, bad_request).",
        ),
        Refusal(
            "bad-bare", "validation", "free",
            "Stability AI does not accept the request (bad_request).",
        ),
        Refusal("unprocessable", "validation"),
        Refusal(
            "public-figure", "validation", "free",
            "Stability AI does not accept the request (public_figure).",
        ),
        Refusal("too-large", "validation"),
        Refusal("moderated", "moderation", only=_ALL),
        Refusal("payment", "credits", only=_ALL),
        Refusal("gone", "model_gone"),
    ),
    bodies=(
        Body("words", {"image": "aGk=", "finish_reason": "SUCCESS"}, Generated),
        Body("words", {"image": "aGk=", "finish_reason": "stop"}, Generated),
        Body("words", {"image": "aGk=", "finish_reason": "ERROR"}, Refused, "no_image"),
        Body("words", {"image": "aGk=", "finish_reason": "content_filtered"}, Refused),
        Body("words", {"image": "aGk=", "finish_reason": "Filtered"}, Refused, "moderation"),
        *(
            Body("words", {"image": "aGk=", "finish_reason": word}, Generated)
            for word in OTHER_SUCCESSES
        ),
    ),
    delays=(
        Delay("rate-limit", "rate_limit", frozenset({3})),
        Delay("rate-limit-date", "rate_limit", frozenset(range(60, 91))),
        Delay(
            "rate-limit-bare", "rate_limit", frozenset({60}), only=_ALL,
            message="Stability AI asks to slow down.",
        ),
        Delay("timeout", "transient"),
        Delay("server-error", "transient"),
        Delay("gateway", "transient"),
        Delay("unavailable", "transient"),
        Delay("unavailable-html", "transient"),
    ),
    losses=losses("cut", "cut-body", "gateway-timeout", only=_ALL),
    silent=("words",),
    logged=("words", "inpaint", "creative"),
    queue=_QUEUE,
)  # fmt: skip
