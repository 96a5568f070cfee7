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
    """Job bodies to price. Nothing runs."""

    jobs: Annotated[list[JobBody], Field(min_length=1, max_length=MAX_JOBS_PER_ESTIMATE)]


class RedriveBody(Body):
    """The images to run again: by how they ended, or by number. The default is failed images.

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
    """An empty object: a cancel takes no members yet."""


def selection_of(body: RedriveBody) -> Selection:
    """Return the selection of images for a redrive.

    Raises:
        InvalidRequestError: the body selects images in both ways.
    """
    if body.only and body.items:
        raise InvalidRequestError(
            FieldError("/items", "exclusive", "Name images either by only or by items, not both")
        )
    if body.items:
        return Selection(numbers=tuple(body.items))
    return Selection(statuses=(body.only or "failed",))
