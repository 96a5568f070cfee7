"""Sizes of stored settings: whether models can make them, and the nearest ones that they can."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date

from studio.domain.catalogue.catalogue import ModelCard
from studio.domain.catalogue.orderable import card_of_day, resolve_model
from studio.domain.catalogue.sizes import Size, nearest_size, serves, size_of
from studio.domain.operations.values import Quality
from studio.domain.routing.choice import candidate_models
from studio.errors import FieldError

_GENERATE = "generate"


def models_for(
    provider: str | None,
    model: str | None,
    providers: Sequence[str],
    day: date,
    quality: Quality = "standard",
) -> list[ModelCard]:
    """Return the models that may make the images of an order.

    Args:
        provider: The provider of the order, None for the automatic choice.
        model: Its model, None for the default one.
        providers: Those of the automatic choice.
        day: The day of the order (UTC).
        quality: The quality level of the order.

    Raises:
        UnknownProviderError, UnknownModelError: the catalogue lacks the provider or model.
        OperationUnsupportedError: the model generates no images.
    """
    if provider is not None:
        return [resolve_model(provider, model, _GENERATE, quality, day=day)[0]]
    named = candidate_models(providers, _GENERATE, quality, day)
    return [card_of_day(maker, day).models[name] for maker, name in named]


def size_errors(models: Sequence[ModelCard], sizes: Mapping[str, str]) -> Iterator[FieldError]:
    """Yield an error for each size that none of some models can make.

    Args:
        models: At least one.
        sizes: Sizes such as ``640x480`` by the pointers of their fields.
    """
    longest = max(model.sizes.max_ratio for model in models)
    who = models[0].title if len(models) == 1 else "no configured model"
    makes = "makes no format" if len(models) == 1 else "makes a format"
    for pointer, size in sizes.items():
        if not any(serves(model.sizes, *size_of(size)) for model in models):
            yield FieldError(pointer, "ratio-not-offered", f"{who} {makes} longer than {longest}:1")


def fitted(models: Sequence[ModelCard], sizes: Collection[Size]) -> dict[Size, Size]:
    """Return the size to order in the place of each size, such that one model can make all.

    A size that the model can make stands for itself. Without a model, each one does.
    """
    if not models:
        return {size: size for size in sizes}
    best = max(
        models,
        key=lambda one: (sum(serves(one.sizes, *size) for size in sizes), one.sizes.max_ratio),
    )
    return {size: nearest_size(best.sizes, *size) for size in sizes}
