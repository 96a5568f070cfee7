"""Serializers of jobs, their images and their logs."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from studio.api.http.links import Sign
from studio.api.http.serializers import cost, framing, money, time_text
from studio.clock import rfc3339
from studio.domain.assets.model import thumbnail_key
from studio.domain.contents.names import slot_id
from studio.domain.jobs import progress
from studio.domain.jobs.image_spec import ImageSpec, SourceRef
from studio.domain.jobs.model import (
    Counts,
    Item,
    ItemError,
    Job,
    JobStatus,
    LogLine,
    Origin,
    ProviderChoice,
)
from studio.money import format_usd

if TYPE_CHECKING:
    from studio.api.http.responses import Page
    from studio.api.jobs import image_responses, responses

LEGACY_STATES: "dict[JobStatus, responses.LegacyState]" = {
    "queued": "PENDING",
    "running": "PROGRESS",
    "cancelling": "PROGRESS",
    "succeeded": "SUCCESS",
    "partially_succeeded": "SUCCESS",
    "failed": "FAILURE",
    "cancelled": "FAILURE",
}


def job(value: Job, items: tuple[Item, ...] | None = None) -> "responses.Job":
    """Return a job without its images.

    Its images tell whether it waits. Without them the document does not say so.
    """
    path = f"/v1/jobs/{value.job_id}"
    document: responses.Job = {
        "id": value.job_id,
        "operation": value.operation,
        "name": value.name,
        "status": value.status,
        "run": value.run,
        "counts": _counts(value.counts),
        "progress": {
            "percent": progress.job_percent(value, items),
            "images_percent": progress.images_percent(value.counts),
        },
        "cost": _job_cost(value),
        "provider": _choice(value.choice) if value.choice else None,
        "labels": dict(value.labels),
        "warnings": list(value.warnings),
        **_origin(value.origin),
        "content_ids": list(value.content_ids),
        "created_by": value.created_by,
        "created_at": rfc3339(value.created_at),
        "started_at": time_text(value.started_at),
        "finished_at": time_text(value.finished_at),
        "waiting": _waiting_of(items or ()),
        "links": {
            "progress": f"{path}/progress",
            "items": f"{path}/items",
            "logs": f"{path}/logs",
            "ledger": f"{path}/ledger",
        },
        "legacy": _legacy(value),
    }
    if items is None:
        del document["waiting"]
    return document


def jobs(values: Sequence[Job], page: "Page", sign: Sign) -> "responses.JobList":
    """Return a page of jobs, each with the picture of its newest image."""
    listed: list[responses.ListedJob] = [
        {**job(value), "thumbnail_url": _thumbnail(value.tenant, value.latest_asset_id, sign)}
        for value in values
    ]
    return {"data": listed, "page": page}


def item(value: Item, sign: Sign) -> "image_responses.Item":
    """Return one image of a job, with its request and its result."""
    spec = value.spec
    return {
        "item": value.number,
        "status": value.status,
        "stage": value.stage,
        "label": spec.label,
        "type": spec.type,
        "position": spec.position,
        "title": spec.title,
        "content_image_id": _slot(spec),
        "prompt": spec.prompt,
        "original_prompt": spec.original_prompt,
        "persona": spec.persona,
        "template": spec.template,
        "negative_prompt": spec.negative_prompt,
        "operation": spec.operation,
        "input": dict(spec.options),
        "size": size(spec),
        "quality": spec.quality,
        "output": _output(spec),
        "provider": _made_by(spec),
        "seed": spec.seed,
        "sources": [_source(source) for source in spec.sources],
        "strength": spec.strength,
        "attempts": value.attempt,
        "asset_id": _made(value),
        "thumbnail_url": _thumbnail(value.tenant, _made(value), sign),
        "estimate": cost(value.estimate),
        "cost": cost(value.cost) if value.cost else None,
        "problem": _problem(value.error) if value.error else None,
        "warnings": list(spec.warnings),
        "started_at": time_text(value.started_at),
        "finished_at": time_text(value.finished_at),
        "waiting": _waiting(value),
    }


def items(values: Sequence[Item], page: "Page", sign: Sign) -> "responses.ItemList":
    """Return a page of a job's images."""
    return {"data": [item(value, sign) for value in values], "page": page}


def _made(value: Item) -> str | None:
    """Return the asset of an image, None unless it succeeded."""
    return value.asset_id if value.status == "succeeded" else None


def _thumbnail(tenant: str, asset_id: str | None, sign: Sign) -> str | None:
    return sign(thumbnail_key(tenant, asset_id)) if asset_id else None


def provider(name: str, model: str) -> "image_responses.ItemProvider":
    """Return a provider with one of its models."""
    return {"id": name, "model": model}


def size(spec: ImageSpec) -> str | None:
    """Return the ordered size, None where source and operation decide it."""
    return f"{spec.width}x{spec.height}" if spec.width else None


