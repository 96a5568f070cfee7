"""Pictures for the operations' tests: a known thing in a known place on a known ground."""

from random import Random

from PIL import Image, ImageDraw

from tests.support.imaging.samples import BLUE, GREEN, RED, Rgb, file_of, reopen

GROUND: Rgb = (236, 234, 226)
SIZE = (160, 120)
THING = (50, 30, 110, 90)
INSIDE = (80, 60)
OUTSIDE = (10, 10)
# What every JPEG says about itself.
_JFIF = {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def thing(colour: Rgb = RED, ground: Rgb = GROUND) -> Image.Image:
    """A disc on a plain ground."""
    big = Image.new("RGB", (SIZE[0] * 4, SIZE[1] * 4), ground)
    ImageDraw.Draw(big).ellipse([side * 4 for side in THING], fill=colour)
    return big.resize(SIZE, Image.Resampling.LANCZOS)


def busy(width: int = 120, height: int = 80) -> Image.Image:
    """Every pixel by lot."""
    noise = Random(7).randbytes(3 * width * height)  # noqa: S311 - a picture, not a secret
    return Image.frombytes("RGB", (width, height), noise)


def box_mask(size: tuple[int, int], box: tuple[int, int, int, int]) -> Image.Image:
    mask = Image.new("L", size)
    mask.paste(255, box)
    return mask


def png_of(picture: Image.Image) -> bytes:
    return file_of(picture, "PNG")


def opened(data: bytes) -> Image.Image:
    picture = reopen(data)
    assert not picture.info.keys() - _JFIF, "nothing but pixels"
    return picture


def same_outside(made: Image.Image, source: Image.Image, mask: Image.Image) -> bool:
    """Return whether both are alike to the bit wherever the mask is black."""
    hidden = mask.point([0] + [255] * 255)
    pair = [picture.copy() for picture in (made, source)]
    for picture in pair:
        picture.paste(0 if picture.mode == "L" else (0,) * len(picture.getbands()), mask=hidden)
    return pair[0].tobytes() == pair[1].tobytes()


def _clear(picture: Image.Image, colour: Rgb) -> Image.Image:
    made = Image.new("RGBA", picture.size, (*colour, 0))
    made.paste(picture, (0, 0), Image.new("L", picture.size, 200))
    made.putpixel((0, 0), (*colour, 0))
    return made


ODD_PICTURES = {
    "one pixel": Image.new("RGB", (1, 1), RED),
    "two pixels": Image.new("RGB", (2, 1), RED),
    "a thread lying": Image.new("RGB", (2000, 1), BLUE),
    "a thread standing": Image.new("RGB", (3, 1500), GREEN),
    "grey": busy().convert("L"),
    "palette": busy(61, 47).quantize(16),
    "transparent": _clear(thing(), BLUE),
    "all clear": Image.new("RGBA", (40, 30), (*RED, 0)),
    "plain": thing(),
    "busy": busy(),
}
