"""Errors as problem documents (RFC 9457): status and title of each class, and the answer."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from studio.api.http.errors import (
    ImageInvalidError,
    ImageTooLargeError,
    MethodNotAllowedError,
    UnsupportedMediaTypeError,
    UploadExpiredError,
)
from studio.api.http.messages import Headers, Request, Response, json_text
from studio.errors import (
    BudgetExceededError,
    ConflictError,
    CostUnknownError,
    CredentialsMissingError,
    FieldError,
    ForbiddenError,
    IdempotencyKeyMissingError,
    IdempotencyKeyReusedError,
    IdTokenRequiredError,
    InvalidCursorError,
    InvalidRequestError,
    KeyInQueryError,
    MalformedRequestError,
    MaxCostExceededError,
    NoIdsProvidedError,
    NotFoundError,
    NothingToGenerateError,
    OperationUnsupportedError,
    PreconditionFailedError,
    PreconditionMissingError,
    ProviderDisabledError,
    RenditionUnavailableError,
    SchedulerUnavailableError,
    StateConflictError,
    StudioError,
    TenantMissingError,
    UnauthenticatedError,
    UnavailableError,
    UnexpectedError,
    UnknownModelError,
    UnknownProviderError,
    UploadProcessingError,
    WriteConflictError,
)
from studio.money import CURRENCY, format_usd

if TYPE_CHECKING:
    from studio.api.http import responses

MEDIA_TYPE = "application/problem+json"
# Writers of one record get past each other within seconds.
_BUSY_SECONDS = "5"
UNEXPECTED = "The service failed to answer. Quote the request id when you report it."


@dataclass(frozen=True, slots=True)
class Kind:
    """HTTP status and title of one class of error; its code is in the class itself."""

    status: int
    title: str


KINDS: dict[type[StudioError], Kind] = {
    InvalidRequestError: Kind(422, "Validation failed"),
    UnknownProviderError: Kind(422, "Unknown provider"),
    UnknownModelError: Kind(422, "Unknown model"),
    OperationUnsupportedError: Kind(422, "Unsupported operation"),
    MaxCostExceededError: Kind(422, "Estimate exceeds max_cost"),
    MalformedRequestError: Kind(400, "Malformed request"),
    NoIdsProvidedError: Kind(400, "No ids provided"),
    InvalidCursorError: Kind(400, "Invalid cursor"),
    IdempotencyKeyMissingError: Kind(400, "Idempotency-Key required"),
    KeyInQueryError: Kind(400, "Key in the address"),
    UnauthenticatedError: Kind(401, "Not signed in"),
    IdTokenRequiredError: Kind(401, "ID token required"),
    ForbiddenError: Kind(403, "Forbidden"),
    TenantMissingError: Kind(403, "User without a tenant"),
    NotFoundError: Kind(404, "Not found"),
    MethodNotAllowedError: Kind(405, "Method not allowed"),
    NothingToGenerateError: Kind(409, "Nothing to generate"),
    CredentialsMissingError: Kind(409, "Provider not configured"),
    ProviderDisabledError: Kind(409, "Provider switched off"),
    ConflictError: Kind(409, "Conflict"),
    StateConflictError: Kind(409, "Not possible in this state"),
    PreconditionMissingError: Kind(428, "If-Match required"),
    PreconditionFailedError: Kind(412, "Precondition failed"),
    IdempotencyKeyReusedError: Kind(422, "Idempotency-Key reused"),
    BudgetExceededError: Kind(402, "Monthly limit exceeded"),
    CostUnknownError: Kind(422, "Cost unknown"),
    UnavailableError: Kind(503, "Service unavailable"),
    SchedulerUnavailableError: Kind(503, "Scheduler unavailable"),
    RenditionUnavailableError: Kind(503, "Rendition service unavailable"),
    UploadProcessingError: Kind(503, "Upload still processing"),
    WriteConflictError: Kind(503, "Too many simultaneous changes"),
    UploadExpiredError: Kind(410, "Upload expired"),
    UnsupportedMediaTypeError: Kind(415, "Unsupported media type"),
    ImageTooLargeError: Kind(413, "Image too large"),
    ImageInvalidError: Kind(422, "Invalid image file"),
    UnexpectedError: Kind(500, "Internal error"),
}
"""Status and title by class; a class that is not listed has those of its nearest base class."""


def shown(error: Exception) -> StudioError:
    """Return the error that the caller sees: an UnexpectedError unless ``KINDS`` has its family."""
    if isinstance(error, StudioError) and any(cls in KINDS for cls in type(error).__mro__):
        return error
    return UnexpectedError(UNEXPECTED)


def kind_of(error: Exception) -> Kind:
    """Return the status and title of an error."""
    return next(KINDS[cls] for cls in type(shown(error)).__mro__ if cls in KINDS)


def problem_response(error: Exception, request: Request, request_id: str) -> Response:
    """Return the answer to an error; of an unexpected one it tells nothing."""
    kind, error = kind_of(error), shown(error)
    host = request.event["requestContext"].get("domainName", "localhost")
    document: responses.Problem = {
        "type": f"https://{host}/problems/{error.code}",
        "title": kind.title,
        "status": kind.status,
        "detail": _detail(error),
        "instance": request.path,
        "code": error.code,
        "request_id": request_id,
        "retryable": error.retryable,
    }
    if legacy_type := _legacy_type(error):
        document["legacy_type"] = legacy_type
    whole: responses.Problem = {**document, **_members(error)}
    return Response(kind.status, json_text(whole), _headers(error), MEDIA_TYPE)


def _detail(error: StudioError) -> str:
    if not isinstance(error, InvalidRequestError):
        return str(error)
    if len(error.fields) > 1:
        return f"{len(error.fields)} fields are wrong."
    return error.fields[0].detail


def _legacy_type(error: StudioError) -> "responses.LegacyType | None":
    """Return the name of the error in the API of the earlier system, where it had one."""
    if isinstance(error, InvalidRequestError | MalformedRequestError):
        return "ValidationError"
    return "ExecutionError" if isinstance(error, UnexpectedError) else None


def _members(error: StudioError) -> "responses.ProblemMembers":
    """Return the members that only some problems have."""
    if isinstance(error, InvalidRequestError | NotFoundError) and error.fields:
        return {"errors": [_field(field) for field in error.fields]}
    if isinstance(error, BudgetExceededError):
        return {
            "budget": "monthly",
            "currency": CURRENCY,
            "limit": format_usd(error.limit),
            "committed": format_usd(error.committed),
            "requested": format_usd(error.requested),
        }
    return {}


def _field(value: FieldError) -> "responses.FieldProblem":
    return {"pointer": value.pointer, "code": value.code, "detail": value.detail}


def _headers(error: StudioError) -> Headers:
    if isinstance(error, WriteConflictError):
        return {"Retry-After": _BUSY_SECONDS}
    if isinstance(error, UnauthenticatedError):
        return {"WWW-Authenticate": "Bearer"}
    if isinstance(error, MethodNotAllowedError):
        return {"Allow": ", ".join(error.allowed)}
    return {}
