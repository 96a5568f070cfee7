"""Providers and their models, read from the files of the catalogue."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Literal

from studio.domain.catalogue import parameters, sizes
from studio.domain.catalogue.entries import Process, model_entries, provider_document, provider_ids
from studio.domain.catalogue.lifecycle import (
    Lifecycle,
    RetiredModel,
    lifecycle_of,
    living,
    with_living,
)
from studio.domain.catalogue.limits import (
    OptionLimits,
    SourceRules,
    option_limits_of,
    source_rules_of,
)
from studio.domain.catalogue.parameters import Parameters, Support
from studio.domain.catalogue.prices import Prices, prices_of
from studio.domain.catalogue.sizes import FixedSizes, FreeSizes, Size
from studio.domain.operations.values import OptionValue, Quality
from studio.errors import (
    FieldError,
    UnknownModelError,
    UnknownProviderError,
)
from studio.money import Cost


@dataclass(frozen=True, slots=True)
class ModelCard:
    """A model that the studio can use.

    Attributes:
        id: Id of the model, unique within its provider.
        title: Name for people.
        lifecycle: Stage of its life.
        operations: Its operations, ids of ``studio.domain.operations``.
        prompt_max: Longest prompt in characters, 0 where it takes none.
        sizes: Sizes that it offers.
        parameters: Optional parameters that it takes.
        quality: The provider's own words for our quality levels, empty where it has none.
        prices: Its published prices.
        sources: Source files that it takes.
        options: Inputs of its operations that it takes, with its own limits where they are
            narrower than the operation's.
        route: Facts that the adapter needs to reach it; the adapter defines their names.
        process: How it makes its result.
    """

    id: str
    title: str
    lifecycle: Lifecycle
    operations: tuple[str, ...]
    prompt_max: int
    sizes: FixedSizes | FreeSizes
    parameters: Support
    quality: Mapping[Quality, str]
    prices: Prices
    sources: SourceRules
    options: Mapping[str, OptionLimits]
    route: Mapping[str, str]
    process: Process = "generative"

    def quality_word(self, level: Quality) -> str | None:
        """Return the provider's word for a quality level, None if the model has no such levels."""
        return self.quality.get(level)

    def limits_of(self, name: str, operation: str) -> OptionLimits | None:
        """Return the limits of an operation's input, None if the model does not take it."""
        limits = self.options.get(name)
        if limits is None or (limits.operations is not None and operation not in limits.operations):
            return None
        return limits

    def request_size(self, width: int, height: int) -> Size:
        """Return the size to request for a crop of ``width`` x ``height`` pixels.

        Raises:
            InvalidRequestError: the aspect ratio is longer than the model can serve.
        """
        return sizes.request_size(self.sizes, width, height)

    def estimate(
        self,
        width: int,
        height: int,
        quality_word: str | None,
        text_bytes: int,
        steps: int | None = None,
        sources: int = 0,
        options: Mapping[str, OptionValue] = MappingProxyType({}),
    ) -> Cost:
        """Return an upper bound of the price of one image of a request size, or UNKNOWN."""
        tokens = self.source_tokens(sources)
        return self.prices.estimate(width, height, quality_word, text_bytes, steps, tokens, options)

    def source_tokens(self, sources: int) -> int | None:
        """Return the most tokens that source images count as input, None if not known."""
        each = self.sources.max_tokens if sources else 0
        return None if each is None else sources * each

    def cost_of_tokens(
        self, *, text_in: int, image_in: int, image_out: int, text_out: int = 0
    ) -> Cost:
        """Return the cost of a call from its token counts, or UNKNOWN without rates."""
        return self.prices.of_tokens(
            text_in=text_in, image_in=image_in, image_out=image_out, text_out=text_out
        )

    def check_parameters(self, requested: Parameters) -> tuple[Parameters, tuple[str, ...]]:
        """Return the parameters that the model takes, and the names of those that it drops.

        Raises:
            InvalidRequestError: ``steps`` or ``guidance`` is outside the model's limits.
        """
        return parameters.check(self.parameters, requested)


