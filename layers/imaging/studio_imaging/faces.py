"""Detection of frontal faces within milliseconds and without numpy.

A cascade of decision trees looks at windows of many places and sizes. Each tree compares the
brightness of pairs of pixels. Most windows fail after three or four trees. The file
facefinder.txt has the origin and the licence of the trees.
"""

import struct
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice, product
from pathlib import Path
from typing import Final, NamedTuple, TypeAlias

from PIL import Image, ImageChops, ImageFilter

from studio_imaging.salience import SIDE

_CASCADE: Final = Path(__file__).parent / "facefinder.bin"
_DEPTH: Final = 6
_LEAVES: Final = 1 << _DEPTH
_HEADER: Final = struct.Struct("<8xii")
_TREE: Final = struct.Struct(f"<{4 * (_LEAVES - 1)}b{_LEAVES}ff")

# Sizes of windows. Every second one is searched, and its neighbours around promising windows.
_SIZES: Final = (24, 27, 30, 34, 38, 43, 48, 54, 61, 68, 77, 86, 97, 109, 122, 137, 154)
# Distance between windows in pixels; it grows with the size of the windows.
_STEP: Final = 3
_STEP_SHARE: Final = 12
_FINE: Final = 0.05
# A window that passes this many trees is promising. Then it and its neighbours must pass all trees:
# two of them are a face, and four are enough.
_PROMISING: Final = 150
_LEAST_HITS: Final = 2
_ENOUGH_HITS: Final = 4
_LEAST_SCORE: Final = 3.0
# Windows that overlap more than this show the same face.
_SAME: Final = 0.3
# Skin is searched in cells of this many pixels and must fill half of the middle of a face.
_CELL: Final = 4
_SKIN_ENOUGH: Final = [255 if level >= 128 else 0 for level in range(256)]
_STANDS_OUT: Final = [255 if level >= 4 else 0 for level in range(256)]
_SKIN_CB: Final = [255 if 78 <= level <= 130 else 0 for level in range(256)]
_SKIN_CR: Final = [255 if 130 <= level <= 185 else 0 for level in range(256)]
# An image with less chroma than this is grey, so skin has no colour in it.
_GREY: Final = 12

# For each node of a tree, the offsets of the two pixels to compare; the leaves; the threshold.
_Tree: TypeAlias = tuple[Sequence[int], Sequence[int], Sequence[float], float]


@dataclass(frozen=True, slots=True)
class Face:
    """A face, as fractions of the image.

    Attributes:
        x: Horizontal place of the middle.
        y: Vertical place of the middle.
        width: About from ear to ear.
        height: About from brow to chin, as many pixels as ``width``.
        score: Certainty: at least 3, and 30 or more for a clear face.
    """

    x: float
    y: float
    width: float
    height: float
    score: float


def find_faces(small: Image.Image, salient: Image.Image) -> list[Face]:
    """Return the faces of an image, the most certain first.

    Faces below 24 pixels, in profile, much tilted or of animals are not found.

    Args:
        small: RGB, at most ``SIDE`` pixels a side.
        salient: The salience map of the same image, of any size. Only salient parts are
            searched.
    """
    pixels = _Pixels(small, salient)
    faces: list[Face] = []
    seen: list[_Hit] = []
    for score, x, y, size in sorted(_promising(pixels), reverse=True):
        window = _Hit(score, x, y, _SIZES[size])
        if any(_overlap(window, other) > _SAME for other in seen):
            continue
        hits = list(islice(_hits(pixels, x, y, size), _ENOUGH_HITS))
        if len(hits) >= _LEAST_HITS:
            seen.append(window)
            faces.append(_face(hits, small))
    sure = [face for face in faces if face.score >= _LEAST_SCORE]
    return sorted(sure, key=lambda face: -face.score)


class _Hit(NamedTuple):
    """A window that may show a face; x and y are its middle."""

    score: float
    x: int
    y: int
    size: int