def _counts(value: Counts) -> "responses.Counts":
    return {
        "total": value.total,
        "succeeded": value.succeeded,
        "failed": value.failed,
        "skipped": value.skipped,
        "cancelled": value.cancelled,
        "unknown": value.unknown,
    }


def _job_cost(value: Job) -> "responses.JobCost":
    return {
        **money(value.cost),
        "basis": "unknown" if value.unknown_costs else "settled",
        "unknown_entries": value.unknown_costs,
        "reserved": format_usd(value.reserved),
        "max_cost": None if value.max_cost is None else format_usd(value.max_cost),
    }


def _made_by(spec: ImageSpec) -> "image_responses.MadeBy":
    replaced = spec.replaced
    return {
        **provider(spec.provider, spec.model),
        "asked": provider(replaced.provider, replaced.model) if replaced else None,
        "why": replaced.why if replaced else None,
        "fallback": [provider(one.provider, one.model) for one in spec.substitutes],
    }


def _choice(value: ProviderChoice) -> "responses.JobProvider":
    chosen = provider(value.provider, value.model)
    return {"asked": value.asked, "chosen": chosen, "reason": value.reason}


def _origin(value: Origin) -> "responses.JobOrigin":
    return {
        "folder": value.folder,
        "recipe": _recipe(value),
        "batch_id": value.batch_id,
        "schedule_id": value.schedule_id,
    }


def _recipe(value: Origin) -> "responses.RecipeUsed | None":
    if value.recipe_id is None or value.recipe_version is None:
        return None
    return {"id": value.recipe_id, "version": value.recipe_version}


def _output(spec: ImageSpec) -> "image_responses.Output":
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
        "keep_rights": plan.keep_rights,
    }


def _source(value: SourceRef) -> "image_responses.Source":
    return {"role": value.role, "asset_id": value.asset_id, "url": value.url}


def job_progress(value: Job, items: tuple[Item, ...], sign: Sign) -> "responses.Progress":
    """Return the progress of a job, for clients that poll."""
    stage = progress.job_stage(value, items)
    current = progress.current_item(items)
    return {
        "job_id": value.job_id,
        "state": value.status,
        "phase": stage,
        "phase_label": progress.job_label(value, stage),
        "percent": progress.job_percent(value, items),
        "images_percent": progress.images_percent(value.counts),
        "message": progress.message(value, items),
        "waiting": _waiting_of(items),
        "current_image": current.number if current else None,
        "total_images": value.counts.total,
        "completed": value.counts.succeeded,
        "failed": value.counts.failed,
        "skipped": value.counts.skipped,
        "cancelled": value.counts.cancelled,
        "unknown": value.counts.unknown,
        "cost": money(value.cost),
        "results": [_result(entry, sign) for entry in items],
        "legacy": _legacy(value),
    }


def _result(value: Item, sign: Sign) -> "image_responses.Result":
    spec, made = value.spec, _made(value)
    return {
        "image_id": made,
        "content_image_id": _slot(spec),
        "index": value.number,
        "label": progress.item_name(value),
        "type": spec.type,
        "position": spec.position,
        "content_title": spec.title,
        "status": value.status,
        "stage": value.stage,
        "stage_label": progress.item_label(value),
        "progress": progress.item_percent(value),
        "provider": spec.provider,
        "model": spec.model,
        "image_url": f"/v1/assets/{made}/content" if made else None,
        "thumbnail_url": _thumbnail(value.tenant, made, sign),
        "error": value.error.message if value.error else None,
        "error_code": value.error.code if value.error else None,
        "cost": cost(value.cost) if value.cost else None,
        "started_at": time_text(value.started_at),
        "finished_at": time_text(value.finished_at),
        "waiting": _waiting(value),
    }


def log_lines(value: Job, items: Iterable[Item]) -> "list[responses.LogLine]":
    """Return the log lines of a job and its images, oldest first."""
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


def _waiting_of(items: tuple[Item, ...]) -> "image_responses.Waiting | None":
    held = progress.waiting_item(items)
    return _waiting(held) if held else None


def _waiting(value: Item) -> "image_responses.Waiting | None":
    if value.waiting is None:
        return None
    return {
        "reason": value.waiting.reason,
        "until": rfc3339(value.waiting.until),
        "provider": value.spec.provider,
    }


def _legacy(value: Job) -> "responses.Legacy":
    return {"task_id": value.job_id, "task_state": LEGACY_STATES[value.status]}


def _problem(error: ItemError) -> "image_responses.ItemProblem":
    return {"code": error.code, "detail": error.message, "retryable": error.retryable}


def _slot(spec: ImageSpec) -> str | None:
    return slot_id(spec.slot.content_id, spec.slot.number) if spec.slot else None
