"""The built-in preview renderer: a deterministic image from a prompt, without a model.

It does not understand the prompt. A few words choose composition and colour. A hash of prompt and
seed decides the rest. A label in the image marks it as a preview.
"""

import hashlib
from random import Random
from typing import Final

from PIL import Image, ImageChops, ImageFilter

from studio_imaging.encode import encode
from studio_imaging.label import write_label
from studio_imaging.palette import Palette, choose_palette
from studio_imaging.scenes.canvas import Canvas
from studio_imaging.themes import Painter, choose_mood, choose_theme, named_hue, words_of
from studio_imaging.typography import printable

MIN_SIDE: Final = 16
MAX_SIDE: Final = 4096

# Larger images are painted at this many pixels and enlarged. The painting is soft; text and grain
# are added at full size.
_PAINTED_PIXELS: Final = 2_600_000
_SMALLEST_PAINTED_SIDE: Final = 96
_SMALLEST_LABELLED_SIDE: Final = 120

# More than any panel holds. Measuring the width of a very long text would take seconds.
_SHOWN_CHARACTERS: Final = 2000


def draw(prompt: str, *, seed: int, width: int, height: int) -> bytes:
    """Return the preview of a prompt; the same arguments give the same bytes.

    Args:
        prompt: The prompt; the image shows it as far as the built-in font can.
        seed: Any integer; another seed gives another image of the same prompt.
        width: In pixels, 16 to 4096.
        height: In pixels, 16 to 4096.

    Returns:
        A PNG file of exactly that size, opaque RGB.

    Raises:
        ValueError: A side is out of range.
    """
    if not (MIN_SIDE <= width <= MAX_SIDE and MIN_SIDE <= height <= MAX_SIDE):
        raise ValueError(f"width and height must be {MIN_SIDE} to {MAX_SIDE} pixels")
    picture, palette = painted(prompt, seed=seed, width=width, height=height)
    if min(width, height) >= _SMALLEST_LABELLED_SIDE:
        shown = printable(prompt[:_SHOWN_CHARACTERS]) or f"prompt {_digest(prompt, seed).hex()[:8]}"
        write_label(picture, shown, palette)
    return encode(picture, "png").data


def painted(prompt: str, *, seed: int, width: int, height: int) -> tuple[Image.Image, Palette]:
    """Return the image of a prompt without the label, and its palette.

    Args:
        prompt: The prompt.
        seed: Any integer.
        width: In pixels, at least 1.
        height: In pixels, at least 1.
    """
    rng = Random(int.from_bytes(_digest(prompt, seed), "big"))  # noqa: S311 - an image
    words = words_of(prompt)
    theme = choose_theme(words, rng)
    palette = choose_palette(choose_mood(theme, words, rng), rng, named_hue(words))
    picture = _paint(theme.paint, palette, rng, words, width, height)
    _add_grain(picture, rng)
    return picture, palette


def _digest(prompt: str, seed: int) -> bytes:
    # JSON can carry half of a surrogate pair, which UTF-8 refuses.
    return hashlib.sha256(f"{seed}\n{prompt}".encode(errors="surrogatepass")).digest()


def _paint(
    paint: Painter, palette: Palette, rng: Random, words: frozenset[str], width: int, height: int
) -> Image.Image:
    """Return an image painted at two or three times its size and shrunk, for smooth edges."""
    grow = max(1.0, _SMALLEST_PAINTED_SIDE / min(width, height))
    scale = min(grow, (_PAINTED_PIXELS / (width * height)) ** 0.5)
    oversample = 3 if width * height * scale**2 < 1_100_000 else 2
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    canvas = Canvas(size[0] * oversample, size[1] * oversample)
    paint(canvas, palette, rng, words)
    painting = _with_vignette(canvas.image.reduce(oversample))
    if painting.size == (width, height):
        return painting
    shrinks = scale > 1
    return painting.resize(
        (width, height), Image.Resampling.LANCZOS if shrinks else Image.Resampling.BICUBIC
    )


def _with_vignette(image: Image.Image) -> Image.Image:
    """Return the image with slightly darker corners."""
    falloff = Image.radial_gradient("L").point(
        [255 - round(46 * max(0.0, value / 255 - 0.45) ** 1.5) for value in range(256)]
    )
    # The middle of the gradient keeps some light in the corners.
    mask = falloff.crop((24, 24, 232, 232)).resize(image.size, Image.Resampling.BICUBIC)
    return ImageChops.multiply(image, Image.merge("RGB", (mask, mask, mask)))


def _add_grain(picture: Image.Image, rng: Random) -> None:
    """Add fine grain to the image, which also hides the steps of 8-bit gradients."""
    side = 256
    tile = Image.frombytes("L", (side, side), rng.randbytes(side * side))
    tile = tile.filter(ImageFilter.BoxBlur(0.5)).point(
        [128 + round((value - 128) / 18) for value in range(256)]
    )
    grain = Image.new("L", (picture.width, side))
    for left in range(0, picture.width, side):
        grain.paste(tile, (left, 0))
    rows = Image.merge("RGB", (grain, grain, grain))
    # Band by band, because four copies of a large image do not fit in a small function.
    for top in range(0, picture.height, side):
        band = picture.crop((0, top, picture.width, min(top + side, picture.height)))
        picture.paste(ImageChops.overlay(band, rows.crop((0, 0, *band.size))), (0, top))
