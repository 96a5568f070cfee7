"""The parts of a picture file, read strictly, to check what the codecs wrote."""

import struct
import zlib
from collections.abc import Iterator


def jpeg_segments(data: bytes) -> list[tuple[int, bytes]]:
    """Marker and content of each segment before the first scan (ITU-T T.81, annex B)."""
    assert data[:2] == b"\xff\xd8"
    found, at = [], 2
    while data[at + 1] != 0xDA:
        assert data[at] == 0xFF
        size = int.from_bytes(data[at + 2 : at + 4], "big")
        found.append((data[at + 1], data[at + 4 : at + 2 + size]))
        at += 2 + size
    return found


def png_chunks(data: bytes) -> list[tuple[bytes, bytes]]:
    """Name and content of each chunk, its checksum verified (ISO 15948, 5.3)."""
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    found, at = [], 8
    while at < len(data):
        size, name = struct.unpack_from(">I4s", data, at)
        content = data[at + 8 : at + 8 + size]
        (checksum,) = struct.unpack_from(">I", data, at + 8 + size)
        assert checksum == zlib.crc32(name + content)
        found.append((name, content))
        at += 12 + size
    assert found[-1][0] == b"IEND"
    return found


def webp_chunks(data: bytes) -> list[tuple[bytes, bytes]]:
    """Name and content of each chunk (RFC 9649, 2.3)."""
    assert (data[:4], data[8:12]) == (b"RIFF", b"WEBP")
    assert int.from_bytes(data[4:8], "little") + 8 == len(data)
    found, at = [], 12
    while at < len(data):
        name, size = struct.unpack_from("<4sI", data, at)
        found.append((name, data[at + 8 : at + 8 + size]))
        at += 8 + size + size % 2
    return found


def iso_boxes(data: bytes) -> list[tuple[bytes, bytes]]:
    """Type and content of each box (ISO 14496-12, 4.2)."""
    found, at = [], 0
    while at < len(data):
        size, kind = struct.unpack_from(">I4s", data, at)
        assert 8 <= size <= len(data) - at
        found.append((kind, data[at + 8 : at + size]))
        at += size
    return found


def avif_items(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Entry in the list (from its type on) and bytes of each item (ISO 14496-12, 8.11)."""
    meta = dict(iso_boxes(dict(iso_boxes(data))[b"meta"][4:]))
    entries = {}
    for kind, content in iso_boxes(meta[b"iinf"][6:]):
        assert (kind, content[0]) == (b"infe", 2)
        entries[int.from_bytes(content[4:6], "big")] = content[8:]
    places = meta[b"iloc"]
    assert places[:6] == b"\x00\x00\x00\x00\x44\x00"
    at = 8
    for _ in range(int.from_bytes(places[6:8], "big")):
        item, _, extents, start, size = struct.unpack_from(">HHHII", places, at)
        assert extents == 1
        yield entries[item], data[start : start + size]
        at += 14
