"""EXIF blocks with anything in them, built byte by byte (EXIF 2.32, TIFF 6.0)."""

import struct
from collections.abc import Sequence

# Tag, type, count, and the four bytes that hold the value or where it stands.
Entry = tuple[int, int, int, int]


def exif_block(entries: Sequence[Entry], following: int = 0, count: int | None = None) -> bytes:
    """One directory at offset 8, big-endian.

    Args:
        following: Offset of the next directory; 8 is this one again.
        count: Entries that it says to have, if not as many as there are.
    """
    directory = b"".join(struct.pack(">HHII", *entry) for entry in entries)
    said = len(entries) if count is None else count
    return (
        b"Exif\x00\x00MM\x00*\x00\x00\x00\x08"
        + struct.pack(">H", said)
        + directory
        + struct.pack(">I", following)
    )
