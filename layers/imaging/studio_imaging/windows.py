"""The best window of an image, along one axis at a time."""

import math
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final, Literal, TypeAlias

from PIL import Image

Axis: TypeAlias = Literal["across", "down"]

# The value of a window is the share of salience that it keeps, 0 to 1, minus three penalties.
# A window off the centre; most at the image's edge.
_OFF_CENTRE: Final = 0.15
# Salience within this many pixels of the window's edges.
_CUT: Final = 0.3
_CUT_PIXELS: Final = 2.0
# The square of the distance from the window's middle to the mean of its salience, in its lengths.
_OFF_MEAN: Final = 1.0
# Pixels between the starts of the first, rough search.
_STRIDE: Final = 3


@dataclass(frozen=True, slots=True)
class Window:
    """A length to place along an axis, with a safe part. All numbers are fractions of the axis.

    Attributes:
        length: Length of the window.
        low: From the start of the window to the start of its safe part.
        high: From the start of the window to the end of its safe part.
    """

    length: float
    low: float
    high: float

    def within(self, reach: float) -> "Window":
        """Return the same window with a safe part within ``reach`` of its middle."""
        middle = self.length / 2
        return Window(self.length, max(self.low, middle - reach), min(self.high, middle + reach))


class Profile:
    """The salience along one axis of a map."""

    def __init__(self, found: Image.Image, axis: Axis) -> None:
        values = sums(found, axis)
        total = sum(values) or 1.0
        count = len(values)
        self._pixels = count
        # Up to each pixel: the salience, and the salience times its place.
        self._amounts = [0.0, *accumulate(value / total for value in values)]
        self._moments = [
            0.0,
            *accumulate(value / total * (at + 0.5) / count for at, value in enumerate(values)),
        ]

    def best(self, window: Window, point: float | None = None) -> float:
        """Return the best start of a window.

        Args:
            window: The window.
            point: A place for the safe part, or as near to it as the image allows.
        """
        room = max(0.0, 1 - window.length)
        least, greatest = 0.0, room
        if point is not None:
            # A safe part whose end is before its start counts as a point.
            least = min(max(point - max(window.low, window.high), 0.0), room)
            greatest = min(max(point - window.low, 0.0), room)
        if not self._amounts[-1]:
            return min(max(room / 2, least), greatest)
        steps = max(1, math.floor((greatest - least) * self._pixels))
        starts = [least + (greatest - least) * step / steps for step in range(steps + 1)]

        def worth(step: int) -> tuple[float, float]:
            return self._worth(starts[step], window, room)

        rough = max(range(0, steps + 1, _STRIDE), key=worth)
        near = range(max(0, rough - _STRIDE + 1), min(steps + 1, rough + _STRIDE))
        return starts[max(near, key=worth)]

    def _worth(self, start: float, window: Window, room: float) -> tuple[float, float]:
        """Return the value of a start and, for equal values, how central it is."""
        end, margin = start + window.length, _CUT_PIXELS / self._pixels
        low, high = start + window.low, start + window.high
        kept = self._between(self._amounts, start, end)
        worth = (kept + self._between(self._amounts, low, high)) / 2
        if kept:
            mean_kept = self._between(self._moments, start, end) / kept
            worth -= _OFF_MEAN * kept * (((low + high) / 2 - mean_kept) / window.length) ** 2
        off_centre = abs(2 * start / room - 1) if room else 0.0
        worth -= _OFF_CENTRE * room * off_centre**2
        if start > margin / 2:
            worth -= _CUT * self._between(self._amounts, start - margin, start + margin)
        if end < 1 - margin / 2:
            worth -= _CUT * self._between(self._amounts, end - margin, end + margin)
        return round(worth, 9), -off_centre

    def _between(self, totals: Sequence[float], start: float, end: float) -> float:
        return self._at(totals, end) - self._at(totals, start)

    def _at(self, totals: Sequence[float], place: float) -> float:
        """Return the total up to a place."""
        pixels = min(max(place, 0.0), 1.0) * self._pixels
        whole = min(int(pixels), self._pixels - 1)
        return totals[whole] + (totals[whole + 1] - totals[whole]) * (pixels - whole)


def sums(found: Image.Image, axis: Axis) -> list[float]:
    """Return the mean of each column of a map, or with ``down`` of each row."""
    size = (found.width, 1) if axis == "across" else (1, found.height)
    return list(array("f", found.convert("F").resize(size, Image.Resampling.BOX).tobytes()))


def mean(values: Sequence[float]) -> float:
    """Return the mean place of the values, from 0 to their number."""
    total = sum(values)
    if not total:
        return len(values) / 2
    return sum(value * (at + 0.5) for at, value in enumerate(values)) / total
