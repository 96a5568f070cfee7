"""Stand-in for Stability AI's v2beta API, built from its documented contract.

It bills each file that it makes, whether or not the answer arrives; what it filters, moderates
or fails at is free. Two endpoints queue: their results are kept by id.
"""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from hashlib import sha256
from io import BytesIO
from itertools import count
from math import isqrt
from typing import ClassVar

from PIL import Image

from tests.support.imaging.media import a_glb
from tests.support.stand_ins.forms import Part
from tests.support.stand_ins.pictures import huge_png, png
from tests.support.stand_ins.server import (
    CUTS,
    FORM,
    JSON,
    PaidCall,
    Recorded,
    Reply,
    Scenario,
    StandIn,
    html_reply,
    json_reply,
)
from tests.support.stand_ins.stability_fields import CREDIT, ENDPOINTS, SD3_CREDITS, wrong_part

_MAX_BODY = 10 * 1024 * 1024
_RESULTS = "/v2beta/results/"
_SIZES = {
    "21:9": (1536, 640), "16:9": (1344, 768), "3:2": (1216, 832), "5:4": (1088, 896),
    "1:1": (1024, 1024), "4:5": (896, 1088), "2:3": (832, 1216), "9:16": (768, 1344),
    "9:21": (640, 1536),
}  # fmt: skip
_UPSCALED = 4_200_000
_SEED = 4711

# Statuses of requests that no endpoint reads.
_NAMES = {
    400: "bad_request", 401: "unauthorized", 404: "not_found", 405: "method_not_allowed",
    413: "payload_too_large", 415: "unsupported_media_type",
}  # fmt: skip
# scenario -> status, name, the one of errors
_REFUSALS: dict[str, tuple[int, str, str]] = {
    "bad-request": (400, "bad_request", "strength: must be at most 1"),
    "bad-bare": (400, "bad_request", "Something about this is wrong."),
    "auth": (401, "unauthorized", "missing or invalid key"),
    "payment": (402, "payment_required", "You lack credits."),
    "permission": (403, "forbidden", "Not for this account."),
    "moderated": (403, "content_moderation", "Your request was flagged."),
    "gone": (404, "not_found", "No such thing."),
    "timeout": (408, "request_timeout", "Too slow."),
    "too-large": (413, "payload_too_large", "At most 10 MiB."),
    "unprocessable": (422, "invalid_language", "English only."),
    "public-figure": (422, "public_figure", "Not this person."),
    "rate-limit": (429, "rate_limit_exceeded", "150 requests in 10 seconds."),
    "rate-limit-date": (429, "rate_limit_exceeded", "150 requests in 10 seconds."),
    "rate-limit-bare": (429, "rate_limit_exceeded", "150 requests in 10 seconds."),
    "server-error": (500, "internal_error", "It failed."),
    "gateway": (502, "bad_gateway", "It failed on the way, and the service says so."),
    "unavailable": (503, "service_unavailable", "Busy."),
}
_FREE = {"filtered", "redirect", "unavailable-html"}
_PAID = {
    "success", "no-image", "odd-reason", "no-headers", "garbage", "html", "wrong-type",
    "truncated-image", "huge-image", "slow", "cut", "cut-body", "gateway-timeout",
}  # fmt: skip
_POLLED_FREE = {"endless", "fails-later", "poll-gone", "no-id"}
_POLLED_PAID = {
    "queued", "poll-auth", "poll-rate-limit", "poll-rate-limit-bare", "poll-unavailable",
    "poll-error", "poll-html", "poll-redirect", "poll-cut", "poll-no-image",
}  # fmt: skip

# A redirect that looks like a file, to an address that must never see the key.
_ELSEWHERE = Reply(
    307, b"moved", {"location": "http://127.0.0.1:9/elsewhere", "content-type": "image/png"}
)


@dataclass(slots=True)
class _Generation:
    """A queued picture: what each question about it answers in turn, then ``last`` for ever."""

    polls: list[Reply]
    last: Reply


