"""The five file formats this package reads, and the Pillow plugin of each.

Pillow ships 44 parsers and ``Image.open`` tries all it has loaded. Here the first bytes of a file
name the one plugin that may see it, so a parser that nobody needs (TIFF, PSD, EPS, ...) cannot be
reached by a hostile file, whatever else is loaded. Plugins are imported on first use; because that
happens before a save, Pillow never goes to load all 44 in search of WebP or AVIF.
"""

from typing import Literal

from PIL import ImageFile

OutputFormat = Literal["webp", "jpg", "png", "avif"]
SourceFormat = Literal["webp", "jpg", "png", "avif", "gif"]


def sniff(data: bytes) -> SourceFormat | None:
    """Tell the format from a file's first bytes, or None when it is not one we read."""
    if data.startswith(b"\xff\xd8\xff"):
        return "jpg"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if data.startswith((b"GIF87a", b"GIF89a")):
        return "gif"
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "webp"
    if data[4:8] == b"ftyp" and _brands(data) & {b"avif", b"avis"}:
        return "avif"
    return None


def plugin(source: SourceFormat) -> type[ImageFile.ImageFile]:
    """Import the one plugin that reads (and writes) this format and return its file class.

    The class is used instead of ``Image.open`` because Pillow's JPEG opener hands files with a
    multi-picture header to yet another parser (MPO).
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


def _brands(data: bytes) -> set[bytes]:
    """Brands of an ISO media file: the major one and the compatible ones of the ``ftyp`` box."""
    end = min(int.from_bytes(data[0:4], "big"), 256)
    return {data[8:12]} | {data[at : at + 4] for at in range(16, end, 4)}
