"""What comes out of the decoder: upright, sRGB, 8-bit pixels of the first frame."""

import pytest
from PIL import Image

from studio_imaging.decode import SourceFacts, decode, open_image
from tests.support.imaging.orientations import ORIENTATIONS, exif_with, stored_for
from tests.support.imaging.profiles import (
    grey_profile,
    profile_with_red_and_green_swapped,
    srgb_profile,
)
from tests.support.imaging.samples import (
    BLUE,
    CORNERS,
    GREEN,
    RED,
    close,
    corner_colours,
    file_of,
    pixel,
    png_chunk,
    quadrants,
)


@pytest.mark.parametrize("orientation", ORIENTATIONS)
@pytest.mark.parametrize("pillow_format", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_orientation_is_applied_to_the_pixels(pillow_format: str, orientation: int) -> None:
    stored = stored_for(orientation, quadrants(96, 64))
    data = file_of(stored, pillow_format, exif=exif_with(orientation), quality=95)

    decoded = decode(data)

    assert decoded.image.size == (96, 64)
    assert (decoded.source.width, decoded.source.height) == (96, 64)
    found = corner_colours(decoded.image)
    assert all(close(found[corner], CORNERS[corner]) for corner in CORNERS), found


def test_orientation_that_follows_the_pixels_of_a_png_is_applied() -> None:
    plain = file_of(stored_for(6, quadrants(96, 64)), "PNG")
    flag = png_chunk(b"eXIf", exif_with(6).tobytes()[6:])
    end = plain.rindex(b"IEND") - 4

    image = open_image(plain[:end] + flag + plain[end:])

    assert image.size == (96, 64)
    assert corner_colours(image) == CORNERS


@pytest.mark.parametrize("value", [0, 9, 255])
def test_an_orientation_that_does_not_exist_is_ignored(value: int) -> None:
    data = file_of(quadrants(96, 64), "JPEG", exif=exif_with(value), quality=95)

    found = corner_colours(open_image(data))

    assert all(close(found[corner], CORNERS[corner]) for corner in CORNERS)


@pytest.mark.parametrize("block", [b"", b"junk", b"II*\x00\xff\xff\xff\xff", b"MM\x00*\x00\x00"])
@pytest.mark.parametrize("pillow_format", ["JPEG", "WEBP", "PNG"])
def test_a_broken_exif_block_does_not_cost_the_image(pillow_format: str, block: bytes) -> None:
    data = file_of(quadrants(64, 64), pillow_format, exif=b"Exif\x00\x00" + block)

    assert open_image(data).size == (64, 64)


def test_a_jpeg_is_decoded_at_a_smaller_scale_for_a_small_target() -> None:
    data = file_of(quadrants(800, 600), "JPEG")

    decoded = decode(data, target=(100, 90))

    assert decoded.image.size == (200, 150)
    assert decoded.source == SourceFacts("jpg", 800, 600)


def test_the_smaller_scale_of_a_sideways_jpeg_still_covers_the_target() -> None:
    data = file_of(quadrants(800, 200), "JPEG", exif=exif_with(6))

    decoded = decode(data, target=(100, 400))

    assert decoded.source == SourceFacts("jpg", 200, 800)
    assert decoded.image.size == (100, 400)


@pytest.mark.parametrize(
    ("mode", "colour", "expected"),
    [
        ("1", 1, (255, 255, 255)),
        ("L", 90, (90, 90, 90)),
        ("I;16", 0x8000, (128, 128, 128)),
        ("RGB", (10, 20, 30), (10, 20, 30)),
    ],
)
def test_opaque_modes_become_rgb(
    mode: str, colour: int | tuple[int, int, int], expected: tuple[int, int, int]
) -> None:
    image = open_image(file_of(Image.new(mode, (8, 8), colour), "PNG"))

    assert image.mode == "RGB"
    assert pixel(image, 4, 4) == expected


@pytest.mark.parametrize(
    ("picture", "expected"),
    [
        (Image.new("RGBA", (8, 8), (10, 20, 30, 100)), (10, 20, 30, 100)),
        (Image.new("LA", (8, 8), (90, 100)), (90, 90, 90, 100)),
    ],
)
def test_modes_with_alpha_become_rgba(
    picture: Image.Image, expected: tuple[int, int, int, int]
) -> None:
    image = open_image(file_of(picture, "PNG"))

    assert image.mode == "RGBA"
    assert image.getpixel((4, 4)) == expected


@pytest.mark.parametrize("pillow_format", ["PNG", "GIF"])
def test_a_palette_with_a_transparent_entry_becomes_rgba(pillow_format: str) -> None:
    picture = Image.new("P", (8, 8), 1)
    picture.putpalette([255, 0, 0, 0, 0, 255])
    picture.putpixel((0, 0), 0)

    image = open_image(file_of(picture, pillow_format, transparency=0))

    assert image.mode == "RGBA"
    assert image.getpixel((0, 0)) == (255, 0, 0, 0)
    assert image.getpixel((4, 4)) == (0, 0, 255, 255)


@pytest.mark.parametrize(("mode", "key"), [("RGB", (0, 0, 255)), ("L", 7)])
def test_a_transparent_colour_of_a_png_becomes_alpha(
    mode: str, key: int | tuple[int, int, int]
) -> None:
    picture = Image.new(mode, (8, 8), key)
    picture.putpixel((4, 4), (1, 2, 3) if mode == "RGB" else 200)

    image = open_image(file_of(picture, "PNG", transparency=key))

    alpha = image.getchannel("A")
    assert (alpha.getpixel((0, 0)), alpha.getpixel((4, 4))) == (0, 255)


def test_alpha_that_hides_nothing_is_dropped() -> None:
    assert open_image(file_of(Image.new("RGBA", (8, 8), (1, 2, 3, 255)), "PNG")).mode == "RGB"


def test_a_cmyk_jpeg_becomes_rgb() -> None:
    picture = Image.new("CMYK", (16, 16), (0, 255, 255, 0))

    image = open_image(file_of(picture, "JPEG", quality=95))

    assert image.mode == "RGB"
    assert close(pixel(image, 8, 8), (255, 0, 0))


@pytest.mark.parametrize("pillow_format", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_an_embedded_profile_is_converted_to_srgb(pillow_format: str) -> None:
    picture = Image.new("RGB", (32, 32), (255, 0, 0))
    data = file_of(
        picture, pillow_format, icc_profile=profile_with_red_and_green_swapped(), quality=95
    )

    assert close(pixel(open_image(data), 16, 16), (0, 255, 0))


def test_a_profile_is_converted_beside_alpha() -> None:
    picture = Image.new("RGBA", (8, 8), (255, 0, 0, 90))
    data = file_of(picture, "PNG", icc_profile=profile_with_red_and_green_swapped())

    colour = open_image(data).getpixel((4, 4))

    assert isinstance(colour, tuple)
    assert close((int(colour[0]), int(colour[1]), int(colour[2])), (0, 255, 0))
    assert colour[3] == 90


@pytest.mark.parametrize(
    "profile",
    [
        b"not a profile",
        srgb_profile()[:200],
        profile_with_red_and_green_swapped()[:300],
        profile_with_red_and_green_swapped() + b"\x00" * (5 * 1024 * 1024),
    ],
    ids=["junk", "cut", "cut later", "enormous"],
)
def test_a_broken_profile_leaves_the_pixels_alone(profile: bytes) -> None:
    data = file_of(Image.new("RGB", (16, 16), RED), "JPEG", icc_profile=profile, quality=95)

    assert close(pixel(open_image(data), 8, 8), RED)


def test_a_profile_of_another_colour_space_leaves_the_pixels_alone() -> None:
    data = file_of(
        Image.new("L", (16, 16), 90), "PNG", icc_profile=profile_with_red_and_green_swapped()
    )

    assert pixel(open_image(data), 8, 8) == (90, 90, 90)


@pytest.mark.parametrize("pillow_format", ["GIF", "PNG", "WEBP", "AVIF"])
def test_the_first_frame_of_an_animation_is_taken(pillow_format: str) -> None:
    frames = [Image.new("RGB", (32, 32), colour) for colour in (RED, GREEN, BLUE)]
    data = file_of(frames[0], pillow_format, save_all=True, append_images=frames[1:], duration=100)

    decoded = decode(data)

    assert close(pixel(decoded.image, 16, 16), RED)


def test_nothing_but_pixels_is_left_on_the_image() -> None:
    data = file_of(quadrants(16, 16), "JPEG", comment=b"c", icc_profile=srgb_profile(), dpi=(3, 3))

    assert open_image(data).info == {}


def test_a_grey_profile_is_converted() -> None:
    """Half of full light, stored without any gamma, is 188 in sRGB (IEC 61966-2-1)."""
    profile = grey_profile(1.0)
    data = file_of(Image.new("L", (8, 8), 128), "PNG", icc_profile=profile)

    assert close(pixel(open_image(data), 4, 4), (188, 188, 188), tolerance=3)
