"""Provider keys in memory: the vault, the records and the names."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from studio.domain.integrations.model import AccountSetup, KeyRecord, ProviderAccess
from studio.domain.settings.model import PROVIDERS
from tests.support.fakes.settings import FakeSettingsStore


@dataclass
class FakeKeyRecordStore:
    """KeyRecordStore."""

    settings: FakeSettingsStore = field(default_factory=FakeSettingsStore)
    records: dict[tuple[str, str], KeyRecord] = field(default_factory=dict)
    shared: frozenset[str] | None = None
    changes: dict[tuple[str, str], int] = field(default_factory=dict)

    def setup(self, tenant: str) -> AccountSetup:
        own = {provider: one for (owner, provider), one in self.records.items() if owner == tenant}
        switches = self.settings.get(tenant, (PROVIDERS,)).get(PROVIDERS)
        off = frozenset(switches.document.get("disabled", ())) if switches else frozenset()
        access = ProviderAccess(own, self.shared, off)
        return AccountSetup(self.settings.image_generation(tenant), access)

    def begin(self, tenant: str, provider: str) -> int:
        self.changes[tenant, provider] = self.changes.get((tenant, provider), 0) + 1
        return self.changes[tenant, provider]

    def put(self, tenant: str, provider: str, record: KeyRecord, change: int) -> bool:
        if self.changes.get((tenant, provider)) != change:
            return False
        self.records[tenant, provider] = record
        return True

    def remove(self, tenant: str, provider: str, change: int) -> bool:
        if self.changes.get((tenant, provider)) != change:
            return False
        self.records.pop((tenant, provider), None)
        return True

    def put_shared(self, providers: Collection[str], at: datetime) -> None:
        self.shared = frozenset(providers)


@dataclass
class FakeKeyVault:
    """KeyVault and KeyNames: keys by provider and tenant, and the providers of the stack's."""

    keys: dict[tuple[str, str], str] = field(default_factory=dict)
    of_stack: frozenset[str] = frozenset()
    versions: dict[tuple[str, str], int] = field(default_factory=dict)

    def put(self, provider: str, tenant: str, value: str) -> int:
        self.keys[provider, tenant] = value
        self.versions[provider, tenant] = self.versions.get((provider, tenant), 0) + 1
        return self.versions[provider, tenant]

    def delete(self, provider: str, tenant: str) -> None:
        self.keys.pop((provider, tenant), None)
        self.versions.pop((provider, tenant), None)

    def shared(self, providers: Collection[str]) -> frozenset[str]:
        return self.of_stack.intersection(providers)

    def tenants(self) -> list[tuple[str, str]]:
        return sorted(self.keys)
