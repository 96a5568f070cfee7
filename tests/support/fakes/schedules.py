"""ScheduleStore and ScheduleTarget in memory."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from studio.domain.schedules.model import Budget, Run, Schedule, Timing
from studio.errors import NotFoundError, PreconditionFailedError, SchedulerUnavailableError
from studio.ports.schedules import RunPage, SchedulePage
from tests.support.builders import TENANT
from tests.support.fakes.edges import START

Name = tuple[str, str]


@dataclass
class FakeScheduleStore:
    """Schedules that are live, the last version of each name, and runs."""

    live: dict[Name, Schedule] = field(default_factory=dict)
    versions: Counter[Name] = field(default_factory=Counter)
    asked: dict[tuple[str, str, str], datetime] = field(default_factory=dict)
    kept: dict[Name, dict[str, Run]] = field(default_factory=dict)
    months: Counter[tuple[str, str, str]] = field(default_factory=Counter)

    def get(self, tenant: str, schedule_id: str) -> Schedule:
        if (tenant, schedule_id) not in self.live:
            raise NotFoundError(schedule_id)
        return self.live[tenant, schedule_id]

    def page(self, tenant: str, limit: int, after: str | None) -> SchedulePage:
        names = sorted(name for owner, name in self.live if owner == tenant)
        found = [self.get(tenant, name) for name in names if after is None or name > after]
        kept = found[:limit]
        return SchedulePage(kept, kept[-1].schedule_id if len(found) > limit else None)

    def put(self, schedule: Schedule, replaces: int | None) -> Schedule:
        name = (schedule.tenant, schedule.schedule_id)
        self._require(name, replaces)
        self.versions[name] += 1
        self.live[name] = replace(schedule, version=self.versions[name])
        return self.live[name]

    def delete(self, tenant: str, schedule_id: str, version: int) -> None:
        self._require((tenant, schedule_id), version)
        del self.live[tenant, schedule_id]

    def first_asked(self, tenant: str, schedule_id: str, key: str, at: datetime) -> datetime:
        return self.asked.setdefault((tenant, schedule_id, key), at)

    def claim(self, run: Run, until: datetime) -> Run:
        row = self._runs(run).setdefault(run.name, run)
        if row.outcome == "starting":
            self._runs(run)[run.name] = replace(row, until=until)
        return self._runs(run)[run.name]

    def hold(self, run: Run, month: str, amount: int, limit: int) -> bool:
        row = self._runs(run)[run.name]
        place = (run.tenant, run.schedule_id, month)
        if row.held:
            return True
        if row.outcome != "starting" or self.months[place] + amount > limit:
            return False
        self.months[place] += amount
        self._runs(run)[run.name] = replace(row, held=amount)
        return True

    def finish(self, run: Run, month: str, lost_at: datetime | None = None) -> Run:
        row = self._runs(run)[run.name]
        if row.outcome != "starting" or lost_at not in (None, row.until):
            return row
        kept = row.held if run.job_id or run.batch_id else 0
        self.months[run.tenant, run.schedule_id, month] -= row.held - kept
        self._runs(run)[run.name] = replace(run, held=kept, until=None)
        return self._runs(run)[run.name]

    def lost_runs(self, at: datetime, limit: int, after: Run | None) -> Sequence[Run]:
        rows = [(run.until, run) for runs in self.kept.values() for run in runs.values()]
        lost = [(until, run) for until, run in rows if until is not None and until < at]
        found = [run for _, run in sorted(lost, key=lambda pair: (pair[0], pair[1].name))]
        first = 0 if after is None else found.index(after) + 1
        return found[first : first + limit]

    def runs(self, tenant: str, schedule_id: str, limit: int, after: str | None) -> RunPage:
        rows = self.kept.get((tenant, schedule_id), {})
        found = [rows[name] for name in sorted(rows, reverse=True) if after is None or name < after]
        page = found[:limit]
        return RunPage(page, page[-1].name if len(found) > limit else None)

    def _runs(self, run: Run) -> dict[str, Run]:
        return self.kept.setdefault((run.tenant, run.schedule_id), {})

    def _require(self, name: Name, version: int | None) -> None:
        current = self.live.get(name)
        if (current.version if current else None) != version:
            raise PreconditionFailedError(name[1])


@dataclass
class FakeScheduleTarget:
    """ScheduleTarget: what is set now, by tenant and name."""

    set: dict[Name, Schedule] = field(default_factory=dict)
    available: bool = True

    def put(self, schedule: Schedule) -> None:
        if not self.available:
            raise SchedulerUnavailableError(schedule.schedule_id)
        self.set[schedule.tenant, schedule.schedule_id] = schedule

    def remove(self, tenant: str, schedule_id: str) -> None:
        if not self.available:
            raise SchedulerUnavailableError(schedule_id)
        self.set.pop((tenant, schedule_id), None)


def a_schedule(schedule_id: str = "nightly", tenant: str = TENANT) -> Schedule:
    """Return a schedule that is not saved yet."""
    return Schedule(
        tenant=tenant,
        schedule_id=schedule_id,
        version=0,
        title="Nightly",
        timing=Timing("cron", "0 3 * * ? *", "Europe/Berlin"),
        enabled=True,
        recipe_id="on-white",
        import_id=None,
        changes={"name": "Über Nacht"},
        budget=Budget(per_run=40_000, per_month=100_000),
        created_at=START,
        updated_at=START,
        updated_by="user-1",
    )
