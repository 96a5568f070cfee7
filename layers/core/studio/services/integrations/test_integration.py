"""TestIntegration: try a tenant's key at its provider, and record which keys are stored.

It runs in the only function besides CallProvider that may read keys. It never returns one.
"""

from collections.abc import Callable
from dataclasses import dataclass

from studio.clock import Clock
from studio.domain.catalogue.catalogue import keyed_providers
from studio.domain.catalogue.entries import provider_ids
from studio.domain.integrations.model import KeyRecord, KeyTest, last_four
from studio.domain.provider_calls.accounts import own_account
from studio.domain.provider_calls.model import Credentials
from studio.errors import CredentialsMissingError
from studio.ports.credentials import CredentialStore, KeyNames, KeyRecordStore

OPERATOR = "operator"
"""The user of a record whose key an operator of the stack stored."""


@dataclass(frozen=True, slots=True)
class Tested:
    """A test of a key; ``is_own`` tells whether it is the tenant's and not the stack's."""

    test: KeyTest
    is_own: bool


@dataclass(frozen=True, slots=True)
class TestIntegration:
    """The service behind POST /v1/integrations/{provider_id}/test.

    Attributes:
        credentials: Makes a store that has nothing cached, so that a new key is read.
        check: Asks a provider whether it takes the key of an account.
        names: Of the keys that are stored.
        records: Of the keys.
        now: The clock.
    """

    credentials: Callable[[], CredentialStore]
    check: Callable[[str, Credentials], KeyTest]
    names: KeyNames
    records: KeyRecordStore
    now: Clock

    def run(self, tenant: str, provider: str) -> Tested | None:
        """Return whether a provider takes the key that a tenant's calls use, None without one."""
        store = self.credentials()
        try:
            account = store.get(provider, tenant)
        except CredentialsMissingError:
            return None
        is_own = store.account(provider, tenant) == f"{provider}/{own_account(tenant)}"
        return Tested(self.check(provider, account), is_own)

    def register_shared(self) -> frozenset[str]:
        """Record the providers that the stack has a key of, and return them."""
        shared = self.names.shared(keyed_providers(provider_ids()))
        self.records.put_shared(shared, self.now())
        return shared

    def register_tenants(self) -> int:
        """Record each key of a tenant that has no record, and return how many there were."""
        known = set(keyed_providers(provider_ids()))
        stored = [one for one in self.names.tenants() if one[0] in known]
        recorded = {
            tenant: self.records.setup(tenant).access.own for tenant in {one[1] for one in stored}
        }
        new = [
            (provider, tenant) for provider, tenant in stored if provider not in recorded[tenant]
        ]
        return sum(self._register(tenant, provider) for provider, tenant in new)

    def _register(self, tenant: str, provider: str) -> bool:
        """Record a key that is still stored, and return whether no other change began meanwhile."""
        change, store = self.records.begin(tenant, provider), self.credentials()
        try:
            key = store.get(provider, tenant).api_key
        except CredentialsMissingError:
            return False
        if store.account(provider, tenant) != f"{provider}/{own_account(tenant)}":
            return False
        record = KeyRecord(last_four(key), self.now(), OPERATOR, 0)
        return self.records.put(tenant, provider, record, change)
