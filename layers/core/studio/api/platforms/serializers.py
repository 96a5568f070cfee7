"""Documents about platforms."""

from decimal import Decimal

from studio.api.http.serializers import Document
from studio.domain.platforms.catalogue import catalogue, presets_of
from studio.domain.platforms.model import WHOLE, Format, Platform, Preset, Safe


def platform(value: Platform) -> Document:
    """A platform with the names of what it has."""
    return {
        "id": value.id,
        "name": value.name,
        "checked_at": catalogue().checked_at,
        "format_ids": [one.id for one in value.formats],
        "preset_ids": [one.id for one in presets_of(value)],
    }


def whole_platform(value: Platform) -> Document:
    """A platform with all that it has, and where that is from."""
    return {
        **platform(value),
        "source": catalogue().source,
        "formats": [format_(one) for one in value.formats],
        "presets": [preset(one) for one in presets_of(value)],
    }


def format_(value: Format) -> Document:
    """A format."""
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


def preset(value: Preset) -> Document:
    """A preset with the names of its formats."""
    return {
        "id": value.id,
        "name": value.name,
        "about": value.about,
        "format_ids": [one.id for one in value.formats],
    }


def _safe_zone(value: Safe, width: int, height: int) -> Document:
    margins = {
        "top": (value.top, height),
        "bottom": (value.bottom, height),
        "left": (value.left, width),
        "right": (value.right, width),
    }
    return {
        "shape": value.shape,
        "basis": value.basis,
        "percent": {edge: _percent(part) for edge, (part, _) in margins.items()},
        "pixels": {edge: _pixels(part, side) for edge, (part, side) in margins.items()},
    }


def _percent(part: int) -> str:
    return f"{Decimal(100 * part) / WHOLE:f}"


def _pixels(part: int, side: int) -> int:
    return (part * side + WHOLE // 2) // WHOLE
