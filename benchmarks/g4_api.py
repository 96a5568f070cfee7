"""G4: the API's handler compared with a bare Powertools handler that makes the same calls.

The requests are recorded once over a mock account, with their calls of AWS, arguments and answers.
Both handlers then run against a server that repeats those answers.
"""

import json
import os
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.utilities.typing import LambdaContext
from botocore import xform_name

from benchmarks.canned_aws import canned_aws
from benchmarks.measure import Figure, Ratio, ratio, seconds
from functions.api import handler
from studio.adapters import clients
from tests.support.mock_aws.api_client import Api
from tests.support.mock_aws.environment import environment, sample
from tests.support.mock_aws.stack import REGION
from tests.support.mock_aws.workflow import running

LIMIT = 1.15
CREATE_CALLS, READ_CALLS = 2, 1
ROUNDS = 400
WARM_UP = 20
# About the seconds that DynamoDB takes to answer a function in its region.
AWS_LATENCY = 0.005

Event = dict[str, Any]
Handler = Callable[[Event, LambdaContext], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class AwsCall:
    """One call of the SDK."""

    service: str
    operation: str
    arguments: dict[str, Any]


@dataclass(slots=True)
class Recorder:
    """Records the calls of the API and their answers.

    The workflow's functions share the clients but run in other threads.
    """

    calls: list[AwsCall] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    asked: dict[str, Any] = field(default_factory=dict)

    def listen(self) -> None:
        """Register hooks in the clients."""
        for client in _clients().values():
            for event, note in (
                ("provide-client-params", self._asked),
                ("before-call", self._called),
                ("after-call", self._answered),
            ):
                client.meta.events.register(event, note)

    def _asked(self, params: dict[str, Any], **_: object) -> None:
        """Keep the arguments; signing a URL makes no call."""
        if _is_ours():
            self.asked = dict(params)

    def _called(self, model: Any, **_: object) -> None:  # noqa: ANN401 - botocore's own
        if _is_ours():
            service = model.service_model.service_name
            self.calls.append(AwsCall(service, model.name, self.asked))

    def _answered(self, http_response: Any, model: Any, **_: object) -> None:  # noqa: ANN401
        if _is_ours():
            self.answers[model.name] = http_response.text


def _is_ours() -> bool:
    return threading.current_thread() is threading.main_thread()


def _clients() -> dict[str, Any]:
    return {
        "dynamodb": clients.dynamodb(),
        "s3": clients.s3(),
        "stepfunctions": clients.step_functions(),
    }


def measure() -> list[Figure]:
    """Record the requests of a job, then measure the two most important ones."""
    create, answers, reads = _record()
    # The account has set nothing up; a warm function reads that again after some seconds.
    answers["BatchGetItem"] = json.dumps({"Responses": {}, "UnprocessedKeys": {}})
    job_id = _job_id(create)
    requests = [
        ("POST /v1/jobs", sample("api_create_job"), create),
        ("GET /v1/jobs/{id}", _get(f"/v1/jobs/{job_id}"), reads[f"/v1/jobs/{job_id}"]),
    ]
    figures = []
    for latency, limit, where in ((0, LIMIT, "at once"), (AWS_LATENCY, None, "after 5 ms")):
        with canned_aws(answers, latency) as endpoint, _function(endpoint):
            for name, event, calls in requests:
                measured = _timed(event, calls)
                what = f"{name} / bare handler with the same {len(calls)} calls, answered {where}"
                figures.append(Figure("G4", what, measured.median, limit, note=measured.spread))
    most = max(reads, key=lambda path: len(reads[path]))
    return [
        *figures,
        Figure("G4", "AWS calls to create a job", len(create), CREATE_CALLS, note=_names(create)),
        Figure(
            "G4",
            f"AWS calls of the read that makes most, of {len(reads)}",
            len(reads[most]),
            READ_CALLS,
            note=f"{most.replace(job_id, '{id}')}: {_names(reads[most])}",
        ),
    ]


def _record() -> tuple[list[AwsCall], dict[str, str], dict[str, list[AwsCall]]]:
    """Create and read a job; return the calls of each request, and the answers."""
    with running() as workflow:
        recorder = Recorder()
        recorder.listen()
        # A warm function knows the settings of the account for a few seconds.
        order = sample("api_create_job")
        workflow.api.post("/v1/estimates", {"jobs": [json.loads(order["body"])]}, key=None)
        recorder.calls.clear()
        workflow.api.send(order)
        create = [*recorder.calls]
        job_id = _job_id(create)
        workflow.finish(job_id)
        (asset_id, *_) = [item["asset_id"] for item in workflow.items(job_id)]
        paths = [f"/v1/jobs/{job_id}{part}"
                 for part in ("", "/progress", "/items", "/logs", "/ledger")]  # fmt: skip
        paths += [f"/v1/assets/{asset_id}", f"/v1/assets/{asset_id}/content", "/v1/assets"]
        reads = {path: _read(workflow.api, recorder, path) for path in reversed(paths)}
        return create, recorder.answers, reads


def _read(api: Api, recorder: Recorder, path: str) -> list[AwsCall]:
    recorder.calls.clear()
    answer = api.get(path)
    if answer.status >= 400:
        raise RuntimeError(f"{path}: {answer.status}")
    return [*recorder.calls]


def _job_id(create: list[AwsCall]) -> str:
    return str(create[1].arguments["name"])


def _names(calls: list[AwsCall]) -> str:
    return ", ".join(call.operation for call in calls)


def _get(path: str) -> Event:
    event = sample("api_get_progress")
    event["rawPath"] = event["requestContext"]["http"]["path"] = path
    return event


@contextmanager
def _function(endpoint: str) -> Iterator[None]:
    """Give this process the environment of the API's function."""
    before = dict(os.environ)
    os.environ.update(environment("ApiFunction"))
    os.environ.update(dict.fromkeys(("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"), "test"))
    os.environ.update(AWS_ENDPOINT_URL=endpoint, AWS_REGION=REGION, AWS_DEFAULT_REGION=REGION)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
        handler.build.cache_clear()
        for client in (clients.dynamodb, clients.s3, clients.step_functions):
            client.cache_clear()


def _timed(event: Event, calls: list[AwsCall]) -> Ratio:
    bare = _bare_handler(event, calls)
    for _ in range(WARM_UP):
        _call(handler.lambda_handler, event)
        _call(bare, event)
    return ratio(
        ROUNDS,
        lambda: seconds(lambda: _call(handler.lambda_handler, event)),
        lambda: seconds(lambda: _call(bare, event)),
    )


def _call(function: Handler, event: Event) -> None:
    answer = function(event, LambdaContext())
    if answer["statusCode"] >= 400:
        raise RuntimeError(answer["body"])


def _bare_handler(event: Event, calls: list[AwsCall]) -> Handler:
    """Return a minimal Powertools handler that makes only those calls."""
    app = APIGatewayHttpResolver()
    prepared = [
        (getattr(_clients()[call.service], xform_name(call.operation)), call.arguments)
        for call in calls
    ]

    def answer() -> Response[str]:
        for operation, arguments in prepared:
            operation(**arguments)
        body = app.current_event.json_body if app.current_event.body else {}
        return Response(200, "application/json", json.dumps(body))

    http = event["requestContext"]["http"]
    app.route(http["path"], method=http["method"])(answer)
    return app.resolve
