"""Sizes that a model offers, and the one to request for an exact size after a crop.

The provider's image is scaled until it covers the wanted size, then cropped. So each offered
size can serve, and the sizes differ in how much the crop removes.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any, NamedTuple

from studio.errors import FieldError, InvalidRequestError

Size = tuple[int, int]


class FixedSizes(NamedTuple):
    """A list of sizes; ``max_ratio`` is the longest aspect ratio that is cropped from them."""

    sizes: tuple[Size, ...]
    max_ratio: int

    def near(self, target: Size) -> Iterable[Size]:
        """Return the sizes to compare for a requested size: all of them."""
        return self.sizes

    def offers(self, size: Size) -> bool:
        """Return whether the model makes exactly this size."""
        return size in self.sizes


class FreeSizes(NamedTuple):
    """Any size within limits, all in pixels.

    Attributes:
        multiple_of: Both sides are a multiple of this.
        min_side: Shortest side.
        max_side: Longest side.
        min_pixels: Smallest area.
        max_pixels: Largest area.
        max_ratio: Largest ratio of the long side to the short side.
    """

    multiple_of: int
    min_side: int
    max_side: int
    min_pixels: int
    max_pixels: int
    max_ratio: int

    def near(self, target: Size) -> Iterable[Size]:
        """Return the offered sizes whose aspect ratio is within one step of the requested one."""
        if self.offers(target):
            return [target]
        step, (width, height) = self.multiple_of, target
        first = -(-self.min_side // step) * step
        near = []
        for side in range(first, self.max_side + 1, step):
            below = side * height // width // step * step
            near += [(side, below), (side, below + step)]
        return filter(self.offers, near)

    def offers(self, size: Size) -> bool:
        """Return whether the model makes exactly this size."""
        short, long = sorted(size)
        return (
            self.min_side <= short
            and long <= self.max_side
            and not any(side % self.multiple_of for side in size)
            and self.min_pixels <= short * long <= self.max_pixels
            and long <= self.max_ratio * short
        )


def sizes_of(document: dict[str, Any]) -> FixedSizes | FreeSizes:
    """Return the sizes of a catalogue file's entry."""
    if "fixed" in document:
        return FixedSizes(tuple(map(size_of, document["fixed"])), document["max_ratio"])
    return FreeSizes(**document)


def size_of(text: str) -> Size:
    """Return the size of a text such as ``640x480``."""
    width, height = text.split("x")
    return int(width), int(height)


# All images of a job ask for the same few sizes, and a free range has many candidates.
@lru_cache(maxsize=1024)
def request_size(sizes: FixedSizes | FreeSizes, width: int, height: int) -> Size:
    """Return the offered size whose cover crop gives ``width`` x ``height`` with least waste.

    Sizes at least as large as the requested one come first. From a list, the size of which the
    crop keeps most is chosen. From a free range, where all candidates have nearly the same ratio,
    the smallest is chosen. If no size is large enough, the size with the most pixels after the
    crop is chosen.

    Raises:
        InvalidRequestError: the aspect ratio is longer than the model can serve.
    """
    target = (width, height)
    offered = list(sizes.near(target))
    if max(target) > sizes.max_ratio * min(target) or not offered:
        detail = f"this model makes no format longer than {sizes.max_ratio}:1"
        raise InvalidRequestError(FieldError("/size", "ratio-not-offered", detail))
    covering = [size for size in offered if size[0] >= width and size[1] >= height]
    if not covering:
        return max(offered, key=lambda size: (_usable(size, target), -_pixels(size)))
    if isinstance(sizes, FreeSizes):
        return min(covering, key=_pixels)
    return max(covering, key=lambda size: (_usable(size, target) / _pixels(size), -_pixels(size)))


def serves(sizes: FixedSizes | FreeSizes, width: int, height: int) -> bool:
    """Return whether a crop of an offered size gives ``width`` x ``height``."""
    try:
        request_size(sizes, width, height)
    except InvalidRequestError:
        return False
    return True


def nearest_size(sizes: FixedSizes | FreeSizes, width: int, height: int) -> Size:
    """Return ``width`` x ``height`` if the model can serve it, else the nearest size that it can.

    The long side stays, and the short side grows until the ratio is one that the model serves.
    """
    long = max(width, height)
    for ratio in range(sizes.max_ratio, 0, -1):
        if serves(sizes, width, height):
            break
        short = -(-long // ratio)
        width, height = max(width, short), max(height, short)
    return width, height


def _pixels(size: Size) -> int:
    return size[0] * size[1]


def _usable(offered: Size, target: Size) -> int:
    """Return how many pixels of an offered size are left after a crop to the requested ratio."""
    width = min(offered[0], offered[1] * target[0] // target[1])
    height = min(offered[1], offered[0] * target[1] // target[0])
    return width * height
