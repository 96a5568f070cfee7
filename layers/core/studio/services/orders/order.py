"""From a valid job body to the order that the services understand.

Here is also what the fields must be together, which no single field can say.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from hashlib import sha256
from math import isqrt

from studio.domain.catalogue.catalogue import provider_card, provider_ids
from studio.domain.jobs.model import DIRECT, Origin, SourceRef
from studio.domain.operations.table import operation_of
from studio.domain.operations.values import Quality, Role
from studio.domain.orders.prompt_parts import PromptParts
from studio.domain.orders.request import ImageRequest, JobRequest
from studio.domain.prompts.persona import Persona
from studio.domain.templates.model import Template
from studio.errors import FieldError, InvalidRequestError
from studio.money import parse_usd
from studio.services.orders.body import (
    MAX_SEED,
    MAX_SIDE,
    MIN_SIDE,
    FilesBody,
    ItemBody,
    JobBody,
    ProviderBody,
    SourceBody,
)
from studio.services.orders.output import output_plan

_DEFAULT_SIDES = (1024, 1024)
_PIXELS_OF_A_RATIO = 1024 * 1024
_STEP_OF_A_RATIO = 16
_ROLES: tuple[Role, ...] = ("mask", "style_image", "background", "lighting", "audio")
_IN_AN_ITEM = re.compile(r"/items/([0-9]+)/([^/]+)(.*)")

Sides = tuple[int, int]
WantedSides = tuple[int, int] | tuple[None, None]
Sources = Mapping[SourceBody, SourceRef]


def order_of(
    body: JobBody,
    *,
    created_by: str,
    providers: tuple[str, ...],
    find: Callable[[JobBody], Sources],
    seed_source: str = "",
    origin: Origin = DIRECT,
    persona: Persona | None = None,
    template: Template | None = None,
) -> JobRequest:
    """Make the order of a body.

    Args:
        body: What the caller sent.
        created_by: The user, for the record.
        find: Finds the sources that the body names, once it is known to be sound.
        origin: Where the order comes from; the body's folder is added to it.
        providers: Who may make images for a body that names no provider, the preferred first.
        seed_source: What the seeds of variations are derived from where the caller gave none:
            the Idempotency-Key, so that one request always gives the same pictures, and the
            same words sent again give new ones.
        persona: The one that the body names.
        template: The same; it gives what the body does not say.

    Raises:
        InvalidRequestError: fields that do not go together.
    """
    wrong = tuple(_contradictions(body))
    if wrong:
        raise InvalidRequestError(*wrong)
    found = find(body)
    wanted = body.provider or ProviderBody()
    sides = _sides(body, template)
    return JobRequest(
        operation=str(body.operation),
        images=(
            _variations(body, sides, seed_source, found)
            if body.items is None
            else _items(body, body.items, sides, found)
        ),
        provider=wanted.id,
        providers=providers,
        fallback=tuple((other.id, other.model) for other in wanted.fallback or ()),
        allow_fallback=wanted.allow_fallback,
        created_by=created_by,
        model=wanted.model,
        quality=_quality(body, template),
        strict=body.strict,
        output_format=body.output.format,
        output_quality=body.output.quality,
        output=output_plan(body.output),
        steps=body.steps,
        guidance=None if body.guidance is None else f"{body.guidance:f}",
        strength=None if body.strength is None else f"{body.strength:f}",
        name=body.name,
        max_cost=dollars(body.max_cost),
        labels=tuple(body.labels.items()),
        origin=replace(origin, folder=body.folder),
        notify_email=body.notify.email if body.notify else None,
        wording=PromptParts(persona, body.enhance_prompt, template),
        suggested=template.provider if template and body.provider is None else None,
    )


def named_sources(body: JobBody) -> Iterator[tuple[str, SourceBody]]:
    """Walk over the files of a body with the pointer of each."""
    yield from _named_files(body, "")
    for number, item in enumerate(body.items or ()):
        yield from _named_files(item, f"/items/{number}")


def _named_files(body: FilesBody, place: str) -> Iterator[tuple[str, SourceBody]]:
    for index, source in enumerate(body.sources or ()):
        yield f"{place}/sources/{index}", source
    for role in _ROLES:
        source = getattr(body, role)
        if source is not None:
            yield f"{place}/{role}", source


def refuse_inline(body: JobBody) -> None:
    """Refuse pictures inside a body that is kept: they are uploaded once and named.

    Raises:
        InvalidRequestError: names each of them.
    """
    detail = "What is kept names pictures: upload this one and give its asset_id"
    inline = [
        FieldError(f"{pointer}/base64", "not-allowed", detail)
        for pointer, source in named_sources(body)
        if source.base64
    ]
    if inline:
        raise InvalidRequestError(*inline)


def dollars(amount: str | None) -> int | None:
    """Read an optional amount as micro-dollars."""
    return None if amount is None else parse_usd(amount)


@contextmanager
def map_pointers(body: JobBody) -> Iterator[None]:
    """Let the errors of an order name the fields that the caller wrote.

    The services know images only: of a body with one prompt, or with one size for all its
    items, they name places that the body does not have.
    """
    try:
        yield
    except InvalidRequestError as error:
        fields = {
            replace(field, pointer=_place(field.pointer, body)): None for field in error.fields
        }
        raise type(error)(*fields) from None


def _place(pointer: str, body: JobBody) -> str:
    match = _IN_AN_ITEM.fullmatch(pointer)
    if match:
        item = body.items[int(match[1])] if body.items else ItemBody()
        if getattr(item, match[2], None) is not None:
            return pointer
        pointer = f"/{match[2]}{match[3]}"
    if pointer == "/size" and body.width is not None:
        return "/width"
    if pointer == "/size" and body.aspect_ratio is not None:
        return "/aspect_ratio"
    if pointer == "/size" and body.size is None and body.template_id is not None:
        return "/template_id"
    if pointer == "/negative_prompt" and body.negative_prompt is None:
        by_template = body.persona_id is None and body.template_id is not None
        return "/template_id" if by_template else "/persona_id"
    return pointer


def _variations(
    body: JobBody, sides: WantedSides, seed_source: str, found: Sources
) -> tuple[ImageRequest, ...]:
    width, height = sides
    spare = _derived_seed(seed_source) if body.variations > 1 else None
    sources = _files(body, body, found)
    return tuple(
        ImageRequest(
            prompt=body.prompt,
            width=width,
            height=height,
            negative_prompt=body.negative_prompt,
            seed=None if body.seed is None else body.seed + index,
            default_seed=None if spare is None else spare + index,
            sources=sources,
            options=body.input or {},
        )
        for index in range(body.variations)
    )


def _items(
    body: JobBody, items: list[ItemBody], common: WantedSides, found: Sources
) -> tuple[ImageRequest, ...]:
    orders = []
    for item in items:
        width, height = _split(item.size) if item.size else common
        orders.append(
            ImageRequest(
                prompt=item.prompt,
                width=width,
                height=height,
                negative_prompt=_either(item.negative_prompt, body.negative_prompt),
                seed=body.seed if item.seed is None else item.seed,
                sources=_files(item, body, found),
                label=item.label,
                type=item.type,
                position=item.position,
                title=item.title,
                options={**(body.input or {}), **(item.input or {})},
            )
        )
    return tuple(orders)


def _files(own: FilesBody, common: FilesBody, found: Sources) -> tuple[SourceRef, ...]:
    """Return the files of an image, the pictures that it starts from first."""
    files = [found[source] for source in own.sources or common.sources or ()]
    for role in _ROLES:
        source = getattr(own, role) or getattr(common, role)
        if source is not None:
            files.append(replace(found[source], role=role))
    return tuple(files)


def _either(own: str | None, common: str | None) -> str | None:
    return common if own is None else own


def _derived_seed(source: str) -> int:
    """Return a seed of 31 bits."""
    return int.from_bytes(sha256(source.encode()).digest()[:4]) >> 1


def _sides(body: JobBody, template: Template | None) -> WantedSides:
    """Return the size of all images that do not say it themselves."""
    if body.size:
        return _split(body.size)
    if body.width and body.height:
        return body.width, body.height
    if body.aspect_ratio:
        return sides_of_ratio(body.aspect_ratio)
    if template and template.width and template.height:
        return template.width, template.height
    if template and template.aspect_ratio:
        return sides_of_ratio(template.aspect_ratio)
    return _DEFAULT_SIDES if operation_of(str(body.operation)).sized else (None, None)


def _quality(body: JobBody, template: Template | None) -> Quality:
    if template and template.quality and "quality" not in body.model_fields_set:
        return template.quality
    return body.quality


def _split(size: str) -> Sides:
    width, height = size.split("x")
    return int(width), int(height)


def sides_of_ratio(ratio: str) -> Sides:
    """Return sides of about a megapixel, each a multiple of 16."""
    across, down = (int(part) for part in ratio.split(":"))
    return _side(across, down), _side(down, across)


def _side(own: int, other: int) -> int:
    return round(isqrt(_PIXELS_OF_A_RATIO * own // other) / _STEP_OF_A_RATIO) * _STEP_OF_A_RATIO


def _contradictions(body: JobBody) -> Iterator[FieldError]:
    """Find what is wrong between fields that are right by themselves."""
    if body.operation is None:
        yield FieldError("/operation", "required", "Name the operation, or a recipe that has one")
    elif (
        body.prompt is None
        and body.items is None
        and operation_of(body.operation).prompt == "required"
    ):
        yield FieldError("/prompt", "required", "Give a prompt, or items with a prompt each")
    if body.prompt is not None and body.items is not None:
        yield FieldError("/items", "exclusive", "Give either a prompt or items, not both")
    if body.items is not None and "variations" in body.model_fields_set:
        yield FieldError("/variations", "exclusive", "Variations are of one prompt, not of items")
    if body.seed is not None and body.seed + body.variations - 1 > MAX_SEED:
        yield FieldError("/seed", "out-of-range", f"The last variation's seed is above {MAX_SEED}")
    yield from _size_contradictions(body)
    if body.operation == "social.optimize" and not (body.output.formats or body.output.renditions):
        detail = "Name formats of platforms, or presets such as essentials"
        yield FieldError("/output/formats", "required", detail)
    for pointer, source in named_sources(body):
        if len(source.model_fields_set) != 1:
            yield FieldError(
                pointer, "exclusive", "Name one of asset_id, upload_id, url and base64"
            )
    if body.provider is not None:
        yield from _provider_contradictions(body.provider)


def _size_contradictions(body: JobBody) -> Iterator[FieldError]:
    if (body.width is None) != (body.height is None):
        missing = "width" if body.width is None else "height"
        yield FieldError(f"/{missing}", "required", "Width and height go together")
    by_sides = body.width is not None or body.height is not None
    if body.size is not None and by_sides:
        yield FieldError("/width", "exclusive", "The size is given already by size")
    if body.aspect_ratio is None:
        return
    if body.size is not None or by_sides:
        yield FieldError("/aspect_ratio", "exclusive", "The size is given already in pixels")
    if not all(MIN_SIDE <= side <= MAX_SIDE for side in sides_of_ratio(body.aspect_ratio)):
        detail = f"At one megapixel a side is outside {MIN_SIDE} to {MAX_SIDE} pixels"
        yield FieldError("/aspect_ratio", "out-of-range", detail)


def _provider_contradictions(provider: ProviderBody) -> Iterator[FieldError]:
    if provider.mode == "auto" and (provider.id or provider.model):
        yield FieldError(
            "/provider/mode", "exclusive", "Mode auto chooses; it takes no id or model"
        )
    elif provider.id is None and (provider.mode == "manual" or provider.model):
        yield FieldError("/provider/id", "required", "Name the provider")
    elif provider.id == "auto":
        detail = 'auto is no provider: use {"mode": "auto"}'
        yield FieldError("/provider/id", "provider-unknown", detail)
    named = [other.id for other in provider.fallback or ()]
    if named and provider.allow_fallback is False:
        detail = "It names substitutes, and allow_fallback forbids them"
        yield FieldError("/provider/fallback", "exclusive", detail)
    if len(set(named)) < len(named):
        yield FieldError("/provider/fallback", "duplicate", "Name each provider once")
    for index, other in enumerate(provider.fallback or ()):
        place = f"/provider/fallback/{index}"
        if other.id not in provider_ids():
            detail = f"unknown provider; known: {', '.join(provider_ids())}"
            yield FieldError(f"{place}/id", "provider-unknown", detail)
        elif other.model is not None and not _has(other.id, other.model):
            detail = f"{other.id} has no model {other.model}"
            yield FieldError(f"{place}/model", "model-unknown", detail)


def _has(provider: str, model: str) -> bool:
    card = provider_card(provider)
    return model in card.models or model in card.retired
