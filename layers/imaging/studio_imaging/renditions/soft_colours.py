"""A palette for the pixels that are neither opaque nor clear, such as shadows and soft edges."""

from itertools import compress
from typing import Final, TypeAlias, cast

from PIL import Image

SOFT: Final = [0] + [255] * 254 + [0]
"""A table that turns alpha into white where a pixel is soft."""

Colour: TypeAlias = tuple[int, int, int, int]
"""Red, green, blue and alpha."""

# More different colours than this are rounded first, which bounds the time.
_MOST: Final = 16_384
_ROUNDINGS: Final = (0, 2, 3, 4, 5, 6)
# A step of alpha changes any ground; a step of colour shows as much as the pixel is opaque.
_ALPHA_WEIGHT: Final = 1.0

_Place: TypeAlias = tuple[float, float, float, float]
_Entry: TypeAlias = tuple[_Place, int, Colour]


class SoftColours:
    """The palette of the soft pixels of an RGBA image, and the index of each in order.

    Attributes:
        colours: The palette; alpha is 1 to 254.
        indexes: One byte for each soft pixel, row by row.
    """

    def __init__(self, picture: Image.Image, most: int) -> None:
        pixels = _pixels(picture)
        for bits in _ROUNDINGS:
            pixels = [_rounded(channel, bits) for channel in pixels[:3]] + pixels[3:]
            parts = [Image.frombytes("L", (len(each), 1), each) for each in pixels]
            found = Image.merge("RGBA", parts).getcolors(_MOST)
            if found is not None:
                break
        entries = [_entry(count, cast("Colour", colour)) for count, colour in found or []]
        boxes = _boxes(entries, most)
        self.colours = [_mean(box) for box in boxes]
        table = {colour: index for index, box in enumerate(boxes) for _, _, colour in box}
        self.indexes = bytes(map(table.__getitem__, zip(*pixels, strict=True)))


def _pixels(picture: Image.Image) -> list[bytes]:
    """Return red, green, blue and alpha of the soft pixels."""
    chosen = picture.getchannel("A").point(SOFT).tobytes()
    return [bytes(compress(channel.tobytes(), chosen)) for channel in picture.split()]


def _rounded(channel: bytes, bits: int) -> bytes:
    if not bits:
        return channel
    half = 1 << bits >> 1
    return channel.translate(bytes(value >> bits << bits | half for value in range(256)))


def _entry(count: int, colour: Colour) -> _Entry:
    red, green, blue, alpha = colour
    share = alpha / 255
    return (red * share, green * share, blue * share, alpha * _ALPHA_WEIGHT), count, colour


def _boxes(entries: list[_Entry], most: int) -> list[list[_Entry]]:
    """Return the colours in at most so many groups of similar ones."""
    done: list[list[_Entry]] = []
    open_boxes = [(*_spread(entries), entries)] if entries else []
    while open_boxes and len(open_boxes) + len(done) < most:
        worst = max(range(len(open_boxes)), key=lambda index: open_boxes[index][0])
        spread, axis, box = open_boxes.pop(worst)
        if spread <= 0:
            done.append(box)
            continue
        for half in _halves(box, axis):
            open_boxes.append((*_spread(half), half))
    return done + [box for _, _, box in open_boxes]


def _spread(box: list[_Entry]) -> tuple[float, int]:
    """Return the largest sum of squares of any axis, and that axis."""
    total = sum(count for _, count, _ in box)
    sums = []
    for axis in range(4):
        first = sum(place[axis] * count for place, count, _ in box)
        second = sum(place[axis] * place[axis] * count for place, count, _ in box)
        sums.append(second - first * first / total)
    worst = max(range(4), key=sums.__getitem__)
    return (sums[worst] if len(box) > 1 else 0.0), worst


def _halves(box: list[_Entry], axis: int) -> tuple[list[_Entry], list[_Entry]]:
    """Return the colours below and above the mean of an axis; neither half is empty."""
    total = sum(count for _, count, _ in box)
    middle = sum(place[axis] * count for place, count, _ in box) / total
    low = [each for each in box if each[0][axis] <= middle]
    high = [each for each in box if each[0][axis] > middle]
    if not high:
        # Rounding may put all of them on one side.
        return box[:1], box[1:]
    return low, high


def _mean(box: list[_Entry]) -> Colour:
    total = sum(count for _, count, _ in box)
    weight = sum(count * colour[3] for _, count, colour in box)
    red, green, blue = (
        round(sum(colour[part] * colour[3] * count for _, count, colour in box) / weight)
        for part in range(3)
    )
    return red, green, blue, round(weight / total)
