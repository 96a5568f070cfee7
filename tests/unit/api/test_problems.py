"""Errors: a code for each class, a status and a title for each that the API answers."""

import json
from collections.abc import Iterator

import pytest

import studio.api.http.errors
import studio.errors
from studio.api.http.messages import Request
from studio.api.http.problems import KINDS, kind_of, problem_response, shown
from studio.domain.orders.faults import ORDER_REFUSALS
from studio.errors import (
    BudgetExceededError,
    ConfigurationError,
    ConflictError,
    CostUnknownError,
    FieldError,
    InvalidRequestError,
    LimitExceededError,
    MailRefusedError,
    NotFoundError,
    OrderExpiredError,
    StudioError,
    TargetError,
    TargetRefusedError,
    TargetTooLargeError,
    TargetUnreachableError,
    UnavailableError,
    UnexpectedError,
    WriteConflictError,
)

# Bases of families; no request ends with one of them.
FAMILIES = {StudioError, ConflictError, LimitExceededError, UnavailableError, TargetError}
# A missing setting is the studio's own fault. The service that meets one of the others handles it.
HANDLED = {
    ConfigurationError,
    MailRefusedError,
    OrderExpiredError,
    TargetRefusedError,
    TargetTooLargeError,
    TargetUnreachableError,
}
# What a client meets: the public contract of the API.
CONTRACT = {
    "validation-failed": (422, False),
    "provider-unknown": (422, False),
    "model-unknown": (422, False),
    "operation-unsupported": (422, False),
    "max-cost-exceeded": (422, False),
    "cost-unknown": (422, False),
    "malformed-request": (400, False),
    "invalid-cursor": (400, False),
    "key-in-query": (400, False),
    "no-ids-provided": (400, False),
    "idempotency-key-required": (400, False),
    "idempotency-key-reused": (422, False),
    "unauthenticated": (401, False),
    "id-token-required": (401, False),
    "forbidden": (403, False),
    "tenant-required": (403, False),
    "not-found": (404, False),
    "method-not-allowed": (405, False),
    "state-conflict": (409, False),
    "upload-expired": (410, False),
    "unsupported-media-type": (415, False),
    "image-too-large": (413, False),
    "image-invalid": (422, False),
    "registrar-unavailable": (503, True),
    "renderer-unavailable": (503, True),
    "precondition-required": (428, False),
    "precondition-failed": (412, False),
    "nothing-to-generate": (409, False),
    "provider-disabled": (409, False),
    "provider-not-configured": (409, False),
    "budget-exceeded": (402, False),
    "timer-unavailable": (503, True),
    "busy": (503, True),
    "execution-error": (500, True),
}
CALL = Request("GET", "/v1/me", {}, {}, {}, {"requestContext": {"domainName": "api.example.com"}})


def family(root: type[StudioError]) -> Iterator[type[StudioError]]:
    yield root
    for child in root.__subclasses__():
        yield from family(child)


def ours() -> set[type[StudioError]]:
    return {cls for cls in family(StudioError) if cls.__module__.startswith("studio.")}


def bare(cls: type[StudioError]) -> StudioError:
    """Return an error of a class without the arguments that only it takes."""
    error = cls.__new__(cls)
    error.args = ("said",)
    return error


def test_every_class_has_a_code_of_its_own() -> None:
    classes = ours() - {StudioError}
    modules = {cls.__module__ for cls in classes}
    assert modules >= {studio.errors.__name__, studio.api.http.errors.__name__}
    for cls in classes:
        assert "code" in vars(cls), cls
    assert len({cls.code for cls in classes}) == len(classes)


def test_the_api_answers_with_the_codes_of_its_classes_and_no_others() -> None:
    answered = ours() - FAMILIES - HANDLED
    found = {cls.code: (kind_of(bare(cls)).status, cls.retryable) for cls in answered}
    assert found == CONTRACT
    for cls in answered:
        assert shown(bare(cls)).code == cls.code
    for cls in HANDLED - {OrderExpiredError}:
        assert isinstance(shown(bare(cls)), UnexpectedError)


def test_every_answered_class_has_a_title_of_its_own() -> None:
    assert ours() - FAMILIES - HANDLED <= set(KINDS)
    assert len({kind.title for kind in KINDS.values()}) == len(KINDS)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (NotFoundError("the scheduler lost it"), "not-found"),
        (BudgetExceededError(limit=1, committed=1, requested=1), "budget-exceeded"),
        (MailRefusedError("secret"), "execution-error"),
        (KeyError("secret"), "execution-error"),
    ],
)
def test_the_document_carries_the_code_of_the_class(error: Exception, code: str) -> None:
    document = json.loads(problem_response(error, CALL, "request-1").body or "")
    assert document["code"] == code
    assert document["type"] == f"https://api.example.com/problems/{code}"
    assert (document["status"], document["retryable"]) == CONTRACT[code]
    assert "secret" not in json.dumps(document)


def test_an_order_is_refused_for_what_another_try_does_not_change() -> None:
    refused = {cls for cls in ours() if issubclass(cls, ORDER_REFUSALS)}
    assert refused >= {
        InvalidRequestError,
        CostUnknownError,
        BudgetExceededError,
        OrderExpiredError,
    }
    assert not any(cls.retryable for cls in refused)
    assert not refused & {*family(ConflictError), *family(UnavailableError)}


@pytest.mark.parametrize("error", [ValueError("secret"), ConfigurationError("secret"), KeyError()])
def test_an_unexpected_error_says_nothing_of_itself(error: Exception) -> None:
    assert kind_of(error) is KINDS[UnexpectedError]
    reply = problem_response(error, CALL, "request-1")
    assert reply.status == 500
    assert "secret" not in (reply.body or "")
    document = json.loads(reply.body or "")
    assert document["type"] == "https://api.example.com/problems/execution-error"
    assert (document["retryable"], document["legacy_type"]) == (True, "ExecutionError")


@pytest.mark.parametrize(
    ("error", "legacy"),
    [
        (
            InvalidRequestError(FieldError("/prompt", "required", "Say something")),
            "ValidationError",
        ),
        (NotFoundError("no such job"), None),
    ],
)
def test_the_name_of_the_earlier_api_is_kept_where_it_had_one(
    error: Exception, legacy: str | None
) -> None:
    document = json.loads(problem_response(error, CALL, "request-1").body or "")
    assert document.get("legacy_type") == legacy


def test_a_write_conflict_says_when_to_come_back() -> None:
    reply = problem_response(WriteConflictError("others write the same records"), CALL, "request-1")
    assert (reply.status, reply.headers) == (503, {"Retry-After": "5"})
    assert problem_response(NotFoundError("no such job"), CALL, "request-1").headers == {}


def test_a_recorded_message_is_cut() -> None:
    assert StudioError("x" * 400).recorded_message == "x" * 300
    assert StudioError("short").recorded_message == "short"


def test_one_wrong_field_is_the_detail_and_several_are_counted() -> None:
    fields = [FieldError("/prompt", "required", "Say something"), FieldError("/size", "x", "y")]
    details = [
        json.loads(problem_response(InvalidRequestError(*fields[:count]), CALL, "r").body or "")[
            "detail"
        ]
        for count in (1, 2)
    ]
    assert details == ["Say something", "2 fields are wrong."]