@dataclass(frozen=True, slots=True)
class ProviderCard:
    """A provider, its models and its limits.

    Attributes:
        id: Id of the provider.
        title: Name for people.
        base_url: Base URL of its API, None for a provider in this process.
        auth: ``key``: a key of the account; ``iam``: the function's own role; ``none``.
        default_model: Model where the caller names none and ``defaults`` has none either.
        defaults: Default model of an operation, by our quality level. A level without an entry
            uses the model of ``standard``. An operation without an entry uses ``default_model``
            if that can do it, else the first model that can.
        checked_at: Day when the facts were checked.
        source: Source of the facts.
        price_version: Version of the price table, stored with each cost from it.
        rate_per_minute: Our own limit of calls per minute and account, None for no limit.
        read_timeout_seconds: Longest silence before a call counts as lost.
        repeatable: Whether a repeated call is free and returns the same image.
        reports_cost: Whether its answers say what a call cost.
        finds_calls: Whether it can be asked about a call by its request; else it needs a handle.
        preview: Whether it only stands in for an image model; another provider is preferred.
        models: Every model with a card by id, ended ones included; see ``on``.
        retired: Retired models without a card by id.
    """

    id: str
    title: str
    base_url: str | None
    auth: Literal["key", "iam", "none"]
    default_model: str
    defaults: Mapping[str, Mapping[Quality, str]]
    checked_at: date
    source: str
    price_version: str
    rate_per_minute: int | None
    read_timeout_seconds: float
    repeatable: bool
    reports_cost: bool
    finds_calls: bool
    preview: bool
    models: Mapping[str, ModelCard]
    retired: Mapping[str, RetiredModel]

    def on(self, day: date) -> "ProviderCard":
        """Return the card of a day (UTC): its models are those that can be ordered then.

        Each successor that it names is one of them.
        """
        states = {card.id: card.lifecycle.on(day) for card in self.models.values()}
        retired = dict(self.retired) | {
            name: RetiredModel(name, self.models[name].title, state)
            for name, state in states.items()
            if state.state == "retired"
        }
        return replace(
            self,
            models={
                name: replace(card, lifecycle=with_living(states[name], retired))
                for name, card in self.models.items()
                if name not in retired
            },
            retired={
                name: replace(one, lifecycle=with_living(one.lifecycle, retired))
                for name, one in retired.items()
            },
            default_model=living(self.default_model, retired),
            defaults={
                operation: {level: living(model, retired) for level, model in levels.items()}
                for operation, levels in self.defaults.items()
            },
        )


@lru_cache(maxsize=32)
def provider_card(provider: str) -> ProviderCard:
    """Return the card of a provider.

    Raises:
        UnknownProviderError: the catalogue has no such provider.
    """
    if provider not in provider_ids():
        known = ", ".join(provider_ids())
        raise UnknownProviderError(
            FieldError(
                "/provider/id",
                UnknownProviderError.code,
                f"unknown provider; known: {known}",
            )
        )
    return _read_card(provider_document(provider))


def planned_model(provider: str, name: str) -> ModelCard:
    """Return the card of a model that an order was planned with, whatever has ended since.

    Raises:
        UnknownProviderError, UnknownModelError: the catalogue does not have them any more.
    """
    card = provider_card(provider)
    name = living(name, card.retired)
    if name not in card.models:
        raise unknown_model(card)
    return card.models[name]


def unknown_model(card: ProviderCard) -> UnknownModelError:
    """Return the error for a name that a provider does not have."""
    known = ", ".join(card.models)
    return UnknownModelError(
        FieldError("/provider/model", UnknownModelError.code, f"unknown model; known: {known}")
    )


def keyed_providers(providers: Iterable[str]) -> list[str]:
    """Return those of some providers that need a key of an account, each once."""
    return [
        provider
        for provider in dict.fromkeys(providers)
        if provider in provider_ids() and provider_card(provider).auth == "key"
    ]


def account_providers(providers: Iterable[str]) -> list[str]:
    """Return those of some providers that are called with an account, each once."""
    return [
        provider
        for provider in dict.fromkeys(providers)
        if provider in provider_ids() and provider_card(provider).auth != "none"
    ]


def is_keyless(provider: str) -> bool:
    """Return whether the function's own role is the account where no key is stored."""
    return provider_card(provider).auth == "iam"


@lru_cache(maxsize=1)
def own_provider() -> str:
    """Return the id of the provider that makes files of an image and leaves the image as it is."""
    return next(
        provider
        for provider in provider_ids()
        if any(model.process == "passthrough" for model in provider_card(provider).models.values())
    )


def _read_card(document: dict[str, Any]) -> ProviderCard:
    models: dict[str, ModelCard] = {}
    retired: dict[str, RetiredModel] = {}
    for name, entry in model_entries(document).items():
        lifecycle = lifecycle_of(entry["lifecycle"])
        if lifecycle.state == "retired":
            retired[name] = RetiredModel(name, entry["title"], lifecycle)
        else:
            models[name] = _model(entry, lifecycle, document["price_version"])
    facts = {
        "defaults": {},
        "preview": False,
        "reports_cost": False,
        "finds_calls": False,
        **document,
        "checked_at": date.fromisoformat(document["checked_at"]),
    }
    return ProviderCard(**{**facts, "models": models, "retired": retired})


def _model(entry: dict[str, Any], lifecycle: Lifecycle, price_version: str) -> ModelCard:
    return ModelCard(
        id=entry["id"],
        title=entry["title"],
        lifecycle=lifecycle,
        operations=tuple(entry["operations"]),
        prompt_max=entry["prompt_max"],
        sizes=sizes.sizes_of(entry["sizes"]),
        parameters=parameters.support_of(entry["parameters"]),
        quality=entry["quality"],
        prices=prices_of(entry["prices"], price_version),
        sources=source_rules_of(entry.get("sources", {})),
        options={
            name: option_limits_of(limits) for name, limits in entry.get("options", {}).items()
        },
        route=entry.get("route", {}),
        process=entry.get("process", "generative"),
    )
