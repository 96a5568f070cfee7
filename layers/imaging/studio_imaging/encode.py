"""Encoding of pixels as a file without metadata, except XMP from the caller."""

import hashlib
import io
import os
from dataclasses import dataclass
from typing import IO, Final

from PIL import Image

from studio_imaging.formats import OutputFormat, plugin

_PILLOW_NAMES: Final[dict[OutputFormat, str]] = {
    "webp": "WEBP",
    "jpg": "JPEG",
    "png": "PNG",
    "avif": "AVIF",
}

# Larger AVIF images are written at the highest speed, which shows at sharp edges.
_MOST_CAREFUL: Final = 2_000_000


@dataclass(frozen=True, slots=True)
class EncodedImage:
    """A finished file: bytes, format, size in pixels and SHA-256 in hex."""

    data: bytes
    format: OutputFormat
    width: int
    height: int
    sha256: str


def encode(
    image: Image.Image,
    output: OutputFormat,
    quality: int = 80,
    *,
    full_colour: bool = False,
    lossless: bool = False,
    smallest: bool = False,
    xmp: bytes | None = None,
) -> EncodedImage:
    """Return an RGB or RGBA image (RGB only for ``jpg``) as a file.

    The speed settings have the best measured balance of size and time: baseline JPEG, WebP method
    2, AVIF speed 10 and PNG level 4. PNG level 6 takes 2.4 times as long and saves another 12 %.

    Args:
        image: The pixels; the function empties its ``info``.
        output: File format.
        quality: 1 to 100; PNG ignores it.
        full_colour: Keep one colour sample per pixel (4:4:4) in a JPEG or AVIF instead of one per
            four.
        lossless: Keep each pixel of a WebP as it is; the quality then has no effect.
        smallest: Search longer for a smaller PNG.
        xmp: A packet (``studio_imaging.xmp``) to write into the file.

    Raises:
        ValueError: The packet is too large for a JPEG.
    """
    plugin(output)
    pixels = image.width * image.height
    options = _options(output, quality, pixels, full_colour, lossless, smallest)
    if xmp is not None:
        options |= _xmp_option(output, xmp)
    # Pillow would write its entries as a JPEG comment and a PNG or AVIF colour profile.
    image.info.clear()
    with _file_in_memory(output) as file:
        image.save(file, _PILLOW_NAMES[output], **options)
        file.seek(0)
        data = file.read()
    return EncodedImage(data, output, image.width, image.height, hashlib.sha256(data).hexdigest())


def _options(
    output: OutputFormat,
    quality: int,
    pixels: int,
    full_colour: bool,
    lossless: bool,
    smallest: bool,
) -> dict[str, object]:
    """Return Pillow's options of a format."""
    match output:
        case "jpg":
            return {"quality": quality, "subsampling": 0 if full_colour else 2}
        case "webp" if lossless:
            return {"lossless": True, "exact": True, "quality": 20, "method": 1}
        case "webp":
            return {"quality": quality, "method": 2}
        case "avif" if full_colour:
            speed = 8 if pixels <= _MOST_CAREFUL else 10
            return {"quality": quality, "speed": speed, "subsampling": "4:4:4"}
        case "avif":
            return {"quality": quality, "speed": 10}
        case "png":
            return {"compress_level": 9 if smallest else 4}


def _xmp_option(output: OutputFormat, xmp: bytes) -> dict[str, object]:
    """Return Pillow's option for XMP; a PNG has none and takes an uncompressed text chunk."""
    if output != "png":
        return {"xmp": xmp}
    from PIL.PngImagePlugin import PngInfo

    chunks = PngInfo()
    chunks.add_itxt("XML:com.adobe.xmp", xmp.decode())
    return {"pnginfo": chunks}


def _file_in_memory(output: OutputFormat) -> IO[bytes]:
    """Return a file in memory, for JPEG with a descriptor if the system supports it.

    Pillow's JPEG encoder releases the GIL only with a descriptor. Linux has ``memfd_create``;
    other systems get the fallback.
    """
    if output == "jpg" and hasattr(os, "memfd_create"):
        return os.fdopen(os.memfd_create("picture"), "w+b")
    return io.BytesIO()
