"""The job body of a run, and the order with what only the images of slots have."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from studio.domain.catalogue.catalogue import ModelCard
from studio.domain.contents.queue import Queue, QueueItem
from studio.domain.jobs.model import MAX_ITEMS, ContentClaim
from studio.domain.orders.fitting import fitted
from studio.domain.orders.request import ImageRequest, JobRequest
from studio.domain.prompts.image_template import build_prompt
from studio.domain.renditions.model import OutputPlan
from studio.domain.settings.model import ImageGenerationSettings
from studio.errors import FieldError, InvalidRequestError
from studio.services.contents.read_run_settings import RunSettings
from studio.services.orders.body_size import split_size
from studio.services.orders.output import rendition_spec
from studio.services.orders.output_body import OutputBody, RenditionBody

_MAX_NAME = 200


@dataclass(frozen=True, slots=True)
class Worded:
    """An item of a queue with its final prompt, and a warning if the template did not fit."""

    item: QueueItem
    prompt: str
    warning: str | None


def worded(queue: Queue, settings: RunSettings) -> tuple[Worded, ...]:
    """Return the items of a queue with the prompts that the template makes of theirs."""
    return tuple(
        Worded(
            item,
            *build_prompt(
                settings.image_template,
                item.content.title,
                item.content.meta_title,
                item.prompt,
                settings.images.image_type,
            ),
        )
        for item in queue.items
    )


def fit_sizes(
    images: Sequence[Worded], models: Sequence[ModelCard]
) -> tuple[tuple[Worded, ...], tuple[str, ...]]:
    """Return images in the sizes nearest to theirs that models can make, and what was changed.

    Args:
        images: Those of a run; one without a size stays as it is.
        models: The models that may make them. Those that take no prompt so long are left out.
    """
    longest = max((len(one.prompt) for one in images), default=0)
    able = [model for model in models if model.prompt_max >= longest]
    sizes = dict.fromkeys(size for one in images if (size := one.item.size))
    given = fitted(able, [split_size(size) for size in sizes])
    changed = {
        size: f"{other[0]}x{other[1]}"
        for size in sizes
        if (other := given[split_size(size)]) != split_size(size)
    }
    notes = tuple(
        f"No model of this run makes the size {size} of the settings: {other} is made instead."
        for size, other in changed.items()
    )
    return tuple(_in_size(one, changed) for one in images), notes


def job_body(
    images: Sequence[Worded],
    settings: RunSettings,
    *,
    max_cost: str | None,
    automatic: bool,
) -> dict[str, object]:
    """Return the job body of a run.

    Args:
        images: At least one.
        settings: Those that the run is ordered with.
        max_cost: The caller's limit in dollars, None for none.
        automatic: Whether the studio chooses the provider in place of that of the settings.

    Raises:
        InvalidRequestError: there are more images than a job may have.
    """
    if len(images) > MAX_ITEMS:
        detail = f"The run has {len(images)} images, and a job has at most {MAX_ITEMS}"
        raise InvalidRequestError(FieldError("/ids", "too-many", detail))
    chosen = {"id": settings.images.provider, "model": settings.images.model}
    contents = list(dict.fromkeys(one.item.content.content_id for one in images))
    first = images[0].item.content
    alone = len(contents) == 1
    body: dict[str, object] = {
        "operation": "generate",
        "items": [_item(one) for one in images],
        "provider": {"mode": "auto"} if automatic else _given(chosen),
        "output": {"format": settings.images.image_format},
        "negative_prompt": settings.negative_prompt,
        "name": first.title[:_MAX_NAME] if alone else f"Images of {len(contents)} contents",
        "labels": dict(first.labels) if alone and first.labels else None,
        "max_cost": max_cost,
    }
    return _given(body)


def with_slots(
    order: JobRequest, images: Sequence[Worded], settings: ImageGenerationSettings
) -> JobRequest:
    """Return the order of a run with the slots and files of its images, and their claims."""
    contents = {one.item.content.content_id: one.item.content for one in images}
    return replace(
        order,
        images=[
            _with_slot(request, one.item, order.output, settings)
            for request, one in zip(order.images, images, strict=True)
        ],
        claims=tuple(
            ContentClaim(content.content_id, content.version, content.runs)
            for content in contents.values()
        ),
    )


def _in_size(one: Worded, changed: Mapping[str, str]) -> Worded:
    size = one.item.size
    if size is None or size not in changed:
        return one
    return replace(one, item=replace(one.item, size=changed[size]))


def _item(one: Worded) -> dict[str, object]:
    slot = one.item.slot
    return _given(
        {
            "prompt": one.prompt,
            "label": one.item.label,
            "type": slot.type,
            "position": slot.position,
            "title": one.item.content.title,
            "size": one.item.size,
        }
    )


def _with_slot(
    request: ImageRequest, item: QueueItem, plan: OutputPlan, settings: ImageGenerationSettings
) -> ImageRequest:
    common = OutputBody(format=settings.image_format)
    specs = []
    for name, size in item.renditions:
        width, height = split_size(size)
        specs.append(
            rendition_spec(RenditionBody(name=name, width=width, height=height), "", common)
        )
    return replace(request, slot=item.ref, output=replace(plan, renditions=tuple(specs)))


def _given(members: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in members.items() if value is not None}
