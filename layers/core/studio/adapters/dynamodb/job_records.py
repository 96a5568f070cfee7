"""Jobs and items as DynamoDB records.

Keys (table Jobs):
    job    pk = {tenant}#{job_id}   sk = JOB
    item   pk = {tenant}#{job_id}   sk = ITEM#{number}
    key    pk = {tenant}#IDEM       sk = {scope}#{key}      TTL expires_at
Indexes: ByTenant (tenant, job_id) lists a tenant's jobs; Open (open, job_id) holds only jobs
that have not ended. An order's settings are one JSON string: nothing queries inside them.
"""

import json
from dataclasses import fields, replace
from datetime import UTC, datetime
from typing import Any

from studio.adapters.dynamodb.base import Attributes
from studio.clock import parse_rfc3339, rfc3339
from studio.domain.jobs.image_spec import (
    FallbackRecord,
    ImageSpec,
    SlotRef,
    SourceRef,
    Substitute,
    members_of,
)
from studio.domain.jobs.model import (
    Counts,
    Item,
    ItemError,
    Job,
    LogLine,
    Origin,
    ProviderChoice,
    Waiting,
)
from studio.domain.renditions.documents import plan_document, plan_of
from studio.money import Cost

JOB_SORT_KEY = "JOB"
WAITING = ("waiting_reason", "waiting_until")
"""What an item carries of a wait."""

_LEVELS = {"i": "info", "w": "warning", "e": "error"}


def partition(tenant: str, job_id: str) -> str:
    """Partition key of a job and its items."""
    return f"{tenant}#{job_id}"


def item_sort_key(number: int) -> str:
    """Sort key of an item; four digits keep the queue's order."""
    return f"ITEM#{number:04d}"


def job_record(job: Job) -> Attributes:
    """Code a new job."""
    return {
        "pk": partition(job.tenant, job.job_id),
        "sk": JOB_SORT_KEY,
        "tenant": job.tenant,
        "job_id": job.job_id,
        "open": "1",
        "operation": job.operation,
        "name": job.name,
        "status": job.status,
        "run": job.run,
        "created_at": rfc3339(job.created_at),
        "created_by": job.created_by,
        "total": job.counts.total,
        **dict.fromkeys(("succeeded", "failed", "cancelled", "unknown"), 0),
        "skipped": job.counts.skipped,
        "budget_month": job.budget_month,
        "max_cost": job.max_cost,
        "reserved": job.reserved,
        "run_reserved": job.run_reserved,
        "run_spent": job.run_spent,
        "cost": job.cost,
        "unknown_costs": job.unknown_costs,
        "labels": dict(job.labels),
        "warnings": list(job.warnings),
        **members_of(job.origin),
        "choice": members_of(job.choice) if job.choice else None,
        "notify_email": job.notify_email,
        "content_ids": list(job.content_ids) or None,
        "log": [log_text(line) for line in job.log],
    }


def job_of(record: Attributes) -> Job:
    """Read a job back."""
    return Job(
        tenant=record["tenant"],
        job_id=record["job_id"],
        operation=record["operation"],
        name=record.get("name"),
        status=record["status"],
        run=record["run"],
        created_at=parse_rfc3339(record["created_at"]),
        created_by=record["created_by"],
        counts=Counts(
            total=record["total"],
            succeeded=record["succeeded"],
            failed=record["failed"],
            skipped=record["skipped"],
            cancelled=record["cancelled"],
            unknown=record["unknown"],
        ),
        budget_month=record["budget_month"],
        max_cost=record.get("max_cost"),
        reserved=record["reserved"],
        run_reserved=record["run_reserved"],
        run_spent=record["run_spent"],
        cost=record["cost"],
        unknown_costs=record["unknown_costs"],
        started_at=_time(record.get("started_at")),
        finished_at=_time(record.get("finished_at")),
        labels=record["labels"],
        warnings=tuple(record["warnings"]),
        origin=Origin(**{field.name: record.get(field.name) for field in fields(Origin)}),
        choice=ProviderChoice(**record["choice"]) if "choice" in record else None,
        notify_email=record.get("notify_email"),
        latest_asset_id=record.get("latest_asset_id"),
        content_ids=tuple(record.get("content_ids", ())),
        log=tuple(log_line(text, 0) for text in record["log"]),
    )


def item_record(item: Item) -> Attributes:
    """Code a new item."""
    return {
        "pk": partition(item.tenant, item.job_id),
        "sk": item_sort_key(item.number),
        "spec": spec_text(item.spec),
        "asset_id": item.asset_id,
        "status": item.status,
        "stage": item.stage,
        "run": item.run,
        "attempt": item.attempt,
        "attempt_open": item.attempt_open,
        "settled_attempt": item.settled_attempt,
        "switches": item.switches,
        "estimate_micros": item.estimate.micros,
        "estimate_version": item.estimate.price_version,
        "error_code": item.error.code if item.error else None,
        "error_message": item.error.message if item.error else None,
        "log": [log_text(line) for line in item.log],
    }


