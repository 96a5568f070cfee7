"""Errors as problem documents (RFC 9457): one table says how each looks from outside."""

import json
from dataclasses import asdict, dataclass

from studio.api.http.errors import (
    ImageInvalidError,
    ImageTooLargeError,
    MethodNotAllowedError,
    UnauthenticatedError,
    UnsupportedMediaTypeError,
    UploadExpiredError,
)
from studio.api.http.messages import Headers, Request, Response
from studio.api.http.serializers import Document
from studio.errors import (
    BudgetExceededError,
    CostUnknownError,
    CredentialsMissingError,
    ForbiddenError,
    IdempotencyInProgressError,
    IdempotencyKeyMissingError,
    IdempotencyKeyReusedError,
    InvalidCursorError,
    InvalidRequestError,
    MalformedRequestError,
    MaxCostExceededError,
    NotFoundError,
    NothingToGenerateError,
    OperationUnsupportedError,
    PreconditionFailedError,
    PreconditionMissingError,
    RegistrarUnavailableError,
    RendererUnavailableError,
    StateConflictError,
    TimerUnavailableError,
    UnknownModelError,
    UnknownProviderError,
)
from studio.money import CURRENCY, format_usd

MEDIA_TYPE = "application/problem+json"
UNEXPECTED = "The service failed to answer. Quote the request id when you report it."


@dataclass(frozen=True, slots=True)
class Kind:
    """How one kind of error looks.

    Attributes:
        code: Stable word for programs, the last part of the problem's type.
        retryable: Whether the same request may succeed later.
        legacy_type: What the API of the earlier system called it, where it knew it.
    """

    code: str
    status: int
    title: str
    retryable: bool = False
    legacy_type: str | None = None


_INVALID = "ValidationError"

KINDS: dict[type[Exception], Kind] = {
    InvalidRequestError: Kind(
        InvalidRequestError.code, 422, "The request has wrong fields", legacy_type=_INVALID
    ),
    UnknownProviderError: Kind(
        UnknownProviderError.code, 422, "Unknown provider", legacy_type=_INVALID
    ),
    UnknownModelError: Kind(UnknownModelError.code, 422, "Unknown model", legacy_type=_INVALID),
    OperationUnsupportedError: Kind(
        OperationUnsupportedError.code, 422, "Unsupported operation", legacy_type=_INVALID
    ),
    MaxCostExceededError: Kind(
        MaxCostExceededError.code, 422, "Dearer than max_cost", legacy_type=_INVALID
    ),
    CostUnknownError: Kind("cost-unknown", 422, "The cost cannot be known"),
    MalformedRequestError: Kind(
        "malformed-request", 400, "The request cannot be read", legacy_type=_INVALID
    ),
    InvalidCursorError: Kind("invalid-cursor", 400, "Invalid cursor", legacy_type=_INVALID),
    IdempotencyKeyMissingError: Kind(
        "idempotency-key-required", 400, "An Idempotency-Key is required"
    ),
    IdempotencyKeyReusedError: Kind(
        "idempotency-key-reused", 422, "The Idempotency-Key belongs to another request"
    ),
    IdempotencyInProgressError: Kind(
        "idempotency-in-progress", 409, "The first request is still being answered", True
    ),
    UnauthenticatedError: Kind("unauthenticated", 401, "Sign in first"),
    ForbiddenError: Kind("forbidden", 403, "Not allowed"),
    NotFoundError: Kind("not-found", 404, "Not found"),
    MethodNotAllowedError: Kind("method-not-allowed", 405, "Method not allowed"),
    StateConflictError: Kind("state-conflict", 409, "Not possible in this state"),
    PreconditionMissingError: Kind("precondition-required", 428, "Say what the change is based on"),
    PreconditionFailedError: Kind("precondition-failed", 412, "Changed by somebody else meanwhile"),
    NothingToGenerateError: Kind("nothing-to-generate", 409, "Nothing to generate"),
    CredentialsMissingError: Kind("provider-not-configured", 409, "The provider has no key"),
    BudgetExceededError: Kind("budget-exceeded", 402, "The monthly limit would be passed"),
    TimerUnavailableError: Kind("timer-unavailable", 503, "The clock cannot be reached", True),
    UploadExpiredError: Kind("upload-expired", 410, "The upload has expired"),
    UnsupportedMediaTypeError: Kind("unsupported-media-type", 415, "Not a type that is taken"),
    ImageTooLargeError: Kind("image-too-large", 413, "The picture is too large"),
    ImageInvalidError: Kind("image-invalid", 422, "The file is no good picture"),
    RendererUnavailableError: Kind("renderer-unavailable", 503, "Not made yet", True),
    RegistrarUnavailableError: Kind("registrar-unavailable", 503, "Not looked at yet", True),
    Exception: Kind("execution-error", 500, "The service failed", True, "ExecutionError"),
}


def kind_of(error: Exception) -> Kind:
    """Return how an error looks: the entry of its nearest class; a stranger is an Exception."""
    return next(KINDS[cls] for cls in type(error).__mro__ if cls in KINDS)


def problem_response(error: Exception, request: Request, request_id: str) -> Response:
    """Answer with a problem document; of an unexpected error it tells nothing."""
    kind = kind_of(error)
    host = request.event["requestContext"].get("domainName", "localhost")
    document: Document = {
        "type": f"https://{host}/problems/{kind.code}",
        "title": kind.title,
        "status": kind.status,
        "detail": _detail(error, kind),
        "instance": request.path,
        "code": kind.code,
        "request_id": request_id,
        "retryable": kind.retryable,
    }
    if kind.legacy_type:
        document["legacy_type"] = kind.legacy_type
    document |= _members(error)
    return Response(kind.status, json.dumps(document), _headers(error), MEDIA_TYPE)


def _detail(error: Exception, kind: Kind) -> str:
    if kind is KINDS[Exception]:
        return UNEXPECTED
    if isinstance(error, InvalidRequestError):
        if len(error.fields) > 1:
            return f"{len(error.fields)} fields are wrong."
        return error.fields[0].detail
    return str(error)


def _members(error: Exception) -> Document:
    """What some kinds of problem say besides."""
    if isinstance(error, InvalidRequestError | NotFoundError) and error.fields:
        return {"errors": [asdict(field) for field in error.fields]}
    if isinstance(error, BudgetExceededError):
        return {
            "budget": "monthly",
            "currency": CURRENCY,
            "limit": format_usd(error.limit),
            "committed": format_usd(error.committed),
            "requested": format_usd(error.requested),
        }
    return {}


def _headers(error: Exception) -> Headers:
    if isinstance(error, IdempotencyInProgressError):
        return {"Retry-After": "1"}
    if isinstance(error, UnauthenticatedError):
        return {"WWW-Authenticate": "Bearer"}
    if isinstance(error, MethodNotAllowedError):
        return {"Allow": ", ".join(error.allowed)}
    return {}
