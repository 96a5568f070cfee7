"""The real sizes of the frames in an AVIF file, read before any frame is decoded.

The container states only a size to scale to. A decoder allocates the size in the AV1 sequence
header, which may differ.

Sources: ISO/IEC 14496-12 (boxes), ISO/IEC 23008-12 (items), AV1 Bitstream Specification 5.5
(sequence header).
"""

from collections.abc import Iterator
from typing import Final

from studio_imaging.boxes import boxes

_CONTAINERS: Final = frozenset({b"moov", b"trak", b"mdia", b"minf", b"stbl", b"iprp", b"ipco"})
_TABLES: Final = frozenset({b"iinf", b"iloc", b"iref", b"ipma", b"grpl"})
_SAMPLE_TABLES: Final = frozenset({b"stco", b"co64", b"stsz", b"stsc"})
_SEQUENCE_HEADER: Final = 1
_LONGEST_SEQUENCE_HEADER: Final = 1024

# An image of 1,000 tiles stays below all these limits.
_MOST_BOXES: Final = 65_536
_MOST_TABLE_BYTES: Final = 64 * 1024
_MOST_EXTENTS: Final = 4_096
_MOST_OBUS: Final = 65_536


class Bits:
    """Reads the bits of a byte string, the highest first.

    Raises:
        ValueError: ``read`` passes the end.
    """

    def __init__(self, data: bytes) -> None:
        self._value = int.from_bytes(data, "big")
        self._left = len(data) * 8

    def read(self, count: int) -> int:
        """Return the next bits as a number."""
        self._left -= count
        if self._left < 0:
            raise ValueError("the sequence header stops early")
        return self._value >> self._left & ((1 << count) - 1)

    def peek(self, count: int) -> int:
        """Return the next bits without passing them."""
        value = self.read(count)
        self._left += count
        return value

    def skip_uvlc(self) -> None:
        """Pass a number of variable length."""
        zeros = 0
        while not self.read(1):
            zeros += 1
        self.read(zeros if zeros < 32 else 0)


def frame_sizes(data: bytes) -> list[tuple[int, int]]:
    """Return width and height of each coded image in the file.

    Raises:
        ValueError: The size of an image cannot be read, or the file has more boxes, items or
            other parts than an image needs.
    """
    _refuse_many_parts(data)
    sizes = []
    # Encoders let an item and a track share their first image.
    for pictures in (coded_items(data), _first_samples(data)):
        left = len(data)
        for extents in pictures:
            left -= sum(max(0, min(length, len(data) - at)) for at, length in extents)
            if left < 0:
                raise ValueError("the images share their bytes")
            bits = sequence_headers(b"".join(data[at : at + length] for at, length in extents))
            sizes += [sequence_size(each) for each in bits]
    return sizes


def _refuse_many_parts(data: bytes) -> None:
    """Limit the boxes and tables.

    A decoder's work grows with the number of boxes and the square of the entries in tables.
    """
    count, tables = 0, 0
    inside = [(0, len(data))]
    while inside:
        for kind, at, end in boxes(data, *inside.pop()):
            count += 1
            tables += end - at if kind in _TABLES else 0
            if count > _MOST_BOXES or tables > _MOST_TABLE_BYTES:
                raise ValueError("very many boxes, or very large tables")
            if kind == b"meta":
                inside.append((at + 4, end))
            elif kind in _CONTAINERS:
                inside.append((at, end))


def coded_items(data: bytes) -> Iterator[list[tuple[int, int]]]:
    """Yield the extents (offset, length) of each coded item; together they are its bytes."""
    for kind, start, end in boxes(data, 0, len(data)):
        if kind != b"meta":
            continue
        parts = {name: (at, stop) for name, at, stop in boxes(data, start + 4, end)}
        if b"iinf" not in parts or b"iloc" not in parts:
            continue
        coded = set(_coded_items(data, *parts[b"iinf"]))
        own_data = parts.get(b"idat", (0, 0))[0]
        for item, method, extents in _locations(data, *parts[b"iloc"]):
            if item in coded:
                base = own_data if method == 1 else 0
                yield [(base + at, length) for at, length in extents]


def _coded_items(data: bytes, start: int, end: int) -> Iterator[int]:
    """Yield the ids of items that are AV1 images (ItemInfoEntry version 2 or 3)."""
    first = start + (6 if data[start] == 0 else 8)
    for kind, at, _ in boxes(data, first, end):
        if kind != b"infe" or data[at] < 2:
            continue
        wide = 4 if data[at] == 3 else 2
        item = int.from_bytes(data[at + 4 : at + 4 + wide], "big")
        if data[at + 6 + wide : at + 10 + wide] == b"av01":
            yield item


