"""Which sizes a model offers, and which one to ask for to get an exact size by cropping.

The finished picture is cut from the provider's: scaled until it covers the wanted size, then
cropped. So any offered size can serve; what differs is how much of it is thrown away.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from studio.errors import FieldError, InvalidRequestError

Size = tuple[int, int]


@dataclass(frozen=True, slots=True)
class FixedSizes:
    """A model that offers a list of sizes; ``max_ratio`` is the longest format cut from them."""

    sizes: tuple[Size, ...]
    max_ratio: int

    def near(self, wanted: Size) -> Iterable[Size]:
        """Return the sizes worth comparing for a wanted one: of a short list, all."""
        return self.sizes

    def offers(self, size: Size) -> bool:
        """Tell whether the model makes exactly this size."""
        return size in self.sizes


@dataclass(frozen=True, slots=True)
class FreeSizes:
    """A model that makes any size within limits, all in pixels.

    Attributes:
        multiple_of: Both sides are a multiple of this.
        max_ratio: Longest side over shortest, at most.
    """

    multiple_of: int
    min_side: int
    max_side: int
    min_pixels: int
    max_pixels: int
    max_ratio: int

    def near(self, wanted: Size) -> Iterable[Size]:
        """Return the offered sizes whose ratio is within one step of the wanted one's."""
        if self.offers(wanted):
            return [wanted]
        step, (width, height) = self.multiple_of, wanted
        first = -(-self.min_side // step) * step
        near = []
        for side in range(first, self.max_side + 1, step):
            below = side * height // width // step * step
            near += [(side, below), (side, below + step)]
        return filter(self.offers, near)

    def offers(self, size: Size) -> bool:
        """Tell whether the model makes exactly this size."""
        short, long = sorted(size)
        return (
            self.min_side <= short
            and long <= self.max_side
            and not any(side % self.multiple_of for side in size)
            and self.min_pixels <= short * long <= self.max_pixels
            and long <= self.max_ratio * short
        )


def request_size(sizes: FixedSizes | FreeSizes, width: int, height: int) -> Size:
    """Choose the offered size whose cover crop gives ``width`` x ``height`` with least waste.

    Sizes at least as large as wanted come first; of a list, the one of which the crop keeps
    most, and in a free range, where all candidates have nearly the wanted ratio, the smallest.
    Where none is large enough, the one with the most pixels left after the crop.

    Raises:
        InvalidRequestError: the format is longer than the model can serve.
    """
    wanted = (width, height)
    offered = list(sizes.near(wanted))
    if max(wanted) > sizes.max_ratio * min(wanted) or not offered:
        detail = f"this model makes no format longer than {sizes.max_ratio}:1"
        raise InvalidRequestError(FieldError("/size", "ratio-not-offered", detail))
    covering = [size for size in offered if size[0] >= width and size[1] >= height]
    if not covering:
        return max(offered, key=lambda size: (_usable(size, wanted), -_pixels(size)))
    if isinstance(sizes, FreeSizes):
        return min(covering, key=_pixels)
    return max(covering, key=lambda size: (_usable(size, wanted) / _pixels(size), -_pixels(size)))


def _pixels(size: Size) -> int:
    return size[0] * size[1]


def _usable(offered: Size, wanted: Size) -> int:
    """Return how many pixels of an offered size are left after cropping to the wanted ratio."""
    width = min(offered[0], offered[1] * wanted[0] // wanted[1])
    height = min(offered[1], offered[0] * wanted[1] // wanted[0])
    return width * height
