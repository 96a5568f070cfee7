"""Stand-in for the Runware task API over REST, built from its documented contract.

Tasks are kept by their id, so that a lost answer can be asked for, as with the real service.
"""

import base64
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from io import BytesIO
from typing import Any, ClassVar

from PIL import Image

from tests.support.stand_ins.pictures import huge_png, png
from tests.support.stand_ins.runware_fields import input_picture, wrong_field
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

COST = "0.0013"
_MICROS = 1_300

_CODES = {
    400: "invalidJson",
    401: "invalidApiKey",
    404: "routeNotFound",
    405: "methodNotAllowed",
    415: "unsupportedMediaType",
}
# name -> status, code, parameter
_REFUSALS: dict[str, tuple[int, str, str | list[str] | None]] = {
    "bad-request": (400, "invalidWidth", ["width", "height"]),
    "gone": (400, "invalidModel", "model"),
    "gone-404": (404, "modelNotFound", None),
    "auth": (401, "invalidApiKey", None),
    "payment": (402, "insufficientCredits", None),
    "permission": (403, "forbidden", None),
    "moderated": (400, "contentPolicyViolation", "positivePrompt"),
    "unprocessable": (422, "unsupportedScheduler", "scheduler"),
    "rate-limit": (429, "rateLimitExceeded", None),
    "rate-limit-date": (429, "rateLimitExceeded", None),
    "rate-limit-bare": (429, "rateLimitExceeded", None),
    "timeout": (504, "timeoutProvider", None),
    "server-error": (500, "internalServerError", None),
    "unavailable": (503, "noAvailableServer", None),
    "inference": (200, "inferenceError", None),
    "renamed": (200, "somethingUnheardOf", None),
}
_PAID = {
    "success", "several", "partial", "no-cost", "no-image", "nsfw", "invalid-base64",
    "truncated-image", "huge-image", "slow", "cut", "cut-body", "garbage", "html",
    *GATEWAY, "acknowledged", "poll-auth", "poll-rate-limit", "poll-unavailable",
    "poll-html",
}  # fmt: skip
_LATER = ("acknowledged", "endless", "fails-", "poll-")
_NEVER_BEGUN = {
    "lost": Reply(200, b"", cut="reset"),
    "too-large": html_reply(413),
    "problem": Reply(
        503,
        b'{"type": "about:blank", "title": "Busy", "status": 503}',
        {"content-type": "application/problem+json"},
    ),
}
# The task was carried out; its answer says nothing of it.
_BROKEN = {
    "garbage": Reply(200, b'{"data": [{"taskType"', {"content-type": "application/json"}),
    "html": html_reply(200),
    **{name: html_reply(status) for name, status in GATEWAY.items()},
}
_UNPAID = {"endless", "fails-later", "fails-singular", "poll-gone", *_NEVER_BEGUN}


@dataclass(slots=True)
class _Task:
    """A task: what each poll answers in turn, then ``last`` for ever."""

    last: Reply
    polls: list[Reply]


class RunwareStandIn(StandIn):
    """``POST /v1`` with one task that makes a picture, or one ``getResponse``."""

    scenarios = frozenset(_REFUSALS) | _PAID | _UNPAID
    base_path = "/v1"
    paths: ClassVar = {"/v1": JSON}

    def __init__(self, api_key: str = "rw-stand-in", port: int = 0) -> None:
        super().__init__(api_key, port)
        self._tasks: dict[str, _Task] = {}

    def answer(self, request: Recorded) -> Reply:
        refusal = self._judge(request)
        if refusal is not None:
            return refusal
        (task,) = request.json()
        if task["taskType"] == "getResponse":
            return self._poll(task["taskUUID"])
        if task["taskUUID"] in self._tasks:
            return _errors(400, "conflictTaskUUID", "taskUUID", task)
        scenario = self.next_scenario(task.get("positivePrompt", ""))
        if scenario.name not in self.scenarios:
            return _errors(501, "noSuchScenario", None, task)
        if scenario.name in _PAID:
            with self.lock:
                prompt = task.get("positivePrompt", "")
                self.paid.append(PaidCall(task["taskUUID"], prompt, task["model"], _MICROS))
        return self._play(task, scenario)

    def _judge(self, request: Recorded) -> Reply | None:
        """Return what the service would refuse a request with."""
        status = self.refused_status(request)
        if status is not None:
            return _errors(status, _CODES[status], None, {}, said=self.api_key)
        tasks = request.json()
        if not isinstance(tasks, list) or len(tasks) != 1 or not isinstance(tasks[0], dict):
            return _errors(400, "invalidArray", None, {})
        wrong = wrong_field(tasks[0])
        if wrong is None:
            return None
        last = wrong.rpartition(".")[2]
        return _errors(400, f"invalid{last[0].upper()}{last[1:]}", wrong, tasks[0])

    def _poll(self, task_id: str) -> Reply:
        with self.lock:
            task = self._tasks.get(task_id)
            if task is None:
                return _errors(400, "taskFailedOrNotFound", "taskUUID", {})
            return task.polls.pop(0) if task.polls else task.last

    def _play(self, task: dict[str, Any], scenario: Scenario) -> Reply:
        name = scenario.name
        if name in _REFUSALS:
            return _refuse(name, task, self.api_key)
        if name in _NEVER_BEGUN:
            return _NEVER_BEGUN[name]
        done = _done(task, name)
        polls, last = _later(task, scenario, done)
        with self.lock:
            self._tasks[task["taskUUID"]] = _Task(last, polls)
        if name in _BROKEN:
            return _BROKEN[name]
        if name.startswith(_LATER) or task.get("deliveryMethod") == "async":
            return _data({"taskType": task["taskType"], "taskUUID": task["taskUUID"]})
        return Reply(200, done.body, done.headers, wait=scenario.argument, cut=CUTS.get(name))


