"""Serializers that several resources share."""

from datetime import datetime
from typing import TYPE_CHECKING

from studio.clock import rfc3339
from studio.money import CURRENCY, Cost, format_usd

if TYPE_CHECKING:
    # Each subject loads its own models.
    from studio.domain.assets.model import StoredImage
    from studio.domain.jobs.model import ImageSpec
    from studio.domain.renditions.model import Framing

Document = dict[str, object]


def money(micros: int) -> Document:
    """An amount that is known."""
    return {"amount": format_usd(micros), "currency": CURRENCY}


def cost(value: Cost | None) -> Document | None:
    """A cost with its basis; the amount is null where it is unknown."""
    if value is None:
        return None
    document: Document = {
        "amount": None if value.micros is None else format_usd(value.micros),
        "currency": CURRENCY,
        "basis": value.basis,
    }
    if value.price_version:
        document["price_version"] = value.price_version
    return document


def framing(value: "Framing") -> Document:
    """How a picture comes into its shape."""
    point = value.focal_point
    return {
        "fit": value.fit,
        "gravity": value.gravity,
        "focal_point": {"x": point[0], "y": point[1]} if point else None,
        "background": value.background,
    }


def size(spec: "ImageSpec") -> str | None:
    """The size that was ordered, None where source and operation decide it."""
    return f"{spec.width}x{spec.height}" if spec.width else None


def file(value: "StoredImage") -> Document:
    """A file, without where it lies."""
    return {
        "media_type": value.media_type,
        "bytes": value.bytes,
        "width": value.width or None,
        "height": value.height or None,
        "duration_ms": value.duration_ms,
        "sha256": value.sha256,
    }


def _time(value: datetime | None) -> str | None:
    return None if value is None else rfc3339(value)
