"""Optional parameters of a request, and a model's support for each of them."""

from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any, NamedTuple

from studio.domain.operations.values import parse_decimal
from studio.errors import FieldError, InvalidRequestError

_NOTHING = (None, "")


@dataclass(frozen=True, slots=True)
class Parameters:
    """Optional parameters, None where absent; ``guidance`` and ``strength`` are decimal text."""

    seed: int | None = None
    steps: int | None = None
    guidance: str | None = None
    negative_prompt: str | None = None
    strength: str | None = None


class Range(NamedTuple):
    """Inclusive limits of a parameter."""

    min: int
    max: int


class Support(NamedTuple):
    """Parameters that a model takes, and their limits."""

    seed: bool = False
    negative_prompt: bool = False
    steps: Range | None = None
    guidance: Range | None = None
    strength: bool = False


def support_of(document: dict[str, Any]) -> Support:
    """Return the support of a catalogue file's entry."""
    ranges = {name: Range(**document[name]) for name in ("steps", "guidance") if name in document}
    return Support(
        seed=document.get("seed", False),
        negative_prompt=document.get("negative_prompt", False),
        strength=document.get("strength", False),
        steps=ranges.get("steps"),
        guidance=ranges.get("guidance"),
    )


def check(support: Support, requested: Parameters) -> tuple[Parameters, tuple[str, ...]]:
    """Return the parameters that the model takes, and the names of those that it drops.

    Raises:
        InvalidRequestError: ``steps`` or ``guidance`` is outside the model's limits.
    """
    given = [one.name for one in fields(requested) if getattr(requested, one.name) not in _NOTHING]
    untaken = tuple(name for name in given if not getattr(support, name))
    taken = Parameters(
        **{name: getattr(requested, name) for name in given if getattr(support, name)}
    )
    limited = (
        ("steps", taken.steps, support.steps),
        ("guidance", taken.guidance, support.guidance),
    )
    errors = [error for one in limited if (error := _outside(*one))]
    if errors:
        raise InvalidRequestError(*errors)
    return taken, untaken


def _outside(name: str, value: int | str | None, limits: Range | None) -> FieldError | None:
    if value is None or limits is None:
        return None
    try:
        number = parse_decimal(value) if isinstance(value, str) else Decimal(value)
    except ValueError:
        return FieldError(f"/{name}", "not-a-number", f"{name} is not a decimal number")
    if limits.min <= number <= limits.max:
        return None
    detail = f"{name} must be between {limits.min} and {limits.max} for this model"
    return FieldError(f"/{name}", "out-of-range", detail)
