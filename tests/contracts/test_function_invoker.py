"""FunctionInvoker."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.response import StreamingBody

from studio.adapters import clients as aws
from studio.adapters.lambda_.invoker import LambdaInvoker
from studio.errors import UnavailableError
from studio.ports.functions import FunctionInvoker
from tests.support.fakes.edges import FakeFunctionInvoker
from tests.support.mock_aws.stack import REGION

PAYLOAD = {"tenant": "acme", "job_id": "job_1", "run": 2}


@dataclass
class Lambda:
    """Lambda as its client sees it.

    Attributes:
        invocations: Path, type and payload of each invocation.
        fault: What the function or the service answers instead of its result.
    """

    invocations: list[tuple[str, str | None, Any]] = field(default_factory=list)
    fault: str | None = None

    def answer(self, params: dict[str, Any], **_: object) -> tuple[AWSResponse, dict[str, Any]]:
        kind = params["headers"].get("X-Amz-Invocation-Type")
        self.invocations.append((params["url_path"], kind, json.loads(params["body"])))
        if self.fault == "TooManyRequestsException":
            return _response(429), {"Error": {"Code": self.fault, "Message": "busy"}}
        text = "" if self.fault == "no JSON" or kind == "Event" else json.dumps({"done": True})
        document: dict[str, Any] = {"StatusCode": 202 if kind == "Event" else 200}
        document["Payload"] = StreamingBody(BytesIO(text.encode()), len(text))
        if self.fault == "Unhandled":
            document["FunctionError"] = self.fault
        return _response(document["StatusCode"]), document


def _response(status: int) -> AWSResponse:
    return AWSResponse("", status, HTTPHeaders(), None)


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[Lambda]:
    """Lambda behind the clients of this process."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    found = Lambda()
    clients: list[Any] = [aws.lambda_(), aws.lambda_waiting()]
    for client in clients:
        client.meta.events.register("before-call.lambda.Invoke", found.answer)
    yield found
    for client in clients:
        client.meta.events.unregister("before-call.lambda.Invoke", found.answer)
    aws.lambda_.cache_clear()
    aws.lambda_waiting.cache_clear()


def _on_lambda(service: Lambda) -> FunctionInvoker:
    return LambdaInvoker(aws.lambda_waiting(), "finish")


def _in_memory(service: Lambda) -> FunctionInvoker:
    return FakeFunctionInvoker(lambda **_: {"done": True}, available=service.fault is None)


each_invoker = pytest.mark.parametrize("make", [_on_lambda, _in_memory])
Make = Callable[[Lambda], FunctionInvoker]


@each_invoker
def test_a_call_returns_the_answer(make: Make, service: Lambda) -> None:
    assert make(service).call(PAYLOAD) == {"done": True}


@each_invoker
@pytest.mark.parametrize("fault", ["Unhandled", "TooManyRequestsException", "no JSON"])
def test_a_call_without_a_good_answer_is_unavailable(
    make: Make, service: Lambda, fault: str
) -> None:
    service.fault = fault
    with pytest.raises(UnavailableError):
        make(service).call(PAYLOAD)


def test_a_call_waits_and_a_send_does_not(service: Lambda) -> None:
    _on_lambda(service).call(PAYLOAD)
    LambdaInvoker(aws.lambda_(), "finish").send(PAYLOAD)
    paths, kinds, payloads = zip(*service.invocations, strict=True)
    assert all(path.endswith("/functions/finish/invocations") for path in paths)
    assert kinds == (None, "Event")
    assert payloads == (PAYLOAD, PAYLOAD)


def test_the_fake_repeats_a_run_that_fails_and_then_gives_up() -> None:
    runs: list[object] = []

    def fail(**payload: object) -> None:
        runs.append(payload)
        raise ConnectionError("no answer came")

    fake = FakeFunctionInvoker(fail)
    fake.send(PAYLOAD)
    assert runs == []
    fake.work()
    assert (runs, fake.sent, fake.dead) == ([PAYLOAD] * 3, [], [PAYLOAD])
