"""What is known of the health of providers, as a tenant's own calls would meet it.

Nobody but CallProvider may read keys, so whose account a tenant uses is told by the records: its
own one has a record from its first call on, for a day after the last.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

from studio.clock import Clock
from studio.domain.catalogue.catalogue import provider_card
from studio.domain.provider_calls.accounts import ROLE, SHARED, own_account
from studio.domain.routing.bucket import Bucket
from studio.ports.routing import CallLimitStore

Named = tuple[str, str]
"""A provider and a model of it."""


@dataclass(frozen=True, slots=True)
class ModelHealth:
    """One model; ``per_minute`` is the rate that its calls keep to, None for none."""

    model: str
    bucket: Bucket
    per_minute: int | None


@dataclass(frozen=True, slots=True)
class Health:
    """All models of a provider.

    Attributes:
        account: Whether the tenant's calls go by an account of its own or by the stack's; None
            where nobody has called lately, or where there are no accounts.
    """

    account: Literal["own", "shared"] | None
    models: tuple[ModelHealth, ...]


@dataclass(frozen=True, slots=True)
class ProviderHealth:
    """The service behind GET /v1/providers/{id}/health; the choice of a provider asks it, too."""

    store: CallLimitStore
    now: Clock

    def of(self, tenant: str, provider: str) -> Health:
        """Return the health of a provider's models.

        Raises:
            UnknownProviderError: the catalogue has no such provider.
        """
        card = provider_card(provider)
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
        """Return those models whose calls would have to wait for a breaker now."""
        at = self.now()
        _, found = self._known(tenant, models)
        return frozenset(name for name, bucket in found.items() if bucket.breaker.wait(at))

    def _known(
        self, tenant: str, models: Collection[Named]
    ) -> tuple[frozenset[str], Mapping[Named, Bucket]]:
        """Return who is called by an account of the tenant's own, and what is known of models."""
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
    """Name the accounts that a tenant's calls may go by, its own first."""
    card = provider_card(provider)
    if card.base_url is None:
        return ()
    return own_account(tenant), SHARED, *((ROLE,) if card.auth == "iam" else ())
