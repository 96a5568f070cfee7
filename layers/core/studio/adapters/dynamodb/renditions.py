"""RenditionStore on DynamoDB: all files of an asset are one record.

Access patterns: those of one asset = one GetItem, of many = one BatchGetItem.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from studio.adapters.dynamodb.base import batch_get, encode, read
from studio.adapters.dynamodb.rendition_records import (
    attribute,
    rendition_text,
    renditions_key,
    renditions_of,
)
from studio.adapters.dynamodb.writes import RETRY, WriteRetry, write_if
from studio.domain.renditions.model import MAX_KEPT, Rendition

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


@dataclass(frozen=True, slots=True)
class DynamoRenditionStore:
    """Renditions of the Assets table."""

    client: "DynamoDBClient"
    table: str
    retry: WriteRetry = RETRY

    def of_asset(self, tenant: str, asset_id: str) -> Sequence[Rendition]:
        """Return the files of an asset, by name."""
        row = read(self.client, self.table, renditions_key(tenant, asset_id))
        return [] if row is None else renditions_of(row)

    def of_assets(
        self, tenant: str, asset_ids: Collection[str]
    ) -> Mapping[str, Sequence[Rendition]]:
        """Return the files of assets, by id; an asset without files is left out."""
        keys = [encode(renditions_key(tenant, asset_id)) for asset_id in sorted(set(asset_ids))]
        rows = batch_get(self.client, self.table, keys)
        return {row["sk"]: renditions_of(row) for row in rows}

    def add(self, tenant: str, asset_id: str, rendition: Rendition) -> bool:
        """Record a file; return False if the name is taken or the asset has too many files."""
        request = {
            "TableName": self.table,
            "Key": encode(renditions_key(tenant, asset_id)),
            "UpdateExpression": "SET #file = :file ADD #files :one",
            "ConditionExpression": "attribute_not_exists(#file)"
            " AND (attribute_not_exists(#files) OR #files < :most)",
            "ExpressionAttributeNames": {"#file": attribute(rendition.name), "#files": "files"},
            "ExpressionAttributeValues": encode(
                {":file": rendition_text(rendition), ":one": 1, ":most": MAX_KEPT}
            ),
        }
        return write_if(self.client.update_item, request, self.retry) is not None
