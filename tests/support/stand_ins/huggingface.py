"""Stand-in for Hugging Face's router and four providers behind it, from their documented contract.

Below ``/files``, by the name of localhost, it plays the hosts that results are downloaded from: a
key is not welcome there.
"""

from itertools import count
from typing import Any, ClassVar

from tests.support.stand_ins.huggingface_fields import (
    QUEUE,
    ParsedRequest,
    Route,
    parse_request_body,
    route_of,
)
from tests.support.stand_ins.huggingface_replies import (
    BROKEN,
    GATEWAY_REPLIES,
    LATER,
    PAID,
    PROVIDER,
    ROUTER,
    UNPAID,
    Task,
    data_answer,
    host_of,
    picture_of,
    price_micros,
    refusal_of,
    refused,
    task_of,
)
from tests.support.stand_ins.server import (
    CUTS,
    JSON,
    PaidCall,
    Recorded,
    Reply,
    Scenario,
    StandIn,
    html_reply,
    json_reply,
)


class HuggingFaceStandIn(StandIn):
    """The router under ``/{provider}``, and a host of files."""

    scenarios = frozenset({*ROUTER, *PROVIDER, *GATEWAY_REPLIES, *PAID, *UNPAID})
    base_path = ""
    paths: ClassVar = {}

    def __init__(self, api_key: str = "hf_stand-in", port: int = 0) -> None:
        super().__init__(api_key, port)
        self._numbers = count(1)
        self._tasks: dict[str, Task] = {}
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
            return refused(route.dialect, 422, parsed, "invalid_value", "Refused.")
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
        refusal = refusal_of(route.dialect, name, self.api_key)
        if refusal is not None:
            return refusal
        call = f"call{next(self._numbers):06d}"
        if name in PAID:
            with self.lock:
                self.paid.append(
                    PaidCall(call, parsed.prompt, route.model, price_micros(route, parsed))
                )
        reply = self._carry_out(route, parsed, scenario, call, waits=waits)
        reply = BROKEN.get(name, reply)
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
        picture = picture_of(parsed, scenario.name)
        match route.dialect:
            case "hf-inference":
                body = b"" if scenario.name == "no-image" else picture
                return Reply(200, body, {"content-type": "image/png"})
            case "together":
                return json_reply(data_answer(picture, scenario.name, call))
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
        task = task_of(scenario, "fal-ai", working, done)
        failures = {
            "fails-later": refused("fal-ai", 422, "image_url", "file_download_error", "No."),
            "fails-moderated": refused("fal-ai", *PROVIDER["moderated"]),
        }
        garbled = [html_reply(200)] if scenario.name == "result-html" else []
        task.results = [*garbled, failures.get(scenario.name, result)]
        with self.lock:
            self._tasks[f"/fal-ai{path}"] = task
        receipt = {"status": "IN_QUEUE", "request_id": call, "queue_position": 0}
        if scenario.name != "no-address":
            receipt["response_url"] = host_of(scenario, "https://queue.fal.run") + path
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
            "urls": {"get": host_of(scenario, "https://api.replicate.com") + path},
        }
        if name == "no-address":
            del prediction["urls"]
        outputs = {"no-image": None, "null-image": [], "several": [url, url]}
        output = outputs.get(name, url if route.task == "picture" else [url])
        done = json_reply(prediction | {"status": "succeeded", "output": output}, 201)
        working = json_reply(prediction | {"status": "processing", "output": None}, 201)
        task = task_of(scenario, "replicate", working, done)
        failed = prediction | {"status": "failed", "output": None}
        if name == "fails-later":
            task.last = json_reply(failed | {"error": "CUDA out of memory"})
        if name in ("fails-moderated", "nsfw"):
            task.last = json_reply(failed | {"error": "NSFW content detected. Try another prompt."})
        with self.lock:
            self._tasks[f"/replicate{path}"] = task
        return working if name.startswith(LATER) or not waits else task.last

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
