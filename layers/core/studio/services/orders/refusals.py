"""Why an order was refused, in the words that the API uses for the same error."""

from studio.errors import (
    BudgetExceededError,
    CostUnknownError,
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
    BudgetExceededError: "budget-exceeded",
    NotFoundError: "order-expired",
}
_SHOWN = 300

REFUSALS: tuple[type[StudioError], ...] = (InvalidRequestError, *_CODES)
"""What stands against an order itself: trying the same again changes nothing."""


def refusal(error: StudioError) -> tuple[str, str]:
    """Return the code and a sentence."""
    if isinstance(error, InvalidRequestError):
        return error.code, str(error)[:_SHOWN]
    code = next(_CODES[cls] for cls in type(error).__mro__ if cls in _CODES)
    return code, str(error)[:_SHOWN]
