"""upscale.fast, upscale.conservative, upscale.creative: enlargement with a Lanczos filter."""

from typing import Final

from PIL import Image, ImageChops, ImageFilter

from studio_imaging.decode import decode
from studio_imaging.encode import encode
from studio_imaging.errors import OperationRefusedError
from studio_imaging.operations.pictures import LIMITS, coloured, grain

FAST_FACTOR: Final = 4
LONG_SIDE: Final = 3840
"""Longest side of the two slower operations in pixels: 4K UHD."""

MAX_RESULT: Final = 33_177_600
"""Pixels of the largest result, 7680 x 4320, which fits in 512 MB with a working strip."""

_MAX_SIDE: Final = 16_383
_STRIP: Final = 512
_JPEG: Final = 95


def upscale_fast(data: bytes) -> bytes:
    """Return the picture exactly four times as wide and as high.

    Returns:
        A JPEG, or a PNG where the picture is transparent.

    Raises:
        ImageRejectedError: the picture is too large, of another type, or broken.
        OperationRefusedError: ``picture-too-large``: the result would pass the limit.
    """
    picture = decode(data, LIMITS).image
    size = (picture.width * FAST_FACTOR, picture.height * FAST_FACTOR)
    if size[0] * size[1] > MAX_RESULT or max(size) > _MAX_SIDE:
        most = MAX_RESULT // FAST_FACTOR**2
        raise OperationRefusedError(
            "picture-too-large",
            f"the image has {picture.width} x {picture.height} pixels; upscale.fast takes at "
            f"most {most} pixels and {_MAX_SIDE // FAST_FACTOR} a side",
        )
    return _written(_enlarged(picture, size, sharp=60, detail=0))


def upscale_conservative(data: bytes, *, creativity: float = 0.2) -> bytes:
    """Return the picture with a longest side of 3840 pixels and slightly sharper edges.

    Args:
        data: The picture.
        creativity: 0 to 1, how much the edges are sharpened.

    Returns:
        A JPEG, or a PNG where the picture is transparent.

    Raises:
        ImageRejectedError: the picture is too large, of another type, or broken.
        OperationRefusedError: ``picture-too-large``, it is as large already.
    """
    picture = decode(data, LIMITS).image
    size = _to_4k(picture, "upscale.conservative")
    return _written(_enlarged(picture, size, sharp=round(40 + 100 * creativity), detail=0))


def upscale_creative(data: bytes, *, creativity: float = 0.35) -> bytes:
    """Return the picture with a longest side of 3840 pixels, sharper and with fine grain.

    Args:
        data: The picture.
        creativity: 0 to 1, how much sharpening and grain.

    Returns:
        A JPEG, or a PNG where the picture is transparent.

    Raises:
        ImageRejectedError: the picture is too large, of another type, or broken.
        OperationRefusedError: ``picture-too-large``, it is as large already.
    """
    picture = decode(data, LIMITS).image
    size = _to_4k(picture, "upscale.creative")
    sharp = round(90 + 120 * creativity)
    return _written(_enlarged(picture, size, sharp=sharp, detail=1.5 + 5 * creativity))


def _to_4k(picture: Image.Image, operation: str) -> tuple[int, int]:
    longest = max(picture.size)
    if longest >= LONG_SIDE:
        raise OperationRefusedError(
            "picture-too-large",
            f"the image has {picture.width} x {picture.height} pixels; {operation} enlarges the "
            f"longest side to {LONG_SIDE} and takes only smaller images",
        )
    width, height = (max(1, round(side * LONG_SIDE / longest)) for side in picture.size)
    return width, height


def _enlarged(
    picture: Image.Image, size: tuple[int, int], *, sharp: int, detail: float
) -> Image.Image:
    """Return the image enlarged strip by strip, which keeps only one strip in memory."""
    result = Image.new(picture.mode, size)
    scale = size[1] / picture.height
    radius = min(3.0, max(1.0, scale / 2))
    margin = 4 * round(radius + 1)
    for top in range(0, size[1], _STRIP):
        start, end = max(0, top - margin), min(size[1], top + _STRIP + margin)
        box = (0, start / scale, picture.width, min(picture.height, end / scale))
        strip = picture.resize((size[0], end - start), Image.Resampling.LANCZOS, box=box)
        strip = _crisp(strip, sharp, radius)
        strip = strip.crop((0, top - start, size[0], min(size[1], top + _STRIP) - start))
        result.paste(_detailed(strip, detail), (0, top))
    return result


def _crisp(strip: Image.Image, sharp: int, radius: float) -> Image.Image:
    colour, alpha = coloured(strip)
    crisp = colour.filter(ImageFilter.UnsharpMask(radius, sharp, 2))
    if alpha is not None:
        crisp.putalpha(alpha)
    return crisp


def _detailed(strip: Image.Image, detail: float) -> Image.Image:
    """Return a strip with grain in its mid-tones; black and white stay clean."""
    if detail == 0:
        return strip
    colour, alpha = coloured(strip)
    noise = grain(strip.size, detail, "upscale.creative")
    rough = ImageChops.add(colour, Image.merge("RGB", (noise, noise, noise)), 1, -128)
    bright = colour.convert("L")
    mask = bright.point([round(255 * min(1.0, x / 60, (255 - x) / 40)) for x in range(256)])
    colour.paste(rough, mask=mask)
    if alpha is not None:
        colour.putalpha(alpha)
    return colour


def _written(picture: Image.Image) -> bytes:
    """Return a JPEG, or a PNG for a transparent image; a large PNG may pass byte limits."""
    if picture.mode == "RGBA":
        return encode(picture, "png").data
    return encode(picture, "jpg", _JPEG, full_colour=True).data
