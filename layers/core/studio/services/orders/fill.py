"""Filling a job body: the account's stored settings give what body and template leave open."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from studio.domain.catalogue.entries import provider_ids
from studio.domain.catalogue.lifecycle import living
from studio.domain.catalogue.orderable import card_of_day, default_model
from studio.domain.jobs.model import OrderDefaults
from studio.domain.operations.model import Operation
from studio.domain.operations.table import operation_of
from studio.domain.templates.model import Template
from studio.services.orders.body import JobBody, ProviderBody


@dataclass(frozen=True, slots=True)
class Filling:
    """A body with what the settings give.

    Attributes:
        members: What they gave: ``provider``, ``model``, ``format``.
        notes: Warnings of what they could not give.
    """

    body: JobBody
    members: frozenset[str] = frozenset()
    notes: tuple[str, ...] = ()


def fill(
    body: JobBody, template: Template | None, read: Callable[[], OrderDefaults], day: date
) -> Filling:
    """Return a body filled from the stored settings.

    A provider that does not offer the operation is not filled in, and a note says so. A body
    without an operation is returned as it is.

    Args:
        body: The body, merged with its recipe.
        template: Its template, whose preferred provider comes before the settings.
        read: Reads the settings; called if the body leaves open what they can give.
        day: The day of the order (UTC), which decides what models have ended.
    """
    if body.operation is None or operation_of(body.operation).passthrough:
        return Filling(body)
    operation = operation_of(body.operation)
    has_provider, has_format = _model_is_open(body, template), _format_is_open(body, operation)
    if not has_provider and not has_format:
        return Filling(body)
    defaults = read()
    filling = _with_model(body, defaults, day) if has_provider else Filling(body)
    return _with_format(filling, operation, defaults) if has_format else filling


def _model_is_open(body: JobBody, template: Template | None) -> bool:
    """Tell whether a body leaves open the provider, or the model of the provider it names."""
    provider = body.provider or ProviderBody()
    if provider.mode == "auto" or provider.model is not None:
        return False
    if provider.id is not None:
        return True
    return provider.mode is None and (template is None or template.provider is None)


def _format_is_open(body: JobBody, operation: Operation) -> bool:
    inputs = [body.input, *(item.input for item in body.items or ())]
    has_preset = any("preset" in options for options in inputs if options)
    return body.output.format is None and operation.produces == "image" and not has_preset


def _with_model(body: JobBody, defaults: OrderDefaults, day: date) -> Filling:
    sent, name = body.provider or ProviderBody(), defaults.provider
    if name is None or sent.id not in (None, name):
        return Filling(body)
    if name not in provider_ids():
        return Filling(body, notes=(f"The settings name {name}, which the studio does not have.",))
    operation = str(body.operation)
    card = card_of_day(name, day)
    if default_model(card, operation, body.quality) is None:
        note = f"{card.title}, the provider of the settings, does not offer {operation}."
        return Filling(body, notes=() if sent.id else (f"{note} The studio chooses one.",))
    given: dict[str, str] = {} if sent.id else {"provider": name}
    notes: tuple[str, ...] = ()
    if defaults.model is not None:
        model = living(defaults.model, card.retired)
        if model in card.models and operation in card.models[model].operations:
            given["model"] = model
            gone = card.retired.get(defaults.model)
            notes = (f"{gone.end}: {model} is used instead.",) if gone else ()
        else:
            notes = (f"{model}, the model of the settings, does not do {operation}.",)
    changes = {"id": name, "model": given.get("model")}
    filled = body.model_copy(update={"provider": sent.model_copy(update=changes)})
    return Filling(filled, frozenset(given), notes)


def _with_format(filling: Filling, operation: Operation, defaults: OrderDefaults) -> Filling:
    body, wanted = filling.body, defaults.output_format
    if wanted is None:
        return filling
    if operation.transparent and wanted == "jpg":
        note = "JPEG, the format of the settings, has no transparency: it was not used."
        return Filling(body, filling.members, (*filling.notes, note))
    output = body.output.model_copy(update={"format": wanted})
    filled = body.model_copy(update={"output": output})
    return Filling(filled, filling.members | {"format"}, filling.notes)
