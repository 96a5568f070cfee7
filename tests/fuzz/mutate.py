"""Damages picture files: at random places, and along the parts of their formats."""

import random
import zlib
from collections.abc import Callable, Sequence

Mutation = Callable[[random.Random, bytearray, bytes], None]
Parts = list[tuple[bytes, bytes]]

_EDGES = (0, 1, 2, 3, 7, 8, 16, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF)
_LONGEST = 200_000

# Boxes that contain boxes, and the number of bytes before those.
_BOXES_INSIDE = {b"meta": 4, b"iref": 4, b"iinf": 6} | dict.fromkeys(
    (b"moov", b"trak", b"mdia", b"minf", b"stbl", b"iprp", b"ipco"), 0
)


def mutant(rng: random.Random, seeds: Sequence[bytes]) -> bytes:
    """Return a damaged copy of one of the seeds, with parts of another one."""
    data, other = bytearray(rng.choice(seeds)), rng.choice(seeds)
    by_parts = rng.random() < 0.7
    if by_parts:
        data = bytearray(_rearranged(rng, bytes(data), other))
    # Pillow reads nothing of a PNG behind a wrong checksum, so few files are damaged twice.
    for _ in range(rng.choice((0, 0, 0, 1, 3) if by_parts else (1, 1, 2, 4, 12))):
        if data:
            rng.choice(_BLIND)(rng, data, other)
    return bytes(data[:_LONGEST])


def _flip(rng: random.Random, data: bytearray, _: bytes) -> None:
    data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)


def _byte(rng: random.Random, data: bytearray, _: bytes) -> None:
    data[rng.randrange(len(data))] = rng.randrange(256)


def _number(rng: random.Random, data: bytearray, _: bytes) -> None:
    """Write an edge value at a place that may hold a length, a count or an offset."""
    size = rng.choice((1, 2, 4))
    at = rng.randrange(len(data))
    value = rng.choice((*_EDGES, len(data), rng.randrange(1 << 16))) % (1 << 8 * size)
    data[at : at + size] = value.to_bytes(size, rng.choice(("big", "little")))


def _cut_out(rng: random.Random, data: bytearray, _: bytes) -> None:
    at = rng.randrange(len(data))
    del data[at : at + rng.choice((1, 4, 40, 400))]


def _repeat(rng: random.Random, data: bytearray, _: bytes) -> None:
    at, size = rng.randrange(len(data)), rng.choice((1, 4, 40, 400))
    data[at:at] = data[at : at + size] * rng.choice((1, 1, 3, 200))


def _insert(rng: random.Random, data: bytearray, _: bytes) -> None:
    at = rng.randrange(len(data))
    data[at:at] = rng.randbytes(rng.choice((1, 2, 9, 64)))


def _splice(rng: random.Random, data: bytearray, other: bytes) -> None:
    at, start = rng.randrange(len(data)), rng.randrange(len(other))
    data[at : at + rng.choice((0, 8, 100))] = other[start : start + rng.choice((4, 60, 900))]


def _truncate(rng: random.Random, data: bytearray, _: bytes) -> None:
    del data[rng.randrange(len(data)) :]


_BLIND: tuple[Mutation, ...] = (
    _flip, _flip, _byte, _byte, _number, _number, _number, _cut_out, _repeat, _insert, _splice,
    _truncate,
)  # fmt: skip


def _rearranged(rng: random.Random, data: bytes, other: bytes) -> bytes:
    """Drop, double, swap, replace or damage whole parts, and join the file again."""
    for is_this, split, join in _FORMATS:
        if is_this(data):
            parts = split(data)
            if not parts:
                return data
            for _ in range(rng.choice((1, 1, 2, 3))):
                _change_parts(rng, parts, split(other) if is_this(other) else parts)
            return join(rng, parts)
    return data


def _change_parts(rng: random.Random, parts: Parts, others: Parts) -> None:
    at = rng.randrange(len(parts)) if parts else 0
    match rng.randrange(6):
        case 0 if len(parts) > 1:
            del parts[at]
        case 1 if parts:
            parts[at:at] = [parts[at]] * rng.choice((1, 2, 120))
        case 2 if parts:
            to = rng.randrange(len(parts))
            parts[at], parts[to] = parts[to], parts[at]
        case 3 if others:
            parts.insert(at, rng.choice(others))
        case _ if parts and parts[at][0] in _BOXES_INSIDE and rng.random() < 0.8:
            name, content = parts[at]
            parts[at] = (name, _changed_inside(rng, content, _BOXES_INSIDE[name]))
        case _ if parts:
            name, content = parts[at]
            damaged = bytearray(content)
            for _ in range(rng.choice((1, 1, 2, 5))):
                if damaged:
                    rng.choice(_BLIND)(rng, damaged, content)
            parts[at] = (name, bytes(damaged))


