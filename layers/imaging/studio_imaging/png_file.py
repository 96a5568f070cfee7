"""A PNG without the chunks that its pixels do not need, and what those chunks say about them.

A parser then meets no text, profile or animation that could cost the image. As decoders of
browsers do, a damaged ancillary chunk is skipped; a damaged critical chunk is left to the parser.

Source: Portable Network Graphics, third edition, sections 5, 11.3 and 12.1.
"""

import io
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from PIL import Image, ImageChops, ImageFile

from studio_imaging.colour import Declared, Space, power, space_of_cicp
from studio_imaging.formats import plugin
from studio_imaging.parts import png_chunks

_MAX_PROFILE_BYTES: Final = 4 * 1024 * 1024
_GREY, _COLOUR, _PALETTE = 0, 2, 3
# What the parser needs besides the critical chunks: the transparent colour and the orientation.
_CLEAR: Final = b"tRNS"
_NEEDED: Final = frozenset({_CLEAR, b"eXIf"})
_ABOUT_COLOUR: Final = frozenset({b"cICP", b"iCCP", b"sRGB", b"gAMA", b"cHRM"})
# Values of gAMA are 100,000ths. Others are errors.
_GAMMAS: Final = range(1_000, 1_000_001)
_UNIT: Final = 100_000
# Alone, a gamma within a twentieth of that of a screen is sRGB, as in libpng and browsers.
_SCREEN_GAMMAS: Final = range(43_182, 47_728)
_INTENTS: Final = frozenset({b"\x00", b"\x01", b"\x02", b"\x03"})


@dataclass(frozen=True, slots=True)
class PngFile:
    """The file for the parser, and what it says about its pixels.

    Attributes:
        data: The file.
        depth: Bits of a sample.
        colours: Descriptions of the colours. The first one that can be used holds.
        key: The transparent samples of an image without palette: one of grey, or three.
    """

    data: bytes
    depth: int
    colours: tuple[Declared, ...]
    key: tuple[int, ...] | None


def read_png(data: bytes) -> PngFile:
    """Return the parts of a PNG that its pixels need.

    Raises:
        ImageRejectedError: The image is HDR.
    """
    kept = [data[:8]]
    notes: dict[bytes, bytes] = {}
    depth, kind = (data[24], data[25]) if len(data) > 25 else (8, _COLOUR)
    # What describes the colours counts before the pixels only, and what a palette hides
    # behind the palette only (section 5.6).
    wanted = _NEEDED | _ABOUT_COLOUR
    if kind == _PALETTE:
        wanted -= {_CLEAR}
    for name, start, end in png_chunks(data):
        whole = data[start - 8 : end + 4]
        if name == b"IDAT":
            wanted = _NEEDED - {_CLEAR}
        elif name == b"PLTE" and kind == _PALETTE:
            wanted |= {_CLEAR}
        if not name[:1].islower():
            kept.append(whole)
        elif name in wanted and name not in notes and _is_sound(whole):
            notes[name] = data[start:end]
            if name in _NEEDED and not (name == _CLEAR and kind in {_GREY, _COLOUR}):
                kept.append(whole)
    key = _key(notes.get(_CLEAR, b""), depth) if kind in {_GREY, _COLOUR} else None
    if key is not None and len(key) != (1 if kind == _GREY else 3):
        key = None
    return PngFile(b"".join(kept), depth, tuple(_colours(notes)), key)


def keyed_alpha(file: ImageFile.ImageFile, png: PngFile) -> Image.Image | None:
    """Return the alpha of a loaded image by its key; None if it has none, or nothing is clear."""
    if png.key is None:
        return None
    clear: Image.Image | None = None
    parts = [_one_part(file, png.key[0], png.depth)] if len(png.key) == 1 else _parts(file, png)
    for part in parts:
        clear = part if clear is None else ImageChops.darker(clear, part)
    if clear is None or not clear.getbbox():
        return None
    return ImageChops.invert(clear)


def _is_sound(chunk: bytes) -> bool:
    return zlib.crc32(chunk[4:-4]) == int.from_bytes(chunk[-4:], "big")


def _key(content: bytes, depth: int) -> tuple[int, ...] | None:
    if len(content) not in {2, 6}:
        return None
    most = (1 << depth) - 1
    return tuple(
        int.from_bytes(content[at : at + 2], "big") & most for at in range(0, len(content), 2)
    )


def _one_part(file: ImageFile.ImageFile, key: int, depth: int) -> Image.Image:
    """Return white where a grey image has the sample."""
    if file.mode.startswith("I"):
        return file.convert("I").point([255 * (level == key) for level in range(65_536)], "L")
    level = key * 255 // ((1 << depth) - 1)
    return file.convert("L").point(_only(level))


def _parts(file: ImageFile.ImageFile, png: PngFile) -> Iterator[Image.Image]:
    """Yield white where a channel, or a half of it, has the sample of the key."""
    keys = png.key or ()
    if png.depth == 16:
        for channel, key in zip(_lower_bytes(png.data).split(), keys, strict=True):
            yield channel.point(_only(key & 255))
        keys = tuple(key >> 8 for key in keys)
    for channel, key in zip(file.convert("RGB").split(), keys, strict=True):
        yield channel.point(_only(key))


def _lower_bytes(data: bytes) -> Image.Image:
    """Return the lower byte of each 16-bit sample of an RGB image, which Pillow leaves out."""
    file = plugin("png")(io.BytesIO(data))
    # The codec unpacks the samples as if they were little-endian, so it takes the second byte.
    file.tile = [tile._replace(args="RGB;16L") for tile in file.tile]
    file.load()
    return file


def _only(level: int) -> list[int]:
    return [255 if value == level else 0 for value in range(256)]


def _colours(notes: dict[bytes, bytes]) -> Iterator[Declared]:
    """Yield the descriptions of the colours, the one with precedence first (section 12.1)."""
    code_points = notes.get(b"cICP", b"")
    if len(code_points) == 4 and code_points[2] == 0:
        found = space_of_cicp(code_points[0], code_points[1], narrow=not code_points[3])
        if found is not None:
            yield found
    profile = _profile(notes.get(b"iCCP", b""))
    if profile:
        yield profile
    if notes.get(b"sRGB", b"") in _INTENTS:
        yield Space()
    yield from _by_measure(notes)


def _profile(content: bytes) -> bytes | None:
    """Return the profile in an iCCP chunk; None if it is broken or enormous."""
    name, _, rest = content.partition(b"\x00")
    if not name or rest[:1] != b"\x00":
        return None
    reader = zlib.decompressobj()
    try:
        profile = reader.decompress(rest[1:], _MAX_PROFILE_BYTES)
    except zlib.error:
        return None
    return profile if reader.eof else None


def _by_measure(notes: dict[bytes, bytes]) -> Iterator[Space]:
    """Yield the space of gAMA and cHRM. Without a gamma no chromaticities count, as in browsers."""
    gamma = int.from_bytes(notes.get(b"gAMA", b""), "big")
    if len(notes.get(b"gAMA", b"")) != 4 or gamma not in _GAMMAS:
        return
    curve = power(_UNIT / gamma)
    measured = notes.get(b"cHRM", b"")
    if len(measured) == 32:
        places = [int.from_bytes(measured[at : at + 4], "big") / _UNIT for at in range(0, 32, 4)]
        a, b, c, d, e, f, g, h = places
        yield Space((a, b, c, d, e, f, g, h), curve)
    yield Space() if gamma in _SCREEN_GAMMAS else Space(curve=curve)
