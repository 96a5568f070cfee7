"""The part of the source that a rendition shows, and the place of its focus."""

from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING, Final, Literal

from studio_imaging.renditions.plan import Rendition, Size
from studio_imaging.safe import Safe

if TYPE_CHECKING:
    # Its import takes as long as all others together, and most renditions do not need it.
    from studio_imaging.attention import Attention

Window = tuple[float, float, float, float]

# Less than a thousandth of a pixel, whatever the size.
_SLACK: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Focus:
    """The point to keep in view, as fractions of the upright image.

    Attributes:
        x: 0 at the left edge, 1 at the right.
        y: 0 at the top, 1 at the bottom.
        score: Certainty that this is the subject; 1 for the caller's point.
        method: ``given`` by the caller, or how it was found.
    """

    x: float
    y: float
    score: float
    method: Literal["given", "face", "salience", "centre"]


@dataclass(frozen=True, slots=True)
class Placement:
    """The place of the source in the file.

    Attributes:
        window: Left, top, right, bottom of the visible part, as fractions of the source.
        left: Pixels of background to the left of that part.
        top: Pixels of background above that part.
        focus: The point to keep in view.
        focus_in_safe: Whether the point is in the uncovered part of the file.
    """

    window: Window
    left: int
    top: int
    focus: Focus
    focus_in_safe: bool


def place(
    rendition: Rendition, size: Size, source: tuple[int, int], attention: "Attention | None"
) -> Placement:
    """Return the window of a rendition, or its place in a padded box.

    Args:
        rendition: The rendition.
        size: Its size.
        source: Width and height of the source in pixels.
        attention: The salient parts of the source; may be None if the focus is not ``smart``.

    Raises:
        ValueError: The focus is ``smart``, but there is no ``attention``.
    """
    if rendition.focus != "smart":
        focus = Focus(*rendition.focus, 1.0, "given")
    elif attention is not None:
        found = attention.focal_point
        focus = Focus(found.x, found.y, found.score, found.method)
    else:
        raise ValueError("a smart focus needs attention")
    if size.whole:
        return _whole(rendition, size, focus)
    shares = _shares(size, source)
    if rendition.focus == "smart" and attention is not None:
        left, top = attention.place(*shares, rendition.safe)
    else:
        left, top = _around(focus, shares, size, rendition.safe)
    left, top = (
        _on_pixels(min(max(start, 0.0), 1 - share), share, side, out)
        for start, share, side, out in zip(
            (left, top), shares, source, (size.width, size.height), strict=True
        )
    )
    window = (left, top, min(left + shares[0], 1.0), min(top + shares[1], 1.0))
    inside = _holds(rendition.safe, (focus.x - left) / shares[0], (focus.y - top) / shares[1], size)
    return Placement(window, 0, 0, focus, inside)


def _shares(size: Size, source: tuple[int, int]) -> tuple[float, float]:
    """Return width and height of a window in the file's shape, as fractions; one of them is 1."""
    width = size.width / size.scale / source[0]
    height = size.height / size.scale / source[1]
    return min(width, 1.0), min(height, 1.0)


def _on_pixels(start: float, share: float, side: int, out: int) -> float:
    """Return a start on a whole pixel if the crop is not scaled; a fraction would blur it."""
    return int(start * side + _SLACK) / side if round(share * side, 6) == out else start


def _around(
    focus: Focus, shares: tuple[float, float], size: Size, safe: Safe
) -> tuple[float, float]:
    """Return left and top of a window with the focus in its middle, or in its safe part.

    Only one axis of a window can move. The other axis comes first, because the width of a circle
    depends on the height of the focus in it.
    """
    width, height = shares
    left = min(max(focus.x - width / 2, 0.0), 1 - width)
    top = min(max(focus.y - height / 2, 0.0), 1 - height)
    if width < 1:
        span = _safe_span(safe, size.width, size.height, (focus.y - top) / height, across=True)
        left = _shifted(left, focus.x, width, span)
    if height < 1:
        span = _safe_span(safe, size.height, size.width, (focus.x - left) / width, across=False)
        top = _shifted(top, focus.y, height, span)
    return left, top


def _shifted(start: float, point: float, share: float, span: tuple[float, float] | None) -> float:
    """Return a start moved so that the window's span holds a point, within the image."""
    if span is None:
        return start
    low, high = point - share * span[1], point - share * span[0]
    return min(max(min(max(start, low), high), 0.0), 1 - share)


def _safe_span(
    safe: Safe, length: int, other: int, at: float, *, across: bool
) -> tuple[float, float] | None:
    """Return the uncovered span of one side, as fractions, ``at`` a fraction of the other side."""
    low, high = (safe.left, 1 - safe.right) if across else (safe.top, 1 - safe.bottom)
    if safe.circle:
        radius = min(length, other) / 2
        reach = radius**2 - ((at - 0.5) * other) ** 2
        half = sqrt(max(reach, 0.0)) / length
        low, high = max(low, 0.5 - half), min(high, 0.5 + half)
    return (low, high) if low <= high else None


def _holds(safe: Safe, x: float, y: float, size: Size) -> bool:
    """Return whether a place in the file, as fractions, is uncovered."""
    inside = (
        max(safe.left, 0.0) - _SLACK <= x <= 1 - safe.right + _SLACK
        and safe.top - _SLACK <= y <= 1 - safe.bottom + _SLACK
    )
    if safe.circle:
        radius = min(size.width, size.height) / 2
        far = ((x - 0.5) * size.width) ** 2 + ((y - 0.5) * size.height) ** 2
        inside = inside and far <= radius**2 * (1 + _SLACK)
    return inside


def _whole(rendition: Rendition, size: Size, focus: Focus) -> Placement:
    """Return a placement of the whole source; padding follows CSS ``object-position``."""
    free = size.width - size.shown_width, size.height - size.shown_height
    given = (focus.x, focus.y) if focus.method == "given" else (0.5, 0.5)
    left, top = (round(room * part) for room, part in zip(free, given, strict=True))
    x = (left + focus.x * size.shown_width) / size.width
    y = (top + focus.y * size.shown_height) / size.height
    return Placement((0.0, 0.0, 1.0, 1.0), left, top, focus, _holds(rendition.safe, x, y, size))
