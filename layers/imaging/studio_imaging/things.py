"""Compact things in a salience map, such as a moon or a ball, which a crop should not cut."""

from collections.abc import Sequence
from typing import Final, TypeAlias

from PIL import Image

from studio_imaging.windows import Window

# Left, top, right and bottom, as fractions of the map.
Box: TypeAlias = tuple[float, float, float, float]

# A thing is this salient, and its middle has the most.
_SALIENT: Final = 96
_PEAK: Final = 192
# Bounds of its sides as shares of the map's sides, of its shape, and of the part of its box that
# it fills; a disc fills 0.79.
_LEAST, _MOST = 0.04, 0.3
_LONGEST: Final = 1.7
_FILLED: Final = 0.65
# A map of more salient parts than this shows texture.
_MOST_PARTS: Final = 12
# The soft edge of a thing, in pixels of the map.
_EDGE: Final = 2
# How far a window moves for a thing, as a share of the axis.
_REACH: Final = 0.12


def find_things(found: Image.Image) -> list[Box]:
    """Return the boxes of compact salient parts; none where the map shows texture."""
    width, height = found.size
    levels = found.tobytes()
    left = {place for place, level in enumerate(levels) if level >= _SALIENT}
    parts = []
    while left:
        parts.append(_part(left, width))
        if len(parts) > _MOST_PARTS:
            return []
    boxes = (_box(part, width, height) for part in parts if max(levels[at] for at in part) >= _PEAK)
    return [box for box in boxes if box]


def _part(left: set[int], width: int) -> list[int]:
    """Take a connected part out of a set of pixels and return it."""
    part, waiting = [], [left.pop()]
    while waiting:
        place = waiting.pop()
        part.append(place)
        for near in (place - 1, place + 1, place - width, place + width):
            if near in left and abs(near % width - place % width) <= 1:
                left.remove(near)
                waiting.append(near)
    return part


def _box(part: list[int], width: int, height: int) -> Box | None:
    """Return the box of a part; None if it is not compact."""
    across, down = [place % width for place in part], [place // width for place in part]
    left, right, top, bottom = min(across), max(across) + 1, min(down), max(down) + 1
    wide, high = right - left, bottom - top
    if len(part) < _FILLED * wide * high or max(wide, high) > _LONGEST * min(wide, high):
        return None
    if not _LEAST < max(wide / width, high / height) < _MOST:
        return None
    return (
        (left - _EDGE) / width,
        (top - _EDGE) / height,
        (right + _EDGE) / width,
        (bottom + _EDGE) / height,
    )


def kept_whole(
    start: float, window: Window, point: float, spans: Sequence[tuple[float, float]]
) -> float:
    """Return the start of a window, moved a little where it would cut a thing.

    Args:
        start: The best start of the window without the things.
        window: The window.
        point: The place that the window's safe part shows if it does so at ``start``.
        spans: Where the things are along the axis; the largest one decides.
    """
    length = window.length
    inside = [(max(low, 0.0), min(high, 1.0)) for low, high in spans]
    for low, high in sorted(inside, key=lambda span: span[0] - span[1]):
        if low < start < high:
            moved = low
        elif low < start + length < high:
            moved = high - length
        else:
            continue
        was_shown, is_shown = (
            one + window.low <= point <= one + window.high for one in (start, moved)
        )
        fits = high - low <= length and abs(moved - start) <= _REACH
        if fits and is_shown >= was_shown:
            return min(max(moved, 0.0), 1 - length)
    return start
