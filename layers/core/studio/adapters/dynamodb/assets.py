"""AssetStore on DynamoDB: one asset = one GetItem, many = one BatchGetItem, a page = one Query."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from studio.adapters.dynamodb.asset_records import asset_of
from studio.adapters.dynamodb.base import batch_get, decode, encode
from studio.domain.assets.model import Asset
from studio.errors import NotFoundError
from studio.ports.assets import AssetPage

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


@dataclass(frozen=True, slots=True)
class DynamoAssetStore:
    """Assets of the Assets table."""

    client: "DynamoDBClient"
    table: str

    def get(self, tenant: str, asset_id: str) -> Asset:
        """Return an asset."""
        found = self.client.get_item(
            TableName=self.table, Key=encode({"pk": tenant, "sk": asset_id}), ConsistentRead=True
        )
        if "Item" not in found:
            raise NotFoundError(f"no asset {asset_id}")
        return asset_of(decode(found["Item"]))

    def get_many(self, tenant: str, asset_ids: Collection[str]) -> Mapping[str, Asset]:
        """Return those of up to 100 assets that the tenant has, by id."""
        if not asset_ids:
            return {}
        keys = [encode({"pk": tenant, "sk": asset_id}) for asset_id in sorted(set(asset_ids))]
        rows = batch_get(self.client, self.table, keys)
        return {row["sk"]: asset_of(row) for row in rows}

    def of_uploads(self, tenant: str, upload_ids: Collection[str]) -> Mapping[str, str]:
        """Return the asset ids of those of up to 100 uploads that are registered."""
        if not upload_ids:
            return {}
        keys = [encode({"pk": f"{tenant}#UPLOADS", "sk": name}) for name in sorted(set(upload_ids))]
        rows = batch_get(self.client, self.table, keys)
        return {row["sk"]: row["asset_id"] for row in rows if row["status"] == "registered"}

    def page(self, tenant: str, limit: int, after: str | None) -> AssetPage:
        """Return assets of a tenant, newest first."""
        start: dict[str, Any] = {}
        if after is not None:
            start["ExclusiveStartKey"] = encode({"pk": tenant, "sk": after})
        answer = self.client.query(
            TableName=self.table,
            KeyConditionExpression="pk = :tenant",
            ExpressionAttributeValues=encode({":tenant": tenant}),
            ConsistentRead=True,
            ScanIndexForward=False,
            Limit=limit + 1,
            **start,
        )
        found = [asset_of(decode(row)) for row in answer["Items"]]
        page = found[:limit]
        return AssetPage(page, page[-1].asset_id if len(found) > limit else None)
