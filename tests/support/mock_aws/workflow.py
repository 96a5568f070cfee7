"""``process_job`` run by moto's interpreter: the real definition over the real handlers.

moto takes the place of Step Functions, DynamoDB, S3, EventBridge and the Parameter Store. Where
it would run a Lambda in Docker, ``LocalLambda`` calls the handler in this process.
"""

import json
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from types import ModuleType
from typing import Any
from uuid import uuid4

import pytest
from moto import mock_aws
from moto.awslambda_simple.models import lambda_simple_backends

from studio.adapters import clients as aws
from studio.domain.jobs.model import execution_name
from tests.support.mock_aws.api_client import Api
from tests.support.mock_aws.environment import environment
from tests.support.mock_aws.stack import (
    ACCOUNT,
    BUS,
    REGION,
    ROOT,
    STATE_MACHINE_ARN,
    clients,
    create_resources,
)

FUNCTIONS = (
    "StartJob", "CallProvider", "PrepareSource", "PostProcess", "SaveImage", "FailImage",
    "FinishJob",
)  # fmt: skip
KEYS_PATH = "/studio-test/providers"
PATIENCE_SECONDS = 60


@dataclass
class LocalLambda:
    """Invokes the functions of the workflow, and lets them crash when a test wants it.

    Attributes:
        handlers: What has a ``lambda_handler``, by the name of its state.
        crashes: How many invocations of a function are still to die before they begin.
        before: What a test does right before the next invocation of a function.
        invoked: The invocations that got through to a handler, in order.
    """

    handlers: Mapping[str, Any]
    crashes: Counter[str] = field(default_factory=Counter)
    before: dict[str, Callable[[], None]] = field(default_factory=dict)
    invoked: list[str] = field(default_factory=list)

    def invoke(
        self,
        function_name: str,
        qualifier: str | None,
        body: str | bytes,
        headers: object,
        response_headers: dict[str, str],
    ) -> bytes:
        """Stand in for moto's own ``invoke``: a crash is a function error, as on AWS."""
        name = function_name.rpartition(":")[2].removesuffix("Function")
        self.before.pop(name, lambda: None)()
        if self.crashes[name]:
            self.crashes[name] -= 1
            return _failed(response_headers, "Runtime.ExitError", "the environment died")
        self.invoked.append(name)
        try:
            answer = self.handlers[name].lambda_handler(json.loads(body), Context(name))
        except Exception as error:  # noqa: BLE001 - the runtime of Lambda catches all of them
            return _failed(response_headers, type(error).__name__, str(error))
        return json.dumps(answer).encode()


def _failed(response_headers: dict[str, str], kind: str, message: str) -> bytes:
    response_headers["x-amz-function-error"] = "Unhandled"
    return json.dumps({"errorType": kind, "errorMessage": message}).encode()


class Context:
    memory_limit_in_mb = 256
    aws_request_id = "52fdfc07-2182-454f-963f-5f0f9a621d72"

    def __init__(self, name: str) -> None:
        self.function_name = name
        self.invoked_function_arn = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}"


@dataclass(frozen=True)
class Execution:
    """Result of one run of the machine.

    Attributes:
        visited: Every state that was entered, in order.
        outputs: What the states of a name gave back.
    """

    status: str
    visited: tuple[str, ...]
    outputs: Mapping[str, list[Any]]


