"""AssetStore on DynamoDB: one asset = one GetItem, many = one BatchGetItem, a page = one Query."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from studio.adapters.dynamodb.asset_records import asset_of
from studio.adapters.dynamodb.base import batch_get, encode, query, read
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
        row = read(self.client, self.table, {"pk": tenant, "sk": asset_id})
        if row is None:
            raise NotFoundError(f"no asset {asset_id}")
        return asset_of(row)

    def get_many(self, tenant: str, asset_ids: Collection[str]) -> Mapping[str, Asset]:
        """Return those of the assets that the tenant has, by id."""
        keys = [encode({"pk": tenant, "sk": asset_id}) for asset_id in sorted(set(asset_ids))]
        rows = batch_get(self.client, self.table, keys)
        return {row["sk"]: asset_of(row) for row in rows}

    def of_uploads(self, tenant: str, upload_ids: Collection[str]) -> Mapping[str, str]:
        """Return the asset ids of those of the uploads that are registered."""
        keys = [encode({"pk": f"{tenant}#UPLOADS", "sk": name}) for name in sorted(set(upload_ids))]
        rows = batch_get(self.client, self.table, keys)
        return {row["sk"]: row["asset_id"] for row in rows if row["status"] == "registered"}

    def page(self, tenant: str, limit: int, after: str | None) -> AssetPage:
        """Return assets of a tenant, newest first."""
        rows = query(
            self.client, self.table, tenant, limit=limit + 1, after=after, newest_first=True
        )
        found = [asset_of(row) for row in rows]
        page = found[:limit]
        return AssetPage(page, page[-1].asset_id if len(found) > limit else None)
