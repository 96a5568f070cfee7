"""Serializers of platforms."""

from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING

from studio.domain.platforms.catalogue import catalogue, presets_of
from studio.domain.platforms.model import WHOLE, Format, Platform, Preset, Safe

if TYPE_CHECKING:
    from studio.api.platforms import responses


def platform(value: Platform) -> "responses.Platform":
    """Return a platform with the ids of its formats and presets."""
    return {
        "id": value.id,
        "name": value.name,
        "checked_at": catalogue().checked_at,
        "format_ids": [one.id for one in value.formats],
        "preset_ids": [one.id for one in presets_of(value)],
    }


def platforms(values: Iterable[Platform]) -> "responses.PlatformList":
    """Return all platforms."""
    return {"data": [platform(value) for value in values]}


def whole_platform(value: Platform) -> "responses.PlatformDetail":
    """Return a platform with its formats, its presets and the source of its facts."""
    return {
        **platform(value),
        "source": catalogue().source,
        "formats": [format_(one) for one in value.formats],
        "presets": [preset(one) for one in presets_of(value)],
    }


def format_(value: Format) -> "responses.Format":
    """Return a format."""
    return {
        "id": value.id,
        "platform": value.platform,
        "name": value.name,
        "kind": value.kind,
        "width": value.width,
        "height": value.height,
        "aspect_ratio": value.ratio,
        "types": list(value.types),
        "max_bytes": value.max_bytes,
        "safe_zone": _safe_zone(value.safe, value.width, value.height),
        "certainty": value.certainty,
        "note": value.note,
    }


def formats(values: Iterable[Format]) -> "responses.FormatList":
    """Return the formats of a platform."""
    return {"data": [format_(value) for value in values]}


def preset(value: Preset) -> "responses.Preset":
    """Return a preset with the ids of its formats."""
    return {
        "id": value.id,
        "name": value.name,
        "about": value.about,
        "format_ids": [one.id for one in value.formats],
    }


def presets(values: Iterable[Preset]) -> "responses.PresetList":
    """Return presets."""
    return {"data": [preset(value) for value in values]}


def _safe_zone(value: Safe, width: int, height: int) -> "responses.SafeZone":
    return {
        "shape": value.shape,
        "basis": value.basis,
        "percent": {
            "top": _percent(value.top),
            "bottom": _percent(value.bottom),
            "left": _percent(value.left),
            "right": _percent(value.right),
        },
        "pixels": {
            "top": _pixels(value.top, height),
            "bottom": _pixels(value.bottom, height),
            "left": _pixels(value.left, width),
            "right": _pixels(value.right, width),
        },
    }


def _percent(part: int) -> str:
    return f"{Decimal(100 * part) / WHOLE:f}"


def _pixels(part: int, side: int) -> int:
    return (part * side + WHOLE // 2) // WHOLE
