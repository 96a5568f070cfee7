"""Colours that an AVIF file states: code points of H.273, and the chroma of its pixels.

Sources: ISO/IEC 14496-12 (colr, stsd), ISO/IEC 23008-12 (pitm, ipma), AV1 Bitstream Specification
5.5 (sequence header). As in decoders, the container goes before the bitstream.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from studio_imaging.avif import Bits, coded_items, sequence_headers, sequence_size
from studio_imaging.boxes import boxes

_PATH = (b"trak", b"mdia", b"minf", b"stbl", b"stsd")
# Fields of a sample entry for images, before its boxes.
_SAMPLE_ENTRY = 78
_FULL_CHROMA = 1


@dataclass(frozen=True, slots=True)
class AvifColour:
    """Colour primaries and transfer function, and whether there is one colour sample per pixel."""

    primaries: int
    transfer: int
    full_chroma: bool


def avif_colour(data: bytes) -> AvifColour:
    """Return what a file says about its colours; 2 is "unspecified"."""
    try:
        profile, coded = _of_bitstream(data)
        found = _of_container(data) or coded
    except (ValueError, IndexError):
        return AvifColour(2, 2, full_chroma=False)
    return AvifColour(*found, full_chroma=profile == _FULL_CHROMA)


def _of_container(data: bytes) -> tuple[int, int] | None:
    top = {kind: (at, end) for kind, at, end in boxes(data, 0, len(data))}
    if data[8:12] == b"avis" and b"moov" in top:
        properties = _of_track(data, *top[b"moov"])
    elif b"meta" in top:
        properties = _of_item(data, top[b"meta"][0] + 4, top[b"meta"][1])
    else:
        return None
    for kind, at, _ in properties:
        if kind == b"colr" and data[at : at + 4] == b"nclx":
            return _number(data, at + 4, 2), _number(data, at + 6, 2)
    return None


def _of_track(data: bytes, at: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Yield the boxes in the sample entries of the first track."""
    for name in _PATH:
        found = next((each for each in boxes(data, at, end) if each[0] == name), None)
        if found is None:
            return
        _, at, end = found
    for kind, start, stop in boxes(data, at + 8, end):
        if kind == b"av01":
            yield from boxes(data, start + _SAMPLE_ENTRY, stop)


def _of_item(data: bytes, at: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Yield the properties of the primary item."""
    parts = {kind: (start, stop) for kind, start, stop in boxes(data, at, end)}
    if b"pitm" not in parts or b"iprp" not in parts:
        return
    start, _ = parts[b"pitm"]
    primary = _number(data, start + 4, 4 if data[start] else 2)
    inside = list(boxes(data, *parts[b"iprp"]))
    every = [
        one for kind, start, stop in inside if kind == b"ipco" for one in boxes(data, start, stop)
    ]
    for kind, start, stop in inside:
        if kind == b"ipma":
            for index in _used(data, start, stop, primary):
                if 0 < index <= len(every):
                    yield every[index - 1]


def _used(data: bytes, at: int, end: int, item: int) -> Iterator[int]:
    """Yield the numbers of the properties of an item (ItemPropertyAssociationBox)."""
    wide_id, wide_index = data[at] > 0, data[at + 3] & 1
    count, at = _number(data, at + 4, 4), at + 8
    for _ in range(count):
        if at >= end:
            return
        size = 4 if wide_id else 2
        found, uses = _number(data, at, size), data[at + size]
        at += size + 1
        step = 2 if wide_index else 1
        if found == item:
            for place in range(at, at + uses * step, step):
                yield _number(data, place, step) & (0x7FFF if wide_index else 0x7F)
        at += uses * step


def _of_bitstream(data: bytes) -> tuple[int, tuple[int, int]]:
    """Return profile and code points of the first coded image."""
    extents = next(iter(coded_items(data)), None)
    if extents is None:
        return 0, (2, 2)
    (bits, *_) = sequence_headers(b"".join(data[at : at + length] for at, length in extents))
    profile, reduced = bits.peek(3), bits.peek(5) & 1
    sequence_size(bits)
    if not reduced:
        if bits.read(1):
            bits.read(7)
        bits.read(3)
        _skip_tools(bits)
    else:
        bits.read(3)
    bits.read(3)
    if bits.read(1) and profile == 2:
        bits.read(1)
    if profile != _FULL_CHROMA:
        bits.read(1)
    return profile, ((bits.read(8), bits.read(8)) if bits.read(1) else (2, 2))


def _skip_tools(bits: Bits) -> None:
    """Skip the tools of images that are not still ones (sequence_header_obu)."""
    bits.read(4)
    order_hint = bits.read(1)
    if order_hint:
        bits.read(2)
    if (bits.read(1) or bits.read(1)) and not bits.read(1):
        bits.read(1)
    if order_hint:
        bits.read(3)


def _number(data: bytes, at: int, size: int) -> int:
    return int.from_bytes(data[at : at + size], "big")
