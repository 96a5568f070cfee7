"""Files of other software that are often shown wrongly, with the values that browsers show."""

import struct
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat

from studio_imaging.decode import decode, open_image
from studio_imaging.errors import ImageRejectedError
from tests.support.imaging.samples import close, file_of, pixel

CASES = Path(__file__).parent / "cases"


def case(name: str) -> bytes:
    return (CASES / name).read_bytes()


@pytest.mark.parametrize(
    ("name", "colour"),
    [
        ("nclx-p3.avif", (217, 42, 52)),
        ("png-gama1.png", (128, 128, 128)),
        ("png-chrm-p3.png", (219, 37, 49)),
        ("png-cicp-p3.png", (217, 42, 52)),
        ("iccp-1200k.png", (217, 42, 52)),
        ("ztxt-3m.png", (200, 60, 60)),
        ("crc-text.png", (200, 60, 60)),
        ("grey-prophoto.jpg", (119, 119, 119)),
    ],
)
def test_colours_are_those_of_a_browser(name: str, colour: tuple[int, int, int]) -> None:
    assert close(pixel(open_image(case(name)), 3, 3), colour, 2)


@pytest.mark.parametrize(
    ("name", "clear", "solid"),
    [
        ("gray2-trns3.png", (27, 3), (3, 3)),
        ("gray16-trns65535.png", (19, 3), (3, 3)),
        ("gif-partial-first-frame.gif", (3, 3), (15, 15)),
    ],
)
def test_transparency_is_that_of_a_browser(
    name: str, clear: tuple[int, int], solid: tuple[int, int]
) -> None:
    alpha = open_image(case(name)).getchannel("A")

    assert (alpha.getpixel(clear), alpha.getpixel(solid)) == (0, 255)


def partial_webp(flags: int) -> bytes:
    """An animation of 40 x 40 whose only frame is red, opaque and 20 x 20 at 10, 10."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return name + struct.pack("<I", len(body)) + body

    def whole(value: int) -> bytes:
        return value.to_bytes(3, "little")

    coded = file_of(Image.new("RGB", (20, 20), (200, 0, 0)), "WEBP", quality=90)[12:]
    frame = whole(5) * 2 + whole(19) * 2 + whole(100) + b"\x00" + coded
    chunks = chunk(b"VP8X", bytes((flags, 0, 0, 0)) + whole(39) * 2)
    chunks += chunk(b"ANIM", b"\x00\x00\xff\xff\x00\x00") + chunk(b"ANMF", frame)
    return chunk(b"RIFF", b"WEBP" + chunks)


@pytest.mark.parametrize("flags", [0x02, 0x12])
def test_the_ground_of_a_partial_first_frame_is_transparent(flags: int) -> None:
    """Also where the file claims to have no alpha, as the frame itself has none."""
    alpha = open_image(partial_webp(flags)).getchannel("A")

    assert [alpha.getpixel(place) for place in ((3, 3), (9, 20), (10, 10), (29, 29), (30, 20))] == [
        0, 0, 255, 255, 0,
    ]  # fmt: skip


def test_the_first_frame_of_an_animated_avif_is_shown() -> None:
    expected = Image.open(CASES / "expected-first-frame.png").convert("RGB")

    apart = ImageChops.difference(open_image(case("animated-avifenc.avif")), expected)

    # The expected image is the one before the lossy encoder.
    assert max(ImageStat.Stat(apart).mean) < 6


def test_an_orientation_in_xmp_alone_does_not_turn_the_image() -> None:
    decoded = decode(case("xmp-orient.jpg"))

    assert (decoded.image.size, decoded.source.width) == ((64, 32), 64)
    assert close(pixel(decoded.image, 3, 3), (200, 0, 0))


def test_scans_behind_the_end_of_a_jpeg_do_not_count() -> None:
    shown = open_image(case("progressive-small-tail.jpg"))

    assert shown.tobytes() == open_image(case("progressive-no-tail.jpg")).tobytes()


@pytest.mark.parametrize(
    ("name", "words"), [("nclx-pq.avif", "HDR.*PQ"), ("heic-named.jpg", "a HEIC image")]
)
def test_a_refusal_says_what_the_file_is(name: str, words: str) -> None:
    with pytest.raises(ImageRejectedError, match=words) as refused:
        decode(case(name))

    assert refused.value.code == "image-type-unsupported"
