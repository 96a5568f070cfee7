"""Errors that end an order for good, and the words for the studio's own faults."""

from studio.errors import (
    CredentialsMissingError,
    InvalidRequestError,
    LimitExceededError,
    MalformedRequestError,
    NotFoundError,
    NothingToGenerateError,
    ProviderDisabledError,
    StudioError,
    UnexpectedError,
)

ORDER_REFUSALS: tuple[type[StudioError], ...] = (
    InvalidRequestError,
    MalformedRequestError,
    NotFoundError,
    NothingToGenerateError,
    CredentialsMissingError,
    ProviderDisabledError,
    LimitExceededError,
)
"""Errors that refuse an order itself: another try of the same order fails in the same way."""

ORDER_FAULTS: tuple[type[Exception], ...] = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    MemoryError,
    NameError,
    RuntimeError,
    TypeError,
    ValueError,
)
"""Faults of the studio's own code that another try of the same order meets again."""

ORDER_FAULT_CODE = UnexpectedError.code
ORDER_FAULT_MESSAGE = "The studio failed on this order; the log of the function has the error."
