"""Optional parameters of a request, and a model's support for each of them."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from studio.errors import FieldError, InvalidRequestError


@dataclass(frozen=True, slots=True)
class Parameters:
    """Optional parameters of a request, None where absent; ``guidance`` is decimal text."""

    seed: int | None = None
    steps: int | None = None
    guidance: str | None = None
    negative_prompt: str | None = None
    strength: str | None = None


@dataclass(frozen=True, slots=True)
class Range:
    """Inclusive limits of a parameter."""

    min: int
    max: int


@dataclass(frozen=True, slots=True)
class Support:
    """Parameters that a model takes, and their limits."""

    seed: bool = False
    negative_prompt: bool = False
    steps: Range | None = None
    guidance: Range | None = None
    strength: bool = False


def check(support: Support, wanted: Parameters) -> tuple[Parameters, tuple[str, ...]]:
    """Return the parameters that the model takes, and the names of those that it drops.

    Raises:
        InvalidRequestError: ``steps`` or ``guidance`` is outside the model's limits.
    """
    dropped = tuple(
        name
        for name in ("seed", "steps", "guidance", "negative_prompt", "strength")
        if getattr(wanted, name) not in (None, "") and not getattr(support, name)
    )
    kept = Parameters(
        seed=wanted.seed if support.seed else None,
        steps=wanted.steps if support.steps else None,
        guidance=wanted.guidance if support.guidance else None,
        negative_prompt=(wanted.negative_prompt or None) if support.negative_prompt else None,
        strength=wanted.strength if support.strength else None,
    )
    errors = [
        error
        for error in (
            _outside("steps", kept.steps, support.steps),
            _outside("guidance", kept.guidance, support.guidance),
        )
        if error
    ]
    if errors:
        raise InvalidRequestError(*errors)
    return kept, dropped


def _outside(name: str, value: int | str | None, limits: Range | None) -> FieldError | None:
    if value is None or limits is None:
        return None
    try:
        number = Decimal(value)
    except InvalidOperation:
        return FieldError(f"/{name}", "not-a-number", f"{name} is not a decimal number")
    if number.is_finite() and limits.min <= number <= limits.max:
        return None
    detail = f"{name} must be between {limits.min} and {limits.max} for this model"
    return FieldError(f"/{name}", "out-of-range", detail)
