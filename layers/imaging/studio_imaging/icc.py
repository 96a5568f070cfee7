"""Colour profiles (ICC.1): conversion to sRGB, and profiles made from primaries and a curve."""

import io
import struct
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Final, TypeAlias

from PIL import Image

if TYPE_CHECKING:
    from PIL.ImageCms import ImageCmsTransform

Chromaticities: TypeAlias = tuple[float, float, float, float, float, float, float, float]
"""CIE x and y of white, red, green and blue."""
Curve: TypeAlias = Callable[[float], float]
"""Light, 0 to 1, of a coded value, 0 to 1."""

# Steps of a curve in a profile. lcms goes straight between them.
_STEPS: Final = 4096
_D50: Final = (0.9642, 1.0, 0.8249)
_BRADFORD: Final = (
    (0.8951, 0.2664, -0.1614),
    (-0.7502, 1.7135, 0.0367),
    (0.0389, -0.0685, 1.0296),
)
_MAX_PROFILE_BYTES: Final = 4 * 1024 * 1024
# Sides of a cube of colours. A profile that changes none of them by more than this is sRGB.
_CUBE: Final = (0, 8, 20, 55, 100, 128, 160, 200, 230, 255)
_SAME: Final = 1
# Primaries so far apart are an error of the file; a profile cannot hold them either.
_MOST_XYZ: Final = 30.0

_Matrix: TypeAlias = tuple[tuple[float, ...], ...]


def from_profile(image: Image.Image, profile: bytes) -> Image.Image | None:
    """Return the pixels converted from an ICC profile; None if the profile cannot be used."""
    from PIL import ImageCms

    if len(profile) > _MAX_PROFILE_BYTES:
        return None
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if image.mode == "L" and source.profile.xcolor_space.strip() == "RGB":
            image = image.convert("RGB")
        transform = ImageCms.buildTransform(
            source, ImageCms.createProfile("sRGB"), image.mode, "RGB"
        )
        if image.mode != "RGB":
            return transform.apply(image)
        if not _changes(transform):
            return image
        # An image of 64 megapixels has no room for a copy.
        return transform.apply_in_place(image)
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return None


def _changes(transform: "ImageCmsTransform") -> bool:
    """Return whether a transform of RGB changes a colour visibly."""
    colours = bytes(value for r in _CUBE for g in _CUBE for b in _CUBE for value in (r, g, b))
    before = Image.frombytes("RGB", (len(colours) // 3, 1), colours)
    after = transform.apply(before).tobytes()
    return any(abs(a - b) > _SAME for a, b in zip(colours, after, strict=True))


def transfer_of(profile: bytes) -> int:
    """Return the code point of the transfer function in a profile's ``cicp`` tag; 2 without one."""
    count = int.from_bytes(profile[128:132], "big")
    for at in range(132, 132 + 12 * min(count, 100), 12):
        if profile[at : at + 4] == b"cicp":
            start = int.from_bytes(profile[at + 4 : at + 8], "big")
            if profile[start : start + 4] == b"cicp" and len(profile) > start + 9:
                return profile[start + 9]
    return 2


@lru_cache(maxsize=16)
def profile_of(chromaticities: Chromaticities, curve: Curve) -> bytes | None:
    """Return an ICC profile of a colour space; None if its primaries span no triangle."""
    colorants = _colorants(chromaticities)
    if colorants is None:
        return None
    values = [round(65_535 * curve(step / (_STEPS - 1))) for step in range(_STEPS)]
    coded = b"curv" + bytes(4) + struct.pack(f">I{_STEPS}H", _STEPS, *values)
    tags = {b"desc": b"desc" + bytes(4) + struct.pack(">I", 2) + b"x\x00" + bytes(78)}
    tags[b"wtpt"] = _xyz(_D50)
    for name, colorant in zip((b"rXYZ", b"gXYZ", b"bXYZ"), colorants, strict=True):
        tags[name] = _xyz(colorant)
    names = [*tags, b"rTRC", b"gTRC", b"bTRC"]
    contents = [*tags.values(), coded]
    starts, at = [], 132 + 12 * len(names)
    for content in contents:
        starts.append(at)
        at += len(content) + -len(content) % 4
    starts += [starts[-1]] * 2
    sizes = [*map(len, contents), len(coded), len(coded)]
    table = b"".join(
        name + struct.pack(">II", start, size)
        for name, start, size in zip(names, starts, sizes, strict=True)
    )
    head = struct.pack(
        ">I4sI4s4s4s12s4s28s12s48s",
        *(at, bytes(4), 0x02400000, b"mntr", b"RGB ", b"XYZ ", bytes(12), b"acsp", bytes(28)),
        *(_xyz(_D50)[8:], bytes(48)),
    )
    body = b"".join(content + bytes(-len(content) % 4) for content in contents)
    return head + struct.pack(">I", len(names)) + table + body


def _xyz(values: Sequence[float]) -> bytes:
    return b"XYZ " + bytes(4) + struct.pack(">3i", *(round(value * 65_536) for value in values))


def _colorants(chromaticities: Chromaticities) -> list[tuple[float, ...]] | None:
    """Return CIE XYZ of red, green and blue under D50, adapted by the Bradford transform."""
    white, *primaries = (
        (x, y, 1 - x - y)
        for x, y in zip(chromaticities[::2], chromaticities[1::2], strict=True)
    )  # fmt: skip
    if white[1] <= 0:
        return None
    light = tuple(part / white[1] for part in white)
    inverse = _inverse(tuple(zip(*primaries, strict=True)))
    if inverse is None:
        return None
    strengths = _times(inverse, light)
    cones, cones_50 = _times(_BRADFORD, light), _times(_BRADFORD, _D50)
    back = _inverse(_BRADFORD)
    if back is None or min(cones) <= 0:
        return None
    adapted = []
    for primary, strength in zip(primaries, strengths, strict=True):
        seen = _times(_BRADFORD, tuple(part * strength for part in primary))
        scaled = tuple(a * b / c for a, b, c in zip(seen, cones_50, cones, strict=True))
        adapted.append(_times(back, scaled))
    if max(abs(part) for colorant in adapted for part in colorant) > _MOST_XYZ:
        return None
    return adapted


def _times(matrix: _Matrix, vector: tuple[float, ...]) -> tuple[float, ...]:
    return tuple(sum(a * b for a, b in zip(row, vector, strict=True)) for row in matrix)


def _inverse(matrix: _Matrix) -> _Matrix | None:
    (a, b, c), (d, e, f), (g, h, i) = matrix
    determinant = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)
    if abs(determinant) < 1e-6:
        return None
    rows = (
        (e * i - f * h, c * h - b * i, b * f - c * e),
        (f * g - d * i, a * i - c * g, c * d - a * f),
        (d * h - e * g, b * g - a * h, a * e - b * d),
    )
    return tuple(tuple(part / determinant for part in row) for row in rows)
