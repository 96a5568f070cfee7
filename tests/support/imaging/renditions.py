"""Renditions of a ruler: made, opened, and compared with what they have to show."""

from typing import get_args

from PIL import Image

from studio_imaging.encode import EncodedImage
from studio_imaging.formats import OutputFormat
from studio_imaging.renditions.make import Made, make
from studio_imaging.renditions.plan import Fit, Rendition
from tests.support.imaging.samples import (
    file_of,
    pixel,
    reopen,
)

OUTPUTS: tuple[OutputFormat, ...] = get_args(OutputFormat)
FITS: tuple[Fit, ...] = get_args(Fit)


def ruler(width: int, height: int) -> bytes:
    """Return a PNG that says where each pixel is: red grows from left to right, green downwards."""
    across = Image.linear_gradient("L").rotate(90).resize((width, height))
    down = Image.linear_gradient("L").resize((width, height))
    return file_of(Image.merge("RGB", (across, down, Image.new("L", (width, height), 99))), "PNG")


def order(**changes: object) -> Rendition:
    """Return the order of a PNG with some members changed."""
    fields = {"name": "one", "format": "png", "quality": 90} | changes
    return Rendition(**fields)  # type: ignore[arg-type]


def one(data: bytes, **changes: object) -> Made:
    """Return the only rendition of an order."""
    return make(data, [order(**changes)]).made[0]


def file_in(made: Made) -> EncodedImage:
    """Return the file of a rendition without a problem."""
    assert made.image is not None, made.problem
    assert made.problem is None
    return made.image


def picture_in(made: Made) -> Image.Image:
    """Return the pixels of a rendition."""
    image = file_in(made)
    picture = reopen(image.data)
    assert picture.size == (image.width, image.height)
    return picture


def shown(made: Made) -> tuple[float, float, float, float]:
    """Return the window that a rendition of a ruler shows, read from its pixels."""
    picture = picture_in(made)
    width, height = picture.size
    start, end = pixel(picture, 0, 0), pixel(picture, width - 1, height - 1)
    return start[0] / 255, start[1] / 255, end[0] / 255, end[1] / 255


def near(found: tuple[float, ...], wanted: tuple[float, ...], within: float = 0.02) -> bool:
    """Return whether each number is within a distance of the wanted one."""
    return all(abs(a - b) <= within for a, b in zip(found, wanted, strict=True))
