"""Codes and sentences for refused orders, the same as those of the API."""

from studio.errors import (
    BudgetExceededError,
    CostUnknownError,
    CredentialsMissingError,
    InvalidRequestError,
    MalformedRequestError,
    NotFoundError,
    NothingToGenerateError,
    StudioError,
)

_CODES: dict[type[StudioError], str] = {
    MalformedRequestError: "malformed-request",
    NothingToGenerateError: "nothing-to-generate",
    CostUnknownError: "cost-unknown",
    CredentialsMissingError: "provider-not-configured",
    BudgetExceededError: "budget-exceeded",
    NotFoundError: "order-expired",
}
_SHOWN = 300

REFUSALS: tuple[type[StudioError], ...] = (InvalidRequestError, *_CODES)
"""Errors of an order itself, which a retry cannot cure."""


def refusal(error: StudioError) -> tuple[str, str]:
    """Return the code and the sentence of an error."""
    if isinstance(error, InvalidRequestError):
        return error.code, str(error)[:_SHOWN]
    code = next(_CODES[cls] for cls in type(error).__mro__ if cls in _CODES)
    return code, str(error)[:_SHOWN]
