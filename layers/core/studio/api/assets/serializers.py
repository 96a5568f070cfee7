"""Serializers of assets."""

from studio.api.http.serializers import Document, cost, file
from studio.clock import rfc3339
from studio.domain.assets.model import Asset


def asset(value: Asset) -> Document:
    """An asset with its recipe; bytes are behind ``links.content``."""
    path = f"/v1/assets/{value.asset_id}"
    return {
        "id": value.asset_id,
        "kind": value.kind,
        "operation": value.operation,
        "job_id": value.job_id,
        "item": value.item,
        "label": value.label,
        "title": value.title,
        **file(value.image),
        "thumbnail": file(value.thumbnail),
        "cost": cost(value.cost),
        "recipe": dict(value.recipe),
        "source_type": value.source_type,
        "signed_by": value.signed_by,
        "created_at": rfc3339(value.created_at),
        "links": {
            "content": f"{path}/content",
            "thumbnail": f"{path}/content?rendition=thumbnail",
            "renditions": f"{path}/renditions",
        },
    }
