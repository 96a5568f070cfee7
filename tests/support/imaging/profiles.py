"""Colour profiles (ICC.1:2001-04, version 2), built byte by byte: grey, wide gamut and CMYK."""

import struct
from collections.abc import Mapping, Sequence

from PIL import ImageCms

_D50 = (0.9642, 1.0, 0.8249)
Colorant = tuple[float, float, float]


def _s15(values: Sequence[float]) -> bytes:
    return struct.pack(f">{len(values)}i", *(round(value * 65_536) for value in values))


def _xyz(values: Colorant) -> bytes:
    return b"XYZ " + bytes(4) + _s15(values)


def _gamma(gamma: float) -> bytes:
    return b"curv" + bytes(4) + struct.pack(">IH", 1, round(gamma * 256)) + bytes(2)


def a_profile(kind: bytes, space: bytes, connection: bytes, tags: Mapping[bytes, bytes]) -> bytes:
    """A profile of this class (``mntr``, ``prtr``) from a colour space to ``XYZ `` or ``Lab ``."""
    description = b"desc" + bytes(4) + struct.pack(">I", 5) + b"test\x00" + bytes(78)
    every = {b"desc": description, b"wtpt": _xyz(_D50), **tags}
    table, body = struct.pack(">I", len(every)), b""
    start = 132 + 12 * len(every)
    for name, content in every.items():
        table += name + struct.pack(">II", start + len(body), len(content))
        body += content + bytes(-len(content) % 4)
    header = struct.pack(
        ">I4sI4s4s4s12s4s4sIIIIII12s4s44s",
        start + len(body), b"test", 0x02100000, kind, space, connection, bytes(12), b"acsp",
        bytes(4), 0, 0, 0, 0, 0, 0, _s15(_D50), bytes(4), bytes(44),
    )  # fmt: skip
    return header + table + body


def grey_profile(gamma: float) -> bytes:
    return a_profile(b"mntr", b"GRAY", b"XYZ ", {b"kTRC": _gamma(gamma)})


def rgb_profile(red: Colorant, green: Colorant, blue: Colorant, gamma: float) -> bytes:
    """A screen with these colorants, adapted to D50."""
    tags = {b"rXYZ": _xyz(red), b"gXYZ": _xyz(green), b"bXYZ": _xyz(blue)}
    curves = dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), _gamma(gamma))
    return a_profile(b"mntr", b"RGB ", b"XYZ ", tags | curves)


def ink_profile(inks: Mapping[tuple[int, int, int, int], tuple[int, int, int]]) -> bytes:
    """A press whose solid inks (0 or 1 of each of four) look so, in Lab; all others are black."""
    corners = [(c, m, y, k) for c in (0, 1) for m in (0, 1) for y in (0, 1) for k in (0, 1)]
    cells = b""
    for corner in corners:
        lightness, a, b = inks.get(corner, (0, 0, 0))
        cells += bytes((round(lightness * 2.55), a + 128, b + 128))
    straight = bytes(range(256))
    table = b"mft1" + bytes(4) + bytes((4, 3, 2, 0)) + _s15((1, 0, 0, 0, 1, 0, 0, 0, 1))
    return a_profile(
        b"prtr", b"CMYK", b"Lab ", {b"A2B0": table + straight * 4 + cells + straight * 3}
    )


def srgb_profile() -> bytes:
    """Return the profile of sRGB that LittleCMS makes."""
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def profile_with_red_and_green_swapped() -> bytes:
    """Return the profile of sRGB whose red and green primaries trade places, under another name."""
    profile = srgb_profile()
    return (
        profile.replace(b"rXYZ", b"swap", 1)
        .replace(b"gXYZ", b"rXYZ", 1)
        .replace(b"swap", b"gXYZ", 1)
        .replace("sRGB".encode("utf-16-be"), "test".encode("utf-16-be"))
    )
