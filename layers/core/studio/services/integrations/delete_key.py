"""DeleteKey: delete a tenant's provider key and its record."""

from dataclasses import dataclass

from studio.clock import Clock
from studio.ports.credentials import KeyRecordStore, KeyVault


@dataclass(frozen=True, slots=True)
class DeleteKey:
    """The service behind DELETE /v1/integrations/{provider_id}."""

    vault: KeyVault
    records: KeyRecordStore
    now: Clock

    def run(self, tenant: str, provider: str) -> None:
        """Delete a key; a repeat finishes what an earlier try left.

        The key goes before its record, so that no key is in use that is not listed. The record of
        a key that is stored meanwhile stays.
        """
        begun = self.now()
        self.vault.delete(provider, tenant)
        self.records.remove(tenant, provider, begun)
