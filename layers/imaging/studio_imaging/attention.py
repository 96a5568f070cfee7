"""The subject of an image, and the window that keeps it.

A crop that fills a box can move along one axis only. So salience is added up along the other axis.
Faces weigh more than everything else.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal, TypeAlias

from PIL import Image, ImageChops

from studio_imaging.faces import Face, find_faces
from studio_imaging.safe import Safe
from studio_imaging.salience import SIDE, highest, salience, shrunk
from studio_imaging.things import find_things, kept_whole
from studio_imaging.windows import Axis, Profile, Window, mean, sums

UNSURE_BELOW: Final = 0.35
"""The score below which the point is a guess; a caller's own point is better then."""

Method: TypeAlias = Literal["face", "salience", "centre"]

# Weight of all other salience where there is a face.
_BESIDE_FACES: Final = 0.5
# From the middle of a face to the ends of its head, in widths of the face.
_HEAD_SIDE: Final = 0.9
_HEAD_TOP: Final = 0.9
_HEAD_BOTTOM: Final = 0.75
# A face of this score is rated 0.63, a face of three times this score 0.95.
_SCORE_SCALE: Final = 15
# Sides of the window whose middle is the focal point, as shares of the image's sides.
_FOCUS: Final = 0.4
# Background of transparent pixels.
_GREY: Final = (128, 128, 128)


# An image of this shape may show a whole person. Then a head is about here, and so high.
_TALL: Final = 1.2
_HEAD_AT: Final = 0.17
_HEAD_REACH: Final = 0.08
# Height of the upper part that is searched for faces again, in widths of the image, and the least
# score there: a larger image has more chances for a mistake.
_UPPER: Final = 1.1
_SURE: Final = 6.0


@dataclass(frozen=True, slots=True)
class FocalPoint:
    """The point to keep, as fractions of the image.

    Attributes:
        x: 0 at the left edge, 1 at the right.
        y: 0 at the top, 1 at the bottom.
        score: Certainty, from 0 (nothing is salient) to 1.
        method: How the point was found.
    """

    x: float
    y: float
    score: float
    method: Method


class Attention:
    """The salient parts of one upright image; the same pixels give the same results.

    Args:
        image: RGB or RGBA; transparent pixels are background.
    """

    def __init__(self, image: Image.Image) -> None:
        self._size = image.size
        picture, alpha = _opaque(shrunk(image, SIDE))
        found = salience(picture)
        if alpha is not None:
            small = alpha.resize(found.size, Image.Resampling.BOX)
            found = ImageChops.multiply(small, Image.blend(found, small, 0.5))
        faces = find_faces(picture, found) or _faces_above(image)
        self._things = [] if faces else find_things(found)
        self._focal = _face_point(faces) if faces else _salient_point(found)
        if faces:
            found = _with_heads(found, faces)
        elif _is_tall(image.size) and self._focal.score < UNSURE_BELOW:
            # What stands upright is often a person, whose head is above.
            found = ImageChops.multiply(found, _above(found.size))
            self._focal = replace(_salient_point(found), score=self._focal.score)
        self._across, self._down = Profile(found, "across"), Profile(found, "down")

    @property
    def focal_point(self) -> FocalPoint:
        """The middle of the clearest face, else of the most salient part, else the centre."""
        return self._focal

    def place(self, width: float, height: float, safe: Safe | None = None) -> tuple[float, float]:
        """Return left and top of the best window, as fractions of the image.

        The window shows the focal point, if possible within its safe part.

        Args:
            width: Width of the window, as a fraction of the image's width.
            height: Height of the window, as a fraction of the image's height.
            safe: The part of the window that stays uncovered.
        """
        safe = safe or Safe()
        across = Window(width, width * safe.left, width * (1 - safe.right))
        down = Window(height, height * safe.top, height * (1 - safe.bottom))
        if safe.circle:
            return self._place_circle(across, down)
        left = self._across.best(across, self._focal.x)
        top = self._down.best(down, self._focal.y)
        return (
            kept_whole(left, across, self._focal.x, [(box[0], box[2]) for box in self._things]),
            kept_whole(top, down, self._focal.y, [(box[1], box[3]) for box in self._things]),
        )

    def _place_circle(self, across: Window, down: Window) -> tuple[float, float]:
        """Return left and top of a window that shows only its inscribed circle.

        The distance of the point from the middle along one axis limits the distance along the
        other. The axis with less room comes first, within the circle's inner square.
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
    """Return half of a circle's width at a distance from its middle."""
    return math.sqrt(max(0.0, radius**2 - distance**2))


def _opaque(picture: Image.Image) -> tuple[Image.Image, Image.Image | None]:
    """Return the image on grey, and its alpha; None if the alpha is the same everywhere."""
    if picture.mode != "RGBA":
        return picture, None
    alpha = picture.getchannel("A")
    opaque = Image.new("RGB", picture.size, _GREY)
    opaque.paste(picture, mask=alpha)
    least, most = alpha.getextrema()
    return opaque, None if least == most else alpha


def _with_heads(found: Image.Image, faces: Sequence[Face]) -> Image.Image:
    """Return the map with heads at full strength and all else weaker."""
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


def _is_tall(size: tuple[int, int]) -> bool:
    return size[1] >= _TALL * size[0]


def _faces_above(image: Image.Image) -> list[Face]:
    """Return the faces in the upper part of a tall image, where they are seen larger."""
    if not _is_tall(image.size):
        return []
    width, height = image.size
    high = min(height, round(_UPPER * width))
    picture, _ = _opaque(shrunk(image.crop((0, 0, width, high)), SIDE))
    share = high / height
    found = find_faces(picture, Image.new("L", picture.size, 255))
    return [
        replace(face, y=face.y * share, height=face.height * share)
        for face in found
        if face.score >= _SURE
    ]


def _above(size: tuple[int, int]) -> Image.Image:
    """Return a map that is white where a standing person's head is, and darker below."""
    width, height = size
    rows = bytes(
        round(255 * math.exp(-((((row + 0.5) / height - _HEAD_AT) / _HEAD_REACH) ** 2)))
        for row in range(height)
    )
    return Image.frombytes("L", (1, height), rows).resize((width, height))


def _face_point(faces: Sequence[Face]) -> FocalPoint:
    """Return the middle of the face with the largest product of width and score."""
    face = max(faces, key=lambda one: one.width * one.score)
    return FocalPoint(face.x, face.y, round(1 - math.exp(-face.score / _SCORE_SCALE), 3), "face")


def _salient_point(found: Image.Image) -> FocalPoint:
    """Return the middle of the best part of the image; the score is its excess of salience."""
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
    """Return where in a strip the best window of a number of pixels begins."""
    whole = strip.width if axis == "across" else strip.height
    window = Window(pixels / whole, 0.0, pixels / whole)
    return min(round(Profile(strip, axis).best(window) * whole), whole - pixels)
