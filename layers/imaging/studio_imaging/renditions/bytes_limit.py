"""The best file within a byte limit, found with few encodes."""

import math
from dataclasses import dataclass
from typing import Final

from PIL import Image

from studio_imaging.encode import EncodedImage, encode
from studio_imaging.formats import OutputFormat
from studio_imaging.renditions.plan import Rendition

# Quality goes down to the first, then the chroma is reduced, then quality goes down to the second.
_FLOOR: Final = 60
_LAST_FLOOR: Final = 30
# A file that uses this share of its limit is good enough: one step of quality is 2 to 4 %.
_ENOUGH: Final = 0.94
_AIM: Final = 0.985
# One colour sample for four pixels reduces a JPEG to about this share.
_SUBSAMPLED: Final = 0.8
# After this many attempts any file within the limit is good enough. Without one, bisection follows.
_MODEL_ATTEMPTS: Final = 4
# The highest level of compression saves up to this much.
_LEVEL_9: Final = 1.3
# Fewer colours than the last are no image of the source.
_PALETTES: Final = (256, 224, 192, 160, 128, 112, 96, 80, 64, 56, 48, 40, 32, 24, 16)

# Natural logarithms of the bytes relative to quality 60: means over five photographs, measured with
# the settings of encode.py (Pillow 13.0.0, 2026-11-21). Images differ in the slope of the curve,
# which the second attempt shows, and little in its shape.
_QUALITIES: Final = (1, 30, 40, 50, 60, 70, 75, 80, 85, 90, 95, 100)
_CURVES: Final[dict[OutputFormat, tuple[float, ...]]] = {
    "jpg": (-2.5, -0.46, -0.29, -0.14, 0.0, 0.17, 0.26, 0.4, 0.57, 0.79, 1.15, 1.9),
    "webp": (-1.3, -0.41, -0.25, -0.12, 0.0, 0.11, 0.17, 0.38, 0.56, 0.83, 1.12, 1.5),
    "avif": (-2.5, -1.13, -0.76, -0.34, 0.0, 0.34, 0.46, 0.6, 0.71, 0.92, 1.16, 1.6),
}


@dataclass(frozen=True, slots=True)
class Written:
    """The result of a search for a file within a limit.

    Attributes:
        image: The file; None if even the smallest one is too large.
        quality: Quality of the file, or of the smallest one.
        chroma_kept: False if the file has fewer colour samples or a palette to save bytes.
        encodes: How many files the search encoded.
    """

    image: EncodedImage | None
    quality: int
    chroma_kept: bool
    encodes: int


def write(picture: Image.Image, rendition: Rendition) -> Written:
    """Encode a finished image within the byte limit of its rendition.

    Quality goes down to 60. Then a JPEG gets fewer colour samples, and quality goes down to 30. A
    PNG has no quality: it gets a palette, with as many colours as fit.
    """
    if rendition.format == "png":
        return _png(picture, rendition)
    search = _Search(picture, rendition)
    found = search.best(min(_FLOOR, rendition.quality), full_colour=rendition.full_colour)
    chroma_kept = True
    if found is None:
        chroma_kept = not (rendition.full_colour and rendition.format == "jpg")
        found = search.best(min(_LAST_FLOOR, rendition.quality), full_colour=False)
    if found is None:
        return Written(None, min(_LAST_FLOOR, rendition.quality), chroma_kept, search.encodes)
    return Written(found[1], found[0], chroma_kept, search.encodes)


def _png(picture: Image.Image, rendition: Rendition) -> Written:
    file = encode(picture, "png", xmp=rendition.xmp)
    if rendition.max_bytes is None or len(file.data) <= rendition.max_bytes:
        return Written(file, rendition.quality, True, 1)
    if len(file.data) <= rendition.max_bytes * _LEVEL_9:
        file = encode(picture, "png", smallest=True, xmp=rendition.xmp)
        if len(file.data) <= rendition.max_bytes:
            return Written(file, rendition.quality, True, 2)
    return _png_of_few_colours(picture, rendition, rendition.max_bytes)


def _png_of_few_colours(picture: Image.Image, rendition: Rendition, limit: int) -> Written:
    """Return the PNG with the most colours within a limit, without dithering if none fits."""
    from studio_imaging.renditions.colour_table import with_palette

    found: EncodedImage | None = None
    encodes = 1
    for dithered in (True, False):
        # The largest palette first, because it often fits; then bisection.
        low, high, at = 0, len(_PALETTES), 0
        while low < high:
            few = with_palette(picture, _PALETTES[at], dithered=dithered)
            file = encode(few, "png", smallest=True, xmp=rendition.xmp)
            encodes += 1
            if len(file.data) <= limit:
                found, high = file, at
            else:
                low = at + 1
            at = (low + high) // 2
        if found is not None:
            break
    return Written(found, rendition.quality, False, encodes)


class _Search:
    """A search for the best quality of one image; each attempt predicts the next."""

    def __init__(self, picture: Image.Image, rendition: Rendition) -> None:
        self._picture = picture
        self._rendition = rendition
        self._limit = rendition.max_bytes or math.inf
        self._tries: dict[int, int] = {}
        self.encodes = 0

    def best(self, lowest: int, *, full_colour: bool) -> tuple[int, EncodedImage] | None:
        """Return the best quality within the limit and its file; None if there is none.

        A second call, with fewer colour samples, starts from the attempts of the first.
        """
        rendition = self._rendition
        found: tuple[int, EncodedImage] | None = None
        low, high = lowest - 1, rendition.quality + 1
        quality = rendition.quality
        if self._tries:
            self._tries = {q: round(n * _SUBSAMPLED) for q, n in self._tries.items()}
            quality = min(max(self._predicted(), lowest), rendition.quality)
            self._tries.clear()
        while low + 1 < high:
            file = encode(
                self._picture, rendition.format, quality, full_colour=full_colour, xmp=rendition.xmp
            )
            self.encodes += 1
            weight = len(file.data)
            self._tries[quality] = weight
            if weight <= self._limit:
                found, low = (quality, file), quality
                if weight >= self._limit * _ENOUGH or len(self._tries) >= _MODEL_ATTEMPTS:
                    break
            else:
                high = quality
            guess = self._predicted() if len(self._tries) < _MODEL_ATTEMPTS else (low + high) // 2
            quality = min(max(guess, low + 1), high - 1)
        return found

    def _predicted(self) -> int:
        """Return the highest quality that probably keeps the file within its limit."""
        curve = _CURVES[self._rendition.format]
        wanted = math.log(self._limit * _AIM)
        near = sorted(self._tries, key=lambda q: abs(math.log(self._tries[q]) - wanted))[:2]
        places = [_interpolated(q, _QUALITIES, curve) for q in near]
        weights = [math.log(self._tries[q]) for q in near]
        steep = 1.0
        if len(near) == 2 and places[0] != places[1]:
            steep = max(0.2, (weights[1] - weights[0]) / (places[1] - places[0]))
        place = places[0] + (wanted - weights[0]) / steep
        return math.floor(_interpolated(place, curve, _QUALITIES))


def _interpolated(at: float, from_: tuple[float, ...], to: tuple[float, ...]) -> float:
    """Return the value of a piecewise linear curve; beyond its ends the curve is constant."""
    if at <= from_[0]:
        return to[0]
    for left, right, low, high in zip(from_, from_[1:], to, to[1:], strict=False):
        if at <= right:
            return low + (at - left) / (right - left) * (high - low)
    return to[-1]
