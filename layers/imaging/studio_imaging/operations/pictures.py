"""Decoding, encoding, masks and noise that all operations share."""

import hashlib
from random import Random
from typing import Final

from PIL import Image, ImageChops, ImageFilter

from studio_imaging.decode import Limits, decode
from studio_imaging.encode import encode
from studio_imaging.errors import OperationRefusedError

MAX_PIXELS: Final = 12_582_912
"""Pixels of the largest image, 4096 x 3072: about five copies of it fit in 512 MB."""

LIMITS: Final = Limits(max_bytes=25 * 1024 * 1024, max_pixels=MAX_PIXELS)

_TILE: Final = 256


def opened(data: bytes) -> Image.Image:
    """Return a decoded image at full size, RGB or RGBA.

    Raises:
        ImageRejectedError: The image is too large, of another type, or broken.
    """
    return decode(data, LIMITS).image


def opened_near(data: bytes, width: int, height: int) -> Image.Image:
    """Return a decoded image as RGB on white, scaled and cropped to exactly a size.

    Raises:
        ImageRejectedError: The image is too large, of another type, or broken.
    """
    picture = decode(data, LIMITS, target=(width, height)).image
    return covered(on_white(picture), width, height)


def opened_mask(data: bytes, size: tuple[int, int]) -> Image.Image:
    """Return a decoded mask: grey, white where the image changes.

    Raises:
        ImageRejectedError: The mask is too large, of another type, or broken.
        OperationRefusedError: ``mask-size`` or ``mask-empty``.
    """
    mask = on_white(decode(data, LIMITS).image).convert("L")
    if mask.size != size:
        raise OperationRefusedError(
            "mask-size",
            f"the mask has {mask.width} x {mask.height} pixels, the image {size[0]} x {size[1]}",
        )
    if not mask.getbbox():
        raise OperationRefusedError("mask-empty", "the mask marks nothing: it is all black")
    return mask


def png(picture: Image.Image) -> bytes:
    """Return a PNG file, which keeps unchanged pixels identical."""
    return encode(picture, "png").data


def on_white(picture: Image.Image) -> Image.Image:
    """Return the image without transparency."""
    if picture.mode != "RGBA":
        return picture
    flat = Image.new("RGB", picture.size, "white")
    flat.paste(picture, mask=picture.getchannel("A"))
    return flat


def covered(picture: Image.Image, width: int, height: int) -> Image.Image:
    """Return the middle of an image, scaled to cover exactly a size."""
    scale = max(width / picture.width, height / picture.height)
    kept = (min(width / scale, picture.width), min(height / scale, picture.height))
    left, top = (picture.width - kept[0]) / 2, (picture.height - kept[1]) / 2
    return picture.resize(
        (width, height),
        Image.Resampling.LANCZOS,
        box=(left, top, left + kept[0], top + kept[1]),
        reducing_gap=2.0,
    )


def coloured(picture: Image.Image) -> tuple[Image.Image, Image.Image | None]:
    """Return colour (RGB) and alpha of an image; the alpha is None if there is none."""
    if picture.mode != "RGBA":
        return picture, None
    return picture.convert("RGB"), picture.getchannel("A")


def with_alpha(colour: Image.Image, alpha: Image.Image | None) -> Image.Image:
    """Return the image of a colour and an alpha, the inverse of ``coloured``."""
    if alpha is not None:
        colour.putalpha(alpha)
    return colour


def grown(mask: Image.Image, pixels: int) -> Image.Image:
    """Return a mask grown by a number of pixels in each direction, white on black."""
    solid = mask.point([0] + [255] * 255)
    if pixels < 1:
        return solid
    # One axis at a time, so that a box of 201 pixels around a white one does not round to 0.
    for radius in ((pixels, 0), (0, pixels)):
        solid = solid.filter(ImageFilter.BoxBlur(radius)).point([0] + [255] * 255)
    return solid


def softened(mask: Image.Image, pixels: int) -> Image.Image:
    """Return a mask that is white inside and falls to black within ``pixels`` outside."""
    solid = mask.point([0] + [255] * 255)
    if pixels < 1:
        return mask
    reach = pixels / 2
    ramp = grown(solid, int(reach)).filter(ImageFilter.BoxBlur(reach))
    return ImageChops.lighter(solid, ramp)


def grain(size: tuple[int, int], amplitude: float, name: str) -> Image.Image:
    """Return grey noise around 128 with a standard deviation; the name is its seed."""
    digest = hashlib.sha256(name.encode(errors="surrogatepass")).digest()
    rng = Random(int.from_bytes(digest, "big"))  # noqa: S311 - an image, not a secret
    tile = Image.frombytes("L", (_TILE, _TILE), rng.randbytes(_TILE * _TILE))
    # Uniform noise has a deviation of 73.9; a slight blur leaves slightly over half of that.
    tile = tile.filter(ImageFilter.BoxBlur(0.5)).point(
        [min(255, max(0, round(128 + (value - 127.5) * amplitude / 38))) for value in range(256)]
    )
    noise = Image.new("L", size)
    for top in range(0, size[1], _TILE):
        for left in range(0, size[0], _TILE):
            noise.paste(tile, (left, top))
    return noise


def grained(picture: Image.Image, amplitude: float, name: str) -> Image.Image:
    """Return an RGB image with the same noise in all channels."""
    if amplitude < 0.3:
        return picture
    noise = grain(picture.size, amplitude, name)
    return ImageChops.add(picture, Image.merge("RGB", (noise, noise, noise)), 1, -128)
