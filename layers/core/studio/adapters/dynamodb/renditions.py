"""RenditionStore on DynamoDB: all files of an asset are one record.

Access patterns: those of one asset = one GetItem, of many = one BatchGetItem.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from studio.adapters.dynamodb.base import batch_get, condition_failed, decode, encode
from studio.adapters.dynamodb.rendition_records import (
    attribute,
    rendition_text,
    renditions_key,
    renditions_of,
)
from studio.domain.renditions.model import MAX_KEPT, Rendition

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


@dataclass(frozen=True, slots=True)
class DynamoRenditionStore:
    """Renditions of the Assets table."""

    client: "DynamoDBClient"
    table: str

    def of_asset(self, tenant: str, asset_id: str) -> Sequence[Rendition]:
        """Return what was made of an asset, by name."""
        found = self.client.get_item(
            TableName=self.table,
            Key=encode(renditions_key(tenant, asset_id)),
            ConsistentRead=True,
        )
        return renditions_of(decode(found["Item"])) if "Item" in found else []

    def of_assets(
        self, tenant: str, asset_ids: Collection[str]
    ) -> Mapping[str, Sequence[Rendition]]:
        """Return the same of up to 100 assets, by id; only of those of which something is kept."""
        if not asset_ids:
            return {}
        keys = [encode(renditions_key(tenant, asset_id)) for asset_id in sorted(set(asset_ids))]
        rows = batch_get(self.client, self.table, keys)
        return {row["sk"]: renditions_of(row) for row in rows}

    def add(self, tenant: str, asset_id: str, rendition: Rendition) -> bool:
        """Keep a file that was made; False where one of its name is kept already, or too many."""
        try:
            self.client.update_item(
                TableName=self.table,
                Key=encode(renditions_key(tenant, asset_id)),
                UpdateExpression="SET #file = :file ADD #files :one",
                ConditionExpression="attribute_not_exists(#file)"
                " AND (attribute_not_exists(#files) OR #files < :most)",
                ExpressionAttributeNames={"#file": attribute(rendition.name), "#files": "files"},
                ExpressionAttributeValues=encode(
                    {":file": rendition_text(rendition), ":one": 1, ":most": MAX_KEPT}
                ),
            )
        except ClientError as error:
            if condition_failed(error):
                return False
            raise
        return True
