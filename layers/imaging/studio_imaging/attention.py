"""Where a picture's subject is, and which window of it keeps the subject.

A crop that fills a box can move along one axis only, so what stands out is added up along the
other, and the best sum of neighbours wins.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final, Literal, TypeAlias

from PIL import Image, ImageChops, ImageDraw, ImageFilter

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
_STEPS_PER_PIXEL: Final = 2
# How much of what else stands out still counts beside a face.
_BESIDE_FACES: Final = 0.5
# From a face's middle to its head's ends, in widths of the face.
_HEAD_SIDE: Final = 0.65
_HEAD_TOP: Final = 0.9
_HEAD_BOTTOM: Final = 0.75
# A face of this score is more likely than not; of three times as much, hardly anything else.
_SURE: Final = 15
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
        picture, alpha = _opaque(shrunk(image, SIDE))
        found = salience(picture)
        if alpha is not None:
            small = alpha.resize(found.size, Image.Resampling.BOX)
            found = ImageChops.multiply(small, Image.blend(found, small, 0.5))
        faces = find_faces(picture, found)
        self._focal = _face_point(faces) if faces else _focal_point(found)
        if faces:
            found = _with_heads(found, faces)
        self._across = _Profile(_sums(found, "across"))
        self._down = _Profile(_sums(found, "down"))

    @property
    def focal_point(self) -> FocalPoint:
        """The middle of what stands out most; the centre where nothing does."""
        return self._focal

    def place(self, width: float, height: float, safe: Safe | None = None) -> tuple[float, float]:
        """Return left and top of the window that keeps most, as fractions of the picture.

        Args:
            width: Of the window, as a fraction of the picture's.
            height: Likewise.
            safe: What of the window will be covered; the focal point is kept out of it where a
                window can do so.
        """
        safe = safe or Safe()
        focal = self._focal
        top = self._down.best(height, _free(height, safe.top, safe.bottom, focal.y))
        return self._across.best(width, _free(width, safe.left, safe.right, focal.x)), top


class _Profile:
    """What stands out along one axis, 1 in all."""

    def __init__(self, sums: list[float]) -> None:
        total = sum(sums)
        self._length = len(sums)
        self._before = [0.0, *accumulate(value / total for value in sums)] if total else []
        self._middle = _middle(sums) / len(sums) if total else 0.5

    def best(self, share: float, near: tuple[float, float]) -> float:
        """Return where a window that is ``share`` of the axis long should begin.

        Args:
            share: Length of the window.
            near: The least and the greatest beginning allowed.
        """
        if not self._before:
            return min(max((1 - share) / 2, near[0]), near[1])
        return max(self._places(share, near))[2]

    def _places(
        self, share: float, near: tuple[float, float]
    ) -> Iterator[tuple[float, float, float]]:
        """Yield each beginning with what it is worth; of equals the most central is greatest."""
        room = 1 - share
        steps = max(1, math.floor((near[1] - near[0]) * self._length * _STEPS_PER_PIXEL))
        margin = _CUT_PIXELS / self._length
        for step in range(steps + 1):
            start = near[0] + (near[1] - near[0]) * step / steps
            end = start + share
            worth = self._within(start, end)
            worth -= _OFF_MIDDLE * ((start + share / 2 - self._middle) / share) ** 2
            if room > 0:
                worth -= _CENTRE * (1 - share) * (2 * start / room - 1) ** 2
            if start > margin / 2:
                worth -= _CUT * self._within(start - margin, start + margin)
            if end < 1 - margin / 2:
                worth -= _CUT * self._within(end - margin, end + margin)
            yield round(worth, 9), -abs(start - room / 2), start

    def _within(self, start: float, end: float) -> float:
        return self._at(end) - self._at(start)

    def _at(self, place: float) -> float:
        """How much lies before a place."""
        pixels = min(max(place, 0.0), 1.0) * self._length
        whole = min(int(pixels), self._length - 1)
        low, high = self._before[whole], self._before[whole + 1]
        return low + (high - low) * (pixels - whole)


def _free(share: float, before: float, after: float, point: float) -> tuple[float, float]:
    """Between which beginnings a window shows a point in its uncovered part, if it can."""
    room = max(0.0, 1 - share)
    least = min(max(point - share * (1 - after), 0.0), room)
    greatest = min(max(point - share * before, 0.0), room)
    return least, greatest


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


def _focal_point(found: Image.Image) -> FocalPoint:
    if not highest(found):
        return FocalPoint(0.5, 0.5, 0.0, "centre")
    smooth = found.filter(ImageFilter.GaussianBlur(max(found.size) / 16))
    values = smooth.tobytes()
    at = values.index(max(values))
    x, y = at % found.width, at // found.width
    reach = max(found.size) // 5
    around = found.crop(
        (max(0, x - reach), max(0, y - reach), min(found.width, x + reach + 1),
         min(found.height, y + reach + 1))
    )  # fmt: skip
    centre_x = max(0, x - reach) + _middle(_sums(around, "across"))
    centre_y = max(0, y - reach) + _middle(_sums(around, "down"))
    inside = sum(_sums(around, "down")) * around.width
    total = sum(_sums(found, "down")) * found.width
    fair = around.width * around.height / (found.width * found.height)
    share = inside / total
    score = 0.0 if fair >= 1 else max(0.0, (share - fair) / (1 - fair))
    return FocalPoint(centre_x / found.width, centre_y / found.height, round(score, 3), "salience")


def _middle(values: list[float]) -> float:
    total = sum(values)
    return sum(value * (at + 0.5) for at, value in enumerate(values)) / total