def _locations(
    data: bytes, start: int, end: int
) -> Iterator[tuple[int, int, list[tuple[int, int]]]]:
    """Yield id, construction method and extents (offset, length) of each item (ItemLocationBox)."""
    version = data[start]
    sizes = int.from_bytes(data[start + 4 : start + 6], "big")
    offset_size, length_size, base_size, index_size = (
        sizes >> shift & 15 for shift in (12, 8, 4, 0)
    )
    at = start + 6

    def number(size: int) -> int:
        nonlocal at
        at += size
        if at > end:
            raise ValueError("the item locations stop early")
        return int.from_bytes(data[at - size : at], "big")

    wide = 4 if version == 2 else 2
    left = _MOST_EXTENTS
    for _ in range(number(wide)):
        item = number(wide)
        method = number(2) & 15 if version else 0
        number(2)
        base = number(base_size)
        extents = []
        count = number(2)
        left -= count
        if left < 0:
            raise ValueError("very many extents")
        for _ in range(count):
            number(index_size if version else 0)
            offset = base + number(offset_size)
            extents.append((offset, number(length_size) or len(data) - offset))
        yield item, method, extents


def _first_samples(data: bytes) -> Iterator[list[tuple[int, int]]]:
    """Yield the extents of the first image of each track of an image sequence."""
    for table in _tables(data, 0, len(data)):
        found = [each for each in boxes(data, *table) if each[0] in _SAMPLE_TABLES]
        parts = {kind: (start, end) for kind, start, end in found}
        if len(parts) < len(found) or {b"stco", b"co64"} <= parts.keys():
            raise ValueError("a track has two tables of one kind")
        wide, name = (8, b"co64") if b"co64" in parts else (4, b"stco")
        if name not in parts:
            continue
        at = parts[name][0] + 8
        chunk = int.from_bytes(data[at : at + wide], "big")
        yield [(chunk, _first_length(data, parts.get(b"stsz")))]


def _first_length(data: bytes, sizes: tuple[int, int] | None) -> int:
    if sizes is None:
        raise ValueError("the track has no sizes of its images")
    at = sizes[0] + 4
    common = int.from_bytes(data[at : at + 4], "big")
    return common or int.from_bytes(data[at + 8 : at + 12], "big")


def _tables(data: bytes, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield start and end of the sample table of each track."""
    for kind, at, stop in boxes(data, start, end):
        if kind == b"stbl":
            yield at, stop
        elif kind in _CONTAINERS:
            yield from _tables(data, at, stop)


def sequence_headers(data: bytes) -> list[Bits]:
    """Return the sequence headers among the OBUs of an image.

    Raises:
        ValueError: There is none, or the image has very many parts.
    """
    at, found = 0, []
    for _ in range(_MOST_OBUS):
        if at >= len(data):
            break
        header = data[at]
        at += 2 if header & 4 else 1
        length = len(data) - at
        if header & 2:
            length, at = _leb128(data, at)
        if header >> 3 & 15 == _SEQUENCE_HEADER:
            end = at + min(length, _LONGEST_SEQUENCE_HEADER)
            found.append(Bits(data[at:end]))
        at += length
    if at < len(data) or not found:
        raise ValueError("an image without a sequence header, or of very many parts")
    return found


def _leb128(data: bytes, at: int) -> tuple[int, int]:
    """Return a variable-length number and the offset behind it."""
    value = 0
    for index, byte in enumerate(data[at : at + 8]):
        value |= (byte & 127) << 7 * index
        if not byte & 128:
            return value, at + index + 1
    raise ValueError("an OBU without a length")


def sequence_size(bits: Bits) -> tuple[int, int]:
    """Return width and height in a sequence header, read up to them.

    Raises:
        ValueError: The header stops early.
    """
    bits.read(4)
    if bits.read(1):
        bits.read(5)
    else:
        _skip_operating_points(bits)
    wide, high = bits.read(4) + 1, bits.read(4) + 1
    return bits.read(wide) + 1, bits.read(high) + 1


def _skip_operating_points(bits: Bits) -> None:
    delay_bits = 0
    if bits.read(1):
        bits.read(64)
        if bits.read(1):
            bits.skip_uvlc()
        if bits.read(1):
            delay_bits = bits.read(5) + 1
            bits.read(42)
    display_delay = bits.read(1)
    for _ in range(bits.read(5) + 1):
        bits.read(12)
        if bits.read(5) > 7:
            bits.read(1)
        if delay_bits and bits.read(1):
            bits.read(2 * delay_bits + 1)
        if display_delay and bits.read(1):
            bits.read(4)