class StabilityStandIn(StandIn):
    """The endpoints of ``stability_fields`` and ``GET /v2beta/results/{id}``.

    An operation without words takes its scenario from the script, or succeeds.
    """

    scenarios = frozenset(_REFUSALS) | _FREE | _PAID | _POLLED_FREE | _POLLED_PAID
    base_path = ""
    paths: ClassVar = dict.fromkeys(ENDPOINTS, FORM)

    def __init__(self, api_key: str = "sk-stand-in", port: int = 0) -> None:
        super().__init__(api_key, port)
        self._numbers = count(1)
        self._generations: dict[str, _Generation] = {}

    def answer(self, request: Recorded) -> Reply:
        call = f"{next(self._numbers):032x}"
        if request.path.startswith(_RESULTS):
            reply = self._poll(request)
        else:
            reply = self._judge(request) or self._carry_out(request, call)
        return replace(reply, headers={**reply.headers, "x-request-id": call})

    def _judge(self, request: Recorded) -> Reply | None:
        """Return what the service would refuse a request with."""
        status = self.refused_status(request)
        if status is None and len(request.body) > _MAX_BODY:
            status = 413
        if status is not None:
            return _error(status, _NAMES[status], f"Refused. Key: {self.api_key}")
        makes = ENDPOINTS[request.path].makes
        if request.headers.get("accept", "*/*") not in _accepted(makes):
            return _error(400, "bad_request", f"accept: {', '.join(_accepted(makes))}")
        wrong = wrong_part(request.path, request.form())
        return _error(400, "bad_request", f"{wrong}: not as it should be") if wrong else None

    def _carry_out(self, request: Recorded, call: str) -> Reply:
        form = {part.name: part for part in request.form()}
        words = form.get("prompt") or form.get("background_prompt")
        scenario = self.next_scenario(words.text if words else "")
        name, endpoint = scenario.name, ENDPOINTS[request.path]
        of_polls = name in _POLLED_FREE | _POLLED_PAID
        if name not in self.scenarios or (of_polls and not endpoint.queued):
            return _error(501, "no_such_scenario", "The stand-in does not play this here.")
        if name in _REFUSALS:
            return self._refuse(name)
        if name in _PAID | _POLLED_PAID:
            model = form["model"].text if "model" in form else request.path.rpartition("/")[2]
            micros = int(SD3_CREDITS.get(model, endpoint.credits) * CREDIT)
            with self.lock:
                self.paid.append(PaidCall(call, words.text if words else "", model, micros))
        if endpoint.queued:
            return self._queue(request, form, scenario)
        return _deliver(request.path, form, scenario, request.headers.get("accept", "*/*"))

    def _queue(self, request: Recorded, form: Mapping[str, Part], scenario: Scenario) -> Reply:
        if scenario.name in ("gateway-timeout", "redirect", "unavailable-html", "html", "garbage"):
            return _deliver(request.path, form, scenario, JSON)
        generation = sha256(f"{next(self._numbers)}".encode()).hexdigest()
        # How the answer to the submit goes is no matter of the file that is asked for later.
        of_submit = scenario.name in ("slow", "cut", "cut-body")
        plain = Scenario("success") if of_submit else scenario
        done = _deliver(request.path, form, plain, "image/*")
        polls, last = self._later(generation, scenario, done)
        with self.lock:
            self._generations[generation] = _Generation(polls, last)
        accepted = json_reply({} if scenario.name == "no-id" else {"id": generation})
        if not of_submit:
            return accepted
        return replace(accepted, wait=scenario.argument, cut=CUTS.get(scenario.name))

    def _later(self, generation: str, scenario: Scenario, done: Reply) -> tuple[list[Reply], Reply]:
        """Return what the questions answer in turn, and what every one after that answers."""
        working = json_reply({"id": generation, "status": "in-progress"}, 202)
        plays: dict[str, tuple[list[Reply], Reply]] = {
            "queued": ([working] * int(scenario.argument), done),
            "endless": ([], working),
            "fails-later": ([working], self._refuse("moderated")),
            "poll-gone": ([], _error(404, "generation_not_found", "No such generation.")),
            "poll-auth": ([], self._refuse("auth")),
            "poll-rate-limit": ([self._refuse("rate-limit")], done),
            "poll-rate-limit-bare": ([self._refuse("rate-limit-bare")], done),
            "poll-unavailable": ([self._refuse("unavailable")], done),
            "poll-error": ([self._refuse("server-error")], done),
            "poll-html": ([html_reply(200), html_reply(502)], done),
            "poll-redirect": ([_ELSEWHERE], done),
            "poll-cut": ([replace(done, cut="reset"), replace(done, cut="half")], done),
            "poll-no-image": ([], replace(done, body=b"")),
        }
        return plays.get(scenario.name, ([working], done))

    def _poll(self, request: Recorded) -> Reply:
        generation = request.path.removeprefix(_RESULTS)
        if request.method != "GET":
            return _error(405, _NAMES[405], "GET only.")
        if request.headers.get("authorization") != f"Bearer {self.api_key}":
            return self._refuse("auth")
        accept = request.headers.get("accept", "*/*")
        if accept not in ("*/*", "image/*", JSON):
            return _error(400, "bad_request", "accept: not one of those")
        with self.lock:
            found = self._generations.get(generation)
            if found is None:
                return _error(404, "generation_not_found", "No such generation.")
            return found.polls.pop(0) if found.polls else found.last

    def _refuse(self, name: str) -> Reply:
        soon = datetime.now(UTC) + timedelta(seconds=90)
        waits = {
            "rate-limit": {"retry-after": "3"},
            "rate-limit-date": {"retry-after": format_datetime(soon, usegmt=True)},
        }
        status, word, text = _REFUSALS[name]
        # Keys are quoted by many a service.
        return _error(status, word, text, f"Key: {self.api_key}", headers=waits.get(name))


