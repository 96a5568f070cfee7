"""Rules of a platform's format, checked against a file."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from studio.domain.assets.model import FORMATS, StoredImage
from studio.domain.renditions.model import Rule

if TYPE_CHECKING:
    from studio.domain.platforms.model import Format

_COLOURS = Rule("colours", True, "sRGB, upright, without EXIF or location")


def rules_of(
    target: "Format",
    file: StoredImage,
    *,
    enlarged: float,
    focus_in_safe: bool | None,
    marked_as: str | None,
) -> tuple[Rule, ...]:
    """Return the rules of a format with the result of each for a file.

    Args:
        target: The format.
        file: The file.
        enlarged: The factor of enlargement, above 1 if pixels were interpolated.
        focus_in_safe: Whether the subject is in the safe area; None if the format has none.
        marked_as: The digital source type that the file states, None for none.
    """
    return tuple(_rules(target, file, enlarged, focus_in_safe, marked_as))


def _rules(
    target: "Format",
    file: StoredImage,
    enlarged: float,
    focus_in_safe: bool | None,
    marked_as: str | None,
) -> Iterator[Rule]:
    exact = (file.width, file.height) == (target.width, target.height)
    yield Rule("pixels", exact, f"{file.width}x{file.height} of {target.width}x{target.height}")
    types = ", ".join(target.types)
    yield Rule("type", FORMATS.get(file.media_type) in target.types, f"of {types}")
    if target.max_bytes is None:
        yield Rule("bytes", None, f"{file.bytes}; no limit is published")
    else:
        yield Rule("bytes", file.bytes <= target.max_bytes, f"{file.bytes} of {target.max_bytes}")
    yield _COLOURS
    sharp = f"enlarged to {enlarged:.2f} times its pixels" if enlarged > 1 else "not enlarged"
    yield Rule("not_enlarged", enlarged <= 1, sharp)
    yield _safe_rule(target, focus_in_safe)
    if marked_as:
        yield Rule("marked", True, f"XMP says {marked_as}")


def _safe_rule(target: "Format", focus_in_safe: bool | None) -> Rule:
    name = "focal_point_in_safe_area"
    if focus_in_safe is None:
        return Rule(name, None, "the format has no known covered area")
    where = "within" if focus_in_safe else "outside"
    circle = "the circle" if target.safe.shape == "circle" else "the safe area"
    return Rule(name, focus_in_safe, f"{where} {circle} ({target.safe.basis})")
