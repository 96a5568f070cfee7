"""The parts of image files in order: segments, chunks or blocks.

The functions split a file as Pillow does, because they estimate Pillow's work. They stop where
Pillow gives up on a damaged file. A hostile file may have millions of parts, so callers set limits.

Sources: ITU-T T.81 annex B (JPEG), ISO 15948 section 5 (PNG), RFC 9649 section 2.3 (WebP), GIF89a
sections 18 to 26.
"""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

# Markers without a length: TEM, JPG, RST0 to RST7, SOI, EOI and JPG0 to JPG13.
_JPEG_ALONE: Final = frozenset({0x01, 0xC8, *range(0xD0, 0xDA), *range(0xF0, 0xFE)})

_WEBP_PIXELS: Final = frozenset({b"VP8 ", b"VP8L"})
# Bytes of a frame's header, and most chunks before the pixels.
_WEBP_FRAME: Final = 16
_MOST_WEBP: Final = 1_000

_JPEG_END, _JPEG_SCAN = 0xD9, 0xDA
# Within a scan FF00 is a coded byte, and FFD0 to FFD7 are restarts (B.1.1.3 and B.1.1.5).
_JPEG_MARKER: Final = re.compile(rb"\xff+[^\x00\xd0-\xd7\xff]")

Part = tuple[bytes, int, int]
"""Name, start and end of the content."""


def jpeg_segments(data: bytes) -> Iterator[Part]:
    """Yield the segments before the first scan; a stray byte is a part without a name."""
    at = 2
    while at + 1 < len(data):
        name = data[at : at + 2]
        if name[0] != 0xFF or name[1] in {0x00, 0xFF}:
            yield b"", at, at + 1
            at += 1
            continue
        if name[1] < 0xC0 or name[1] == 0xDA:
            return
        start, end = at + 2, at + 2
        if name[1] not in _JPEG_ALONE:
            start, end = at + 4, at + 2 + max(2, int.from_bytes(data[at + 2 : at + 4], "big"))
        yield name, start, end
        at = end


def jpeg_scans(data: bytes, at: int) -> Iterator[int]:
    """Yield the place of each scan of the image, from a place between two segments on.

    What follows the end of the image is another file, or nothing. Decoders do not read it.
    """
    while (found := _JPEG_MARKER.search(data, at)) is not None:
        at, marker = found.end(), data[found.end() - 1]
        if marker == _JPEG_END:
            return
        if marker == _JPEG_SCAN:
            yield found.start()
        if marker not in _JPEG_ALONE:
            at += max(2, int.from_bytes(data[at : at + 2], "big"))


def png_chunks(data: bytes) -> Iterator[Part]:
    """Yield the chunks, to the end of the image."""
    at = 8
    while at + 8 <= len(data):
        name, end = data[at + 4 : at + 8], at + 8 + int.from_bytes(data[at : at + 4], "big")
        yield name, at + 8, end
        if name == b"IEND":
            return
        at = end + 4


def webp_chunks(data: bytes, at: int = 12) -> Iterator[Part]:
    """Yield the chunks from a place on: those of the outermost level, to the end of the file."""
    while at + 8 <= len(data):
        size = int.from_bytes(data[at + 4 : at + 8], "little")
        yield data[at : at + 4], at + 8, at + 8 + size
        at += 8 + size + size % 2


def is_lossless(data: bytes) -> bool:
    """Return whether the image, or the first frame, of a WebP is coded without loss."""
    for name, start, _ in islice(webp_chunks(data), _MOST_WEBP):
        if name == b"ANMF":
            inside = islice(webp_chunks(data, start + _WEBP_FRAME), _MOST_WEBP)
            found = (each for each, _, _ in inside if each in _WEBP_PIXELS)
            return next(found, b"") == b"VP8L"
        if name in _WEBP_PIXELS:
            return name == b"VP8L"
    return False


def first_frame(data: bytes) -> tuple[int, int, int, int] | None:
    """Return left, top, right and bottom of the first frame of an animated WebP; None without."""
    for name, start, _ in islice(webp_chunks(data), _MOST_WEBP):
        if name == b"ANMF":
            left, top, width, height = (
                int.from_bytes(data[at : at + 3], "little") for at in range(start, start + 12, 3)
            )
            return 2 * left, 2 * top, 2 * left + width + 1, 2 * top + height + 1
    return None


def gif_blocks(data: bytes) -> Iterator[Part]:
    """Yield the blocks before the first frame; a stray byte is a block without a name."""
    at = 13 + (3 << (data[10] & 7) + 1 if data[10:11] >= b"\x80" else 0)
    while at < len(data) and data[at] not in b",;":
        if data[at] != 0x21:
            yield b"", at, at + 1
            at += 1
            continue
        name, at = data[at : at + 2], at + 2
        # Only in a comment does an empty first block end the extension for Pillow.
        unasked = 0 if name == b"!\xfe" else 1
        if name == b"!\xff" and data.startswith(b"NETSCAPE2.0", at + 1):
            unasked = 2
        ended = False
        while not ended and at < len(data):
            end = at + 1 + data[at]
            yield name, at + 1, end
            ended = data[at] == 0 and not unasked
            at, unasked = end, max(0, unasked - 1)
