"""The cost of the worst files: each is opened in another process to measure its memory.

Most of that process is Python itself (about 30 MiB) and the file.
"""

import struct
import zlib
from collections.abc import Callable, Iterator

import pytest
from PIL import Image

from tests.fuzz.opener import Opener
from tests.support.imaging.exif_blocks import exif_block
from tests.support.imaging.profiles import grey_profile
from tests.support.imaging.rare_pngs import SIGNATURE
from tests.support.imaging.samples import file_of, png_chunk, quadrants, with_size_patched

SMALL = quadrants(16, 16)
PNG = file_of(SMALL, "PNG")
JPEG = file_of(SMALL, "JPEG")
GIF = file_of(SMALL, "GIF")


@pytest.fixture(scope="module")
def opener() -> Iterator[Opener]:
    process = Opener(1_600)
    yield process
    process.end()


def with_exif(block: bytes) -> bytes:
    return JPEG[:2] + b"\xff\xe1" + struct.pack(">H", 2 + len(block)) + block + JPEG[2:]


@pytest.mark.parametrize(
    "block",
    [
        exif_block([(0x010E, 2, 4, 0)], following=8),
        exif_block([(0x8769, 4, 1, 8), (0x8825, 4, 1, 8), (0xA005, 4, 1, 8)]),
        exif_block([(0x0112, 3, 0xFFFFFFFF, 8)]),
        exif_block([(0x010E, 2, 0x7FFFFFFF, 26), (0x927C, 7, 0xFFFFFFFF, 26)]),
        exif_block([(0x0112, 12, 0x1FFFFFFF, 8)]),
        exif_block([], count=0xFFFF),
        exif_block([(0x0112, 3, 1, 0)] * 5_000, count=0xFFFF),
        exif_block([(0x0112, kind, 1, 0x00060000) for kind in range(20)]),
        exif_block([(0x0112, 2, 2, 0x36003600)]),
        exif_block([(0x0112, 5, 1, 8)]),
        exif_block([(0x0112, 3, 2, 0x00060006)]),
        exif_block([], following=0xFFFFFFFF)[:-2],
        b"Exif\x00\x00II*\x00\xff\xff\xff\xff",
        b"Exif\x00\x00MM\x00+\x00\x08\x00\x00" + b"\xff" * 60,
    ],
)
def test_garbage_in_exif_costs_nothing(block: bytes, opener: Opener) -> None:
    found = opener.open(with_exif(block), small=False)

    assert found.outcome == "decoded jpg RGB"
    assert found.sound
    assert found.mib < 80


def compressed(size: int) -> bytes:
    return zlib.compress(bytes(size), 9)


def stuffed(name: bytes, start: bytes, size: int, *, times: int = 1, behind: bool = False) -> bytes:
    """A PNG with chunks whose content, behind its start, inflates to so many bytes."""
    chunk = png_chunk(name, start + compressed(size))
    place = len(PNG) - 12 if behind else 33
    return PNG[:place] + chunk * times + PNG[place:]


def commented() -> bytes:
    """A GIF of 800,000 comments of one letter."""
    place = 13 + (3 << (GIF[10] & 7) + 1)
    return GIF[:place] + b"!\xfe\x01x\x00" * 800_000 + GIF[place:]


def cut_animation() -> bytes:
    return APNG[: APNG.index(b"fdAT") - 4] + png_chunk(b"IEND", b"")


def wide_screen() -> bytes:
    """A GIF of a frame of 16 x 16 on a screen just below the limit."""
    return with_size_patched(GIF, b"GIF8", 6, struct.pack("<HH", 65_535, 700))


APNG = file_of(SMALL, "PNG", save_all=True, append_images=[quadrants(16, 16).rotate(90)] * 9)


