"""Assets as DynamoDB records: pk = {tenant}, sk = {asset_id} (table Assets)."""

from dataclasses import asdict
from typing import Any

from studio.adapters.dynamodb.base import Attributes
from studio.clock import parse_rfc3339, rfc3339
from studio.domain.assets.model import Asset, StoredImage
from studio.money import Cost


def asset_record(asset: Asset) -> Attributes:
    """Code an asset."""
    return {
        "pk": asset.tenant,
        "sk": asset.asset_id,
        "job_id": asset.job_id,
        "item": asset.item,
        "operation": asset.operation,
        "kind": asset.kind,
        "created_at": rfc3339(asset.created_at),
        "image": _file_record(asset.image),
        "thumbnail": _file_record(asset.thumbnail),
        "cost": _cost_record(asset.cost),
        "recipe": {name: value for name, value in asset.recipe.items() if value is not None},
        "label": asset.label,
        "title": asset.title,
        "source_type": asset.source_type,
        "signed_by": asset.signed_by,
        "folder": asset.folder,
        "creator": asset.creator,
        "copyright": asset.copyright,
    }


def asset_of(record: Attributes) -> Asset:
    """Read an asset back."""
    return Asset(
        tenant=record["pk"],
        asset_id=record["sk"],
        job_id=record.get("job_id"),
        item=record.get("item"),
        operation=record["operation"],
        created_at=parse_rfc3339(record["created_at"]),
        image=StoredImage(**record["image"]),
        thumbnail=StoredImage(**record["thumbnail"]),
        cost=_cost_of(record.get("cost")),
        recipe=record["recipe"],
        kind=record["kind"],
        label=record.get("label"),
        title=record.get("title"),
        source_type=record.get("source_type"),
        signed_by=record.get("signed_by"),
        folder=record.get("folder"),
        creator=record.get("creator"),
        copyright=record.get("copyright"),
    )


def _file_record(file: StoredImage) -> Attributes:
    return {name: value for name, value in asdict(file).items() if value is not None}


def _cost_record(cost: Cost | None) -> Attributes | None:
    if cost is None:
        return None
    return {name: value for name, value in asdict(cost).items() if value is not None}


def _cost_of(record: Attributes | None) -> Cost | None:
    if record is None:
        return None
    members: dict[str, Any] = {"micros": None, **record}
    return Cost(**members)