def _changed_inside(rng: random.Random, content: bytes, head: int) -> bytes:
    """Change boxes inside a box and pad it to its old size, so that later offsets stay."""
    inside = _box_parts(content[head:])
    _change_parts(rng, inside, list(inside))
    changed = content[:head] + _boxes_of(rng, inside)
    missing = len(content) - len(changed)
    return changed + (_boxes_of(rng, [(b"free", bytes(missing - 8))]) if missing >= 8 else b"")


def _png_parts(data: bytes) -> Parts:
    parts, at = [], 8
    while at + 12 <= len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        parts.append((data[at + 4 : at + 8], data[at + 8 : at + 8 + size]))
        at += 12 + size
    return parts


def _png_of(rng: random.Random, parts: Parts) -> bytes:
    """Return a PNG with mostly correct checksums and lengths, so that Pillow reads all parts."""
    file = bytearray(b"\x89PNG\r\n\x1a\n")
    for name, content in parts:
        size = len(content) if rng.random() < 0.98 else rng.choice(_EDGES)
        checksum = zlib.crc32(name + content) if rng.random() < 0.98 else 0
        file += size.to_bytes(4, "big") + name + content + checksum.to_bytes(4, "big")
    return bytes(file)


def _riff_parts(data: bytes) -> Parts:
    parts, at = [], 12
    while at + 8 <= len(data):
        size = int.from_bytes(data[at + 4 : at + 8], "little")
        parts.append((data[at : at + 4], data[at + 8 : at + 8 + size]))
        at += 8 + size + size % 2
    return parts


def _riff_of(rng: random.Random, parts: Parts) -> bytes:
    file = bytearray(b"WEBP")
    for name, content in parts:
        size = len(content) if rng.random() < 0.98 else rng.choice(_EDGES)
        file += name + size.to_bytes(4, "little") + content + bytes(len(content) % 2)
    return b"RIFF" + len(file).to_bytes(4, "little") + bytes(file)


def _jpeg_parts(data: bytes) -> Parts:
    """Return the segments of a JPEG, each scan with its coded pixels."""
    parts, at = [], 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        name = data[at : at + 2]
        if name == b"\xff\xda":
            while end < len(data) - 1 and not (
                data[end] == 0xFF and data[end + 1] not in {0, *range(0xD0, 0xD8)}
            ):
                end += 1
        parts.append((name, data[at + 4 : end]))
        at = end
    return parts


def _jpeg_of(rng: random.Random, parts: Parts) -> bytes:
    file = bytearray(b"\xff\xd8")
    for name, content in parts:
        size = 2 + len(content)
        if name == b"\xff\xda":
            size = 6 + 2 * content[0] if content else 2
        if rng.random() > 0.98:
            size = rng.choice(_EDGES)
        file += name + min(size, 0xFFFF).to_bytes(2, "big") + content
    return bytes(file) + b"\xff\xd9"


def _box_parts(data: bytes) -> Parts:
    parts, at = [], 0
    while at + 8 <= len(data):
        size = max(8, int.from_bytes(data[at : at + 4], "big"))
        parts.append((data[at + 4 : at + 8], data[at + 8 : at + size]))
        at += size
    return parts


def _boxes_of(rng: random.Random, parts: Parts) -> bytes:
    file = bytearray()
    for name, content in parts:
        size = 8 + len(content) if rng.random() < 0.98 else rng.choice(_EDGES)
        file += size.to_bytes(4, "big") + name + content
    return bytes(file)


_FORMATS: tuple[
    tuple[
        Callable[[bytes], bool],
        Callable[[bytes], Parts],
        Callable[[random.Random, Parts], bytes],
    ],
    ...,
] = (
    (lambda data: data.startswith(b"\x89PNG"), _png_parts, _png_of),
    (lambda data: data.startswith(b"RIFF"), _riff_parts, _riff_of),
    (lambda data: data.startswith(b"\xff\xd8"), _jpeg_parts, _jpeg_of),
    (lambda data: data[4:8] == b"ftyp", _box_parts, _boxes_of),
)
