"""Request bodies of the job routes besides the job body itself.

Imported only by the routes that read a body, and by the generator of the contract.
"""

from typing import Annotated, Literal

from pydantic import Field

from studio.domain.jobs.model import MAX_ITEMS
from studio.errors import FieldError, InvalidRequestError
from studio.services.jobs.redrive_job import Selection
from studio.services.orders.body import Dollars, JobBody
from studio.services.orders.reading import Body

MAX_JOBS_PER_ESTIMATE = 20


class EstimateBody(Body):
    """Job bodies whose cost is asked; nothing runs."""

    jobs: Annotated[list[JobBody], Field(min_length=1, max_length=MAX_JOBS_PER_ESTIMATE)]


class RedriveBody(Body):
    """Which images to run again: by how they ended, or by number; failed ones by default.

    ``max_cost`` is a new limit for the whole job.
    """

    only: Literal["failed", "unknown", "cancelled"] | None = None
    items: (
        Annotated[
            list[Annotated[int, Field(ge=1, le=MAX_ITEMS)]],
            Field(min_length=1, max_length=MAX_ITEMS),
        ]
        | None
    ) = None
    max_cost: Dollars | None = None


class CancelBody(Body):
    """Nothing can be said with a cancel yet."""


def selection_of(body: RedriveBody) -> Selection:
    """Make the choice of images of a redrive.

    Raises:
        InvalidRequestError: images are named in both ways.
    """
    if body.only and body.items:
        raise InvalidRequestError(
            FieldError("/items", "exclusive", "Name images either by only or by items, not both")
        )
    if body.items:
        return Selection(numbers=tuple(body.items))
    return Selection(statuses=(body.only or "failed",))
