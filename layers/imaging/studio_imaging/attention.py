"""Where a picture's subject is, and which window of the picture keeps it.

A crop that fills a box can move along one axis only, so what stands out is added up along the
other. Faces stand before everything else.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from PIL import Image, ImageChops

from studio_imaging.faces import Face, find_faces
from studio_imaging.safe import Safe
from studio_imaging.salience import SIDE, highest, salience, shrunk
from studio_imaging.windows import Axis, Profile, Window, mean, sums

Method: TypeAlias = Literal["face", "salience", "centre"]

# How much of what else stands out still counts beside a face.
_BESIDE_FACES: Final = 0.5
# From a face's middle to its head's ends, in widths of the face.
_HEAD_SIDE: Final = 0.9
_HEAD_TOP: Final = 0.9
_HEAD_BOTTOM: Final = 0.75
# A face of this score is rated 0.63, one of three times as much 0.95.
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
        self._across, self._down = Profile(found, "across"), Profile(found, "down")

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
        across = Window(width, width * safe.left, width * (1 - safe.right))
        down = Window(height, height * safe.top, height * (1 - safe.bottom))
        if safe.circle:
            return self._place_circle(across, down)
        return self._across.best(across, self._focal.x), self._down.best(down, self._focal.y)

    def _place_circle(self, across: Window, down: Window) -> tuple[float, float]:
        """Place a window of which the inscribed circle is shown.

        How far the point may be from the middle along one axis depends on the other. The axis
        with less room goes first, where the circle's inner square is enough.
        """
        wide, high = self._size
        radius = min(across.length * wide, down.length * high) / 2
        square = radius / math.sqrt(2)
        if across.length > down.length:
            left = self._across.best(across.within(square / wide), self._focal.x)
            chord = _chord(radius, (self._focal.x - left - across.length / 2) * wide)
            return left, self._down.best(down.within(chord / high), self._focal.y)
        top = self._down.best(down.within(square / high), self._focal.y)
        chord = _chord(radius, (self._focal.y - top - down.length / 2) * high)
        return self._across.best(across.within(chord / wide), self._focal.x), top


def _chord(radius: float, distance: float) -> float:
    """Half of a circle's width at a distance from its middle."""
    return math.sqrt(max(0.0, radius**2 - distance**2))


def _opaque(picture: Image.Image) -> tuple[Image.Image, Image.Image | None]:
    """The picture on grey, and its alpha where that tells anything apart."""
    if picture.mode != "RGBA":
        return picture, None
    alpha = picture.getchannel("A")
    opaque = Image.new("RGB", picture.size, _GREY)
    opaque.paste(picture, mask=alpha)
    least, most = alpha.getextrema()
    return opaque, None if least == most else alpha


def _with_heads(found: Image.Image, faces: Sequence[Face]) -> Image.Image:
    """The map with heads in front of all else."""
    from PIL import ImageDraw

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


def _salient_point(found: Image.Image) -> FocalPoint:
    """The middle of the best part of the picture, and how much more than its share is there."""
    if not highest(found):
        return FocalPoint(0.5, 0.5, 0.0, "centre")
    width, height = (max(1, round(side * _FOCUS)) for side in found.size)
    top = _start(found, "down", height)
    left = _start(found.crop((0, top, found.width, top + height)), "across", width)
    part = found.crop((left, top, left + width, top + height))
    x, y = left + mean(sums(part, "across")), top + mean(sums(part, "down"))
    fair = width * height / (found.width * found.height)
    share = sum(part.tobytes()) / sum(found.tobytes())
    score = (share - fair) / (1 - fair) if fair < 1 else 0.0
    return FocalPoint(x / found.width, y / found.height, round(max(0.0, score), 3), "salience")


def _start(strip: Image.Image, axis: Axis, pixels: int) -> int:
    """Where in a strip the best window of so many pixels begins."""
    whole = strip.width if axis == "across" else strip.height
    window = Window(pixels / whole, 0.0, pixels / whole)
    return min(round(Profile(strip, axis).best(window) * whole), whole - pixels)
