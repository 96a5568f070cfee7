"""Serializers of assets."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from studio.api.http.links import Sign
from studio.api.http.serializers import cost, file
from studio.clock import rfc3339
from studio.domain.assets.model import Asset

if TYPE_CHECKING:
    from studio.api.assets import responses
    from studio.api.http.responses import Page


def asset(value: Asset, sign: Sign) -> "responses.Asset":
    """Return an asset with its recipe; its file is behind ``links.content``."""
    path = f"/v1/assets/{value.asset_id}"
    return {
        "id": value.asset_id,
        "kind": value.kind,
        "operation": value.operation,
        "job_id": value.job_id,
        "item": value.item,
        "folder": value.folder,
        "label": value.label,
        "title": value.title,
        **file(value.image),
        "thumbnail": file(value.thumbnail),
        "thumbnail_url": sign(value.thumbnail.key),
        "cost": cost(value.cost) if value.cost else None,
        "recipe": dict(value.recipe),
        "source_type": value.source_type,
        "signed_by": value.signed_by,
        "creator": value.creator,
        "copyright": value.copyright,
        "created_at": rfc3339(value.created_at),
        "links": {
            "content": f"{path}/content",
            "thumbnail": f"{path}/content?rendition=thumbnail",
            "renditions": f"{path}/renditions",
        },
    }


def assets(values: Sequence[Asset], page: "Page", sign: Sign) -> "responses.AssetList":
    """Return a page of assets."""
    return {"data": [asset(value, sign) for value in values], "page": page}
