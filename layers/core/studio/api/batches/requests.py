"""Request bodies of imports and batches."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from studio.domain.batches.columns import MAX_HEADER
from studio.domain.batches.headings import member_named, nearest_member
from studio.domain.batches.members import MEMBERS
from studio.domain.batches.model import MAX_CONCURRENCY
from studio.services.orders.body import Dollars, JobBody, JobName, NotifyBody
from studio.services.orders.reading import Body

_MAX_MAPPED = 200


def _member(text: str) -> str:
    """Return the column that a mapping names, in any case and with any blanks between its words."""
    member = member_named(text)
    if member is None:
        nearest = nearest_member(text)
        hint = f"did you mean {nearest}?" if nearest else "docs/tables.md lists the columns"
        raise PydanticCustomError(
            "member_unknown", "There is no such column; {hint}", {"hint": hint}
        )
    return member


class BatchImportBody(Body):
    """A table to check: ``csv`` as text, or the ``upload_id`` of a file of up to 10 MiB.

    ``mapping`` gives the job member of a column that has another name. ``defaults`` fill the
    members that a row leaves out. Without ``delimiter`` the studio finds it in the header.
    """

    csv: Annotated[str, Field(min_length=1)] | None = None
    upload_id: Annotated[str, Field(max_length=40)] | None = None
    delimiter: Literal[",", ";", "\t", "|"] | None = None
    mapping: (
        Annotated[
            dict[
                Annotated[str, Field(min_length=1, max_length=MAX_HEADER)],
                Annotated[
                    str,
                    Field(max_length=MAX_HEADER),
                    AfterValidator(_member),
                    WithJsonSchema({"type": "string", "enum": list(MEMBERS)}),
                ],
            ],
            Field(max_length=_MAX_MAPPED),
        ]
        | None
    ) = None
    defaults: JobBody | None = None
    name: JobName | None = None


class SubmitBody(Body):
    """Settings of the batch: its name, the number of concurrent jobs and a limit for the estimate.

    With a monthly limit, the estimate must fit the rest of the month. This check reserves nothing.
    Each job reserves its own money before it starts. A job without room is refused alone, and a
    redrive can run it later.
    """

    name: JobName | None = None
    concurrency: Annotated[int, Field(ge=1, le=MAX_CONCURRENCY)] = 1
    max_cost: Dollars | None = None
    notify: NotifyBody | None = None


class BatchActionBody(Body):
    """An empty object: the action takes no members yet."""
