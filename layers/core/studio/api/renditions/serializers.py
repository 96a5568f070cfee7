"""Serializers of renditions."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from studio.api.http.serializers import file, framing
from studio.domain.platforms.catalogue import platform_of_format
from studio.domain.renditions.model import UNSURE_CROP, Rendition, RenditionSpec

if TYPE_CHECKING:
    from studio.api.renditions import responses


def renditions(asset_id: str, made: Sequence[Rendition]) -> "responses.RenditionList":
    """Return all files of an asset."""
    return {"data": [rendition(asset_id, one) for one in made]}


def rendition(asset_id: str, value: Rendition) -> "responses.Rendition":
    """Return a file of an asset, or the problem that prevents it."""
    path = f"/v1/assets/{asset_id}/content?rendition={value.name}"
    return {
        "name": value.name,
        "kind": value.kind,
        "asset_id": asset_id,
        "platform": platform_of_format(value.spec.export),
        "format": value.spec.export,
        "wanted": _wanted(value.spec),
        "file": file(value.file) if value.file else None,
        "quality": value.quality,
        "window": list(value.window) if value.window else None,
        "enlarged": value.enlarged,
        "focal_point": _focus(value),
        "rules": [
            {"rule": rule.rule, "holds": rule.holds, "detail": rule.detail} for rule in value.rules
        ],
        "problem": value.problem,
        "warnings": [UNSURE_CROP.format(value.name)] if value.is_guess else [],
        "links": {"content": path} if value.file else {},
    }


def _wanted(spec: RenditionSpec) -> "responses.WantedFile":
    return {
        "width": spec.width,
        "height": spec.height,
        "format": spec.format,
        "quality": spec.quality,
        "max_bytes": spec.max_bytes,
        "keep_rights": spec.keep_rights,
        **framing(spec.framing),
    }


def _focus(value: Rendition) -> "responses.FoundFocalPoint | None":
    focus = value.focus
    if focus is None:
        return None
    return {"x": focus.x, "y": focus.y, "score": focus.score, "method": focus.method}