def item_of(record: Attributes) -> Item:
    """Read an item back; tenant, job and number come from its keys."""
    tenant, _, job_id = record["pk"].partition("#")
    number = int(record["sk"].removeprefix("ITEM#"))
    return Item(
        tenant=tenant,
        job_id=job_id,
        number=number,
        spec=_spec_of(record["spec"]),
        asset_id=record["asset_id"],
        status=record["status"],
        stage=record["stage"],
        run=record["run"],
        attempt=record["attempt"],
        attempt_open=record["attempt_open"],
        called_at=_time(record.get("called_at")),
        attempt_deadline=_time(record.get("attempt_deadline")),
        settled_attempt=record["settled_attempt"],
        settled_basis=record.get("cost_basis"),
        switches=record["switches"],
        handle=record.get("handle"),
        started_at=_time(record.get("started_at")),
        finished_at=_time(record.get("finished_at")),
        estimate=_estimate(record),
        cost=_settled(record),
        known_cost=record.get("cost", 0),
        unknown_costs=record.get("unknown_costs", 0),
        error=_error(record),
        waiting=_waiting(record),
        log=tuple(log_line(text, number) for text in record["log"]),
    )


def wait_record(waiting: Waiting | None) -> Attributes:
    """Code why an item waits; nothing for one that does not wait."""
    if waiting is None:
        return {}
    return {"waiting_reason": waiting.reason, "waiting_until": rfc3339(waiting.until)}


def log_text(line: LogLine) -> str:
    """Code a log line in one short string, so that a line costs no write of its own."""
    return f"{round(line.at.timestamp() * 1000)}|{line.level[0]}|{line.stage}|{line.message}"


def log_line(text: str, number: int) -> LogLine:
    """Read a log line back."""
    at, level, stage, message = text.split("|", 3)
    fields: dict[str, Any] = {"level": _LEVELS[level], "stage": stage}
    return LogLine(
        at=datetime.fromtimestamp(int(at) / 1000, UTC), message=message, item=number, **fields
    )


def spec_text(spec: ImageSpec) -> str:
    """Code an order; of its substitutes only what is different with them."""
    given = members_of(spec)
    members = {name: value for name, value in given.items() if value not in (None, (), {})}
    members["output"] = plan_document(spec.output)
    members["sources"] = [
        {name: value for name, value in members_of(source).items() if value is not None}
        for source in spec.sources
    ]
    members["substitutes"] = [
        {name: value for name, value in members_of(one).items() if value != given[name]}
        for one in spec.substitutes
    ]
    return json.dumps(members, separators=(",", ":"), ensure_ascii=False, default=members_of)


def _spec_of(text: str) -> ImageSpec:
    # Nothing was written of a size that the operation gives.
    members = {"width": None, "height": None} | json.loads(text)
    members["warnings"] = tuple(members.get("warnings", ()))
    members["sources"] = tuple(SourceRef(**source) for source in members.get("sources", ()))
    members.setdefault("prompt", None)
    substitutes = members.pop("substitutes", ())
    members["output"] = plan_of(members.get("output", {}))
    if "replaced" in members:
        members["replaced"] = FallbackRecord(**members["replaced"])
    if "slot" in members:
        members["slot"] = _slot_of(members["slot"])
    spec = ImageSpec(**members)
    return replace(spec, substitutes=tuple(_substitute(spec, one) for one in substitutes))


def _slot_of(document: dict[str, Any]) -> SlotRef:
    lists = {name: tuple(document[name]) for name in ("devices", "wanted")}
    return SlotRef(**document | lists)


def _substitute(spec: ImageSpec, own: dict[str, Any]) -> Substitute:
    members = {one.name: getattr(spec, one.name) for one in fields(Substitute)} | own
    return Substitute(**{**members, "warnings": tuple(members["warnings"])})


def _estimate(record: Attributes) -> Cost:
    micros = record.get("estimate_micros")
    if micros is None:
        return Cost(None, "unknown")
    return Cost(micros, "estimated", record.get("estimate_version"))


def _settled(record: Attributes) -> Cost | None:
    """Cost of all settled calls: unknown as soon as one of them is."""
    basis = record.get("cost_basis")
    if basis is None:
        return None
    if record.get("unknown_costs"):
        return Cost(None, "unknown")
    return Cost(record["cost"], basis, record.get("price_version"))


def _error(record: Attributes) -> ItemError | None:
    if record.get("error_code") is None:
        return None
    retryable = bool(record.get("error_retryable", False))
    return ItemError(record["error_code"], record["error_message"], retryable)


def _waiting(record: Attributes) -> Waiting | None:
    if "waiting_reason" not in record:
        return None
    return Waiting(record["waiting_reason"], parse_rfc3339(record["waiting_until"]))


def _time(text: str | None) -> datetime | None:
    return None if text is None else parse_rfc3339(text)
