"""Stand-in for Hugging Face's router and four providers behind it, from their documented contract.

Below ``/files``, by the name of localhost, it plays the hosts that results are downloaded from: a
key is not welcome there.
"""

import base64
import math
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from io import BytesIO
from itertools import count
from typing import Any, ClassVar

from PIL import Image

from tests.support.stand_ins.huggingface_fields import (
    QUEUE,
    ParsedRequest,
    Route,
    parse_request_body,
    route_of,
)
from tests.support.stand_ins.pictures import huge_png, png
from tests.support.stand_ins.server import (
    CUTS,
    GATEWAY,
    JSON,
    PaidCall,
    Recorded,
    Reply,
    Scenario,
    StandIn,
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
_ROUTER = {
    "auth": 401, "payment": 402, "permission": 403, "gone": 404, "gone-410": 410, "timeout": 408,
    "too-large": 413, "rate-limit": 429, "rate-limit-date": 429, "rate-limit-reset": 429,
    "rate-limit-bare": 429, "server-error": 500, "unavailable": 503, "loading": 503,
}  # fmt: skip
# Refusals in the provider's own words: name -> status, field, code, message.
_PROVIDER = {
    "bad-request": (400, "width", "invalid_value", "Refused."),
    "unprocessable": (422, "seed", "invalid_type", "Refused."),
    "moderated": (422, "prompt", "content_policy_violation", "NSFW content detected."),
}
_PAID = frozenset({
    "success", "several", "no-image", "null-image", "nsfw", "garbage", "html", "wrong-type",
    "invalid-base64", "truncated-image", "huge-image", "slow", "cut", "cut-body",
    "acknowledged", "foreign", "no-address",
    "poll-auth", "poll-rate-limit", "poll-unavailable", "poll-html", "poll-cut", "result-html",
    "expired", "file-forbidden", "file-unavailable", "moved",
})  # fmt: skip
_UNPAID = frozenset({"endless", "fails-later", "fails-moderated", "poll-gone"})
_GATEWAY = {
    **{name: html_reply(status) for name, status in GATEWAY.items()},
    "redirect": Reply(307, b"", {"location": "http://127.0.0.1:9/elsewhere"}),
}
# The call was carried out; its answer does not show it.
_BROKEN = {
    "garbage": Reply(200, b'{"images": [{"url"', {"content-type": JSON}),
    "html": html_reply(200),
    "wrong-type": Reply(200, b"a house", {"content-type": "text/plain"}),
}
# At providers that queue calls, these are played to a poll only.
_LATER = ("acknowledged", "endless", "fails-", "poll-", "foreign", "no-address")


@dataclass(slots=True)
class _Task:
    """A call that was taken: what each question is answered in turn, then ``last`` for ever.

    Where the result is asked for by itself, so it is with ``results``.
    """

    polls: list[Reply]
    last: Reply
    results: list[Reply] = field(default_factory=list)


class HuggingFaceStandIn(StandIn):
    """The router under ``/{provider}``, and a host of files."""

    scenarios = frozenset({*_ROUTER, *_PROVIDER, *_GATEWAY, *_PAID, *_UNPAID})
    base_path = ""
    paths: ClassVar = {}

    def __init__(self, api_key: str = "hf_stand-in", port: int = 0) -> None:
        super().__init__(api_key, port)
        self._numbers = count(1)
        self._tasks: dict[str, _Task] = {}
        self._files: dict[str, list[Reply]] = {}

    def answer(self, request: Recorded) -> Reply:
        if request.path.startswith("/files/"):
            return self._file(request)
        refusal = self._unwelcome(request)
        if refusal is not None:
            return refusal
        if request.method == "GET":
            return self._poll(request.path)
        route = route_of(request)
        if route is None:
            return json_reply({"error": "Not found"}, 404)
        parsed = parse_request_body(route, request.json())
        if isinstance(parsed, str):
            return _refused(route.dialect, 422, parsed, "invalid_value", "Refused.")
        waits = request.headers.get("prefer") == "wait"
        return self._play(route, parsed, self.next_scenario(parsed.prompt), waits=waits)

    def _unwelcome(self, request: Recorded) -> Reply | None:
        """Refuse what is wrong before the provider sees it."""
        posted = request.method == "POST"
        checks = (
            (401, request.headers.get("authorization") != f"Bearer {self.api_key}"),
            (405, request.method not in ("GET", "POST")),
            (415, posted and request.headers.get("content-type") != JSON),
            (400, posted and not _is_object(request)),
        )
        status = next((status for status, wrong in checks if wrong), None)
        said = {"error": f"Refused. {self.api_key}"}
        return None if status is None else json_reply(said, status)

    def _play(
        self, route: Route, parsed: ParsedRequest, scenario: Scenario, *, waits: bool
    ) -> Reply:
        name = scenario.name
        if name not in self.scenarios:
            return json_reply({"error": "no such scenario"}, 501)
        refusal = _refusal(route.dialect, name, self.api_key)
        if refusal is not None:
            return refusal
        call = f"call{next(self._numbers):06d}"
        if name in _PAID:
            with self.lock:
                self.paid.append(PaidCall(call, parsed.prompt, route.model, _micros(route, parsed)))
        reply = self._carry_out(route, parsed, scenario, call, waits=waits)
        reply = _BROKEN.get(name, reply)
        return Reply(
            reply.status,
            reply.body,
            {**reply.headers, "x-request-id": f"req-{call}"},
            wait=scenario.argument if name == "slow" else 0,
            cut=CUTS.get(name),
        )

    def _carry_out(
        self, route: Route, parsed: ParsedRequest, scenario: Scenario, call: str, *, waits: bool
    ) -> Reply:
        picture = _picture(parsed, scenario.name)
        match route.dialect:
            case "hf-inference":
                body = b"" if scenario.name == "no-image" else picture
                return Reply(200, body, {"content-type": "image/png"})
            case "together":
                return json_reply(_data(picture, scenario.name, call))
            case "fal-ai":
                result = json_reply(self._fal_result(parsed, picture, scenario.name, call))
                return self._queue(route, scenario, call, result) if route.queue else result
        return self._predict(route, parsed, scenario, call, picture, waits=waits)

    def _fal_result(
        self, parsed: ParsedRequest, picture: bytes, name: str, call: str
    ) -> dict[str, Any]:
        image = {"url": self._keep(call, picture, name), "content_type": "image/png"}
        images = [] if name == "no-image" else [image] * (2 if name == "several" else 1)
        if name == "null-image":
            images = [{"url": ""}]
        return {
            "images": images,
            "seed": parsed.seed if parsed.seed is not None else 4711,
            "has_nsfw_concepts": [name == "nsfw"],
            "prompt": parsed.prompt,
        }

    def _queue(self, route: Route, scenario: Scenario, call: str, result: Reply) -> Reply:
        """Take a call; the queue knows it by the owner and the app of its model."""
        owner, app = route.model.split("/")[:2]
        path = f"/{owner}/{app}/requests/{call}"
        done = json_reply({"status": "COMPLETED", "request_id": call})
        working = json_reply({"status": "IN_PROGRESS", "request_id": call}, 202)
        task = _later(scenario, "fal-ai", working, done)
        failures = {
            "fails-later": _refused("fal-ai", 422, "image_url", "file_download_error", "No."),
            "fails-moderated": _refused("fal-ai", *_PROVIDER["moderated"]),
        }
        garbled = [html_reply(200)] if scenario.name == "result-html" else []
        task.results = [*garbled, failures.get(scenario.name, result)]
        with self.lock:
            self._tasks[f"/fal-ai{path}"] = task
        receipt = {"status": "IN_QUEUE", "request_id": call, "queue_position": 0}
        if scenario.name != "no-address":
            receipt["response_url"] = _host(scenario, "https://queue.fal.run") + path
        return json_reply(receipt)

    def _predict(
        self,
        route: Route,
        parsed: ParsedRequest,
        scenario: Scenario,
        call: str,
        picture: bytes,
        *,
        waits: bool,
    ) -> Reply:
        name, path = scenario.name, f"/v1/predictions/{call}"
        url = self._keep(call, picture, name)
        prediction: dict[str, Any] = {
            "id": call,
            "model": route.model,
            "input": {"prompt": parsed.prompt},
            "error": None,
            "urls": {"get": _host(scenario, "https://api.replicate.com") + path},
        }
        if name == "no-address":
            del prediction["urls"]
        outputs = {"no-image": None, "null-image": [], "several": [url, url]}
        output = outputs.get(name, url if route.task == "picture" else [url])
        done = json_reply(prediction | {"status": "succeeded", "output": output}, 201)
        working = json_reply(prediction | {"status": "processing", "output": None}, 201)
        task = _later(scenario, "replicate", working, done)
        failed = prediction | {"status": "failed", "output": None}
        if name == "fails-later":
            task.last = json_reply(failed | {"error": "CUDA out of memory"})
        if name in ("fails-moderated", "nsfw"):
            task.last = json_reply(failed | {"error": "NSFW content detected. Try another prompt."})
        with self.lock:
            self._tasks[f"/replicate{path}"] = task
        return working if name.startswith(_LATER) or not waits else task.last

    def _poll(self, path: str) -> Reply:
        with self.lock:
            if path.startswith("/replicate/"):
                task, asked = self._tasks.get(path), "status"
            else:
                bare = path.removesuffix(QUEUE)
                asked = "status" if bare.endswith("/status") else "result"
                task = self._tasks.get(bare.removesuffix("/status")) if bare != path else None
            if task is None:
                return json_reply({"error": "Not found"}, 404)
            if asked == "result":
                return task.results.pop(0) if len(task.results) > 1 else task.results[0]
            return task.polls.pop(0) if task.polls else task.last

    def _keep(self, call: str, picture: bytes, name: str) -> str:
        """Put a picture where results are downloaded from, and return its address."""
        found = Reply(200, picture, {"content-type": "image/png"})
        elsewhere = f"{self.base_url}/files/moved-{call}"
        replies = {
            "expired": [html_reply(404)],
            "file-forbidden": [html_reply(403)],
            "file-unavailable": [html_reply(503), html_reply(429), Reply(200, b"", cut="reset")],
            "moved": [Reply(302, b"", {"location": elsewhere})],
        }
        with self.lock:
            self._files[f"/files/{call}"] = [*replies.get(name, ()), found]
            self._files[f"/files/moved-{call}"] = [found]
        return f"{self.base_url}/files/{call}".replace("127.0.0.1", "localhost")

    def _file(self, request: Recorded) -> Reply:
        if "authorization" in request.headers:
            return html_reply(400)
        with self.lock:
            replies = self._files.get(request.path, [html_reply(404)])
            return replies.pop(0) if len(replies) > 1 else replies[0]


def _is_object(request: Recorded) -> bool:
    try:
        return isinstance(request.json(), dict)
    except ValueError:
        return False


def _refusal(dialect: str, name: str, said: str) -> Reply | None:
    if name in _ROUTER:
        return _router(name, said)
    if name in _PROVIDER:
        return _refused(dialect, *_PROVIDER[name])
    return _GATEWAY.get(name)


def _micros(route: Route, parsed: ParsedRequest) -> int:
    named = (route.dialect, route.model)
    if named in _PER_CALL:
        return _PER_CALL[named]
    width, height = parsed.size or (1024, 1024)
    return math.ceil(width * height / 1_000_000) * _PER_MEGAPIXEL.get(named, 0)


def _picture(parsed: ParsedRequest, name: str) -> bytes:
    size = parsed.size
    if parsed.picture and size is None:
        with Image.open(BytesIO(parsed.picture)) as source:
            size = source.size
    picture = png(*(size or (1024, 1024)), parsed.prompt)
    if name == "truncated-image":
        return picture[: len(picture) // 2]
    return huge_png() if name == "huge-image" else picture


def _data(picture: bytes, name: str, call: str) -> dict[str, Any]:
    """Return Together's answer."""
    text: str | None = base64.b64encode(picture).decode()
    if name == "invalid-base64":
        text = f"*{text}"
    if name == "null-image":
        text = None
    entries = {"no-image": 0, "several": 2}.get(name, 1)
    return {"id": call, "object": "list", "data": [{"index": 0, "b64_json": text}] * entries}


def _host(scenario: Scenario, own: str) -> str:
    return "https://foreign.example" if scenario.name == "foreign" else own


def _later(scenario: Scenario, dialect: str, working: Reply, done: Reply) -> _Task:
    """Return what the questions about a call are answered."""
    forever = [working] * int(scenario.argument)
    plays: dict[str, _Task] = {
        "acknowledged": _Task(forever, done),
        "endless": _Task([], working),
        "fails-later": _Task([working], done),
        "poll-gone": _Task([], json_reply({"error": f"Not found at {dialect}"}, 404)),
        "poll-auth": _Task([], json_reply({"error": "Invalid token"}, 401)),
        "poll-rate-limit": _Task([_router("rate-limit", ""), _router("rate-limit-bare", "")], done),
        "poll-unavailable": _Task([_router("unavailable", ""), html_reply(504)], done),
        "poll-html": _Task([html_reply(200)], done),
        "poll-cut": _Task([Reply(200, b"", cut="reset")], done),
    }
    return plays.get(scenario.name, _Task([], done))


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
    return json_reply(document, _ROUTER[name], headers)


def _refused(dialect: str, status: int, field: str, code: str, message: str) -> Reply:
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
