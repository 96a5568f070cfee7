"""Replies of the stand-in of Hugging Face in each scenario, and the cost of a call."""

import base64
import math
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from io import BytesIO
from typing import Any

from PIL import Image

from tests.support.stand_ins.huggingface_fields import (
    ParsedRequest,
    Route,
)
from tests.support.stand_ins.pictures import huge_png, png
from tests.support.stand_ins.server import (
    GATEWAY,
    JSON,
    Reply,
    Scenario,
    html_reply,
    json_reply,
)

# Micro-dollars: of a begun megapixel at fal and Together, of a call at Replicate. What is not
# published counts nothing here.
_PER_MEGAPIXEL = {
    ("fal-ai", "fal-ai/flux/dev"): 25_000,
    ("fal-ai", "fal-ai/flux/schnell"): 3_000,
    ("together", "black-forest-labs/FLUX.1-schnell"): 2_700,
}
_PER_CALL = {
    ("replicate", "black-forest-labs/flux-dev"): 25_000,
    ("replicate", "black-forest-labs/flux-schnell"): 3_000,
}

# Refusals of the router: name -> status.
ROUTER = {
    "auth": 401, "payment": 402, "permission": 403, "gone": 404, "gone-410": 410, "timeout": 408,
    "too-large": 413, "rate-limit": 429, "rate-limit-date": 429, "rate-limit-reset": 429,
    "rate-limit-bare": 429, "server-error": 500, "unavailable": 503, "loading": 503,
}  # fmt: skip
# Refusals in the provider's own words: name -> status, field, code, message.
PROVIDER = {
    "bad-request": (400, "width", "invalid_value", "Refused."),
    "unprocessable": (422, "seed", "invalid_type", "Refused."),
    "moderated": (422, "prompt", "content_policy_violation", "NSFW content detected."),
}
PAID = frozenset({
    "success", "several", "no-image", "null-image", "nsfw", "garbage", "html", "wrong-type",
    "invalid-base64", "truncated-image", "huge-image", "slow", "cut", "cut-body",
    "acknowledged", "foreign", "no-address",
    "poll-auth", "poll-rate-limit", "poll-unavailable", "poll-html", "poll-cut", "result-html",
    "expired", "file-forbidden", "file-unavailable", "moved",
})  # fmt: skip
UNPAID = frozenset({"endless", "fails-later", "fails-moderated", "poll-gone"})
GATEWAY_REPLIES = {
    **{name: html_reply(status) for name, status in GATEWAY.items()},
    "redirect": Reply(307, b"", {"location": "http://127.0.0.1:9/elsewhere"}),
}
# The call was carried out; its answer does not show it.
BROKEN = {
    "garbage": Reply(200, b'{"images": [{"url"', {"content-type": JSON}),
    "html": html_reply(200),
    "wrong-type": Reply(200, b"a house", {"content-type": "text/plain"}),
}
# At providers that are waited for, these are only played to who asks later.
LATER = ("acknowledged", "endless", "fails-", "poll-", "foreign", "no-address")


@dataclass(slots=True)
class Task:
    """A call that was taken: what each question is answered in turn, then ``last`` for ever.

    Where the result is asked for by itself, so it is with ``results``.
    """

    polls: list[Reply]
    last: Reply
    results: list[Reply] = field(default_factory=list)


def refusal_of(dialect: str, name: str, said: str) -> Reply | None:
    if name in ROUTER:
        return _router(name, said)
    if name in PROVIDER:
        return refused(dialect, *PROVIDER[name])
    return GATEWAY_REPLIES.get(name)


def price_micros(route: Route, parsed: ParsedRequest) -> int:
    named = (route.dialect, route.model)
    if named in _PER_CALL:
        return _PER_CALL[named]
    width, height = parsed.size or (1024, 1024)
    return math.ceil(width * height / 1_000_000) * _PER_MEGAPIXEL.get(named, 0)


def picture_of(parsed: ParsedRequest, name: str) -> bytes:
    size = parsed.size
    if parsed.picture and size is None:
        with Image.open(BytesIO(parsed.picture)) as source:
            size = source.size
    picture = png(*(size or (1024, 1024)), parsed.prompt)
    if name == "truncated-image":
        return picture[: len(picture) // 2]
    return huge_png() if name == "huge-image" else picture


def data_answer(picture: bytes, name: str, call: str) -> dict[str, Any]:
    """Return Together's answer."""
    text: str | None = base64.b64encode(picture).decode()
    if name == "invalid-base64":
        text = f"*{text}"
    if name == "null-image":
        text = None
    entries = {"no-image": 0, "several": 2}.get(name, 1)
    return {"id": call, "object": "list", "data": [{"index": 0, "b64_json": text}] * entries}


def host_of(scenario: Scenario, own: str) -> str:
    return "https://foreign.example" if scenario.name == "foreign" else own


def task_of(scenario: Scenario, dialect: str, working: Reply, done: Reply) -> Task:
    """Return what the questions about a call are answered."""
    forever = [working] * int(scenario.argument)
    plays: dict[str, Task] = {
        "acknowledged": Task(forever, done),
        "endless": Task([], working),
        "fails-later": Task([working], done),
        "poll-gone": Task([], json_reply({"error": f"Not found at {dialect}"}, 404)),
        "poll-auth": Task([], json_reply({"error": "Invalid token"}, 401)),
        "poll-rate-limit": Task([_router("rate-limit", ""), _router("rate-limit-bare", "")], done),
        "poll-unavailable": Task([_router("unavailable", ""), html_reply(504)], done),
        "poll-html": Task([html_reply(200)], done),
        "poll-cut": Task([Reply(200, b"", cut="reset")], done),
    }
    return plays.get(scenario.name, Task([], done))


def _router(name: str, said: str) -> Reply:
    soon = datetime.now(UTC) + timedelta(seconds=30)
    headers = {
        "rate-limit": {"retry-after": "3"},
        "rate-limit-date": {"retry-after": format_datetime(soon, usegmt=True)},
        "unavailable": {"retry-after": "7"},
        "rate-limit-reset": {
            "ratelimit": '"api";r=0;t=55',
            "ratelimit-policy": '"fixed window";"api";q=500;w=300',
        },
    }.get(name)
    document: dict[str, object] = {"error": f"Refused. {said}"}
    if name == "loading":
        document = {"error": "Model is currently loading", "estimated_time": 20.4}
    return json_reply(document, ROUTER[name], headers)


def refused(dialect: str, status: int, field: str, code: str, message: str) -> Reply:
    """Return a refusal in the envelope of a provider."""
    bodies: dict[str, object] = {
        "hf-inference": {"error": [f"{field}: {message}"]},
        "fal-ai": {"detail": [{"loc": ["body", field], "msg": message, "type": code}]},
        "together": {
            "id": "o1",
            "error": {"message": message, "type": code, "param": field, "code": None},
        },
        "replicate": {
            "title": "Input validation failed",
            "detail": f"- input.{field}: {message}",
            "status": status,
        },
    }
    return json_reply(bodies[dialect], status)
