"""Which part of the source a rendition shows, and where its focus comes to lie."""

from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING, Final, Literal

from studio_imaging.renditions.plan import Rendition, Size
from studio_imaging.safe import Safe

if TYPE_CHECKING:
    # It costs as much to import as all the rest, and most renditions do not ask for it.
    from studio_imaging.attention import Attention

Window = tuple[float, float, float, float]

# Less than a thousandth of a pixel, whatever the size.
_SLACK: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Focus:
    """The point that was kept, as fractions of the upright picture.

    Attributes:
        x: 0 at the left edge, 1 at the right.
        y: 0 at the top, 1 at the bottom.
        score: How sure it is that this is the subject; 1 where the caller said so.
        method: ``given`` by the caller, or how it was found.
    """

    x: float
    y: float
    score: float
    method: Literal["given", "face", "salience", "centre"]


@dataclass(frozen=True, slots=True)
class Placement:
    """How the source lies in the file.

    Attributes:
        window: Left, top, right, bottom of the part shown, as fractions of the source.
        left: Pixels of background to the left of it.
        top: Pixels of background above it.
        focus: The point that was kept.
        focus_in_safe: Whether it lies where nothing covers it.
    """

    window: Window
    left: int
    top: int
    focus: Focus
    focus_in_safe: bool


def place(
    rendition: Rendition, size: Size, source: tuple[int, int], attention: "Attention | None"
) -> Placement:
    """Choose the window of a rendition, or its place in the box where it is padded.

    Args:
        rendition: What was asked for.
        size: Its size.
        source: Width and height of the source in pixels.
        attention: What draws the eye in the source; may be None where nobody asks for it.

    Raises:
        ValueError: the focus is to be found, but there is no ``attention`` to ask.
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
    """Width and height of a window of the file's shape, as fractions of the source; one is 1."""
    width = size.width / size.scale / source[0]
    height = size.height / size.scale / source[1]
    return min(width, 1.0), min(height, 1.0)


def _on_pixels(start: float, share: float, side: int, out: int) -> float:
    """A crop that scales nothing begins on a whole pixel: half a pixel would blur it."""
    return int(start * side + _SLACK) / side if round(share * side, 6) == out else start


def _around(
    focus: Focus, shares: tuple[float, float], size: Size, safe: Safe
) -> tuple[float, float]:
    """Left and top of the window that has the focus in its middle, or in its safe part at least.

    Only one side of a window can move, so the other one is settled first: a circle allows less to
    the left and right the farther up or down the focus is.
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
    """Move a window as little as brings a point into a span of it, and never off the picture."""
    if span is None:
        return start
    low, high = point - share * span[1], point - share * span[0]
    return min(max(min(max(start, low), high), 0.0), 1 - share)


def _safe_span(
    safe: Safe, length: int, other: int, at: float, *, across: bool
) -> tuple[float, float] | None:
    """Between which fractions of one side nothing is covered, ``at`` a fraction of the other."""
    low, high = (safe.left, 1 - safe.right) if across else (safe.top, 1 - safe.bottom)
    if safe.circle:
        radius = min(length, other) / 2
        reach = radius**2 - ((at - 0.5) * other) ** 2
        half = sqrt(max(reach, 0.0)) / length
        low, high = max(low, 0.5 - half), min(high, 0.5 + half)
    return (low, high) if low <= high else None


def _holds(safe: Safe, x: float, y: float, size: Size) -> bool:
    """Whether a place in the file, as fractions of it, is covered by nothing."""
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
    """All of the source; in a padded box it lies as a CSS ``object-position`` would put it."""
    free = size.width - size.shown_width, size.height - size.shown_height
    given = (focus.x, focus.y) if focus.method == "given" else (0.5, 0.5)
    left, top = (round(room * part) for room, part in zip(free, given, strict=True))
    x = (left + focus.x * size.shown_width) / size.width
    y = (top + focus.y * size.shown_height) / size.height
    return Placement((0.0, 0.0, 1.0, 1.0), left, top, focus, _holds(rendition.safe, x, y, size))
