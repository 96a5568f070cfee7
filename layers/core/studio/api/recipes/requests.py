"""Request bodies of recipes."""

from typing import Annotated

from pydantic import Field

from studio.services.orders.body import JobBody
from studio.services.orders.reading import Body


class RecipeBody(Body):
    """A recipe to save: a ``job`` body as for POST /v1/jobs, or the body of an earlier job."""

    title: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    job: JobBody | None = None
    from_job_id: Annotated[str, Field(pattern=r"^job_[0-9A-HJKMNP-TV-Z]{26}$")] | None = None
