"""The rules of a platform's format, and which of them a file keeps."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from studio.domain.assets.model import FORMATS, StoredImage
from studio.domain.renditions.model import Rule

if TYPE_CHECKING:
    from studio.domain.platforms.model import Format

_COLOURS = Rule("colours", True, "sRGB, upright, without EXIF or location")


def rules_of(
    wanted: "Format",
    file: StoredImage,
    *,
    enlarged: float,
    focus_in_safe: bool | None,
    marked_as: str | None,
) -> tuple[Rule, ...]:
    """Check a file against the format that it was made for.

    Args:
        wanted: The format.
        file: The file.
        enlarged: Above 1 where pixels had to be invented.
        focus_in_safe: Whether what matters is where the platform covers nothing; None where
            the format has no such place.
        marked_as: The digital source type that the file carries, None for none.
    """
    return tuple(_rules(wanted, file, enlarged, focus_in_safe, marked_as))


def _rules(
    wanted: "Format",
    file: StoredImage,
    enlarged: float,
    focus_in_safe: bool | None,
    marked_as: str | None,
) -> Iterator[Rule]:
    exact = (file.width, file.height) == (wanted.width, wanted.height)
    yield Rule("pixels", exact, f"{file.width}x{file.height} of {wanted.width}x{wanted.height}")
    types = ", ".join(wanted.types)
    yield Rule("type", FORMATS.get(file.media_type) in wanted.types, f"of {types}")
    if wanted.max_bytes is None:
        yield Rule("bytes", None, f"{file.bytes}; no limit is published")
    else:
        yield Rule("bytes", file.bytes <= wanted.max_bytes, f"{file.bytes} of {wanted.max_bytes}")
    yield _COLOURS
    sharp = f"enlarged to {enlarged:.2f} times its pixels" if enlarged > 1 else "not enlarged"
    yield Rule("not_enlarged", enlarged <= 1, sharp)
    yield _safe_rule(wanted, focus_in_safe)
    if marked_as:
        yield Rule("marked", True, f"XMP says {marked_as}")


def _safe_rule(wanted: "Format", focus_in_safe: bool | None) -> Rule:
    name = "focal_point_in_safe_area"
    if focus_in_safe is None:
        return Rule(name, None, "the format covers nothing that is known of")
    where = "within" if focus_in_safe else "outside"
    circle = "the circle" if wanted.safe.shape == "circle" else "the safe area"
    return Rule(name, focus_in_safe, f"{where} {circle} ({wanted.safe.basis})")
