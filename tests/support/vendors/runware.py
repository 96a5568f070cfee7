"""Runware in the contract suite: from text, from an image, and each of its edits."""

from typing import Final

from studio.domain.catalogue.catalogue import provider_card
from studio.domain.provider_calls.model import Generated, OutcomeUnknown, Pending, Refused
from studio.money import Cost
from studio.providers.runware.adapter import RunwareProvider
from tests.support.stand_ins.runware import RunwareStandIn
from tests.support.vendors.model import (
    SOON,
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
from tests.support.vendors.runware_requests import EDITS, FROM_IMAGE, FROM_TEXT, IDS, KEY, TASK

_PRICE = Cost(1_300, "reported")
# The stand-in's seed for a request without one.
_SEED: Final = 4711
_COMMON: Final = {
    "words": Example(FROM_TEXT, _PRICE, TASK, (128, 192), seed=_SEED),
    "picture": Example(FROM_IMAGE, _PRICE, TASK, (128, 192), seed=_SEED),
}
_EDITS: Final = {
    name: Example(request, _PRICE, TASK, size, seed=request.seed or _SEED)
    for name, (request, _, size) in zip(IDS, EDITS, strict=True)
}
_ALL: Final = (*_COMMON, *_EDITS)

RUNWARE = Vendor(
    card=provider_card("runware"),
    stand_in=RunwareStandIn,
    adapter=RunwareProvider,
    key=KEY,
    authorized=bearer(KEY),
    examples=_COMMON,
    others=_EDITS,
    successes=(
        Success("several"),
        Success("partial"),
        Success("no-cost", "unknown"),
        Success("truncated-image", valid=False),
        Success("huge-image", valid=False),
    ),
    refusals=(
        Refusal("nsfw", "moderation", "paid"),
        Refusal("no-image", "no_image", "paid", only=_ALL),
        Refusal("invalid-base64", "bad_answer", "paid", only=_ALL),
        Refusal("renamed", "validation", "free", "(somethingUnheardOf).", only=_ALL),
        Refusal("auth", "auth", only=_ALL),
        Refusal("permission", "permission"),
        Refusal("bad-request", "validation", "free", "(width, invalidWidth).", only=_ALL),
        Refusal("unprocessable", "validation"),
        Refusal("too-large", "validation"),
        Refusal("moderated", "moderation", only=_ALL),
        Refusal("payment", "credits", only=_ALL),
        Refusal("gone", "model_gone", only=_ALL),
        Refusal("gone-404", "model_gone"),
    ),
    delays=(
        Delay("rate-limit", "rate_limit", frozenset({3}), only=_ALL),
        Delay("rate-limit-date", "rate_limit", SOON),
        Delay("rate-limit-bare", "rate_limit"),
        Delay("timeout", "transient"),
        Delay("server-error", "transient"),
        Delay("unavailable", "transient"),
        Delay("inference", "transient"),
        Delay("problem", "transient"),
    ),
    losses=(
        *losses("cut", "garbage", "gateway-timeout", only=_ALL),
        *losses("cut-body", "html", "bad-gateway", "edge-timeout"),
    ),
    silent=("words",),
    logged=("words", "picture"),
    bodies=(
        Body("words", {"data": []}, Pending),
        Body("words", {"data": [{"taskUUID": TASK, "status": "pending"}]}, Pending),
        Body("words", {"data": [{"taskUUID": TASK, "status": "success"}]}, Refused),
        Body("words", {"data": [{"taskUUID": TASK, "NSFWContent": True}]}, Refused),
        Body("words", {"data": [{"taskUUID": TASK, "status": "error"}]}, Refused),
        Body(
            "words", {"data": [7, None, {"imageUUID": "i", "imageBase64Data": "aGk="}]}, Generated
        ),
        Body("words", {"data": [{"taskUUID": TASK.upper(), "imageURL": "//a.b/c"}]}, Pending),
        Body("words", {"data": {"imageUUID": "i"}}, OutcomeUnknown),
        Body("words", {"errors": [], "data": None}, OutcomeUnknown),
        Body("words", {"errors": "many"}, Refused),
        Body("words", [], OutcomeUnknown),
        Body("words", b"", OutcomeUnknown),
    ),
    queue=Queue(
        examples=_COMMON,
        others=_EDITS,
        accepted="acknowledged",
        wait_seconds=2,
        handle_length=1024,
        retries=(
            Retry("poll-rate-limit", (3,)),
            Retry("poll-unavailable", (2,)),
            Retry("poll-html", (2, 2)),
        ),
        refusals=(
            LateRefusal("fails-later", 1, "transient", "free", only=_ALL),
            LateRefusal("fails-singular", 0, "transient", "free", only=_ALL),
        ),
        refused_polls=(
            RefusedPoll("poll-gone", "Runware does not know the task any more."),
            RefusedPoll("poll-auth", "Runware does not accept the stored key."),
        ),
        priced=False,
    ),
)  # fmt: skip