def _later(task: dict[str, Any], scenario: Scenario, done: Reply) -> tuple[list[Reply], Reply]:
    """Return what the polls of a task answer in turn, and what every one after that answers."""
    ids = {"taskType": task["taskType"], "taskUUID": task["taskUUID"]}
    working = _data({**ids, "status": "processing"})
    failure = {"code": "inferenceError", "message": "It failed."}
    plays: dict[str, tuple[list[Reply], Reply]] = {
        "acknowledged": ([working] * int(scenario.argument), done),
        "endless": ([], working),
        "fails-later": ([working], _data({**ids, "status": "error", "error": failure})),
        "fails-singular": ([], json_reply({"error": failure, **ids})),
        "poll-gone": ([], _errors(404, "taskNotFound", None, {})),
        "poll-auth": ([], _refuse("auth", {}, "")),
        "poll-rate-limit": ([_refuse("rate-limit", {}, "")], done),
        "poll-unavailable": ([_refuse("unavailable", {}, "")], done),
        "poll-html": ([html_reply(200), html_reply(502)], done),
    }
    return plays.get(scenario.name, ([], done))


def _refuse(name: str, task: dict[str, Any], said: str) -> Reply:
    status, code, parameter = _REFUSALS[name]
    soon = datetime.now(UTC) + timedelta(seconds=30)
    headers = {
        "rate-limit": {"retry-after": "3"},
        "rate-limit-date": {"retry-after": format_datetime(soon, usegmt=True)},
    }.get(name)
    return _errors(status, code, parameter, task, said=said, headers=headers)


def _done(task: dict[str, Any], name: str) -> Reply:
    """Return the answer of a task that ended well, or nearly."""
    picture = _picture(task)
    if name == "truncated-image":
        picture = picture[: len(picture) // 2]
    if name == "huge-image":
        picture = huge_png()
    text = base64.b64encode(picture).decode()
    item: dict[str, object] = {
        "taskType": task["taskType"],
        "taskUUID": task["taskUUID"],
        "imageUUID": task["taskUUID"],
        "imageBase64Data": "*" + text if name == "invalid-base64" else text,
        "seed": task.get("seed") or 4711,
    }
    if task.get("safety"):
        item["NSFWContent"] = name == "nsfw"
    if task.get("includeCost") and name != "no-cost":
        item["cost"] = float(COST)
    if name == "no-image":
        del item["imageBase64Data"]
    document: dict[str, object] = {"data": [item]}
    if name == "several":
        other = {**item, "taskUUID": "0ddba110-0000-4000-8000-000000000000", "cost": 9.0}
        document["data"] = [other, item]
    if name == "partial":
        document["errors"] = [{"code": "inferenceError", "message": "One of them failed."}]
    return json_reply(document)


def _picture(task: dict[str, Any]) -> bytes:
    """Return a PNG of the size that the service would give it."""
    if task["taskType"] == "imageInference":
        return png(task.get("width", 1024), task.get("height", 1024), task["positivePrompt"])
    with Image.open(BytesIO(input_picture(task["inputs"]["image"]) or b"")) as source:
        width, height = source.size
        if task["taskType"] == "upscale":
            times = task.get("upscaleFactor", 2)
            return png(times * width, times * height, task["model"])
        cutout = source.convert("RGBA")
    cutout.paste((0, 0, 0, 0), (0, 0, width // 2, height))
    buffer = BytesIO()
    cutout.save(buffer, "PNG")
    return buffer.getvalue()


def _data(item: dict[str, Any]) -> Reply:
    return json_reply({"data": [item]})


def _errors(
    status: int,
    code: str,
    parameter: str | list[str] | None,
    task: dict[str, Any],
    *,
    said: str = "",
    headers: dict[str, str] | None = None,
) -> Reply:
    error: dict[str, object] = {"code": code, "message": f"Refused. {said}"}
    if parameter:
        error["parameter"] = parameter
    if task:
        error |= {"taskType": task.get("taskType"), "taskUUID": task.get("taskUUID")}
    return json_reply({"errors": [error]}, status, headers)
