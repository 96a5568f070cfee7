"""Every error that the studio raises: one class for each meaning.

StudioError
├── ConfigurationError              the environment lacks a setting that the function needs
├── InvalidRequestError             fields of the request are wrong; carries one FieldError each
│   ├── UnknownProviderError        the catalogue has no such provider
│   ├── UnknownModelError           the provider has no such model
│   ├── OperationUnsupportedError   the studio has no such operation
│   └── MaxCostExceededError        the estimate is above the request's own ``max_cost``
├── MalformedRequestError           not JSON, or a parameter that the route does not know
│   ├── NoIdsProvidedError          a list of ids is missing or empty
│   ├── InvalidCursorError          a page cursor that this service did not sign
│   └── KeyInQueryError             a query parameter holds a key, which logs would keep
├── UnauthenticatedError            the request has no verified credential
│   └── IdTokenRequiredError        the token is another one than an ID token
├── IdempotencyKeyMissingError      a request that can spend money has no Idempotency-Key
├── ForbiddenError                  the token names no usable tenant, or the role is too low
│   └── TenantMissingError          the token names no tenant, and the stack needs one
├── NotFoundError                   the tenant has no object of this id
│   └── OrderExpiredError           the stored order of a batch row or a run is gone
├── NothingToGenerateError          no image of the request has a prompt
├── CredentialsMissingError         no key is stored for a provider
├── ProviderDisabledError           the account has switched the provider off
├── ConflictError                   the request contradicts what is stored
│   ├── StateConflictError          the object is in a state that forbids the action
│   ├── PreconditionMissingError    a change came without the ETag that it is based on
│   ├── PreconditionFailedError     the object has changed since the caller read it
│   └── IdempotencyKeyReusedError   the key was used before for another body
├── LimitExceededError              a limit on money stands against the request
│   ├── BudgetExceededError         the tenant's monthly limit would be passed
│   └── CostUnknownError            a price is missing where a limit must be kept
├── UnavailableError                a part of the studio cannot be reached; a later try can succeed
│   ├── SchedulerUnavailableError       the scheduler
│   ├── RenditionUnavailableError    the function that makes files of an image
│   ├── UploadProcessingError   the function that registers uploads
│   └── WriteConflictError          records that other requests write all the time
├── TargetError                     a call to an address outside the studio failed
│   ├── TargetRefusedError          the studio does not call this address; carries the reason
│   ├── TargetUnreachableError      the address gave no answer
│   └── TargetTooLargeError         the answer has more bytes than the studio takes
├── MailRefusedError                the mail service refuses a mail
└── UnexpectedError                 the studio itself failed; the caller learns nothing more

``code`` is the stable word for programs: the API answers with it, and records keep it.
``retryable`` says whether the same request can succeed later. ``studio.api.http.errors`` has the
classes that only the HTTP edge raises. ``studio.api.http.problems`` gives each a status and
a title.

A provider's refusal is no exception. It is data (``domain.provider_calls``), because the workflow
routes on it and the local AWS does not keep the names of exception classes.
"""

from typing import ClassVar, Literal, NamedTuple

_RECORDED_CHARACTERS = 300


class FieldError(NamedTuple):
    """One wrong field: RFC 6901 pointer into the body, a machine code and a sentence."""

    pointer: str
    code: str
    detail: str


class StudioError(Exception):
    """Base of all errors that the studio itself raises.

    Attributes:
        code: Stable word for programs; no two classes share one.
        retryable: Whether the same request can succeed later.
    """

    code: ClassVar[str]
    retryable: ClassVar[bool] = False

    @property
    def recorded_message(self) -> str:
        """The message, cut to the 300 characters that a record keeps."""
        return str(self)[:_RECORDED_CHARACTERS]


class ConfigurationError(StudioError):
    """The environment lacks a setting that the function needs."""

    code = "configuration-missing"


class InvalidRequestError(StudioError):
    """Fields of the request are wrong; ``fields`` names each of them."""

    code = "validation-failed"

    def __init__(self, *fields: FieldError) -> None:
        super().__init__("; ".join(f"{field.pointer}: {field.detail}" for field in fields))
        self.fields = fields


class UnknownProviderError(InvalidRequestError):
    """The catalogue has no such provider."""

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
    """The request is not JSON, or names a parameter that the route does not know."""

    code = "malformed-request"


class NoIdsProvidedError(MalformedRequestError):
    """The request names nothing to work on: its list of ids is missing or empty."""

    code = "no-ids-provided"


class InvalidCursorError(MalformedRequestError):
    """A page cursor that this service did not sign for this list."""

    code = "invalid-cursor"


class KeyInQueryError(MalformedRequestError):
    """A query parameter holds a key, which logs would keep."""

    code = "key-in-query"


