"""The parts of picture files in order: segments, chunks or blocks.

The functions split a file as Pillow does, because they estimate Pillow's work. They stop where
Pillow gives up on a damaged file. A hostile file may have millions of parts, so callers set limits.

Sources: ITU-T T.81 annex B (JPEG), ISO 15948 section 5 (PNG), RFC 9649 section 2.3 (WebP), GIF89a
sections 18 to 26.
"""

from collections.abc import Iterator
from typing import Final

# Markers without a length: JPG, RST0 to RST7, SOI, EOI and JPG0 to JPG13.
_JPEG_ALONE: Final = frozenset({0xC8, *range(0xD0, 0xDA), *range(0xF0, 0xFE)})

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


def png_chunks(data: bytes) -> Iterator[Part]:
    """Yield the chunks, to the end of the file."""
    at = 8
    while at + 8 <= len(data):
        end = at + 8 + int.from_bytes(data[at : at + 4], "big")
        yield data[at + 4 : at + 8], at + 8, end
        at = end + 4


def webp_chunks(data: bytes) -> Iterator[Part]:
    """Yield the chunks of the outermost level, to the end of the file."""
    at = 12
    while at + 8 <= len(data):
        size = int.from_bytes(data[at + 4 : at + 8], "little")
        yield data[at : at + 4], at + 8, at + 8 + size
        at += 8 + size + size % 2


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