def false_canvas(chunk: bytes) -> bytes:
    """A WebP whose header says 16 x 16 above a picture of 4096 x 4096."""
    large = file_of(
        Image.new("RGBA", (4_096, 4_096), (9, 9, 9, 99)), "WEBP", lossless=True, method=0
    )
    body = large[large.index(b"VP8L") :]
    size = (15).to_bytes(3, "little") * 2
    if chunk == b"ANMF":
        frame = bytes(6) + size + bytes(3) + b"\x00" + body
        body = b"ANIM" + struct.pack("<I", 6) + bytes(6)
        body += b"ANMF" + struct.pack("<I", len(frame)) + frame + bytes(len(frame) % 2)
        flags = b"\x12"
    else:
        flags = b"\x10"
    head = b"WEBPVP8X" + struct.pack("<I", 10) + flags + bytes(3) + size
    return b"RIFF" + struct.pack("<I", len(head) + len(body)) + head + body


def png_header(width: int, height: int, depth: int, colours: int, interlaced: int) -> bytes:
    """The start of a PNG that then has pixels for a few rows."""
    header = struct.pack(">IIBBBBB", width, height, depth, colours, 0, 0, interlaced)
    pixels = zlib.compress(bytes(400_000), 9)
    return (
        SIGNATURE
        + png_chunk(b"IHDR", header)
        + png_chunk(b"IDAT", pixels)
        + png_chunk(b"IEND", b"")
    )


def many_scans() -> bytes:
    """A progressive JPEG of 100 passes over 16 million pixels."""
    data = file_of(Image.new("RGB", (4_000, 4_000)), "JPEG", progressive=True, subsampling=0)
    scan = data[data.rindex(b"\xff\xda") : -2]
    return data[:-2] + scan * (100 - data.count(b"\xff\xda")) + data[-2:]


XMP_NAME = b"XML:com.adobe.xmp\x00\x01\x00\x00\x00"
JUNK_PROFILE = grey_profile(1) + bytes(5_000_000)
CASES: dict[str, tuple[Callable[[], bytes], str, int]] = {
    "text": (lambda: stuffed(b"zTXt", b"k\x00\x00", 60_000_000), "decoded png RGB", 90),
    "texts": (lambda: stuffed(b"zTXt", b"k\x00\x00", 900_000, times=3_000), "decoded png RGB", 90),
    "texts behind": (
        lambda: stuffed(b"zTXt", b"k\x00\x00", 900_000, times=3_000, behind=True),
        "decoded png RGB",
        90,
    ),
    "international": (lambda: stuffed(b"iTXt", XMP_NAME, 60_000_000), "decoded png RGB", 90),
    "profile": (lambda: stuffed(b"iCCP", b"k\x00\x00", 60_000_000), "decoded png RGB", 90),
    "profiles": (
        lambda: stuffed(b"iCCP", b"k\x00\x00", 1_000_000, times=3_000),
        "decoded png RGB",
        90,
    ),
    "profile of junk": (
        lambda: file_of(SMALL, "JPEG", icc_profile=JUNK_PROFILE),
        "decoded jpg RGB",
        90,
    ),
    "segments": (
        lambda: JPEG[:2] + b"\xff\xe5\x00\x02" * 1_000_000 + JPEG[2:],
        "image-too-large",
        90,
    ),
    "comments": (commented, "image-too-large", 90),
    "false canvas": (lambda: false_canvas(b"VP8L"), "image-unreadable", 90),
    "false canvas of a frame": (lambda: false_canvas(b"ANMF"), "image-unreadable", 90),
    "wide screen": (wide_screen, "decoded gif RGB", 330),
    "interlaced": (lambda: png_header(7_000, 7_000, 16, 6, 1), "image-truncated", 280),
    "long": (lambda: png_header(1, 65_536, 8, 0, 0), "image-too-large", 60),
    "passes": (many_scans, "decoded jpg RGB", 240),
    "cut animation": (cut_animation, "decoded png RGB", 60),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_a_hostile_file_takes_a_bounded_memory(name: str, opener: Opener) -> None:
    make, outcome, most = CASES[name]

    found = opener.open(make(), small=False)

    assert found.sound, found
    assert found.outcome.startswith(outcome), found
    assert found.mib < most, found
