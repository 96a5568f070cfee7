"""Checks of what a body's fields must be together, which no single field can tell."""

from collections.abc import Iterator

from studio.domain.catalogue.catalogue import provider_card
from studio.domain.catalogue.entries import provider_ids
from studio.domain.operations.table import operation_of
from studio.errors import (
    FieldError,
    InvalidRequestError,
    UnknownModelError,
    UnknownProviderError,
)
from studio.services.orders.body import MAX_SEED, MAX_SIDE, MIN_SIDE, JobBody, ProviderBody
from studio.services.orders.body_size import sides_of_ratio
from studio.services.orders.named_sources import named_sources


def check_body(body: JobBody) -> None:
    """Check that the fields of a body go together.

    Raises:
        InvalidRequestError: names every field that does not.
    """
    errors = tuple(_contradictions(body))
    if errors:
        raise InvalidRequestError(*errors)


def _contradictions(body: JobBody) -> Iterator[FieldError]:
    yield from _operation_errors(body)
    yield from _prompt_errors(body)
    yield from _size_errors(body)
    yield from _format_errors(body)
    yield from _source_errors(body)
    if body.provider is not None:
        yield from _provider_errors(body.provider)
        yield from _fallback_errors(body.provider)


def _operation_errors(body: JobBody) -> Iterator[FieldError]:
    if body.operation is None:
        yield FieldError("/operation", "required", "Name the operation, or a recipe that has one")
        return
    without_prompt = body.prompt is None and body.items is None
    if without_prompt and operation_of(body.operation).prompt == "required":
        yield FieldError("/prompt", "required", "Give a prompt, or items with a prompt each")


def _prompt_errors(body: JobBody) -> Iterator[FieldError]:
    if body.prompt is not None and body.items is not None:
        yield FieldError("/items", "exclusive", "Give either a prompt or items, not both")
    if body.items is not None and "variations" in body.model_fields_set:
        yield FieldError("/variations", "exclusive", "Variations are of one prompt, not of items")
    if body.seed is not None and body.seed + body.variations - 1 > MAX_SEED:
        yield FieldError("/seed", "out-of-range", f"The last variation's seed is above {MAX_SEED}")


def _size_errors(body: JobBody) -> Iterator[FieldError]:
    if (body.width is None) != (body.height is None):
        missing = "width" if body.width is None else "height"
        yield FieldError(f"/{missing}", "required", "Width and height go together")
    has_sides = body.width is not None or body.height is not None
    if body.size is not None and has_sides:
        yield FieldError("/width", "exclusive", "The size is given already by size")
    if body.aspect_ratio is not None:
        in_pixels = body.size is not None or has_sides
        yield from _ratio_errors(body.aspect_ratio, in_pixels=in_pixels)


def _ratio_errors(ratio: str, *, in_pixels: bool) -> Iterator[FieldError]:
    if in_pixels:
        yield FieldError("/aspect_ratio", "exclusive", "The size is given already in pixels")
    if not all(MIN_SIDE <= side <= MAX_SIDE for side in sides_of_ratio(ratio)):
        detail = f"At one megapixel a side is outside {MIN_SIDE} to {MAX_SIDE} pixels"
        yield FieldError("/aspect_ratio", "out-of-range", detail)


def _format_errors(body: JobBody) -> Iterator[FieldError]:
    if body.operation == "social.optimize" and not (body.output.formats or body.output.renditions):
        detail = "Name formats of platforms, or presets such as essentials"
        yield FieldError("/output/formats", "required", detail)


def _source_errors(body: JobBody) -> Iterator[FieldError]:
    for pointer, source in named_sources(body):
        if len(source.model_fields_set) != 1:
            detail = "Name one of asset_id, upload_id, url and base64"
            yield FieldError(pointer, "exclusive", detail)


def _provider_errors(provider: ProviderBody) -> Iterator[FieldError]:
    if provider.mode == "auto" and (provider.id or provider.model):
        detail = "Mode auto chooses; it takes no id or model"
        yield FieldError("/provider/mode", "exclusive", detail)
    elif provider.id is None and (provider.mode == "manual" or provider.model):
        yield FieldError("/provider/id", "required", "Name the provider")
    elif provider.id == "auto":
        detail = 'auto is no provider: use {"mode": "auto"}'
        yield FieldError("/provider/id", UnknownProviderError.code, detail)


def _fallback_errors(provider: ProviderBody) -> Iterator[FieldError]:
    fallback = provider.fallback or []
    if fallback and provider.allow_fallback is False:
        detail = "It names substitutes, and allow_fallback forbids them"
        yield FieldError("/provider/fallback", "exclusive", detail)
    if len({other.id for other in fallback}) < len(fallback):
        yield FieldError("/provider/fallback", "duplicate", "Name each provider once")
    for index, other in enumerate(fallback):
        yield from _unknown_errors(f"/provider/fallback/{index}", other.id, other.model)


def _unknown_errors(pointer: str, provider: str, model: str | None) -> Iterator[FieldError]:
    if provider not in provider_ids():
        detail = f"unknown provider; known: {', '.join(provider_ids())}"
        yield FieldError(f"{pointer}/id", UnknownProviderError.code, detail)
        return
    card = provider_card(provider)
    if model is not None and model not in card.models and model not in card.retired:
        detail = f"{provider} has no model {model}"
        yield FieldError(f"{pointer}/model", UnknownModelError.code, detail)
