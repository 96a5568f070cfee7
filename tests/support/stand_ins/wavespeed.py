"""Stand-in for WaveSpeed AI, built from its documented contract.

Files go to another host name than the API's, and so do results: neither may be sent the key.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar
from urllib.parse import urlsplit

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
from tests.support.stand_ins.wavespeed_envelopes import REFUSALS, envelope, error, refuse
from tests.support.stand_ins.wavespeed_fields import MODELS, wrong_input, wrong_question
from tests.support.stand_ins.wavespeed_files import make, price
from tests.support.stand_ins.wavespeed_uploads import UPLOADS, Upload, Uploads, wrong_file

_API = "/api/v3/"
_NEVER_BEGUN = {
    "lost": Reply(200, b"", cut="reset"),
    "too-large": html_reply(413),
    "busy-page": html_reply(503),
}
# The prediction was begun; the answer says nothing of it.
_BROKEN = {
    "garbage": Reply(200, b'{"code": 200, "data": {"id', {"content-type": JSON}),
    "html": html_reply(200),
    **{name: html_reply(status) for name, status in GATEWAY.items()},
    "odd-code": json_reply({"code": 5004, "message": "Sync mode timed out", "data": {}}),
    "no-id": json_reply({"code": 200, "message": "success", "data": {"status": "created"}}),
}
_UNPAID = {"failed", "moderated", "fails-later"}
_PAID = {
    "success", "several", "slow", "cut", "cut-body", "acknowledged", "endless", "nsfw",
    "no-image", "not-a-link", "truncated-image", "huge-image", "cancelled", "timed-out",
    "deleted", "poll-gone", "poll-auth", "poll-rate-limit", "poll-unavailable", "poll-html",
    "poll-inside", "poll-cut", "expired", "expired-403", "redirect", "redirect-away",
    "result-unavailable", "result-cut", "result-private", "result-too-large", "listed-late",
    *_BROKEN,
}  # fmt: skip
_ENDS = {
    "failed": ("failed", "The model crashed."),
    "moderated": ("failed", "Content flagged as potentially sensitive."),
    "cancelled": ("cancelled", ""),
    "timed-out": ("timeout", ""),
    "deleted": ("deleted", ""),
}


@dataclass(slots=True)
class _Prediction:
    """A call; what each question about it is answered in turn, then what it is for ever."""

    id: str
    model: str
    inputs: Mapping[str, Any]
    scenario: Scenario
    outputs: list[Any]
    made: bytes
    polls: list[Reply] = field(default_factory=list)
    fetches: list[Reply] = field(default_factory=list)
    unlisted: int = 0

    def document(self, base_url: str, status: str, error: str = "") -> dict[str, Any]:
        done = status == "completed"
        return {
            "id": self.id,
            "model": self.model,
            "input": self.inputs,
            "outputs": self.outputs if done else [],
            "urls": {"get": f"{base_url}{_API}predictions/{self.id}/result"},
            "has_nsfw_contents": [self.scenario.name == "nsfw"] * len(self.outputs) if done else [],
            "status": status,
            "created_at": "2026-11-20T10:00:00.000Z",
            "error": error,
            "timings": {"inference": 1200 if done else 0},
        }


class WaveSpeedStandIn(StandIn):
    """Uploads, predictions and their results.

    Attributes:
        lists_inputs: Whether the list of past predictions tells their inputs.
    """

    scenarios = frozenset(REFUSALS) | _NEVER_BEGUN.keys() | _UNPAID | _PAID | UPLOADS
    base_path = ""
    paths: ClassVar = {f"{_API}{name}": JSON for name in ("media/uploads", "predictions", *MODELS)}

    def __init__(self, api_key: str = "ws-stand-in", port: int = 0) -> None:
        super().__init__(api_key, port)
        self.lists_inputs = True
        self._uploads = Uploads(self._take_from_script)
        self._predictions: dict[str, _Prediction] = {}

    @property
    def files_url(self) -> str:
        """Base URL of the files: the same server by another name."""
        return self.base_url.replace("127.0.0.1", "localhost")

    def answer(self, request: Recorded) -> Reply:
        path = urlsplit(request.path).path
        if path.startswith("/storage/"):
            return self._uploads.store(request, path.rpartition("/")[2])
        if path.startswith("/output/"):
            return self._fetch(request, path.removeprefix("/output/"))
        if request.headers.get("authorization") != f"Bearer {self.api_key}":
            return error(401, f"Invalid key, not {self.api_key}")
        if path.startswith(f"{_API}predictions/") and path.endswith("/result"):
            return self._poll(request, path.split("/")[4])
        return self._asked(request, path.removeprefix(_API))

    def _asked(self, request: Recorded, name: str) -> Reply:
        """Answer a document that is posted."""
        status = self.refused_status(request)
        if status is not None:
            return error(status, "No")
        body = request.json()
        if name == "media/uploads":
            return self._uploads.ticket(body, self.files_url)
        return self._list(body) if name == "predictions" else self._submit(name, body)

    def _take_from_script(self, prefix: str) -> str | None:
        with self.lock:
            if self._script and self._script[0].name.startswith(prefix):
                return self._script.popleft().name
        return None

    def _submit(self, name: str, body: Any) -> Reply:
        model = MODELS[name]
        wrong = wrong_input(model, body) if isinstance(body, dict) else "body"
        files = self._uploads.of({} if wrong else body)
        wrong = wrong or wrong_file(body, files)
        if wrong:
            return error(400, f"property '{wrong}' is invalid")
        scenario = self.next_scenario(body.get("prompt", ""))
        if scenario.name not in self.scenarios:
            return error(501, "No such scenario")
        if scenario.name in REFUSALS:
            return refuse(scenario.name, self.api_key)
        if scenario.name in _NEVER_BEGUN:
            return _NEVER_BEGUN[scenario.name]
        return self._begin(name, {**model.defaults, **body}, files, scenario)

    def _begin(
        self, name: str, inputs: dict[str, Any], files: dict[str, Upload], scenario: Scenario
    ) -> Reply:
        model = MODELS[name]
        made = make(model, inputs, files, scenario.name)
        with self.lock:
            prediction_id = f"{len(self._predictions) + 1:032x}"
            address = f"{self.files_url}/output/{prediction_id}"
            prediction = _Prediction(prediction_id, name, inputs, scenario, [address], made)
            self._predictions[prediction_id] = prediction
            if scenario.name in _PAID:
                self.paid.append(
                    PaidCall(
                        prediction_id, inputs.get("prompt", ""), name, price(model, inputs, files)
                    )
                )
        self._plan(prediction)
        if scenario.name in _BROKEN:
            return _BROKEN[scenario.name]
        reply = envelope(prediction.document(self.base_url, "created"))
        cut = "reset" if scenario.name == "listed-late" else CUTS.get(scenario.name)
        wait = scenario.argument if scenario.name == "slow" else 0
        return Reply(200, reply.body, reply.headers, wait=wait, cut=cut)

    def _plan(self, prediction: _Prediction) -> None:
        """Lay out what is answered to questions and downloads."""
        working = envelope(prediction.document(self.base_url, "processing"))
        name, address = prediction.scenario.name, prediction.outputs[0]
        prediction.polls = {
            "acknowledged": [working] * int(prediction.scenario.argument),
            "fails-later": [working],
            "poll-rate-limit": [
                error(429, "Slow down", headers={"retry-after": "3"}),
                error(429, "Slow down"),
            ],
            "poll-unavailable": [error(503, "Busy"), html_reply(502)],
            "poll-html": [html_reply(200)],
            "poll-inside": [error(500, "Busy", status=200), error(429, "Slow", status=200)],
            "poll-cut": [
                Reply(200, b"", cut="reset"), Reply(200, working.body, working.headers, cut="half"),
            ],
        }.get(name, [])  # fmt: skip
        away = f"{self.base_url}/output/{prediction.id}/moved"
        prediction.fetches = {
            "result-unavailable": [html_reply(503), html_reply(429)],
            "result-cut": [Reply(200, prediction.made, cut="half")],
            "redirect": [Reply(302, b"", {"location": away})],
            "redirect-away": [Reply(302, b"", {"location": "https://10.0.0.1/x"})],
        }.get(name, [])
        outputs: dict[str, list[Any]] = {
            "several": [address, f"{self.files_url}/output/other"],
            "no-image": [],
            "not-a-link": [{"audio": address}],
            "result-private": ["https://169.254.169.254/latest/meta-data"],
        }
        prediction.outputs = outputs.get(name, [address])
        prediction.unlisted = 2 if name == "listed-late" else 0

    def _poll(self, request: Recorded, prediction_id: str) -> Reply:
        if request.method != "GET":
            return error(405, "Method not allowed")
        prediction = self._predictions.get(prediction_id)
        if prediction is None:
            return error(404, "No such prediction")
        with self.lock:
            if prediction.polls:
                return prediction.polls.pop(0)
        name = prediction.scenario.name
        if name in ("poll-gone", "poll-auth"):
            return error(404 if name == "poll-gone" else 401, f"No {self.api_key}")
        status, text = _ENDS.get(name.replace("fails-later", "failed"), ("completed", ""))
        if name == "endless":
            status = "processing"
        return envelope(prediction.document(self.base_url, status, text))

    def _fetch(self, request: Recorded, path: str) -> Reply:
        prediction = self._predictions.get(path.removesuffix("/moved"))
        if request.method != "GET" or "authorization" in request.headers or prediction is None:
            return html_reply(400)
        with self.lock:
            if prediction.fetches:
                return prediction.fetches.pop(0)
        name = prediction.scenario.name
        if name in ("expired", "expired-403"):
            return html_reply(404 if name == "expired" else 403)
        if name == "result-too-large":
            return Reply(200, bytes(64 * 1024 * 1024 + 1), {"content-type": "video/mp4"})
        return Reply(200, prediction.made, {"content-type": "application/octet-stream"})

    def _list(self, body: Any) -> Reply:
        wrong = wrong_question(body)
        if wrong:
            return error(400, f"property '{wrong}' is invalid")
        with self.lock:
            if self._script and self._script[0].name in REFUSALS:
                return refuse(self._script.popleft().name, self.api_key)
            listed = [item for item in reversed(self._predictions.values()) if not item.unlisted]
            for prediction in self._predictions.values():
                prediction.unlisted = max(prediction.unlisted - 1, 0)
        wanted = [item for item in listed if body.get("model") in (None, item.model)]
        start = (body["page"] - 1) * body["page_size"]
        items = [
            item.document(self.base_url, "completed")
            for item in wanted[start : start + body["page_size"]]
        ]
        if not (self.lists_inputs and body.get("include_inputs")):
            items = [{name: item[name] for name in item if name != "input"} for item in items]
        return envelope({"page": body["page"], "total": len(wanted), "items": items})
