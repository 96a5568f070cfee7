"""SettingsStore on DynamoDB (table Catalog).

Access patterns:
    some documents    pk = {tenant}#SETTINGS    sk = {name}

A document is one JSON string, because no query looks inside.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from studio.adapters.dynamodb.base import Attributes, batch_get, encode, read, write
from studio.adapters.dynamodb.writes import RETRY, WriteRetry, write_if
from studio.clock import parse_rfc3339, rfc3339
from studio.domain.settings.model import (
    IMAGE_GENERATION,
    ImageGenerationSettings,
    SavedSettings,
    stored_settings,
)
from studio.errors import PreconditionFailedError

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


@dataclass(frozen=True, slots=True)
class DynamoSettingsStore:
    """Settings of the Catalog table."""

    client: "DynamoDBClient"
    table: str
    retry: WriteRetry = RETRY

    def image_generation(self, tenant: str) -> ImageGenerationSettings:
        """Return the account's settings of image generation, the defaults if none are stored."""
        row = read(self.client, self.table, _key(tenant, IMAGE_GENERATION))
        if row is None:
            return ImageGenerationSettings()
        return stored_settings(json.loads(row["document"]), row["version"])

    def get(self, tenant: str, names: Sequence[str]) -> Mapping[str, SavedSettings]:
        """Return the stored documents of these names; one that is not stored is left out."""
        keys = [encode(_key(tenant, name)) for name in dict.fromkeys(names)]
        rows = batch_get(self.client, self.table, keys)
        return {row["sk"]: _settings_of(tenant, row) for row in rows}

    def put(self, settings: SavedSettings, replaces: int) -> SavedSettings:
        """Write a document and return it with its version, one above the one that it replaces."""
        written = replace(settings, version=replaces + 1)
        condition = "attribute_not_exists(pk)"
        if replaces:
            condition = "#version = :replaces"
        request = write(
            self.table,
            _key(settings.tenant, settings.name),
            put=_record(written),
            condition=condition,
            values={"replaces": replaces} if replaces else None,
        )
        if write_if(self.client.put_item, request, self.retry) is None:
            raise PreconditionFailedError("the settings changed meanwhile")
        return written


def _key(tenant: str, name: str) -> dict[str, str]:
    return {"pk": f"{tenant}#SETTINGS", "sk": name}


def _record(settings: SavedSettings) -> Attributes:
    return {
        "version": settings.version,
        "document": json.dumps(dict(settings.document), separators=(",", ":"), ensure_ascii=False),
        "updated_at": rfc3339(settings.updated_at),
        "updated_by": settings.updated_by,
    }


def _settings_of(tenant: str, row: Attributes) -> SavedSettings:
    return SavedSettings(
        tenant=tenant,
        name=row["sk"],
        version=row["version"],
        document=json.loads(row["document"]),
        updated_at=parse_rfc3339(row["updated_at"]),
        updated_by=row["updated_by"],
    )
