"""SaveImage: copy the image to its final key, then make it an asset in one transaction."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime

from studio.clock import Clock
from studio.domain.assets.model import (
    Asset,
    StoredImage,
    asset_key,
    raw_key,
    rendition_key,
    source_key,
)
from studio.domain.jobs.model import Item, LogLine
from studio.domain.jobs.provenance import rights_of, source_type_of
from studio.domain.jobs.source_recipe import source_members
from studio.domain.jobs.staged_result import StagedResult
from studio.domain.operations.table import operation_of
from studio.domain.renditions.model import Rendition
from studio.money import UNKNOWN, Cost
from studio.ports.blobs import BlobStore
from studio.ports.jobs import ItemEnding, JobStore
from studio.services.workflow import settlement
from studio.services.workflow.end_item import end_item
from studio.services.workflow.staged_renditions import take_list
from studio.services.workflow.steps import ImageTask, StepResult, image_of, result

# A copy waits for S3, so many run at once.
_COPIES = 8


@dataclass(frozen=True, slots=True)
class SaveImage:
    """The service behind the state SaveImage."""

    jobs: JobStore
    blobs: BlobStore
    now: Clock

    def run(self, task: ImageTask, event: Mapping[str, object]) -> StepResult:
        """Save what PostProcess rendered; an item that ended before does not change."""
        if event.get("outcome") != "rendered":
            return result(task, "failed")
        item = self.jobs.enter_stage(task.tenant, task.job_id, task.number, task.attempt, "SAVE")
        if item is None:
            return self._ended_before(task)
        raw = raw_key(task.tenant, task.job_id, task.number, task.attempt)
        waiting = take_list(self.blobs, str(event.get("waiting", "")))
        with ThreadPoolExecutor(max_workers=_COPIES) as pool:
            metadata = pool.submit(self.blobs.metadata, raw)
            image = pool.submit(self._place, item, event["image"], "image")
            thumbnail = pool.submit(self._place, item, event["thumbnail"], "thumbnail")
            renditions = pool.map(lambda one: self._rendition(item, one), waiting.renditions)
        staged = StagedResult.from_metadata(metadata.result() or {})
        at = self.now()
        asset = replace(
            _asset(item, staged, image.result(), thumbnail.result(), at),
            signed_by=waiting.signed_by,
        )
        saved = end_item(
            self.jobs,
            ItemEnding(
                before=item,
                status="succeeded",
                at=at,
                log=_log_line(item, at, (*waiting.notes, *self._remarks(item, staged))),
                asset=asset,
                renditions=tuple(renditions),
                settlement=settlement.settlement(
                    item, staged.cost, at, staged.provider_request_id, staged
                ),
            ),
        )
        return result(task, "succeeded") if saved else self._ended_before(task)

    def _remarks(self, item: Item, staged: StagedResult) -> tuple[str, ...]:
        """Return what the provider and the preparation of a mask have to say."""
        notes = [staged.note]
        for index, source in enumerate(item.spec.sources):
            if source.role == "mask":
                key = source_key(item.tenant, item.job_id, item.number, index, item.switches)
                notes.append((self.blobs.metadata(key) or {}).get("note"))
        return tuple(note for note in notes if note)

    def _ended_before(self, task: ImageTask) -> StepResult:
        """Return the outcome of a repeated save, or of one that came too late."""
        item = self.jobs.get_item(task.tenant, task.job_id, task.number)
        return result(task, "succeeded" if item.status == "succeeded" else "failed")

    def _place(self, item: Item, facts: object, name: str) -> StoredImage:
        if not isinstance(facts, Mapping):
            raise TypeError(f"the state carries no {name}")
        waiting = image_of(facts)
        extension = waiting.key.rpartition(".")[2]
        key = asset_key(item.tenant, item.asset_id, name, extension)
        self.blobs.copy(waiting.key, key)
        return replace(waiting, key=key)

    def _rendition(self, item: Item, made: Rendition) -> Rendition:
        """Copy a rendition's file to its final key, if it has one."""
        if made.file is None:
            return made
        extension = made.file.key.rpartition(".")[2]
        key = rendition_key(item.tenant, item.asset_id, made.name, extension)
        self.blobs.copy(made.file.key, key)
        return replace(made, file=replace(made.file, key=key))


def _asset(
    item: Item, staged: StagedResult, image: StoredImage, thumbnail: StoredImage, at: datetime
) -> Asset:
    creator, notice = rights_of(item.spec)
    return Asset(
        tenant=item.tenant,
        asset_id=item.asset_id,
        job_id=item.job_id,
        item=item.number,
        operation=item.spec.operation,
        kind=operation_of(item.spec.operation).produces,
        created_at=at,
        image=image,
        thumbnail=thumbnail,
        cost=_total(item, staged.cost),
        recipe=_recipe(item, staged),
        label=item.spec.label,
        title=item.spec.title,
        source_type=source_type_of(item.spec),
        folder=item.spec.folder,
        creator=creator,
        copyright=notice,
    )


def _log_line(item: Item, at: datetime, notes: tuple[str, ...]) -> LogLine:
    """Return the log line; notes for the caller make it a warning."""
    text = ". ".join((f"Saved as {item.asset_id}", *notes))
    return LogLine(at, "warning" if notes else "info", "SAVE", text, item.number)


def _total(item: Item, cost: Cost) -> Cost:
    """Return what the image cost in all: this call and earlier paid ones."""
    if item.cost is None:
        return cost
    if item.settled_attempt == item.attempt and item.settled_basis != "unknown":
        return item.cost
    # The newest call may be one of the unknown ones; its cost is known now.
    others = item.unknown_costs - (item.settled_attempt == item.attempt)
    if cost.micros is None or others:
        return UNKNOWN
    return Cost(cost.micros + item.known_cost, cost.basis, cost.price_version)


def _recipe(item: Item, staged: StagedResult) -> dict[str, str | int | None]:
    """Return everything that is needed to make the image again."""
    spec = item.spec
    return {
        "provider": spec.provider,
        "model": spec.model,
        "prompt": spec.prompt,
        "original_prompt": spec.original_prompt,
        "persona": spec.persona,
        "template": spec.template,
        "revised_prompt": staged.revised_prompt,
        "negative_prompt": spec.negative_prompt,
        "seed": staged.seed if staged.seed is not None else spec.seed,
        "steps": spec.steps,
        "guidance": spec.guidance,
        "quality": spec.quality,
        "width": spec.width,
        "height": spec.height,
        "output_format": spec.output_format,
        "output_quality": spec.output_quality,
        "provider_request_id": staged.provider_request_id,
        **source_members(spec),
        **{f"input_{name}": value for name, value in spec.options.items()},
    }
