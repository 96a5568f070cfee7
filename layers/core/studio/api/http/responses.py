"""Response shapes that several resources share."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from studio.domain.renditions.model import Fit, Gravity
from studio.money import Basis

Currency = Literal["USD"]


def _drop_default(schema: JsonDict) -> None:
    del schema["default"]


def _sometimes() -> Any:  # noqa: ANN401 - a default of any type
    """Mark a member that some documents leave out."""
    return Field(default=None, json_schema_extra=_drop_default)


class Answer(BaseModel):
    """Base of all shapes: nothing is sent that the contract does not name."""

    model_config = ConfigDict(extra="forbid")


class FieldProblem(Answer):
    """One wrong field: RFC 6901 pointer into the body, a stable code and a sentence."""

    pointer: str
    code: str
    detail: str


class Problem(Answer):
    """An error, RFC 9457. ``code`` is stable; ``retryable``: whether a repeat may succeed."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    code: str
    request_id: str
    retryable: bool
    errors: list[FieldProblem] = _sometimes()
    legacy_type: Literal["ValidationError", "ExecutionError"] = _sometimes()
    budget: Literal["monthly"] = _sometimes()
    currency: Currency = _sometimes()
    limit: str = _sometimes()
    committed: str = _sometimes()
    requested: str = _sometimes()


class Money(Answer):
    """Decimal dollars with six places."""

    amount: str
    currency: Currency


class Cost(Answer):
    """A cost and how it is known; the amount is null exactly when it is unknown."""

    amount: str | None
    currency: Currency
    basis: Basis
    price_version: str = _sometimes()


class Page(Answer):
    """Where a list goes on; null on its last page."""

    next_cursor: str | None
    limit: int


class FocalPoint(Answer):
    """The part of a picture that matters, from 0 to 1 of its width and height."""

    x: float
    y: float


class Framing(Answer):
    """How a picture comes into a shape that it does not have."""

    fit: Fit
    gravity: Gravity
    focal_point: FocalPoint | None
    background: str


class File(Answer):
    """One encoded picture."""

    media_type: str
    bytes: int
    width: int | None
    height: int | None
    duration_ms: int | None
    sha256: str
