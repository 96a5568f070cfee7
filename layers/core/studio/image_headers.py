"""Sizes of images from their headers, without decoding a pixel.

Sources: PNG specification 11.2.2, ISO/IEC 10918-1 annex B (JPEG), Exif 2.32 4.6.4 (orientation),
GIF89a 18, RFC 9649 2.5 to 2.7 (WebP).
"""

import struct
from collections.abc import Iterator
from typing import Final

Sides = tuple[int, int]

_PNG: Final = b"\x89PNG\r\n\x1a\n"
_JPEG: Final = b"\xff\xd8"
# Frames of JPEG: SOF0 to SOF15 without the tables DHT, JPG and DAC, whose codes lie between.
_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_ALONE: Final = frozenset({0x01, *range(0xD0, 0xD9)})
_SCAN, _END, _APP1 = 0xDA, 0xD9, 0xE1
_EXIF: Final = b"Exif\0\0"
_ORIENTATION: Final = 0x0112
_SIDEWAYS: Final = frozenset({5, 6, 7, 8})


def sides_of(data: bytes) -> Sides | None:
    """Return width and height of an upright image in pixels, None if its header does not say.

    PNG, JPEG, GIF and WebP are read. A PNG or WebP that may have an orientation has no known size.
    """
    try:
        sides = _stated(data)
    except (struct.error, IndexError):
        return None
    return sides if sides and min(sides) > 0 else None


def _stated(data: bytes) -> Sides | None:
    if data.startswith(_PNG):
        turned = b"eXIf" in data or b"Raw profile type" in data
        return None if turned or data[12:16] != b"IHDR" else _pair(">II", data, 16)
    if data.startswith((b"GIF87a", b"GIF89a")):
        return _pair("<HH", data, 6)
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return _of_webp(data)
    return _of_jpeg(data) if data.startswith(_JPEG) else None


def _of_webp(data: bytes) -> Sides | None:
    kind = data[12:16]
    if kind == b"VP8X":
        has_exif = data[20] & 0x08
        wide, high = (int.from_bytes(data[at : at + 3], "little") for at in (24, 27))
        return None if has_exif or len(data) < 30 else (wide + 1, high + 1)
    if kind == b"VP8L" and data[20] == 0x2F:
        (bits,) = struct.unpack_from("<I", data, 21)
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8 " and data[23:26] == b"\x9d\x01\x2a":
        wide, high = _pair("<HH", data, 26)
        return wide & 0x3FFF, high & 0x3FFF
    return None


def _of_jpeg(data: bytes) -> Sides | None:
    sideways = False
    for code, start, end in _segments(data):
        if code == _APP1 and data.startswith(_EXIF, start):
            sideways = _orientation(data[start + len(_EXIF) : end]) in _SIDEWAYS
        if code in _FRAMES:
            high, wide = _pair(">HH", data, start + 1)
            return (high, wide) if sideways else (wide, high)
    return None


def _segments(data: bytes) -> Iterator[tuple[int, int, int]]:
    """Yield the code, the start and the end of each segment before the first scan."""
    at = len(_JPEG)
    while at + 4 <= len(data):
        if data[at] != 0xFF or data[at + 1] in (_SCAN, _END):
            return
        code = data[at + 1]
        if code == 0xFF or code in _ALONE:
            at += 1 if code == 0xFF else 2
            continue
        (length,) = struct.unpack_from(">H", data, at + 2)
        yield code, at + 4, at + 2 + length
        at += 2 + max(length, 2)


def _orientation(tiff: bytes) -> int:
    """Return the orientation of an Exif block, 1 if it states none."""
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None:
        return 1
    try:
        (at,) = struct.unpack_from(f"{order}I", tiff, 4)
        (entries,) = struct.unpack_from(f"{order}H", tiff, at)
        for entry in range(at + 2, at + 2 + 12 * entries, 12):
            tag, _, _, value = struct.unpack_from(f"{order}HHIH", tiff, entry)
            if tag == _ORIENTATION:
                return int(value)
    except struct.error:
        return 1
    return 1


def _pair(layout: str, data: bytes, at: int) -> Sides:
    first, second = struct.unpack_from(layout, data, at)
    return first, second
