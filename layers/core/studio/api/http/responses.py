"""Response shapes that several resources share.

The TypedDicts of all ``responses`` modules are the only definition of what the API sends. The
serializers return them, and ``studio.api.openapi`` generates the schemas from them. Serializers
import them for the type checker only, so that a cold start loads none of them. They come from
``typing_extensions`` because pydantic refuses those of ``typing`` before Python 3.12.
"""

from typing import Literal, NotRequired

from typing_extensions import TypedDict

from studio.domain.renditions.model import Fit, Gravity
from studio.money import Basis

Currency = Literal["USD"]
LegacyType = Literal["ValidationError", "ExecutionError"]


class FieldProblem(TypedDict):
    """One wrong field: RFC 6901 pointer into the body, a stable code and a sentence."""

    pointer: str
    code: str
    detail: str


class ProblemMembers(TypedDict, total=False):
    """Members that only some kinds of problem have."""

    errors: list[FieldProblem]
    budget: Literal["monthly"]
    currency: Currency
    limit: str
    committed: str
    requested: str


class Problem(ProblemMembers):
    """An error, RFC 9457. ``code`` is stable. ``retryable`` tells whether a repeat may succeed."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    code: str
    request_id: str
    retryable: bool
    legacy_type: NotRequired[LegacyType]


class GatewayRefusal(TypedDict):
    """The gateway's own answer to a token that is missing, expired or forged."""

    message: str


class Money(TypedDict):
    """Decimal dollars with six places."""

    amount: str
    currency: Currency


class Cost(TypedDict):
    """A cost and how it is known. The amount is null exactly when it is unknown."""

    amount: str | None
    currency: Currency
    basis: Basis
    price_version: NotRequired[str]


class Page(TypedDict):
    """The size of a page and the cursor of the next one, null on the last page."""

    next_cursor: str | None
    limit: int


class Paged(TypedDict):
    """Members of every page of a list; the lists add ``data``."""

    page: Page


class FocalPoint(TypedDict):
    """The most important point of an image, from 0 to 1 of its width and height."""

    x: float
    y: float


class Framing(TypedDict):
    """Fit of an image into another aspect ratio."""

    fit: Fit
    gravity: Gravity
    focal_point: FocalPoint | None
    background: str


class File(TypedDict):
    """One encoded file. ``duration_ms`` is null for a still image."""

    media_type: str
    bytes: int
    width: int | None
    height: int | None
    duration_ms: int | None
    sha256: str
