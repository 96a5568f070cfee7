"""Checks of a file's structure before any parser reads it.

Pillow reads metadata part by part in Python and keeps much of it. A file of many tiny parts can
cost most of a minute and of the memory.
"""

from itertools import islice
from typing import Final

from studio_imaging.errors import ImageRejectedError
from studio_imaging.formats import SourceFormat
from studio_imaging.parts import Part, gif_blocks, jpeg_scans, jpeg_segments, png_chunks

# A large PNG in chunks of 1 kB has this many parts. Files of cameras and editors have hundreds.
_MOST_PARTS: Final = 65_536
# Encoders write about ten.
_MOST_SCANS: Final = 100
_SEQUENTIAL: Final = frozenset({b"\xff\xc0", b"\xff\xc1"})
# Pillow copies all earlier blocks for each further one. One block is usual.
_MOST_EXIF: Final = 64
_PNG_END: Final = b"IEND\xaeB`\x82"


def refuse_cut(data: bytes, kind: SourceFormat) -> None:
    """Refuse a truncated file that Pillow would not report as truncated.

    Raises:
        ImageRejectedError: ``image-truncated``.
    """
    match kind:
        case "png":
            cut = _PNG_END not in data
        case "webp":
            cut = int.from_bytes(data[4:8], "little") + 8 > len(data)
        case "avif":
            cut = _ends_inside_box(data)
        case _:
            cut = False
    if cut:
        raise ImageRejectedError("image-truncated", "the file stops early")


def refuse_many_parts(data: bytes, kind: SourceFormat) -> None:
    """Refuse a file of more parts than an image needs; ``frame_sizes`` checks AVIF.

    Raises:
        ImageRejectedError: ``image-too-large``.
    """
    match kind:
        case "jpg":
            parts = jpeg_segments(data)
        case "png":
            parts = png_chunks(data)
        case "gif":
            parts = gif_blocks(data)
        case _:
            return
    found = list(islice(parts, _MOST_PARTS + 1))
    _refuse_more(len(found), _MOST_PARTS, "parts")
    if kind == "jpg":
        exif = sum(data.startswith(b"Exif\x00\x00", start) for _, start, _ in found)
        _refuse_more(exif, _MOST_EXIF, "blocks of EXIF")
        if not _is_in_one_scan(data, found):
            # Each scan of such an image is a pass over all its pixels.
            scans = islice(jpeg_scans(data, found[-1][2] if found else 2), _MOST_SCANS + 1)
            _refuse_more(sum(1 for _ in scans), _MOST_SCANS, "scans")


def _is_in_one_scan(data: bytes, segments: list[Part]) -> bool:
    """Return whether a JPEG is sequential and its first scan has all colours (B.2.2, B.2.3).

    A decoder then reads no other scan. So the slow search for further scans is not needed.
    """
    frames = [start for name, start, _ in segments if name in _SEQUENTIAL]
    if len(frames) != 1:
        return False
    scan = segments[-1][2]
    return data[scan : scan + 2] == b"\xff\xda" and (
        data[frames[0] + 5 : frames[0] + 6] == data[scan + 4 : scan + 5]
    )


def _refuse_more(found: int, most: int, what: str) -> None:
    if found > most:
        raise ImageRejectedError("image-too-large", f"the image has more than {most} {what}")


def _ends_inside_box(data: bytes) -> bool:
    """Return whether an ISO media file (14496-12, 4.2) ends within its metadata or pixels."""
    at = 0
    while at + 8 <= len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        if size < 8:
            # 0 means up to the end of the file, 1 means a 64-bit size: the parser checks both.
            return False
        if at + size > len(data):
            return data[at + 4 : at + 8] in {b"meta", b"moov", b"mdat"}
        at += size
    return False
