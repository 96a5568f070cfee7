"""Sizes of images from their headers."""

from io import BytesIO

import pytest
from PIL import Image

from studio.image_headers import sides_of

_ORIENTATION = 0x0112


def picture(kind: str, orientation: int | None = None, **options: object) -> bytes:
    """Return a picture of 300 x 20 pixels in a format."""
    buffer, exif = BytesIO(), Image.Exif()
    if orientation is not None:
        exif[_ORIENTATION] = orientation
        options["exif"] = exif
    Image.new("RGB", (300, 20), "teal").save(buffer, kind, **options)
    return buffer.getvalue()


FILES = {
    "PNG": picture("PNG"),
    "GIF": picture("GIF"),
    "JPEG": picture("JPEG"),
    "progressive JPEG": picture("JPEG", progressive=True, comment=b"a fox " * 900),
    "lossy WebP": picture("WEBP"),
    "lossless WebP": picture("WEBP", lossless=True),
    "extended WebP": picture("WEBP", icc_profile=b"x" * 200),
    "upright JPEG": picture("JPEG", 3),
}


@pytest.mark.parametrize("data", FILES.values(), ids=FILES)
def test_the_size_of_an_image_is_read(data: bytes) -> None:
    assert sides_of(data) == (300, 20)


@pytest.mark.parametrize("orientation", [5, 6, 7, 8])
def test_an_image_on_its_side_is_turned_upright(orientation: int) -> None:
    assert sides_of(picture("JPEG", orientation)) == (20, 300)


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_a_format_whose_orientation_is_not_read_has_no_known_size(kind: str) -> None:
    assert sides_of(picture(kind, 6)) is None


@pytest.mark.parametrize("data", FILES.values(), ids=FILES)
def test_a_broken_header_says_nothing_and_breaks_nothing(data: bytes) -> None:
    header = min(len(data), 400)
    for end in range(header):
        assert sides_of(data[:end]) in (None, (300, 20))
        mixed = data[:end] + b"\xff" * 40
        sides_of(mixed)
    assert sides_of(b"RIFF\x00\x00\x00\x00WAVEfmt ") is None
    assert sides_of(picture("BMP")) is None
