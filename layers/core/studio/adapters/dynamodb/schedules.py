"""ScheduleStore on DynamoDB (table Catalog).

Access patterns:
    a schedule, all schedules      pk = {tenant}#SCHEDULES       sk = {schedule_id}
    a run, runs newest first       pk = {tenant}#SCHEDULE#{id}   sk = RUN#{time}#{key}
    runs that are lost             index Open: open = run, until
    first use of a key by hand     pk = {tenant}#SCHEDULE#{id}   sk = KEY#{key}
    what a month's runs hold       pk = {tenant}#SCHEDULE#{id}   sk = MONTH#{YYYY-MM}

The sum of a month is a record of its own, so that saving a schedule never changes it. A deleted
schedule leaves its row without a timing, so that its versions count on.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from studio.adapters.dynamodb import schedule_records as records
from studio.adapters.dynamodb.base import Attributes, decode, encode, query, read, write
from studio.adapters.dynamodb.writes import RETRY, WriteRetry, transact, write_if
from studio.clock import parse_rfc3339, rfc3339
from studio.domain.schedules.model import Run, Schedule
from studio.errors import NotFoundError, PreconditionFailedError
from studio.ports.schedules import RunPage, SchedulePage

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_STARTING = "attribute_exists(pk) AND #outcome = :starting"


@dataclass(frozen=True, slots=True)
class DynamoScheduleStore:
    """Schedules of the Catalog table."""

    client: "DynamoDBClient"
    table: str
    retry: WriteRetry = RETRY

    def get(self, tenant: str, schedule_id: str) -> Schedule:
        """Return a schedule."""
        row = self._read(records.schedule_key(tenant, schedule_id))
        if "kind" not in row:
            raise NotFoundError(f"no schedule {schedule_id}")
        return records.schedule_of(tenant, row)

    def page(self, tenant: str, limit: int, after: str | None) -> SchedulePage:
        """Return schedules of a tenant in the order of their names."""
        rows = query(
            self.client,
            self.table,
            f"{tenant}#SCHEDULES",
            limit=limit + 1,
            after=after,
            having="kind",
        )
        found = [records.schedule_of(tenant, row) for row in rows]
        page = found[:limit]
        return SchedulePage(page, page[-1].schedule_id if len(found) > limit else None)

    def put(self, schedule: Schedule, replaces: int | None) -> Schedule:
        """Write a schedule and return it with its version."""
        key = records.schedule_key(schedule.tenant, schedule.schedule_id)
        last, condition = replaces or 0, "#version = :last AND attribute_exists(#kind)"
        if replaces is None:
            row = self._read(key)
            last = row.get("version", 0)
            condition = "attribute_not_exists(#kind) AND " + (
                "#version = :last" if last else "attribute_not_exists(#version)"
            )
        written = replace(schedule, version=last + 1)
        request = write(
            self.table,
            key,
            put=records.record_of(written),
            condition=condition,
            values={"last": last} if last else None,
        )
        if write_if(self.client.put_item, request, self.retry) is None:
            raise PreconditionFailedError(f"the schedule {schedule.schedule_id} changed meanwhile")
        return written

    def delete(self, tenant: str, schedule_id: str, version: int) -> None:
        """Delete a schedule, and keep the count of its versions."""
        request = write(
            self.table,
            records.schedule_key(tenant, schedule_id),
            condition="attribute_exists(#kind) AND #version = :version",
            values={"version": version},
            removes=("kind",),
        )
        if write_if(self.client.update_item, request, self.retry) is None:
            raise PreconditionFailedError(f"the schedule {schedule_id} changed meanwhile")

    def first_asked(self, tenant: str, schedule_id: str, key: str, at: datetime) -> datetime:
        """Return when a key was first used to start the schedule by hand."""
        row_key = records.below(tenant, schedule_id, f"KEY#{key}")
        request = write(
            self.table,
            row_key,
            put={"at": rfc3339(at), "expires_at": records.expiry(at)},
            condition="attribute_not_exists(pk)",
        )
        if write_if(self.client.put_item, request, self.retry) is not None:
            return parse_rfc3339(rfc3339(at))
        return parse_rfc3339(self._read(row_key)["at"])

    def claim(self, run: Run, until: datetime) -> Run:
        """Write a new run and return it; a run of the same name stays and is returned instead."""
        key, new = records.run_key(run), replace(run, until=parse_rfc3339(rfc3339(until)))
        request = write(
            self.table, key, put=records.run_record(new), condition="attribute_not_exists(pk)"
        )
        if write_if(self.client.put_item, request, self.retry) is not None:
            return new
        renewed = write(
            self.table,
            key,
            condition="#outcome = :starting",
            values={"starting": "starting"},
            sets={"until": rfc3339(until)},
        )
        write_if(self.client.update_item, renewed, self.retry)
        return self._run(run)

    def hold(self, run: Run, month: str, amount: int, limit: int) -> bool:
        """Count a run in its month's budget, once for all repeats."""
        if self._run(run).held:
            return True
        if amount > limit:
            return False
        counted = write(
            self.table,
            records.month_key(run, month),
            condition="attribute_not_exists(pk) OR #held <= :room",
            values={"room": limit - amount},
            sets={"expires_at": records.expiry(run.at)},
            adds={"held": amount},
        )
        noted = write(
            self.table,
            records.run_key(run),
            condition=f"{_STARTING} AND #held = :nothing",
            values={"starting": "starting", "nothing": 0},
            sets={"held": amount},
        )
        actions: list[Any] = [{"Update": noted}, {"Update": counted}]
        failed = transact(self.client, actions, self.retry)
        if 0 in failed:
            # A repeat of this run has counted it before, or has ended it.
            return self._run(run).held > 0
        return not failed

    def finish(self, run: Run, month: str, lost_at: datetime | None = None) -> Run:
        """Write how a run ended and return it, or as it ended before."""
        held = self._run(run).held
        kept = held if run.job_id or run.batch_id else 0
        result = replace(run, held=kept, until=None)
        condition = f"{_STARTING} AND #held = :held"
        values: Attributes = {"starting": "starting", "held": held}
        if lost_at is not None:
            condition += " AND #until = :until"
            values["until"] = rfc3339(lost_at)
        ended = write(
            self.table,
            records.run_key(run),
            condition=condition,
            values=values,
            put=records.run_record(result),
        )
        actions: list[Any] = [{"Put": ended}]
        if held > kept:
            given_back = write(
                self.table, records.month_key(run, month), adds={"held": kept - held}
            )
            actions.append({"Update": given_back})
        if transact(self.client, actions, self.retry):
            return self._run(run)
        return result

    def lost_runs(self, at: datetime, limit: int, after: Run | None) -> Sequence[Run]:
        """Return runs that are starting and count as lost, longest lost first."""
        start: dict[str, Any] = {}
        if after is not None:
            row = {**records.run_key(after), **records.open_members(after)}
            start["ExclusiveStartKey"] = encode(row)
        answer = self.client.query(
            TableName=self.table,
            IndexName="Open",
            KeyConditionExpression="#open = :open AND #until < :at",
            ExpressionAttributeNames={"#open": "open", "#until": "until"},
            ExpressionAttributeValues=encode({":open": records.OPEN, ":at": rfc3339(at)}),
            Limit=limit,
            **start,
        )
        rows = [decode(row) for row in answer["Items"]]
        names = [row["pk"].rpartition("#SCHEDULE#") for row in rows]
        return [
            records.run_of(tenant, schedule_id, row)
            for (tenant, _, schedule_id), row in zip(names, rows, strict=True)
        ]

    def runs(self, tenant: str, schedule_id: str, limit: int, after: str | None) -> RunPage:
        """Return runs of a schedule, newest first."""
        rows = query(
            self.client,
            self.table,
            f"{tenant}#SCHEDULE#{schedule_id}",
            limit=limit + 1,
            after=None if after is None else f"RUN#{after}",
            prefix="RUN#",
            newest_first=True,
        )
        found = [records.run_of(tenant, schedule_id, row) for row in rows]
        page = found[:limit]
        return RunPage(page, page[-1].name if len(found) > limit else None)

    def _run(self, run: Run) -> Run:
        return records.run_of(run.tenant, run.schedule_id, self._read(records.run_key(run)))

    def _read(self, key: dict[str, str]) -> Attributes:
        return read(self.client, self.table, key) or {}