@dataclass(frozen=True)
class Workflow:
    """The studio without a network: its API, its functions and its state machine."""

    api: Api
    functions: LocalLambda

    def create(
        self, *prompts: str, provider: str = "builtin", size: str = "64x64", **common: object
    ) -> str:
        """Post a job of one image per prompt and return its id."""
        body = {
            **common,
            "operation": "generate",
            "provider": {"id": provider},
            "items": [{"prompt": prompt, "size": size} for prompt in prompts],
        }
        answer = self.api.post("/v1/jobs", body, key=str(uuid4()))
        assert answer.status == 202, answer.text
        return str(answer.document["id"])

    def redrive(self, job_id: str) -> None:
        """Run the failed images of a job again."""
        answer = self.api.post(f"/v1/jobs/{job_id}/redrive", {}, key=str(uuid4()))
        assert answer.status == 202, answer.text

    def job(self, job_id: str) -> dict[str, Any]:
        """Return a job as a caller sees it."""
        return self.api.get(f"/v1/jobs/{job_id}").document

    def items(self, job_id: str) -> list[dict[str, Any]]:
        """Return the images of a job as a caller sees them."""
        found: list[dict[str, Any]] = self.api.get(f"/v1/jobs/{job_id}/items").document["data"]
        return found

    def finish(self, job_id: str, run: int = 1) -> Execution:
        """Wait for a run to end and tell how it went."""
        machine = STATE_MACHINE_ARN.replace(":stateMachine:", ":execution:")
        arn = f"{machine}:{execution_name(job_id, run)}"
        client = clients().step_functions
        deadline = time.monotonic() + PATIENCE_SECONDS
        while (status := client.describe_execution(executionArn=arn)["status"]) == "RUNNING":
            assert time.monotonic() < deadline, arn
            time.sleep(0.02)
        pages = client.get_paginator("get_execution_history").paginate(executionArn=arn)
        events = [event for page in pages for event in page["events"]]
        outputs: dict[str, list[Any]] = {}
        for event in events:
            left = event.get("stateExitedEventDetails")
            if left is not None:
                outputs.setdefault(left["name"], []).append(json.loads(left["output"]))
        entered = (event["stateEnteredEventDetails"]["name"] for event in events
                   if "stateEnteredEventDetails" in event)  # fmt: skip
        return Execution(status, tuple(entered), outputs)

    def allow_rounds(self, rounds: int) -> None:
        """Let an image wait for its provider so many times, and no more."""
        define(rounds)


@contextmanager
def running() -> Iterator[Workflow]:
    """Set up an account with the whole workflow in it."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            patch.setenv(name, "testing")
        for name in ("AWS_REGION", "AWS_DEFAULT_REGION"):
            patch.setenv(name, REGION)
        config: Any = {
            "stepfunctions": {"execute_state_machine": True},
            "lambda": {"use_docker": False},
        }
        with mock_aws(config=config):
            create_resources()
            clients().events.create_event_bus(Name=BUS)
            define()
            wired = {name: built(name) for name in ("Api", *FUNCTIONS)}
            functions = LocalLambda(wired)
            backend = lambda_simple_backends[ACCOUNT][REGION]
            backend.invoke = functions.invoke  # type: ignore[method-assign]
            with Api() as api:
                yield Workflow(api, functions)
        for module in wired.values():
            module.build.cache_clear()
        for client in (aws.dynamodb, aws.s3, aws.step_functions, aws.events, aws.ssm):
            client.cache_clear()


def built(name: str, **settings: str) -> ModuleType:
    """Wire a handler in the environment that the template gives it, with some other settings."""
    with pytest.MonkeyPatch.context() as own:
        variables = environment(f"{name}Function") | settings
        for variable, value in variables.items():
            own.setenv(variable, value)
        if "PROVIDER_KEYS_PATH" in variables:
            own.setenv("PROVIDER_KEYS_PATH", KEYS_PATH)
        module = import_module(f"functions.{_folder(name)}.handler")
        module.build()
    return module


def _folder(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)[1:]


def define(rounds: int | None = None) -> None:
    """Put the real definition in place, made quicker: at most one retry, ``rounds`` of waiting."""
    source = (ROOT / "statemachines" / "process_job.asl.json").read_text()
    for name in FUNCTIONS:
        arn = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}Function"
        source = source.replace(f"${{{name}FunctionArn}}", arn)
    clients().step_functions.update_state_machine(
        stateMachineArn=STATE_MACHINE_ARN,
        definition=json.dumps(_quicker(json.loads(source), rounds)),
    )


def _quicker(part: Any, rounds: int | None) -> Any:
    """Return a part of the definition with fewer tries; nothing else of it is changed."""
    if isinstance(part, list):
        return [_quicker(member, rounds) for member in part]
    if not isinstance(part, dict):
        return part
    changed = {key: _quicker(member, rounds) for key, member in part.items()}
    if "MaxAttempts" in changed:
        changed["MaxAttempts"] = min(changed["MaxAttempts"], 1)
    if "NumericLessThanEquals" in changed and rounds is not None:
        changed["NumericLessThanEquals"] = rounds
    return changed
