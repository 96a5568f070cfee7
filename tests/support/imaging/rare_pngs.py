"""PNG files that Pillow does not write: 16 bits a colour, interlaced, any header and chunks."""

import struct
import zlib
from collections.abc import Callable, Iterable, Iterator

from tests.support.imaging.samples import png_chunk

SIGNATURE = b"\x89PNG\r\n\x1a\n"
# First column, first row, step across, step down of each pass (ISO 15948, 8.2).
_PASSES = (
    (0, 0, 8, 8),
    (4, 0, 8, 8),
    (0, 4, 4, 8),
    (2, 0, 4, 4),
    (0, 2, 2, 4),
    (1, 0, 2, 2),
    (0, 1, 1, 2),
)

Samples = Callable[[int, int], tuple[int, ...]]


def a_png(
    width: int,
    height: int,
    samples: Samples,
    *,
    depth: int = 8,
    interlaced: bool = False,
    extra: Iterable[tuple[bytes, bytes]] = (),
) -> bytes:
    """A PNG of 8 or 16 bits whose pixel at x, y has these samples (1 to 4 of them).

    Args:
        extra: Name and content of chunks before the pixels.
    """
    colour_type = {1: 0, 2: 4, 3: 2, 4: 6}[len(samples(0, 0))]
    passes = _PASSES if interlaced else ((0, 0, 1, 1),)
    rows = b"".join(row for each in passes for row in _rows(width, height, samples, depth, each))
    header = struct.pack(">IIBBBBB", width, height, depth, colour_type, 0, 0, int(interlaced))
    return (
        SIGNATURE
        + png_chunk(b"IHDR", header)
        + b"".join(png_chunk(name, content) for name, content in extra)
        + png_chunk(b"IDAT", zlib.compress(rows))
        + png_chunk(b"IEND", b"")
    )


def _rows(
    width: int, height: int, samples: Samples, depth: int, which: tuple[int, int, int, int]
) -> Iterator[bytes]:
    left, top, across, down = which
    if left >= width:
        return
    for y in range(top, height, down):
        values = [value for x in range(left, width, across) for value in samples(x, y)]
        yield b"\x00" + struct.pack(f">{len(values)}{'H' if depth == 16 else 'B'}", *values)


def with_chunk(png: bytes, name: bytes, content: bytes) -> bytes:
    """The same picture with one more chunk behind its header."""
    return png[:33] + png_chunk(name, content) + png[33:]
