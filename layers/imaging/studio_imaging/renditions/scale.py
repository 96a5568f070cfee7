"""The scaled pixels that renditions are cut from, shared between renditions."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Final

from PIL import Image

from studio_imaging.renditions.crop import Window
from studio_imaging.renditions.plan import Colour, Size

# A smaller difference of two scales does not move a pixel of a large image.
_SAME: Final = 1e-7
# Rows of a reduced image with alpha that are made at a time.
_STRIP: Final = 128


class Source:
    """One decoded image and its halved copies, as small as a rendition can use them.

    The average of whole blocks of pixels is many times faster than resampling. The resampling
    filter then shrinks at most by half.

    Args:
        image: The decoded image, perhaps already reduced; RGB or RGBA.
        size: Width and height of the source in pixels.
        scales: The scales of all renditions: pixels of the file for one pixel of the source.
        ground: Background that all renditions share; None to keep transparency.
    """

    def __init__(
        self,
        image: Image.Image,
        size: tuple[int, int],
        scales: Sequence[float],
        ground: Colour | None = None,
    ) -> None:
        factor = max(1, round(max(size) / max(image.size)))
        blocks = _blocks(max(scales) * factor)
        if blocks > 1:
            image = _averaged(image, blocks)
        if ground is not None:
            image = flattened(image, ground)
        if image.mode == "RGBA":
            # Without this, Pillow would convert the whole image twice for each rendition.
            image = image.convert("RGBa")
        factor *= blocks
        self._size = size
        self._levels = {factor: image}
        smallest = min(scales)
        while smallest * factor * 2 <= 1 + _SAME:
            image = image.reduce(2)
            factor *= 2
            self._levels[factor] = image

    @property
    def largest(self) -> Image.Image:
        """The whole image at the largest scale of any rendition; RGB, or RGBa with alpha."""
        return self._levels[min(self._levels)]

    def scaled(self, window: Window, size: tuple[int, int], scale: float) -> Image.Image:
        """Return a part of the source at a size in pixels; RGB, or RGBa with alpha."""
        factor = max(
            (each for each in self._levels if each * scale <= 1 + _SAME), default=min(self._levels)
        )
        image = self._levels[factor]
        left, top, right, bottom = (
            min(place * side / factor, limit)
            for place, side, limit in zip(window, self._size * 2, image.size * 2, strict=True)
        )
        if (left, top, right, bottom) == (0, 0, *size) and size == image.size:
            return image
        return image.resize(
            size,
            Image.Resampling.LANCZOS if scale < 1 else Image.Resampling.BICUBIC,
            box=(left, top, right, bottom),
        )


def flattened(picture: Image.Image, background: Colour) -> Image.Image:
    """Return an image with alpha on a colour; an image without alpha stays as it is."""
    if picture.mode == "RGB":
        return picture
    picture = picture.convert("RGBA")
    ground = Image.new("RGB", picture.size, background)
    ground.paste(picture, mask=picture.getchannel("A"))
    return ground


def _averaged(image: Image.Image, blocks: int) -> Image.Image:
    """Return an image reduced by blocks; strips with alpha need less memory than the whole."""
    if image.mode == "RGB":
        return image.reduce(blocks)
    width, height = image.size
    small = Image.new("RGBa", (math.ceil(width / blocks), math.ceil(height / blocks)))
    for top in range(0, height, _STRIP * blocks):
        strip = image.crop((0, top, width, min(top + _STRIP * blocks, height)))
        small.paste(strip.convert("RGBa").reduce(blocks), (0, top // blocks))
    return small


def _blocks(scale: float) -> int:
    """Return the side of the blocks that can be averaged for a scale."""
    return max(1, math.floor(1 / scale + _SAME))


@dataclass(frozen=True, slots=True)
class Cut:
    """The place of a rendition in its sheet, in pixels."""

    sheet: "Sheet"
    left: int
    top: int
    window: Window


class Sheet:
    """A part of the source at one scale, resampled once for all renditions inside it.

    The first ``take`` makes it, the last one frees it. Threads may call ``take`` at the same time.
    """

    def __init__(self, source: Source, window: Window, size: tuple[int, int], scale: float) -> None:
        self.window = window
        self.size = size
        self.scale = scale
        self._source = source
        self._lock = Lock()
        self._users = 0
        self._image: Image.Image | None = None

    def expect(self) -> None:
        """Count one future call of ``take``."""
        self._users += 1

    def take(self, left: int, top: int, size: tuple[int, int]) -> Image.Image:
        """Return a part of the sheet that the caller owns.

        Pillow stores the options of a save in the image, so threads must not share one.
        """
        with self._lock:
            image = self._image or self._source.scaled(self.window, self.size, self.scale)
            self._users -= 1
            alone = self._image is None and not self._users
            self._image = image if self._users else None
        if alone and size == self.size:
            return image
        return image.crop((left, top, left + size[0], top + size[1]))


def cut(sheets: list[Sheet], source: Source, window: Window, size: Size) -> Cut:
    """Return the place of a window in a sheet; add a sheet if none holds the window.

    The window moves by up to half a pixel to the grid of the sheet. The caller passes larger
    windows first.
    """
    shown = size.shown_width, size.shown_height
    for sheet in sheets:
        found = _within(sheet, window, shown)
        if found is not None:
            return found
    sheet = Sheet(source, window, shown, size.scale)
    sheets.append(sheet)
    return Cut(sheet, 0, 0, window)


def _within(sheet: Sheet, window: Window, shown: tuple[int, int]) -> Cut | None:
    """Return the place of a window in a sheet, in whole pixels; None if it is not inside."""
    starts: list[int] = []
    steps: list[float] = []
    for axis in (0, 1):
        step = (sheet.window[axis + 2] - sheet.window[axis]) / sheet.size[axis]
        own = (window[axis + 2] - window[axis]) / shown[axis]
        start = round((window[axis] - sheet.window[axis]) / step)
        if abs(own / step - 1) > _SAME or not 0 <= start <= sheet.size[axis] - shown[axis]:
            return None
        starts.append(start)
        steps.append(step)
    left, top = (
        sheet.window[axis] + start * step
        for axis, (start, step) in enumerate(zip(starts, steps, strict=True))
    )
    moved = (left, top, left + shown[0] * steps[0], top + shown[1] * steps[1])
    return Cut(sheet, starts[0], starts[1], moved)
