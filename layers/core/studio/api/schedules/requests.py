"""Request bodies of schedules."""

from typing import Annotated, Any

from pydantic import Field

from studio.services.orders.body import Dollars, RecipeId
from studio.services.orders.reading import Body

Timing = Annotated[str, Field(min_length=1, max_length=200)]


class BudgetBody(Body):
    """The limits of a schedule: for the estimate of one run, and of all runs in a UTC month."""

    per_run: Dollars | None = None
    per_month: Dollars | None = None


class ScheduleBody(Body):
    """A recipe or a checked import, and its time: exactly one of ``at``, ``cron`` and ``rate``.

    ``at`` is a local time such as 2026-12-24T09:00:00. ``cron`` has six fields, such as
    ``0 9 ? * MON-FRI *``. ``rate`` is a number and a unit, such as ``15 minutes``. ``timezone`` is
    the IANA zone of ``at`` and ``cron``. ``changes`` are members of a job body that replace those
    of the recipe at each run. An import is kept for 30 days, and each run makes a batch of it.
    """

    title: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    at: Timing | None = None
    cron: Timing | None = None
    rate: Timing | None = None
    timezone: Annotated[str, Field(min_length=1, max_length=50)] = "UTC"
    recipe_id: RecipeId | None = None
    import_id: Annotated[str, Field(pattern=r"^imp_[0-9A-HJKMNP-TV-Z]{26}$")] | None = None
    changes: Annotated[dict[str, Any], Field(default_factory=dict)]
    enabled: bool = True
    budget: BudgetBody = BudgetBody()


class RunBody(Body):
    """An empty object: a run takes no members yet."""
