"""The pixels of an opened file as 8-bit sRGB, with alpha where a pixel is transparent."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PIL import Image, ImageFile

if TYPE_CHECKING:
    from studio_imaging.colour import Declared
    from studio_imaging.png_file import PngFile

Box = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Facts:
    """Statements of a file about its pixels that its parser does not read.

    Attributes:
        colours: Descriptions of the colours. The first one that can be used holds.
        png: The file as it was read, if it is a PNG.
        shown: The part that the first frame covers; the rest is transparent.
    """

    colours: "Sequence[Declared]" = ()
    png: "PngFile | None" = None
    shown: Box | None = None


def normalised(file: ImageFile.ImageFile, facts: Facts) -> Image.Image:
    """Return the pixels of a loaded file as 8-bit sRGB: RGBA if a pixel is transparent, else RGB.

    Raises:
        ImageRejectedError: The image is HDR.
    """
    alpha = _alpha(file, facts)
    if file.mode == "RGBA" and alpha is not None and not facts.colours:
        # Splitting and joining the channels would give the same pixels for twice the memory.
        return file
    colour = _colour(file, facts.colours)
    if colour.mode != "RGB":
        colour = colour.convert("RGB")
    if alpha is not None:
        colour.putalpha(alpha)
    return colour


def _alpha(file: ImageFile.ImageFile, facts: Facts) -> Image.Image | None:
    """Return the alpha of an image; None if it hides nothing."""
    alpha = None
    if facts.png is not None and facts.png.key is not None:
        from studio_imaging.png_file import keyed_alpha

        alpha = keyed_alpha(file, facts.png)
    elif file.has_transparency_data and not file.mode.startswith("I"):
        alpha = (file if file.mode == "RGBA" else file.convert("RGBA")).getchannel("A")
    if facts.shown is not None and facts.shown != (0, 0, *file.size):
        framed = Image.new("L", file.size)
        framed.paste(255 if alpha is None else alpha.crop(facts.shown), facts.shown)
        alpha = framed
    if alpha is None or alpha.getextrema() == (255, 255):
        return None
    return alpha


def _colour(file: ImageFile.ImageFile, colours: "Sequence[Declared]") -> Image.Image:
    """Return the colour without alpha, by the first description that can be used."""
    if colours:
        from studio_imaging.colour import converted_grey, to_srgb

        if file.mode.startswith("I"):
            exact = converted_grey(file.convert("I"), colours[0])
            if exact is not None:
                return exact
    picture = _eight_bit(file)
    for each in colours:
        converted = to_srgb(picture, each)
        if converted is not None:
            return converted
    return picture


def _eight_bit(file: ImageFile.ImageFile) -> Image.Image:
    """Return the colour in a mode that descriptions of colours know: L, RGB or CMYK."""
    if file.mode.startswith("I"):
        # Pillow clips 16-bit grey at 255 instead of scaling it.
        return file.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if file.mode in {"L", "RGB", "CMYK"}:
        return file
    return file.convert("L" if file.mode in {"1", "LA"} else "RGB")
