"""KeyRecordStore on DynamoDB (table Catalog).

Access patterns:
    an account's setup       pk = {tenant}#SETTINGS, sk = image-generation, providers, provider-keys
                             and pk = #STACK, sk = provider-keys, in one BatchGetItem
    a key of a tenant        attribute {provider} of pk = {tenant}#SETTINGS, sk = provider-keys
    the keys of the stack    pk = #STACK, sk = provider-keys

No tenant begins with ``#``, so no tenant has the partition of the stack.
"""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from studio.adapters.dynamodb.base import Attributes, batch_get, encode, write
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

    def put(self, tenant: str, provider: str, record: KeyRecord, begun: datetime) -> None:
        """Record a key of a tenant, unless a later one of the provider is recorded."""
        columns = {
            "last_four": record.last_four,
            "stored_at": rfc3339(record.stored_at),
            "stored_by": record.stored_by,
            "version": record.version,
        }
        condition = (
            "attribute_not_exists(#provider) OR #provider.#version < :version"
            " OR #provider.#stored_at < :begun"
        )
        request = write(
            self.table,
            _key(tenant, _KEYS),
            condition=_named(condition, provider),
            sets={provider: columns},
            values={"version": record.version, "begun": rfc3339(begun)},
        )
        write_if(self.client.update_item, request, self.retry)

    def remove(self, tenant: str, provider: str, begun: datetime) -> None:
        """Remove the record of a tenant's key, unless it was made after ``begun``."""
        condition = "#provider.#stored_at <= :begun"
        request = write(
            self.table,
            _key(tenant, _KEYS),
            condition=_named(condition, provider),
            values={"begun": rfc3339(begun)},
            removes=(provider,),
        )
        write_if(self.client.update_item, request, self.retry)

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


def _named(condition: str, provider: str) -> str:
    """Return a condition on the attribute of a provider."""
    return condition.replace("#provider", f"#{provider}")


def _records(row: Attributes) -> dict[str, KeyRecord]:
    return {
        provider: KeyRecord(
            last_four=columns["last_four"],
            stored_at=parse_rfc3339(columns["stored_at"]),
            stored_by=columns["stored_by"],
            version=columns["version"],
        )
        for provider, columns in row.items()
        if provider not in _KEY_COLUMNS
    }
