"""How domain objects look on the wire (shapes of the public API)."""

from collections.abc import Iterable, Sequence

from studio.api.http.serializers import Document, _time, cost, framing, money, size
from studio.clock import rfc3339
from studio.domain.jobs import progress
from studio.domain.jobs.model import (
    ImageSpec,
    Item,
    Job,
    JobStatus,
    LogLine,
    Origin,
    ProviderChoice,
    SourceRef,
)
from studio.domain.ledger.model import LedgerEntry, totals
from studio.money import CURRENCY, format_usd

LEGACY_STATES: dict[JobStatus, str] = {
    "queued": "PENDING",
    "running": "PROGRESS",
    "cancelling": "PROGRESS",
    "succeeded": "SUCCESS",
    "partially_succeeded": "SUCCESS",
    "failed": "FAILURE",
    "cancelled": "FAILURE",
}


def job(value: Job) -> Document:
    """A job without its items."""
    path = f"/v1/jobs/{value.job_id}"
    return {
        "id": value.job_id,
        "operation": value.operation,
        "name": value.name,
        "status": value.status,
        "run": value.run,
        "counts": {
            "total": value.counts.total,
            "succeeded": value.counts.succeeded,
            "failed": value.counts.failed,
            "skipped": value.counts.skipped,
            "cancelled": value.counts.cancelled,
            "unknown": value.counts.unknown,
        },
        "progress": {
            "percent": progress.job_percent(value),
            "images_percent": progress.images_percent(value.counts),
        },
        "cost": {
            **money(value.cost),
            "basis": "unknown" if value.unknown_costs else "settled",
            "unknown_entries": value.unknown_costs,
            "reserved": format_usd(value.reserved),
            "max_cost": None if value.max_cost is None else format_usd(value.max_cost),
        },
        "provider": _choice(value.choice),
        "labels": dict(value.labels),
        "warnings": list(value.warnings),
        **_origin(value.origin),
        "created_by": value.created_by,
        "created_at": rfc3339(value.created_at),
        "started_at": _time(value.started_at),
        "finished_at": _time(value.finished_at),
        "links": {name: f"{path}/{name}" for name in ("progress", "items", "logs", "ledger")},
        "legacy": {"task_id": value.job_id, "task_state": LEGACY_STATES[value.status]},
    }


def item(value: Item) -> Document:
    """One image of a job, with what was asked and what it became."""
    spec = value.spec
    return {
        "item": value.number,
        "status": value.status,
        "stage": value.stage,
        "label": spec.label,
        "type": spec.type,
        "position": spec.position,
        "title": spec.title,
        "prompt": spec.prompt,
        "original_prompt": spec.original_prompt,
        "persona": spec.persona,
        "template": spec.template,
        "negative_prompt": spec.negative_prompt,
        "operation": spec.operation,
        "input": dict(spec.options),
        "size": size(spec),
        "quality": spec.quality,
        "output": output(spec),
        "provider": _maker(spec),
        "seed": spec.seed,
        "sources": [_source(source) for source in spec.sources],
        "strength": spec.strength,
        "attempts": value.attempt,
        "asset_id": value.asset_id if value.status == "succeeded" else None,
        "estimate": cost(value.estimate),
        "cost": cost(value.cost),
        "problem": _problem(value),
        "warnings": list(spec.warnings),
        "started_at": _time(value.started_at),
        "finished_at": _time(value.finished_at),
    }


def _maker(spec: ImageSpec) -> Document:
    replaced = spec.replaced
    asked = {"id": replaced.provider, "model": replaced.model} if replaced else None
    return {
        "id": spec.provider,
        "model": spec.model,
        "asked": asked,
        "why": replaced.why if replaced else None,
        "fallback": [{"id": one.provider, "model": one.model} for one in spec.substitutes],
    }


def _choice(value: ProviderChoice | None) -> Document | None:
    if value is None:
        return None
    chosen = {"id": value.provider, "model": value.model}
    return {"asked": value.asked, "chosen": chosen, "reason": value.reason}