def _accepted(makes: str) -> tuple[str, ...]:
    return ("*/*", "image/*", JSON) if makes == "image" else ("*/*", makes)


def _deliver(path: str, form: Mapping[str, Part], scenario: Scenario, accept: str) -> Reply:
    """Play an answer that is no refusal by the service."""
    name = scenario.name
    broken = {
        "garbage": Reply(200, b'{"image": "iVBORw0KGgo', {"content-type": JSON}),
        "html": html_reply(200),
        "gateway-timeout": html_reply(504),
        "unavailable-html": html_reply(503),
        "redirect": _ELSEWHERE,
    }
    if name in broken:
        return broken[name]
    data, media_type = _file(path, form, name)
    seed = int(form["seed"].text) if "seed" in form else 0
    facts = {"finish_reason": _finish(name), "seed": seed or _SEED}
    if accept == JSON:
        document = {"image": base64.b64encode(data).decode(), **facts}
        typed = {"content-type": f"{JSON}; type={media_type}"}
        return Reply(200, json.dumps(document).encode(), typed)
    headers = {"content-type": "text/plain" if name == "wrong-type" else media_type}
    if ENDPOINTS[path].makes == "image" and name != "no-headers":
        headers |= {"finish-reason": str(facts["finish_reason"]), "seed": str(facts["seed"])}
    body = b"" if name == "no-image" else data
    wait = scenario.argument if name == "slow" else 0
    return Reply(200, body, headers, wait=wait, cut=CUTS.get(name))


def _finish(name: str) -> str:
    return {"filtered": "CONTENT_FILTERED", "odd-reason": "ERROR"}.get(name, "SUCCESS")


def _file(path: str, form: Mapping[str, Part], name: str) -> tuple[bytes, str]:
    """Return what the service would make, and its type."""
    if ENDPOINTS[path].makes != "image":
        return a_glb(), ENDPOINTS[path].makes
    if name == "huge-image":
        return huge_png(), "image/png"
    kind = form["output_format"].text if "output_format" in form else "png"
    data = _picture(path, form, kind)
    return data[: len(data) // 2] if name == "truncated-image" else data, f"image/{kind}"


def _picture(path: str, form: Mapping[str, Part], kind: str) -> bytes:
    mains = ("image", "init_image", "subject_image")
    shown = next((form[name] for name in mains if name in form), None)
    if "aspect_ratio" in form or shown is None:
        ratio = form["aspect_ratio"].text if "aspect_ratio" in form else "1:1"
        return _drawn(*_SIZES[ratio], path, kind)
    with Image.open(BytesIO(shown.data)) as image:
        width, height = image.size
        if path.endswith("remove-background"):
            return _cutout(image, kind)
    added = {side: int(form[side].text) for side in ("left", "right", "up", "down") if side in form}
    width += added.get("left", 0) + added.get("right", 0)
    height += added.get("up", 0) + added.get("down", 0)
    if "/upscale/" in path:
        times = 4 if path.endswith("fast") else max(1, isqrt(_UPSCALED // (width * height)))
        width, height = times * width, times * height
    return _drawn(width, height, path, kind)


def _drawn(width: int, height: int, subject: str, kind: str) -> bytes:
    drawn = png(width, height, subject)
    return drawn if kind == "png" else _coded(Image.open(BytesIO(drawn)), kind)


def _cutout(source: Image.Image, kind: str) -> bytes:
    """Return the picture with its left half gone."""
    left = source.convert("RGBA")
    left.paste((0, 0, 0, 0), (0, 0, source.width // 2, source.height))
    return _coded(left, kind)


def _coded(image: Image.Image, kind: str) -> bytes:
    buffer = BytesIO()
    image.save(buffer, kind)
    return buffer.getvalue()


def _error(status: int, name: str, *errors: str, headers: Mapping[str, str] | None = None) -> Reply:
    return json_reply({"id": "f" * 32, "name": name, "errors": list(errors)}, status, headers)
