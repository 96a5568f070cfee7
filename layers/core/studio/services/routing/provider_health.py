"""Health of providers, as a tenant's own calls would meet it.

Only CallProvider may read keys. So the records show which account a tenant uses: its own account
has a record from its first call until a day after its last.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC
from typing import Literal

from studio.clock import Clock
from studio.domain.catalogue.catalogue import provider_card
from studio.domain.catalogue.orderable import card_of_day
from studio.domain.provider_calls.accounts import ROLE, SHARED, own_account
from studio.domain.routing.bucket import Bucket
from studio.ports.routing import CallLimitStore

Named = tuple[str, str]
"""A provider and one of its models."""


@dataclass(frozen=True, slots=True)
class ModelHealth:
    """The health of a model; ``per_minute`` is the rate of its calls, None for no limit."""

    model: str
    bucket: Bucket
    per_minute: int | None


@dataclass(frozen=True, slots=True)
class Health:
    """The health of all models of a provider.

    Attributes:
        account: Whether the tenant's calls use its own account or the stack's. None without recent
            calls, or without accounts.
    """

    account: Literal["own", "shared"] | None
    models: tuple[ModelHealth, ...]


@dataclass(frozen=True, slots=True)
class ProviderHealth:
    """The service behind GET /v1/providers/{id}/health; the choice of a provider uses it, too."""

    store: CallLimitStore
    now: Clock

    def of(self, tenant: str, provider: str) -> Health:
        """Return the health of a provider's models.

        Raises:
            UnknownProviderError: the catalogue has no such provider.
        """
        card = card_of_day(provider, self.now().astimezone(UTC).date())
        own, found = self._known(tenant, [(provider, model) for model in card.models])
        rate = card.rate_per_minute
        return Health(
            account=("own" if own else "shared") if found else None,
            models=tuple(
                ModelHealth(model, bucket, bucket.per_minute)
                if (bucket := found.get((provider, model)))
                else ModelHealth(model, Bucket(), rate)
                for model in card.models
            ),
        )

    def failing(self, tenant: str, models: Collection[Named]) -> frozenset[Named]:
        """Return the models whose calls a breaker holds now."""
        at = self.now()
        _, found = self._known(tenant, models)
        return frozenset(name for name, bucket in found.items() if bucket.breaker.wait(at))

    def _known(
        self, tenant: str, models: Collection[Named]
    ) -> tuple[frozenset[str], Mapping[Named, Bucket]]:
        """Return the providers that the tenant has its own account of, and the models' buckets."""
        buckets = ((named, _bucket_names(tenant, *named)) for named in models)
        names = {named: several for named, several in buckets if several}
        found = self.store.read([name for several in names.values() for name in several])
        own = frozenset(provider for (provider, _), (mine, *_) in names.items() if mine in found)
        known: dict[Named, Bucket] = {}
        for (provider, model), several in names.items():
            used = several[:1] if provider in own else several
            first = next((found[name] for name in used if name in found), None)
            if first is not None:
                known[provider, model] = first
        return own, known


def _bucket_names(tenant: str, provider: str, model: str) -> list[str]:
    return [f"{provider}/{account}/{model}" for account in _accounts(provider, tenant)]


def _accounts(provider: str, tenant: str) -> tuple[str, ...]:
    """Return the names of the accounts that a tenant's calls may use, its own first."""
    card = provider_card(provider)
    if card.base_url is None:
        return ()
    return own_account(tenant), SHARED, *((ROLE,) if card.auth == "iam" else ())
