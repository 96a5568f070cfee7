"""XMP packets that a PNG holds compressed, or as the hexadecimal digits of a raw profile.

Source: Portable Network Graphics, third edition, section 11.3.3. ImageMagick writes raw profiles.
"""

import zlib
from collections.abc import Iterator
from itertools import islice
from typing import Final

from studio_imaging.parts import png_chunks

_PACKET: Final = b"XML:com.adobe.xmp\x00"
_PROFILE: Final = b"Raw profile type xmp\x00"
_TEXTS: Final = frozenset({b"tEXt", b"zTXt", b"iTXt"})
_MOST_PARTS: Final = 65_536
# More than one is an error of the file. Each costs time.
_MOST_PACKETS: Final = 4
_MOST_BYTES: Final = 1024 * 1024


def png_packets(data: bytes) -> Iterator[bytes]:
    """Yield the packets in text chunks of a PNG, each up to a megabyte; broken ones are empty."""
    chunks = islice(png_chunks(data), _MOST_PARTS)
    found = (
        (name, data[start:end])
        for name, start, end in chunks
        if name in _TEXTS and data.startswith((_PACKET, _PROFILE), start, end)
    )
    for name, content in islice(found, _MOST_PACKETS):
        text = _text(name, content.partition(b"\x00")[2])
        yield _bytes_of_digits(text) if content.startswith(_PROFILE) else text


def _text(name: bytes, rest: bytes) -> bytes:
    """Return the text of a chunk without its keyword."""
    match name:
        case b"tEXt":
            return rest[:_MOST_BYTES]
        case b"zTXt":
            return _inflated(rest[1:])
        case _:
            text = rest[2:].split(b"\x00", 2)[-1]
            return _inflated(text) if rest[:1] == b"\x01" else text[:_MOST_BYTES]


def _inflated(content: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(content, _MOST_BYTES)
    except zlib.error:
        return b""


def _bytes_of_digits(text: bytes) -> bytes:
    """Return the bytes of a raw profile: a name, a length, and digits in lines."""
    try:
        return bytes.fromhex(text.split(b"\n", 3)[-1].decode("ascii"))
    except ValueError:
        return b""
