"""The five file formats that this package reads, and the Pillow plugin of each.

Pillow has 44 parsers, and ``Image.open`` tries all that are loaded. Here the first bytes of a file
select one plugin. So a hostile file cannot reach another parser (TIFF, PSD, EPS, ...). Plugins are
imported on first use. An import before a save keeps Pillow from loading all 44.
"""

import struct
import zlib
from typing import Final, Literal

from PIL import ImageFile

OutputFormat = Literal["webp", "jpg", "png", "avif"]
SourceFormat = Literal["webp", "jpg", "png", "avif", "gif"]

# What Pillow's parsers raise on broken input. MemoryError is not among them: it must be seen.
PARSER_ERRORS: Final = (
    OSError,
    RuntimeError,
    AssertionError,
    EOFError,
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    ArithmeticError,
    struct.error,
    zlib.error,
)


def sniff(data: bytes) -> SourceFormat | None:
    """Return the format by a file's first bytes; None if it is not supported."""
    if data.startswith(b"\xff\xd8\xff"):
        return "jpg"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if data.startswith((b"GIF87a", b"GIF89a")):
        return "gif"
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "webp"
    if data[4:8] == b"ftyp" and brands(data) & {b"avif", b"avis"}:
        return "avif"
    return None


def plugin(source: SourceFormat) -> type[ImageFile.ImageFile]:
    """Return the file class of the plugin that reads and writes a format.

    The class replaces ``Image.open``, because Pillow's JPEG opener passes files with a
    multi-picture header to another parser (MPO).
    """
    match source:
        case "jpg":
            from PIL.JpegImagePlugin import JpegImageFile

            return JpegImageFile
        case "png":
            from PIL.PngImagePlugin import PngImageFile

            return PngImageFile
        case "webp":
            from PIL.WebPImagePlugin import WebPImageFile

            return WebPImageFile
        case "avif":
            from PIL.AvifImagePlugin import AvifImageFile

            return AvifImageFile
        case "gif":
            from PIL.GifImagePlugin import GifImageFile

            return GifImageFile


def brands(data: bytes) -> set[bytes]:
    """Return the major and the compatible brands of an ISO media file (``ftyp`` box)."""
    end = min(int.from_bytes(data[0:4], "big"), 256)
    return {data[8:12]} | {data[at : at + 4] for at in range(16, end, 4)}