def _origin(value: Origin) -> Document:
    recipe = {"id": value.recipe_id, "version": value.recipe_version}
    return {
        "folder": value.folder,
        "recipe": recipe if value.recipe_id else None,
        "batch_id": value.batch_id,
        "schedule_id": value.schedule_id,
    }


def output(spec: ImageSpec) -> Document:
    """The files that were ordered."""
    plan = spec.output
    return {
        "format": spec.output_format,
        "quality": spec.output_quality,
        "max_bytes": plan.max_bytes,
        **framing(plan.framing),
        "renditions": [one.name for one in plan.renditions],
        "safe_zones": plan.safe_zones,
        "contact_sheet": plan.contact_sheet,
        "embed_recipe": plan.embed_recipe,
    }


def _source(value: SourceRef) -> Document:
    return {"role": value.role, "asset_id": value.asset_id, "url": value.url}


def job_progress(value: Job, items: tuple[Item, ...]) -> Document:
    """The small document that clients poll."""
    stage = progress.job_stage(value, items)
    current = progress.current_item(items)
    return {
        "job_id": value.job_id,
        "state": value.status,
        "phase": stage,
        "phase_label": progress.LABELS[stage],
        "percent": progress.job_percent(value),
        "images_percent": progress.images_percent(value.counts),
        "message": progress.message(value, items),
        "current_image": current.number if current else None,
        "total_images": value.counts.total,
        "completed": value.counts.succeeded,
        "failed": value.counts.failed,
        "skipped": value.counts.skipped,
        "cancelled": value.counts.cancelled,
        "unknown": value.counts.unknown,
        "cost": money(value.cost),
        "results": [_result(entry) for entry in items],
        "legacy": {"task_id": value.job_id, "task_state": LEGACY_STATES[value.status]},
    }


def _result(value: Item) -> Document:
    spec = value.spec
    done = value.status == "succeeded"
    return {
        "image_id": value.asset_id if done else None,
        "index": value.number,
        "label": spec.label or f"Image {value.number}",
        "type": spec.type,
        "position": spec.position,
        "content_title": spec.title,
        "status": value.status,
        "stage": value.stage,
        "stage_label": progress.LABELS[value.stage],
        "progress": progress.item_percent(value),
        "provider": spec.provider,
        "model": spec.model,
        "image_url": f"/v1/assets/{value.asset_id}/content" if done else None,
        "error": value.error.message if value.error else None,
        "error_code": value.error.code if value.error else None,
        "cost": cost(value.cost),
        "started_at": _time(value.started_at),
        "finished_at": _time(value.finished_at),
    }


def logs(value: Job, items: Iterable[Item]) -> list[Document]:
    """The log lines of a job and its items in the order of time."""
    lines: list[LogLine] = [*value.log, *(line for entry in items for line in entry.log)]
    return [
        {
            "at": rfc3339(line.at),
            "level": line.level,
            "phase": line.stage,
            "item": line.item or None,
            "message": line.message,
        }
        for line in sorted(lines, key=lambda line: line.at)
    ]


def ledger(entries: Sequence[LedgerEntry]) -> Document:
    """A job's entries and their sums."""
    sums = totals(entries)
    return {
        "data": [_entry(entry) for entry in entries],
        "totals": {
            "currency": CURRENCY,
            "reserved": format_usd(sums.reserved),
            "settled": format_usd(sums.settled),
            "released": format_usd(sums.released),
            "held": format_usd(sums.held),
            "unknown_entries": sums.unknown_entries,
        },
    }


def _entry(value: LedgerEntry) -> Document:
    return {
        "id": value.entry_id,
        "type": value.type,
        "at": rfc3339(value.at),
        "run": value.run,
        "item": value.item,
        "attempt": value.attempt,
        "amount": None if value.amount is None else format_usd(value.amount),
        "currency": CURRENCY,
        "basis": value.basis,
        "reservation_used": format_usd(value.reserved),
        "price_version": value.price_version,
        "provider": value.provider,
        "model": value.model,
        "provider_request_id": value.provider_request_id,
    }


def _problem(value: Item) -> Document | None:
    if value.error is None:
        return None
    return {
        "code": value.error.code,
        "detail": value.error.message,
        "retryable": value.error.retryable,
    }
