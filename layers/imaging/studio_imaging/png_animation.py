"""The first frame of an animated PNG whose own image is no part of the animation.

Browsers show the frame and never the image. Source: Portable Network Graphics, third edition,
sections 4.9 and 11.3.6.
"""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from studio_imaging.parts import Part, png_chunks

_SEQUENCE: Final = 4


@dataclass(frozen=True, slots=True)
class HiddenFrame:
    """A PNG of the frame alone, and its place on the canvas.

    Attributes:
        data: The file.
        canvas: Width and height of the whole image.
        place: Left and top of the frame.
    """

    data: bytes
    canvas: tuple[int, int]
    place: tuple[int, int]


def hidden_frame(data: bytes) -> HiddenFrame | None:
    """Return the frame that is shown instead of the image of a PNG; None if it shows the image."""
    before = list(_until_pixels(data))
    names = {name for name, _, _ in before}
    if b"acTL" not in names or b"fcTL" in names or before[0][0] != b"IHDR":
        return None
    frames = _first_frame(data)
    control = next(frames, b"")
    if len(control) != 26:
        return None
    header = data[before[0][1] : before[0][2]]
    width, height, left, top = struct.unpack(">4I", control[4:20])
    canvas = struct.unpack(">2I", header[:8])
    pixels = b"".join(content[_SEQUENCE:] for content in frames)
    inside = left + width <= canvas[0] and top + height <= canvas[1]
    if not pixels or not inside or not width or not height:
        return None
    kept = (data[start - 8 : end + 4] for _, start, end in before[1:])
    file = b"".join(
        (
            data[:8],
            _chunk(b"IHDR", control[4:12] + header[8:]),
            *kept,
            _chunk(b"IDAT", pixels),
            _chunk(b"IEND", b""),
        )
    )
    return HiddenFrame(file, (canvas[0], canvas[1]), (left, top))


def _until_pixels(data: bytes) -> Iterator[Part]:
    for part in png_chunks(data):
        if part[0] == b"IDAT":
            return
        yield part


def _first_frame(data: bytes) -> Iterator[bytes]:
    """Yield the control of the first frame, and then its parts."""
    begun = False
    for name, start, end in png_chunks(data):
        if name == b"fcTL":
            if begun:
                return
            begun = True
        if begun and name in {b"fcTL", b"fdAT"}:
            yield data[start:end]


def _chunk(name: bytes, content: bytes) -> bytes:
    check = zlib.crc32(name + content)
    return len(content).to_bytes(4, "big") + name + content + check.to_bytes(4, "big")
