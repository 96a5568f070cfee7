"""Refuse a file for how it is put together, before any parser works on it.

Pillow reads metadata part by part in Python and keeps much of it, so a file of nothing but tiny
parts costs a parser most of a minute and of its memory without holding a picture worth either.
"""

from itertools import islice
from typing import Final

from studio_imaging.errors import ImageRejectedError
from studio_imaging.formats import SourceFormat
from studio_imaging.parts import Part, gif_blocks, jpeg_segments, png_chunks

# A large PNG in pieces of 1 kB has as many; what cameras and editors write has some hundred.
_MOST_PARTS: Final = 65_536
# Encoders write about ten.
_MOST_SCANS: Final = 100
_SEQUENTIAL: Final = frozenset({b"\xff\xc0", b"\xff\xc1"})
# Each is put behind the ones before it by copying them all. One is usual.
_MOST_EXIF: Final = 64
_PNG_END: Final = b"IEND\xaeB`\x82"


def refuse_cut(data: bytes, kind: SourceFormat) -> None:
    """Refuse a cut file where Pillow would not notice, or could not say that it was cut.

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
    """Refuse a file of more parts than any picture needs. AVIF is checked with its frames.

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
            # The marker cannot stand inside coded pixels (ITU-T T.81, B.1.1.5); a thumbnail may
            # have some. Each scan of such a picture is a pass over all of its pixels.
            _refuse_more(data.count(b"\xff\xda"), _MOST_SCANS, "scans")
    if kind == "png":
        # More than one is against the standard (ISO 15948, 11.3.3.3), and each is inflated.
        profiles = sum(name == b"iCCP" for name, _, _ in found)
        _refuse_more(profiles, 1, "colour profiles")


def _is_in_one_scan(data: bytes, segments: list[Part]) -> bool:
    """Whether a JPEG is not progressive and its first scan has all of its colours (B.2.2, B.2.3).

    A decoder then reads no other one, and the search for them, which takes longer than anything
    else here, can be left out.
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
        raise ImageRejectedError(
            "image-too-large", f"the picture has {found} {what}, the limit is {most}"
        )


def _ends_inside_box(data: bytes) -> bool:
    """Whether an ISO media file (ISO 14496-12, 4.2) ends before its metadata or its pixels do."""
    at = 0
    while at + 8 <= len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        if size < 8:
            # 0 reaches to the end of the file, 1 announces a 64-bit size: the parser's business.
            return False
        if at + size > len(data):
            return data[at + 4 : at + 8] in {b"meta", b"moov", b"mdat"}
        at += size
    return False
