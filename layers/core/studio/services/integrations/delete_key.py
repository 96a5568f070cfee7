"""DeleteKey: delete a tenant's provider key and its record."""

from dataclasses import dataclass

from studio.ports.credentials import KeyRecordStore, KeyVault
from studio.services.integrations.change_key import change_key


@dataclass(frozen=True, slots=True)
class DeleteKey:
    """The service behind DELETE /v1/integrations/{provider_id}."""

    vault: KeyVault
    records: KeyRecordStore

    def run(self, tenant: str, provider: str) -> None:
        """Delete a key; a repeat finishes what an earlier try left.

        The key goes before its record, so that no key is in use that is not listed.

        Raises:
            UnavailableError: as ``change_key``.
        """

        def write(change: int) -> bool:
            self.vault.delete(provider, tenant)
            return self.records.remove(tenant, provider, change)

        change_key(self.records, tenant, provider, write)