class UnauthenticatedError(StudioError):
    """The request has no verified credential, and the route needs one."""

    code = "unauthenticated"


class IdTokenRequiredError(UnauthenticatedError):
    """The token is valid, but it is another one than an ID token."""

    code = "id-token-required"


class IdempotencyKeyMissingError(StudioError):
    """A request that can spend money has no Idempotency-Key."""

    code = "idempotency-key-required"


class ForbiddenError(StudioError):
    """The token names no usable tenant, or the caller's role does not allow the request."""

    code = "forbidden"


class TenantMissingError(ForbiddenError):
    """The token names no tenant, and the stack needs one."""

    code = "tenant-required"


class NotFoundError(StudioError):
    """The tenant has no object of this id; ``fields`` are the body's fields that name it."""

    code = "not-found"

    def __init__(self, message: str, *fields: FieldError) -> None:
        super().__init__(message)
        self.fields = fields


class OrderExpiredError(NotFoundError):
    """The stored order of a batch row or of a scheduled run is gone."""

    code = "order-expired"


class NothingToGenerateError(StudioError):
    """No image of the request has a prompt."""

    code = "nothing-to-generate"


class CredentialsMissingError(StudioError):
    """No key is stored for the provider, neither the tenant's own nor the stack's."""

    code = "provider-not-configured"


class ProviderDisabledError(StudioError):
    """The tenant has switched the provider off."""

    code = "provider-disabled"


class ConflictError(StudioError):
    """The request contradicts what is stored."""

    code = "conflict"


class StateConflictError(ConflictError):
    """The object is in a state that forbids the action."""

    code = "state-conflict"


class PreconditionMissingError(ConflictError):
    """A change of an existing object came without the ETag that it is based on."""

    code = "precondition-required"


class PreconditionFailedError(ConflictError):
    """The object has changed since the caller read it."""

    code = "precondition-failed"


class IdempotencyKeyReusedError(ConflictError):
    """The key was used before for another body."""

    code = "idempotency-key-reused"


class LimitExceededError(StudioError):
    """A limit on money stands against the request."""

    code = "limit-exceeded"


class BudgetExceededError(LimitExceededError):
    """The tenant's monthly limit would be passed; amounts in micro-dollars."""

    code = "budget-exceeded"

    def __init__(self, *, limit: int, committed: int, requested: int) -> None:
        super().__init__("the monthly limit of this account would be passed")
        self.limit = limit
        self.committed = committed
        self.requested = requested


class CostUnknownError(LimitExceededError):
    """A price is missing where a limit must be kept."""

    code = "cost-unknown"


class UnavailableError(StudioError):
    """A part of the studio cannot be reached; a later try can succeed."""

    code = "unavailable"
    retryable = True


class SchedulerUnavailableError(UnavailableError):
    """The scheduler did not take a change of a schedule."""

    code = "timer-unavailable"


class RenditionUnavailableError(UnavailableError):
    """The function that makes files of an image gave no answer."""

    code = "renderer-unavailable"


class UploadProcessingError(UnavailableError):
    """The function that registers uploads gave no answer; the bucket's event calls it again."""

    code = "registrar-unavailable"


class WriteConflictError(UnavailableError):
    """Other requests wrote the same records all the time; nothing was written."""

    code = "busy"


class TargetError(StudioError):
    """A call to an address outside the studio failed."""

    code = "target-failed"


class TargetRefusedError(TargetError):
    """The studio does not call this address.

    Attributes:
        reason: Why, in one word.
        redirected: Whether it is an address that the first one redirects to.
    """

    code = "target-refused"

    def __init__(self, reason: str, message: str, *, redirected: bool = False) -> None:
        super().__init__(message)
        self.reason = reason
        self.redirected = redirected


Unreachable = Literal["dns", "refused", "timeout", "certificate", "connection", "answer"]
"""Why an address gave no answer.

``dns``: its name has no address. ``refused``: nothing listens there. ``timeout``: no answer came in
time. ``certificate``: its certificate is not valid. ``connection``: the connection failed in
another way. ``answer``: what came is no answer.
"""


class TargetUnreachableError(TargetError):
    """The address gave no answer; ``reason`` says why in one word."""

    code = "target-unreachable"
    retryable = True

    def __init__(self, message: str, reason: Unreachable = "connection") -> None:
        super().__init__(message)
        self.reason = reason


class TargetTooLargeError(TargetError):
    """The answer of the address has more bytes than the studio takes."""

    code = "target-too-large"


class MailRefusedError(StudioError):
    """The mail service refuses a mail, now and later."""

    code = "mail-refused"


class UnexpectedError(StudioError):
    """The studio itself failed; the caller learns nothing more."""

    code = "execution-error"
    retryable = True
