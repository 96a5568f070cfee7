"""Where a picture's subject is, and which window of it keeps the subject.

A crop that fills a box can move along one axis only, so what stands out is added up along the
other, and the best sum of neighbours wins.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final, Literal, TypeAlias

from PIL import Image, ImageChops, ImageDraw

from studio_imaging.faces import Face, find_faces
from studio_imaging.safe import Safe
from studio_imaging.salience import SIDE, highest, salience, shrunk

Method: TypeAlias = Literal["face", "salience", "centre"]

# What a window loses at the picture's edge, beside what it keeps (1 for everything).
_CENTRE: Final = 0.15
# What it loses for what its own edges cut through.
_CUT: Final = 0.3
_CUT_PIXELS: Final = 2.0
# And for standing off the middle of all that stands out, by its own length.
_OFF_MIDDLE: Final = 0.3
# Neighbouring positions are half a pixel of the map apart.
_STEPS_PER_PIXEL: Final = 1
# How much of what else stands out still counts beside a face.
_BESIDE_FACES: Final = 0.5
# From a face's middle to its head's ends, in widths of the face.
_HEAD_SIDE: Final = 0.9
_HEAD_TOP: Final = 0.9
_HEAD_BOTTOM: Final = 0.75
# A face of this score is more likely than not; of three times as much, hardly anything else.
_SURE: Final = 15
# The window, as a share of each side, whose middle is the focal point.
_FOCUS: Final = 0.4
# Under transparency.
_GREY: Final = (128, 128, 128)


@dataclass(frozen=True, slots=True)
class FocalPoint:
    """The point to keep, as fractions of the picture.

    Attributes:
        x: 0 at the left edge, 1 at the right.
        y: 0 at the top, 1 at the bottom.
        score: How sure that is, from 0, where nothing stands out, to 1.
        method: How it was found.
    """

    x: float
    y: float
    score: float
    method: Method


class Attention:
    """What draws the eye in one upright picture; the same pixels give the same answers.

    Args:
        image: RGB or RGBA; what is transparent is ground.
    """

    def __init__(self, image: Image.Image) -> None:
        self._size = image.size
        picture, alpha = _opaque(shrunk(image, SIDE))
        found = salience(picture)
        if alpha is not None:
            small = alpha.resize(found.size, Image.Resampling.BOX)
            found = ImageChops.multiply(small, Image.blend(found, small, 0.5))
        faces = find_faces(picture, found)
        self._focal = _face_point(faces) if faces else _salient_point(found)
        if faces:
            found = _with_heads(found, faces)
        self._across, self._down = _Profile(_sums(found, "across")), _Profile(_sums(found, "down"))

    @property
    def focal_point(self) -> FocalPoint:
        """The middle of the clearest face, or of what stands out most; else the centre."""
        return self._focal

    def place(self, width: float, height: float, safe: Safe | None = None) -> tuple[float, float]:
        """Return left and top of the window that keeps most, as fractions of the picture.

        It shows the focal point, within its safe part wherever a window of that size can.

        Args:
            width: Of the window, as a fraction of the picture's.
            height: Likewise.
            safe: What of the window will be covered.
        """
        safe = safe or Safe()
        across = _Part(width, width * safe.left, width * (1 - safe.right))
        down = _Part(height, height * safe.top, height * (1 - safe.bottom))
        focal = self._focal
        if not safe.circle:
            return self._across.best(across, focal.x), self._down.best(down, focal.y)
        # How far the point may be from the middle along one axis depends on the other, so the
        # one with less room goes first; where it has some, the circle's inner square is enough.
        wide, high = self._size
        radius = min(width * wide, height * high) / 2
        square = radius / math.sqrt(2)
        if width > height:
            left = self._across.best(across.within(square / wide), focal.x)
            chord = _chord(radius, (focal.x - left - width / 2) * wide)
            return left, self._down.best(down.within(chord / high), focal.y)
        top = self._down.best(down.within(square / high), focal.y)
        chord = _chord(radius, (focal.y - top - height / 2) * high)
        return self._across.best(across.within(chord / wide), focal.x), top


@dataclass(frozen=True, slots=True)
class _Part:
    """A window's length along one axis, and where in it its safe part begins and ends."""

    share: float
    low: float
    high: float

    def within(self, reach: float) -> "_Part":
        """Return the same window whose safe part is no farther from its middle than this."""
        middle = self.share / 2
        return _Part(self.share, max(self.low, middle - reach), min(self.high, middle + reach))


def _chord(radius: float, distance: float) -> float:
    """Half of a circle's width at a distance from its middle."""
    return math.sqrt(max(0.0, radius**2 - distance**2))


