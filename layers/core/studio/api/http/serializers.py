"""Serializers that several resources share."""

from datetime import datetime
from typing import TYPE_CHECKING

from studio.clock import rfc3339
from studio.money import CURRENCY, Cost, format_usd

if TYPE_CHECKING:
    # Each subject loads its own models.
    from studio.api.http import responses
    from studio.domain.assets.model import StoredImage
    from studio.domain.renditions.model import Framing


def money(micros: int) -> "responses.Money":
    """Return a known amount; ``micros`` are micro-dollars."""
    return {"amount": format_usd(micros), "currency": CURRENCY}


def cost(value: Cost) -> "responses.Cost":
    """Return a cost with its basis; the amount is null where it is unknown."""
    document: responses.Cost = {
        "amount": None if value.micros is None else format_usd(value.micros),
        "currency": CURRENCY,
        "basis": value.basis,
    }
    if value.price_version:
        document["price_version"] = value.price_version
    return document


def framing(value: "Framing") -> "responses.Framing":
    """Return how an image is fitted into another aspect ratio."""
    point = value.focal_point
    return {
        "fit": value.fit,
        "gravity": value.gravity,
        "focal_point": {"x": point[0], "y": point[1]} if point else None,
        "background": value.background,
    }


def file(value: "StoredImage") -> "responses.File":
    """Return the facts of a file, without its key."""
    return {
        "media_type": value.media_type,
        "bytes": value.bytes,
        "width": value.width or None,
        "height": value.height or None,
        "duration_ms": value.duration_ms,
        "sha256": value.sha256,
    }


def time_text(value: datetime | None) -> str | None:
    """Return a time as RFC 3339 text, None for None."""
    return None if value is None else rfc3339(value)
