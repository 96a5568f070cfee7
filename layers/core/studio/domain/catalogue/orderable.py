"""The models that can be ordered on a day, and the successors of those that have ended."""

from datetime import date
from functools import lru_cache

from studio.domain.catalogue.catalogue import ModelCard, ProviderCard, provider_card, unknown_model
from studio.domain.catalogue.lifecycle import Lifecycle
from studio.domain.operations.values import Quality
from studio.errors import (
    FieldError,
    InvalidRequestError,
    OperationUnsupportedError,
)


@lru_cache(maxsize=64)
def card_of_day(provider: str, day: date) -> ProviderCard:
    """Return a provider's card as it is on a day (UTC), see ``ProviderCard.on``.

    Raises:
        UnknownProviderError: the catalogue has no such provider.
    """
    return provider_card(provider).on(day)


def resolve_model(
    provider: str,
    model: str | None,
    operation: str = "generate",
    quality: Quality = "standard",
    *,
    day: date,
    strict: bool = False,
) -> tuple[ModelCard, tuple[str, ...]]:
    """Return the model to use, and the warnings for the caller.

    A retired name means its successor. No name means the provider's default for the operation.

    Args:
        provider: The provider.
        model: The name that the caller gives, None for none.
        operation: The operation.
        quality: The quality level that selects the default model.
        day: The day of the order (UTC), which decides what has ended.
        strict: Refuse a retired name.

    Raises:
        UnknownProviderError: the catalogue has no such provider.
        UnknownModelError: the provider has no such model.
        InvalidRequestError: the model is retired, and the order is strict.
        OperationUnsupportedError: the named model, or each model if none is named, cannot do the
            operation.
    """
    card = card_of_day(provider, day)
    name = model or default_model(card, operation, quality)
    if name is None:
        detail = f"{card.title} does not offer {operation}"
        raise OperationUnsupportedError(
            FieldError("/operation", OperationUnsupportedError.code, detail)
        )
    name, warnings = _successor(card, name, strict=strict)
    model_card = _able_model(card, name, operation)
    if model_card.lifecycle.state == "sunset":
        warnings = (*warnings, _ending(name, model_card.lifecycle))
    return model_card, warnings


def serves_quality(card: ProviderCard, model: ModelCard, operation: str, level: Quality) -> bool:
    """Return whether a model makes a quality level, by a word for it or as the level's own model.

    Every model makes the standard level.
    """
    if level == "standard" or model.quality_word(level) is not None:
        return True
    levels = card.defaults.get(operation, {})
    return levels.get(level) == model.id != levels["standard"]


def default_model(card: ProviderCard, operation: str, quality: Quality) -> str | None:
    """Return the default model of an operation, None if no model can do it."""
    if operation in card.defaults:
        levels = card.defaults[operation]
        return levels.get(quality, levels["standard"])
    able = [model.id for model in card.models.values() if operation in model.operations]
    return card.default_model if card.default_model in able else next(iter(able), None)


def _successor(card: ProviderCard, name: str, *, strict: bool) -> tuple[str, tuple[str, ...]]:
    """Return the successor of a retired model with a warning, any other name as it is.

    Raises:
        InvalidRequestError: the model is retired, and the order is strict.
    """
    if name not in card.retired:
        return name, ()
    gone = card.retired[name]
    successor = str(gone.lifecycle.successor)
    if strict:
        detail = f"{gone.end}: change to {successor}"
        raise InvalidRequestError(FieldError("/provider/model", "model-retired", detail))
    return successor, (f"{gone.end}: {successor} is used instead.",)


def _able_model(card: ProviderCard, name: str, operation: str) -> ModelCard:
    """Return a model that can do an operation.

    Raises:
        UnknownModelError: the provider has no such model.
        OperationUnsupportedError: the model cannot do the operation.
    """
    if name not in card.models:
        raise unknown_model(card)
    model = card.models[name]
    if operation not in model.operations:
        detail = f"{model.title} does {', '.join(model.operations)}, not {operation}"
        raise OperationUnsupportedError(
            FieldError("/provider/model", OperationUnsupportedError.code, detail)
        )
    return model


def _ending(name: str, lifecycle: Lifecycle) -> str:
    if lifecycle.ends is None:
        return f"{name} ends on a day not yet named: change to {lifecycle.successor}."
    return f"{name} ends on {lifecycle.ends}: change to {lifecycle.successor} before that day."
