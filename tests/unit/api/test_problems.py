"""The table of problems."""

import json
from collections.abc import Iterator

import pytest

import studio.api.http.errors
import studio.errors
from studio.api.http.messages import Request
from studio.api.http.problems import KINDS, kind_of, problem_response
from studio.errors import (
    ConfigurationError,
    FieldError,
    IdempotentReplay,
    InvalidRequestError,
    MailRefusedError,
    StudioError,
    TargetRefusedError,
    TargetTooLargeError,
    TargetUnreachableError,
    WorkflowUnavailableError,
)

# A replay is an answer, an unreachable workflow is the sweeper's, a missing setting is our own
# fault, and what a guarded call met is told by who made it: none has a problem of its own.
WITHOUT_PROBLEM = {
    StudioError,
    IdempotentReplay,
    WorkflowUnavailableError,
    ConfigurationError,
    MailRefusedError,
    TargetRefusedError,
    TargetTooLargeError,
    TargetUnreachableError,
}


def family(root: type[StudioError]) -> Iterator[type[StudioError]]:
    yield root
    for child in root.__subclasses__():
        yield from family(child)


def test_every_error_of_the_studio_has_its_problem() -> None:
    ours = {cls for cls in family(StudioError) if cls.__module__.startswith("studio.")}
    assert studio.errors.__name__ in {cls.__module__ for cls in ours}
    assert studio.api.http.errors.__name__ in {cls.__module__ for cls in ours}
    assert ours - WITHOUT_PROBLEM == set(KINDS) - {Exception}


def test_codes_are_unique_and_those_of_the_public_contract() -> None:
    statuses = {kind.code: kind.status for kind in KINDS.values()}
    assert len(statuses) == len(KINDS)
    assert statuses == {
        "validation-failed": 422,
        "provider-unknown": 422,
        "model-unknown": 422,
        "operation-unsupported": 422,
        "max-cost-exceeded": 422,
        "cost-unknown": 422,
        "malformed-request": 400,
        "invalid-cursor": 400,
        "idempotency-key-required": 400,
        "idempotency-key-reused": 422,
        "idempotency-in-progress": 409,
        "unauthenticated": 401,
        "forbidden": 403,
        "not-found": 404,
        "method-not-allowed": 405,
        "state-conflict": 409,
        "upload-expired": 410,
        "unsupported-media-type": 415,
        "image-too-large": 413,
        "image-invalid": 422,
        "registrar-unavailable": 503,
        "renderer-unavailable": 503,
        "precondition-required": 428,
        "precondition-failed": 412,
        "nothing-to-generate": 409,
        "provider-not-configured": 409,
        "budget-exceeded": 402,
        "timer-unavailable": 503,
        "execution-error": 500,
    }


@pytest.mark.parametrize("error", [ValueError("secret"), ConfigurationError("secret"), KeyError()])
def test_an_unexpected_error_says_nothing_of_itself(error: Exception) -> None:
    assert kind_of(error) is KINDS[Exception]
    call = Request(
        "GET", "/v1/me", {}, {}, {}, {"requestContext": {"domainName": "api.example.com"}}
    )
    reply = problem_response(error, call, "request-1")
    assert reply.status == 500
    assert "secret" not in (reply.body or "")
    document = json.loads(reply.body or "")
    assert document["type"] == "https://api.example.com/problems/execution-error"
    assert document["retryable"] is True


def test_one_wrong_field_is_the_detail_and_several_are_counted() -> None:
    call = Request("POST", "/v1/jobs", {}, {}, {}, {"requestContext": {}})
    fields = [FieldError("/prompt", "required", "Say something"), FieldError("/size", "x", "y")]
    details = [
        json.loads(problem_response(InvalidRequestError(*fields[:count]), call, "r").body or "")[
            "detail"
        ]
        for count in (1, 2)
    ]
    assert details == ["Say something", "2 fields are wrong."]
