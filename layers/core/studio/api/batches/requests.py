"""Request bodies of imports and batches."""

from typing import Annotated, Literal

from pydantic import Field

from studio.domain.batches.columns import MEMBERS
from studio.domain.batches.model import MAX_CONCURRENCY
from studio.domain.batches.table import MAX_COLUMNS, MAX_HEADER
from studio.services.orders.body import Dollars, JobBody, JobName, NotifyBody
from studio.services.orders.reading import Body


class BatchImportBody(Body):
    """A table to check: ``csv`` as text, or the ``upload_id`` of a file of up to 10 MiB.

    ``mapping`` says which job member a column is, where it is not called so; ``defaults`` lie
    under each row. The delimiter is found in the header unless it is given.
    """

    csv: Annotated[str, Field(min_length=1)] | None = None
    upload_id: Annotated[str, Field(max_length=40)] | None = None
    delimiter: Literal[",", ";", "\t"] | None = None
    mapping: (
        Annotated[
            dict[
                Annotated[str, Field(min_length=1, max_length=MAX_HEADER)],
                Annotated[str, Field(pattern=f"^({'|'.join(MEMBERS)})$")],
            ],
            Field(max_length=MAX_COLUMNS),
        ]
        | None
    ) = None
    defaults: JobBody | None = None
    name: JobName | None = None


class SubmitBody(Body):
    """How the batch runs: its name, how many jobs at once, and what the estimate may come to.

    Where the account has a monthly limit the estimate must fit what is left of the month. That
    is a look and not a hold: each job holds its own money before it starts, so jobs of a batch
    that others overtake are refused one by one, and can be redriven.
    """

    name: JobName | None = None
    concurrency: Annotated[int, Field(ge=1, le=MAX_CONCURRENCY)] = 1
    max_cost: Dollars | None = None
    notify: NotifyBody | None = None


class BatchActionBody(Body):
    """Nothing can be said with it yet."""
