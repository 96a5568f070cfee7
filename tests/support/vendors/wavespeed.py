"""WaveSpeed AI in the contract suite."""

from typing import Final

from studio.domain.provider_calls.model import Generated, OutcomeUnknown, Pending, Refused
from studio.money import Cost
from studio.providers.wavespeed.adapter import WaveSpeedProvider
from tests.support.stand_ins.server import GATEWAY
from tests.support.stand_ins.wavespeed import WaveSpeedStandIn
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
from tests.support.vendors.wavespeed_requests import (
    AVATAR,
    CARD,
    EDIT,
    FLUX_PRICE,
    INPAINT,
    KEY,
    OWN_SEED,
    VERSION,
    WORDS,
)

_CALL: Final = f"{1:032x}"
_SIZE: Final = (512, 256)
_WORDS: Final = {"words": Example(WORDS, FLUX_PRICE, _CALL, _SIZE, seed=OWN_SEED)}
# An upload is two requests.
_WITH_FILES: Final = {
    "picture": Example(EDIT, FLUX_PRICE, _CALL, _SIZE, seed=OWN_SEED, requests=3),
    "mask": Example(INPAINT, FLUX_PRICE, _CALL, _SIZE, seed=OWN_SEED, requests=5),
    "voice": Example(
        AVATAR, Cost(210_000, "priced", VERSION), _CALL, None, b"ftyp", OWN_SEED, requests=5
    ),
}
_REFUSED: Final = ("words", "picture", "voice")


WAVESPEED = Vendor(
    card=CARD,
    stand_in=WaveSpeedStandIn,
    adapter=WaveSpeedProvider,
    key=KEY,
    authorized=bearer(KEY, keyless=("/storage/", "/output/")),
    examples=_WORDS,
    others=_WITH_FILES,
    successes=(
        Success("several"),
        Success("redirect-away"),
        Success("truncated-image", valid=False),
        Success("huge-image", valid=False),
    ),
    refusals=(
        Refusal(
            "bad-request", "validation", "free",
            "WaveSpeed does not accept the request (invalid_request).", has_id=False,
            only=_REFUSED,
        ),
        Refusal("unprocessable", "validation", has_id=False, only=_REFUSED),
        Refusal(
            "too-large", "validation", "free", "WaveSpeed does not accept the request.",
            has_id=False, only=_REFUSED,
        ),
        Refusal("refused-inside", "validation", has_id=False, only=_REFUSED),
        Refusal("auth", "auth", has_id=False, only=_REFUSED),
        Refusal("permission", "permission", has_id=False, only=_REFUSED),
        Refusal("payment", "credits", has_id=False, only=_REFUSED),
        Refusal("gone", "model_gone", has_id=False, only=_REFUSED),
        Refusal("failed", "transient"),
        Refusal("moderated", "moderation"),
        Refusal("nsfw", "moderation", "paid"),
        Refusal("no-image", "no_image", "paid"),
        Refusal("not-a-link", "bad_answer", "paid"),
        Refusal("cancelled", "no_image", "unknown"),
        Refusal("timed-out", "no_image", "unknown"),
        Refusal("deleted", "no_image", "unknown"),
        Refusal("expired", "bad_answer", "paid"),
        Refusal("expired-403", "bad_answer", "paid"),
        Refusal("result-private", "bad_answer", "paid"),
        Refusal("result-too-large", "bad_answer", "paid"),
    ),
    delays=(
        Delay("rate-limit", "rate_limit", frozenset({3})),
        Delay("rate-limit-date", "rate_limit", SOON),
        Delay("rate-limit-bare", "rate_limit", frozenset({60})),
        Delay("limited-inside", "rate_limit", frozenset({60})),
        Delay("server-error", "transient"),
        Delay("unavailable", "transient"),
        Delay("busy-page", "transient"),
        Delay("timeout", "transient"),
    ),
    losses=(
        *losses("cut", "cut-body", "garbage", "html", *GATEWAY, "odd-code", "no-id"),
        *losses("cut", only=("picture", "mask", "voice")),
    ),
    silent=("words",),
    bodies=(
        Body("words", {"id": "p", "status": "created"}, Pending),
        Body("words", {"code": "200", "data": {"id": "p"}}, Pending),
        Body("words", {"code": "402", "message": "No."}, Refused),
        Body("words", {"code": 200, "data": {"outputs": ["iVBORw0KGgo="]}}, Generated),
        Body("words", {"code": 200, "data": {"outputs": ["https://a.b/c.png"]}}, Pending),
        Body("words", {"code": 200, "data": {"outputs": []}}, OutcomeUnknown),
    ),
    logged=("words", "picture"),
    queue=Queue(
        examples=_WORDS,
        others=_WITH_FILES,
        accepted="acknowledged",
        wait_seconds=2,
        handle_length=400,
        retries=(
            Retry("poll-rate-limit", (3, 60)),
            Retry("poll-unavailable", (2, 2)),
            Retry("poll-html", (2,)),
            Retry("poll-inside", (2, 60)),
            Retry("poll-cut", (2, 2)),
            Retry("result-unavailable", (2, 4), counted=True),
            Retry("result-cut", (2,), counted=True),
        ),
        refusals=(LateRefusal("fails-later", 1, "transient", "free"),),
        refused_polls=(
            RefusedPoll("poll-gone", "WaveSpeed does not know the call any more."),
            RefusedPoll("poll-auth", "WaveSpeed did not say what became of the call: auth."),
        ),
    ),
    heavy=frozenset({"slow", "huge-image", "result-too-large"}),
)  # fmt: skip
