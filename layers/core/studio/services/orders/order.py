"""Orders from job bodies: the domain's view of what a caller sends."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from hashlib import sha256

from studio.domain.jobs.image_spec import SourceRef
from studio.domain.jobs.model import DIRECT, NO_DEFAULTS, OrderDefaults, Origin
from studio.domain.operations.values import Quality
from studio.domain.orders.prompt_parts import PromptParts
from studio.domain.orders.request import ImageRequest, JobRequest
from studio.domain.prompts.persona import Persona
from studio.domain.templates.model import Template
from studio.money import parse_usd
from studio.services.orders.body import ItemBody, JobBody, ProviderBody
from studio.services.orders.body_pointers import item_pointers, pointers_of
from studio.services.orders.body_size import common_size, split_size
from studio.services.orders.fill import fill
from studio.services.orders.named_sources import ResolvedSources, files_of
from studio.services.orders.output import output_plan
from studio.services.orders.validation import check_body


@dataclass(frozen=True, slots=True)
class OrderContext:
    """Values that an order takes besides its body.

    Attributes:
        created_by: The user, for the record.
        day: The day of the order (UTC).
        providers: The providers to choose from for a body that names none, the preferred first.
        find: Resolves the sources that the body names; it is called with a valid body.
        seed_source: The Idempotency-Key, from which the seeds of variations are derived. So a
            repeated request gives the same images, and a new one gives others.
        origin: Where the order comes from; the body's folder is added to it.
        persona: The persona that the body names.
        template: The template that the body names; it gives what the body leaves out.
        defaults: Reads what the account's settings give; called if the body leaves that out.
    """

    created_by: str
    day: date
    providers: tuple[str, ...]
    find: Callable[[JobBody], ResolvedSources]
    seed_source: str = ""
    origin: Origin = DIRECT
    persona: Persona | None = None
    template: Template | None = None
    defaults: Callable[[], OrderDefaults] = lambda: NO_DEFAULTS


def job_request_of(body: JobBody, context: OrderContext) -> JobRequest:
    """Return the order of a body.

    Raises:
        InvalidRequestError: fields that do not go together.
    """
    check_body(body)
    template = context.template
    filling = fill(body, template, context.defaults, context.day)
    body = filling.body
    order = JobRequest(
        operation=str(body.operation),
        images=_images(body, template, context.seed_source, context.find(body)),
        provider=None,
        providers=context.providers,
        created_by=context.created_by,
        day=context.day,
        quality=_quality(body, template),
        strict=body.strict,
        output_format=body.output.format,
        output_quality=body.output.quality,
        output=output_plan(body.output),
        steps=body.steps,
        guidance=_decimal_text(body.guidance),
        strength=_decimal_text(body.strength),
        name=body.name,
        max_cost=dollars(body.max_cost),
        labels=tuple(body.labels.items()),
        origin=replace(context.origin, folder=body.folder),
        notify_email=body.notify.email if body.notify else None,
        prompt_parts=PromptParts(context.persona, body.enhance_prompt, template),
        suggested=template.provider if template and body.provider is None else None,
        filled=filling.members,
        notes=filling.notes,
    )
    return order if body.provider is None else _with_provider(order, body.provider)


def dollars(amount: str | None) -> int | None:
    """Return an optional amount of dollars as micro-dollars."""
    return None if amount is None else parse_usd(amount)


def _with_provider(order: JobRequest, provider: ProviderBody) -> JobRequest:
    """Return the order with the provider and the substitutes that its body names."""
    return replace(
        order,
        provider=provider.id,
        model=provider.model,
        fallback=tuple((other.id, other.model) for other in provider.fallback or ()),
        allow_fallback=provider.allow_fallback,
    )


def _images(
    body: JobBody, template: Template | None, seed_source: str, sources: ResolvedSources
) -> tuple[ImageRequest, ...]:
    (width, height), size_pointer = common_size(body, template)
    common = ImageRequest(
        prompt=body.prompt,
        width=width,
        height=height,
        negative_prompt=body.negative_prompt,
        seed=body.seed,
        label=body.label,
        sources=files_of(body, body, sources),
        options=body.input or {},
        pointers=pointers_of(body, size_pointer),
    )
    if body.items is None:
        return tuple(_variations(common, body.variations, seed_source))
    return tuple(
        replace(
            _item_image(item, common, files_of(item, body, sources)),
            pointers=item_pointers(item, index, body, size_pointer),
        )
        for index, item in enumerate(body.items)
    )


def _variations(common: ImageRequest, count: int, seed_source: str) -> Iterator[ImageRequest]:
    first = _derived_seed(seed_source) if count > 1 else None
    for index in range(count):
        yield replace(
            common,
            seed=None if common.seed is None else common.seed + index,
            default_seed=None if first is None else first + index,
        )


def _item_image(
    item: ItemBody, common: ImageRequest, sources: tuple[SourceRef, ...]
) -> ImageRequest:
    """Return the image of an item; ``common`` gives what the item leaves out."""
    width, height = split_size(item.size) if item.size else (common.width, common.height)
    negative_prompt = item.negative_prompt
    return replace(
        common,
        prompt=item.prompt,
        width=width,
        height=height,
        negative_prompt=common.negative_prompt if negative_prompt is None else negative_prompt,
        seed=common.seed if item.seed is None else item.seed,
        sources=sources,
        label=item.label or common.label,
        type=item.type,
        position=item.position,
        title=item.title,
        options={**common.options, **(item.input or {})},
    )


def _derived_seed(source: str) -> int:
    """Return a seed of 31 bits."""
    return int.from_bytes(sha256(source.encode()).digest()[:4]) >> 1


def _quality(body: JobBody, template: Template | None) -> Quality:
    if template and template.quality and "quality" not in body.model_fields_set:
        return template.quality
    return body.quality


def _decimal_text(number: Decimal | None) -> str | None:
    return None if number is None else f"{number:f}"
