"""KeyRecordStore on DynamoDB (table Catalog).

Access patterns:
    an account's setup       pk = {tenant}#SETTINGS, sk = image-generation, providers, provider-keys
                             and pk = #STACK, sk = provider-keys, in one BatchGetItem
    a key of a tenant        attribute {provider} of pk = {tenant}#SETTINGS, sk = provider-keys
    the changes of a key     attribute {provider}_changes there: how many have begun
    the keys of the stack    pk = #STACK, sk = provider-keys

No tenant begins with ``#``, so no tenant has the partition of the stack.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from studio.adapters.dynamodb.base import Attributes, batch_get, decode, encode, write
from studio.adapters.dynamodb.writes import RETRY, WriteRetry, write_if
from studio.clock import parse_rfc3339, rfc3339
from studio.domain.integrations.model import AccountSetup, KeyRecord, ProviderAccess
from studio.domain.settings.model import (
    IMAGE_GENERATION,
    PROVIDERS,
    ImageGenerationSettings,
    stored_settings,
)

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_KEYS = "provider-keys"
_STACK = {"pk": "#STACK", "sk": _KEYS}
_KEY_COLUMNS = frozenset({"pk", "sk"})
_CHANGES = "_changes"


@dataclass(frozen=True, slots=True)
class DynamoKeyRecordStore:
    """Records of keys in the Catalog table."""

    client: "DynamoDBClient"
    table: str
    retry: WriteRetry = RETRY

    def setup(self, tenant: str) -> AccountSetup:
        """Return what a tenant has set up, in one read."""
        names = (IMAGE_GENERATION, PROVIDERS, _KEYS)
        keys = [encode(_key(tenant, name)) for name in names]
        rows = batch_get(self.client, self.table, [*keys, encode(_STACK)])
        found = {row["sk"]: row for row in rows if row["pk"] != _STACK["pk"]}
        shared = next((row["shared"] for row in rows if row["pk"] == _STACK["pk"]), None)
        images, switches = found.get(IMAGE_GENERATION), found.get(PROVIDERS)
        return AccountSetup(
            images=stored_settings(json.loads(images["document"]), images["version"])
            if images
            else ImageGenerationSettings(),
            access=ProviderAccess(
                own=_records(found.get(_KEYS, {})),
                shared=None if shared is None else frozenset(shared),
                disabled=frozenset(json.loads(switches["document"]).get("disabled", ()))
                if switches
                else frozenset(),
            ),
        )

    def begin(self, tenant: str, provider: str) -> int:
        """Begin a change of a tenant's key, and return its number."""
        counter = _counter(provider)
        request = write(self.table, _key(tenant, _KEYS), adds={counter: 1})
        request["ReturnValues"] = "UPDATED_NEW"
        answer = self.retry.run(lambda: self.client.update_item(**request))
        return int(decode(answer["Attributes"])[counter])

    def put(self, tenant: str, provider: str, record: KeyRecord, change: int) -> bool:
        """Record a key of a tenant, unless another change has begun since."""
        columns = {
            "last_four": record.last_four,
            "stored_at": rfc3339(record.stored_at),
            "stored_by": record.stored_by,
            "version": record.version,
        }
        return self._end(tenant, provider, change, sets={provider: columns})

    def remove(self, tenant: str, provider: str, change: int) -> bool:
        """Remove the record of a key, unless another change has begun since."""
        return self._end(tenant, provider, change, removes=(provider,))

    def _end(
        self,
        tenant: str,
        provider: str,
        change: int,
        sets: Mapping[str, object] | None = None,
        removes: tuple[str, ...] = (),
    ) -> bool:
        request = write(
            self.table,
            _key(tenant, _KEYS),
            condition=f"#{_counter(provider)} = :change",
            values={"change": change},
            sets=sets,
            removes=removes,
        )
        return write_if(self.client.update_item, request, self.retry) is not None

    def put_shared(self, providers: Collection[str], at: datetime) -> None:
        """Record the providers that the stack has a key of; the same ones are not written again."""
        shared = sorted(providers)
        request = write(
            self.table,
            _STACK,
            put={"shared": shared, "changed_at": rfc3339(at)},
            condition="#shared <> :shared",
            values={"shared": shared},
        )
        write_if(self.client.put_item, request, self.retry)


def _key(tenant: str, name: str) -> dict[str, str]:
    return {"pk": f"{tenant}#SETTINGS", "sk": name}


def _counter(provider: str) -> str:
    """Return the attribute that counts the changes of a provider's key."""
    return f"{provider}{_CHANGES}"


def _records(row: Attributes) -> dict[str, KeyRecord]:
    return {
        provider: KeyRecord(
            last_four=columns["last_four"],
            stored_at=parse_rfc3339(columns["stored_at"]),
            stored_by=columns["stored_by"],
            version=columns["version"],
        )
        for provider, columns in row.items()
        if provider not in _KEY_COLUMNS and not provider.endswith(_CHANGES)
    }