class _Pixels:
    """A grey image with lines of ``SIDE`` pixels, so that offsets fit every image."""

    def __init__(self, small: Image.Image, salient: Image.Image) -> None:
        self.width, self.height = small.size
        lines = Image.new("L", (SIDE, self.height))
        lines.paste(small.convert("L"), (0, 0))
        self.values = lines.tobytes()
        self._skin = _skin(small)
        cells = salient.resize(self._skin.size, Image.Resampling.BOX)
        self._salient = cells.filter(ImageFilter.BoxBlur(1)).point(_STANDS_OUT)

    def likely(self, size: int) -> Iterator[tuple[int, int]]:
        """Yield the middles of the windows of a size that may show a face."""
        step, half = _STEP + size // _STEP_SHARE, size // 2 + 1
        share = self._skin.filter(ImageFilter.BoxBlur(0.25 * size / _CELL)).point(_SKIN_ENOUGH)
        likely, line = ImageChops.darker(share, self._salient).tobytes(), share.width
        for y in range(half, self.height - half + 1, step):
            for x in range(half, self.width - half + 1, step):
                if likely[y // _CELL * line + x // _CELL]:
                    yield x, y

    def holds(self, x: int, y: int, size: int) -> bool:
        """Return whether a window is inside the image."""
        half = size // 2 + 1
        return half <= x <= self.width - half and half <= y <= self.height - half


def _promising(pixels: _Pixels) -> Iterator[tuple[float, int, int, int]]:
    """Yield score, middle and number of the size of each window that passes the first trees."""
    for size in range(0, len(_SIZES), 2):
        for x, y in pixels.likely(_SIZES[size]):
            score = _walk(pixels.values, x, y, size, _PROMISING)
            if score is not None:
                yield score, x, y, size


def _skin(small: Image.Image) -> Image.Image:
    """Return a map of cells that may show skin; in a grey image, all of them."""
    cells = (-(-small.width // _CELL), -(-small.height // _CELL))
    _, blue, red = small.resize(cells, Image.Resampling.BOX).convert("YCbCr").split()
    chroma = blue.tobytes() + red.tobytes()
    if max(chroma) - min(chroma) <= _GREY:
        return Image.new("L", cells, 255)
    return ImageChops.multiply(blue.point(_SKIN_CB), red.point(_SKIN_CR))


def _hits(pixels: _Pixels, x: int, y: int, size: int) -> Iterator[_Hit]:
    """Yield the windows at and around a window that pass the whole cascade."""
    for near in range(max(0, size - 1), min(len(_SIZES), size + 2)):
        step = max(1, round(_FINE * _SIZES[near]))
        for across, down in product((0, -step, step), repeat=2):
            if pixels.holds(x + across, y + down, _SIZES[near]):
                sure = _walk(pixels.values, x + across, y + down, near, len(_cascade()))
                if sure is not None:
                    yield _Hit(sure, x + across, y + down, _SIZES[near])


def _walk(values: bytes, x: int, y: int, size: int, count: int) -> float | None:
    """Return the score of a window after the first ``count`` trees; None if it fails one.

    The step from a node to the next is written out six times, because a loop takes twice as long.
    """
    base = y * SIDE + x
    sure = least = 0.0
    for one, other, leaves, least in _scaled(size, count):
        node = 2 + (values[base + one[1]] <= values[base + other[1]])
        node = 2 * node + (values[base + one[node]] <= values[base + other[node]])
        node = 2 * node + (values[base + one[node]] <= values[base + other[node]])
        node = 2 * node + (values[base + one[node]] <= values[base + other[node]])
        node = 2 * node + (values[base + one[node]] <= values[base + other[node]])
        node = 2 * node + (values[base + one[node]] <= values[base + other[node]])
        sure += leaves[node]
        if sure <= least:
            return None
    return sure - least


@cache
def _cascade() -> list[tuple[tuple[int, ...], tuple[float, ...], float]]:
    """Return places, leaves and threshold of each tree.

    Places are 256ths of the window's size from its middle. Nodes have numbers from 1; the children
    of n are 2n and 2n + 1. The leaves have the next numbers.
    """
    data = _CASCADE.read_bytes()
    _, count = _HEADER.unpack_from(data)
    trees = []
    for number in range(count):
        values = _TREE.unpack_from(data, _HEADER.size + number * _TREE.size)
        nodes = 4 * (_LEAVES - 1)
        trees.append((values[:nodes], (0.0,) * _LEAVES + values[nodes:-1], values[-1]))
    return trees


@cache
def _scaled(size: int, count: int) -> list[_Tree]:
    """Return the first trees, scaled to a size of windows and cached."""
    return [_scale(tree, _SIZES[size]) for tree in _cascade()[:count]]


def _scale(tree: tuple[tuple[int, ...], tuple[float, ...], float], size: int) -> _Tree:
    places, leaves, least = tree
    offsets = [
        (places[at] * size >> 8) * SIDE + (places[at + 1] * size >> 8)
        for at in range(0, len(places), 2)
    ]
    return array("h", [0, *offsets[::2]]), array("h", [0, *offsets[1::2]]), leaves, least


def _face(hits: Sequence[_Hit], small: Image.Image) -> Face:
    x, y, size = (sum(values) / len(hits) for values in list(zip(*hits, strict=True))[1:])
    score = round(sum(hit.score for hit in hits), 1)
    return Face(x / small.width, y / small.height, size / small.width, size / small.height, score)


def _overlap(one: _Hit, other: _Hit) -> float:
    """Return the intersection over union of two windows."""
    reach, smaller = (one.size + other.size) / 2, min(one.size, other.size)
    across = min(smaller, max(0.0, reach - abs(one.x - other.x)))
    down = min(smaller, max(0.0, reach - abs(one.y - other.y)))
    shared = across * down
    return shared / (one.size**2 + other.size**2 - shared)