class _Profile:
    """What stands out along one axis, 1 in all; ``middle`` is where its mean is."""

    def __init__(self, sums: list[float]) -> None:
        total = sum(sums)
        self._length = len(sums)
        self._before = [0.0, *accumulate(value / total for value in sums)] if total else []
        self.middle = _middle(sums) / len(sums) if total else 0.5

    def best(self, part: _Part, point: float) -> float:
        """Return where a window should begin.

        Args:
            part: Its length and its safe part.
            point: What must be in its safe part, as near as can be.
        """
        room = max(0.0, 1 - part.share)
        least, greatest = (
            min(max(point - edge, 0.0), room) for edge in (max(part.low, part.high), part.low)
        )
        if not self._before:
            return min(max(room / 2, least), greatest)
        steps = max(1, math.floor((greatest - least) * self._length * _STEPS_PER_PIXEL))
        starts = (least + (greatest - least) * step / steps for step in range(steps + 1))
        return max(starts, key=lambda start: self._worth(start, part, room))

    def _worth(self, start: float, part: _Part, room: float) -> tuple[float, float]:
        """How good a beginning is; of equally good ones the more central is better."""
        end, margin = start + part.share, _CUT_PIXELS / self._length
        low, high = start + part.low, start + part.high
        worth = (self._within(start, end) + self._within(low, high)) / 2
        worth -= _OFF_MIDDLE * (((low + high) / 2 - self.middle) / part.share) ** 2
        off_centre = abs(2 * start / room - 1) if room else 0.0
        worth -= _CENTRE * room * off_centre**2
        if start > margin / 2:
            worth -= _CUT * self._within(start - margin, start + margin)
        if end < 1 - margin / 2:
            worth -= _CUT * self._within(end - margin, end + margin)
        return round(worth, 9), -off_centre

    def _within(self, start: float, end: float) -> float:
        return self._at(end) - self._at(start)

    def _at(self, place: float) -> float:
        """How much lies before a place."""
        pixels = min(max(place, 0.0), 1.0) * self._length
        whole = min(int(pixels), self._length - 1)
        low, high = self._before[whole], self._before[whole + 1]
        return low + (high - low) * (pixels - whole)


def _opaque(picture: Image.Image) -> tuple[Image.Image, Image.Image | None]:
    """The picture on grey, and its alpha where it has one."""
    if picture.mode != "RGBA":
        return picture, None
    alpha = picture.getchannel("A")
    opaque = Image.new("RGB", picture.size, _GREY)
    opaque.paste(picture, mask=alpha)
    return opaque, alpha


def _with_heads(found: Image.Image, faces: Sequence[Face]) -> Image.Image:
    """The map with heads in front of all else."""
    heads = found.point([round(level * _BESIDE_FACES) for level in range(256)])
    draw = ImageDraw.Draw(heads)
    for face in faces:
        left, right = face.x - _HEAD_SIDE * face.width, face.x + _HEAD_SIDE * face.width
        top, bottom = face.y - _HEAD_TOP * face.height, face.y + _HEAD_BOTTOM * face.height
        draw.ellipse(
            (left * found.width, top * found.height, right * found.width, bottom * found.height),
            fill=255,
        )
    return heads


def _face_point(faces: Sequence[Face]) -> FocalPoint:
    """The middle of the face that is largest and surest together."""
    face = max(faces, key=lambda one: one.width * one.score)
    return FocalPoint(face.x, face.y, round(1 - math.exp(-face.score / _SURE), 3), "face")


def _sums(found: Image.Image, axis: Literal["across", "down"]) -> list[float]:
    size = (found.width, 1) if axis == "across" else (1, found.height)
    line = found.convert("F").resize(size, Image.Resampling.BOX)
    return [float(value) for value in line.get_flattened_data()]  # type: ignore[arg-type]


def _salient_point(found: Image.Image) -> FocalPoint:
    """The middle of what stands out within the best window of a part of the picture."""
    if not highest(found):
        return FocalPoint(0.5, 0.5, 0.0, "centre")
    width, height = (max(1, round(side * _FOCUS)) for side in found.size)
    left, top, strip = 0, 0, found
    for _ in range(2):
        left = _start(strip, "across", width)
        strip = found.crop((left, 0, left + width, found.height))
        top = _start(strip, "down", height)
        strip = found.crop((0, top, found.width, top + height))
    inner = found.crop((left, top, left + width, top + height))
    x, y = left + _middle(_sums(inner, "across")), top + _middle(_sums(inner, "down"))
    share = _total(inner) / _total(found)
    fair = width * height / (found.width * found.height)
    score = (share - fair) / (1 - fair) if fair < 1 else 0.0
    return FocalPoint(x / found.width, y / found.height, round(max(0.0, score), 3), "salience")


def _start(strip: Image.Image, axis: Literal["across", "down"], pixels: int) -> int:
    """Where in a strip the best window of so many pixels begins."""
    sums = _sums(strip, axis)
    part = _Part(pixels / len(sums), 0.0, pixels / len(sums))
    profile = _Profile(sums)
    return min(round(profile.best(part, profile.middle) * len(sums)), len(sums) - pixels)


def _total(found: Image.Image) -> float:
    return sum(_sums(found, "down")) * found.width


def _middle(values: list[float]) -> float:
    total = sum(values)
    return sum(value * (at + 0.5) for at, value in enumerate(values)) / total
