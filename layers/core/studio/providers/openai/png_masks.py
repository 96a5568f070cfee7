"""Conversion of masks to the format of OpenAI, without Pillow, which the callers do not load.

A mask of the studio is a grey PNG, white where the image changes. A mask for OpenAI is
transparent where the image changes. Contract: PNG, third edition (W3C, 2025), sections 9
(filters) and 11 (chunks).
"""

import struct
import zlib
from collections.abc import Iterator
from itertools import accumulate
from typing import Final

_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_IHDR: Final = ">IIBBBBB"
_GREY, _RGBA, _BITS = 0, 6, 8
_INVERTED: Final = bytes(range(255, -1, -1))


def transparent_where_white(mask: bytes) -> bytes:
    """Return a mask as a black RGBA PNG, transparent where the mask is white.

    Args:
        mask: A grey PNG of 8 bits, not interlaced.

    Raises:
        ValueError: the file is not such a PNG.
    """
    try:
        width, height, rows = _read(mask)
    except (struct.error, zlib.error, IndexError) as error:
        raise ValueError("the mask is no whole PNG") from error
    packer = zlib.compressobj()
    packed = bytearray()
    for row in rows:
        pixels = bytearray(4 * width)
        pixels[3::4] = row.translate(_INVERTED)
        packed += packer.compress(b"\0" + pixels)
    packed += packer.flush()
    header = struct.pack(_IHDR, width, height, _BITS, _RGBA, 0, 0, 0)
    return (
        _SIGNATURE + _chunk(b"IHDR", header) + _chunk(b"IDAT", bytes(packed)) + _chunk(b"IEND", b"")
    )


def _read(mask: bytes) -> tuple[int, int, Iterator[bytes]]:
    if not mask.startswith(_SIGNATURE):
        raise ValueError("the mask is no PNG")
    chunks = list(_chunks(mask))
    width, height, *kind = struct.unpack(_IHDR, chunks[0][1])
    if kind != [_BITS, _GREY, 0, 0, 0]:
        raise ValueError("the mask is no grey PNG of 8 bits")
    whole = (width + 1) * height
    packed = b"".join(body for name, body in chunks if name == b"IDAT")
    # The size in the header limits the decompression.
    filtered = zlib.decompressobj().decompress(packed, whole)
    if len(filtered) != whole:
        raise ValueError("the mask ends before its last row")
    return width, height, _rows(filtered, width)


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(_SIGNATURE)
    while at < len(png):
        length, name = struct.unpack_from(">I4s", png, at)
        yield name, png[at + 8 : at + 8 + length]
        at += length + 12


def _rows(filtered: bytes, width: int) -> Iterator[bytes]:
    """Yield the rows without their filters, which predict pixels from the left and from above."""
    row = bytes(width)
    for start in range(0, len(filtered), width + 1):
        kind, rest = filtered[start], filtered[start + 1 : start + 1 + width]
        row = _unfiltered(kind, rest, row)
        yield row


def _unfiltered(kind: int, rest: bytes, above: bytes) -> bytes:
    same = rest.count(0) == len(rest)
    match kind:
        case 0:
            return rest
        case 1:
            return bytes(total & 255 for total in accumulate(rest))
        case 2 | 4 if same:
            # Rows of a mask mostly repeat; Paeth then predicts the row above as well.
            return above
        case 2:
            return bytes((up + byte) & 255 for up, byte in zip(above, rest, strict=True))
        case 3:
            return _averaged(rest, above)
        case 4:
            return _paeth(rest, above)
    raise ValueError("the mask has a filter that PNG does not know")


def _averaged(rest: bytes, above: bytes) -> bytes:
    """Return a row of the average filter, whose predictor is the mean of left and above."""
    row, left = bytearray(), 0
    for byte, up in zip(rest, above, strict=True):
        left = (byte + (left + up) // 2) & 255
        row.append(left)
    return bytes(row)


def _paeth(rest: bytes, above: bytes) -> bytes:
    """Return a row of the Paeth filter: the predictor is the pixel nearest to the gradient."""
    row, left, corner = bytearray(), 0, 0
    for byte, up in zip(rest, above, strict=True):
        to_left, to_up = abs(up - corner), abs(left - corner)
        to_corner = abs(left + up - 2 * corner)
        if to_left <= to_up and to_left <= to_corner:
            near = left
        else:
            near = up if to_up <= to_corner else corner
        left, corner = (byte + near) & 255, up
        row.append(left)
    return bytes(row)


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
