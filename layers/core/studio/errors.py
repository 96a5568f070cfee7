"""Every error the studio raises, one meaning each.

StudioError
├── ConfigurationError          the environment lacks a setting the function needs
├── InvalidRequestError         fields of the request are wrong; carries one FieldError each
│   ├── UnknownProviderError    the provider is not in the catalogue
│   ├── UnknownModelError       the provider has no such model
│   ├── OperationUnsupportedError  the studio has no such operation
│   └── MaxCostExceededError    the estimate is above the request's own ``max_cost``
├── MalformedRequestError       not JSON, or a parameter the route does not know
│   └── InvalidCursorError      a page cursor that this service did not sign
├── NotFoundError               nothing of this id belongs to this tenant
├── StateConflictError          the object is in a state that forbids the action
├── PreconditionMissingError    a change came without the ETag it is based on
├── PreconditionFailedError     the object changed since the caller read it
├── NothingToGenerateError      no image of the request has a prompt
├── CostUnknownError            a price is missing where a limit must be kept
├── BudgetExceededError         the tenant's monthly limit would be passed
├── IdempotencyKeyMissingError  a request that can spend came without its key
├── IdempotencyKeyReusedError   same key, other body
├── IdempotencyInProgressError  same key, first request not answered yet
├── IdempotentReplay            same key, same body: carries the first answer
├── ForbiddenError              the token names no usable tenant
├── TimerUnavailableError       a schedule could not be set on, or taken off, its clock now
├── WorkflowUnavailableError    the state machine could not be started now
├── CredentialsMissingError     no key is stored for a provider
├── MailRefusedError            a mail that will not be sent, now or later
├── TargetRefusedError          an address that the studio does not call; carries the reason
├── TargetUnreachableError      an address gave no answer; another try may cure it
├── RendererUnavailableError    a file could not be made of a picture now
├── RegistrarUnavailableError   an upload could not be looked at now; the bucket's event will
└── TargetTooLargeError         an address answered with more bytes than are taken

A provider's refusal is not an exception: it is data (``providers.port``), because the workflow
routes on it and the local AWS does not keep exception class names.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class FieldError:
    """One wrong field: RFC 6901 pointer into the body, a machine code and a sentence."""

    pointer: str
    code: str
    detail: str


class StudioError(Exception):
    """Base of all errors that the studio itself raises."""


class ConfigurationError(StudioError):
    """The environment lacks a setting the function needs."""


class InvalidRequestError(StudioError):
    """Fields of the request are wrong."""

    code = "validation-failed"

    def __init__(self, *fields: FieldError) -> None:
        super().__init__("; ".join(f"{field.pointer}: {field.detail}" for field in fields))
        self.fields = fields


class UnknownProviderError(InvalidRequestError):
    """The provider is not in the catalogue."""

    code = "provider-unknown"


class UnknownModelError(InvalidRequestError):
    """The provider has no such model."""

    code = "model-unknown"


class OperationUnsupportedError(InvalidRequestError):
    """The studio has no such operation."""

    code = "operation-unsupported"


class MaxCostExceededError(InvalidRequestError):
    """The estimate is above the request's own ``max_cost``."""

    code = "max-cost-exceeded"


class MalformedRequestError(StudioError):
    """The request is not JSON, or names a parameter the route does not know."""


class InvalidCursorError(MalformedRequestError):
    """A page cursor that this service did not sign for this list."""


class NotFoundError(StudioError):
    """Nothing of this id belongs to this tenant; ``fields`` are those of a body that name it."""

    def __init__(self, message: str, *fields: FieldError) -> None:
        super().__init__(message)
        self.fields = fields


class StateConflictError(StudioError):
    """The object is in a state that forbids the action."""


class PreconditionMissingError(StudioError):
    """A change of an object that exists came without the ETag that it is based on."""


class PreconditionFailedError(StudioError):
    """The object changed since the caller read it."""


class NothingToGenerateError(StudioError):
    """No image of the request has a prompt."""


class CostUnknownError(StudioError):
    """A price is missing where a limit must be kept."""


class BudgetExceededError(StudioError):
    """The tenant's monthly limit would be passed; amounts in micro-dollars."""

    def __init__(self, *, limit: int, committed: int, requested: int) -> None:
        super().__init__("the monthly limit of this account would be passed")
        self.limit = limit
        self.committed = committed
        self.requested = requested


class IdempotencyKeyMissingError(StudioError):
    """A request that can spend money came without an Idempotency-Key."""


class IdempotencyKeyReusedError(StudioError):
    """The key was used before for another body."""


class IdempotencyInProgressError(StudioError):
    """The first request with this key has not been answered yet."""


class IdempotentReplay(StudioError):  # noqa: N818 - an answer found, not a fault
    """The key was used before for the same body; ``answer`` is the stored JSON document."""

    def __init__(self, answer: str) -> None:
        super().__init__("the request was answered before")
        self.answer = answer


class ForbiddenError(StudioError):
    """The token names no usable tenant."""


class CredentialsMissingError(StudioError):
    """No key is stored for the provider, neither the tenant's own nor the stack's."""


class WorkflowUnavailableError(StudioError):
    """The state machine could not be started now; the sweeper will."""


class MailRefusedError(StudioError):
    """A mail will not be sent, now or later."""


class TargetRefusedError(StudioError):
    """The studio does not call this address; ``reason`` says why in one word."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


class TargetUnreachableError(StudioError):
    """The address gave no answer; another try may cure it."""


class TargetTooLargeError(StudioError):
    """The address answered with more bytes than are taken."""


class TimerUnavailableError(StudioError):
    """A schedule could not be set on, or taken off, its clock now."""


class RendererUnavailableError(StudioError):
    """A file could not be made of a picture now; another try may cure it."""


class RegistrarUnavailableError(StudioError):
    """An upload could not be looked at now; the bucket's event will have it done."""


@contextmanager
def prefix_pointers(place: str) -> Iterator[None]:
    """Let the errors of a part name their fields as seen from the whole; ``place`` is a pointer."""
    try:
        yield
    except InvalidRequestError as error:
        fields = (replace(field, pointer=f"{place}{field.pointer}") for field in error.fields)
        raise type(error)(*fields) from None
