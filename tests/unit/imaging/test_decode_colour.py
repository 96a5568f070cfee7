"""Colour through the decoder: wide gamut, printing inks, 16 bits, interlaced and progressive."""

import io

import pytest
from PIL import Image

from studio_imaging.decode import open_image
from tests.support.imaging.profiles import a_profile, grey_profile, ink_profile, rgb_profile
from tests.support.imaging.rare_pngs import Samples, a_png, with_chunk
from tests.support.imaging.samples import Rgb, close, file_of, pixel, quadrants

Matrix = tuple[tuple[float, float, float], ...]

# Colorants as columns, adapted to D50: SMPTE EG 432-1 (Display P3) and IEC 61966-2-1 (sRGB).
P3: Matrix = (
    (0.51512, 0.29198, 0.15710),
    (0.24120, 0.69225, 0.06657),
    (-0.00105, 0.04189, 0.78407),
)
SRGB_FROM_XYZ: Matrix = (
    (3.13386, -1.61687, -0.49062),
    (-0.97877, 1.91614, 0.03345),
    (0.07195, -0.22899, 1.40524),
)
RED, GREEN, BLUE = ((P3[0][i], P3[1][i], P3[2][i]) for i in range(3))
WIDE = rgb_profile(RED, GREEN, BLUE, 2.2)
PRESS = ink_profile({(0, 0, 0, 0): (100, 0, 0), (0, 0, 0, 1): (60, -50, 45)})


def times(matrix: Matrix, vector: tuple[float, ...]) -> tuple[float, ...]:
    return tuple(sum(a * b for a, b in zip(row, vector, strict=True)) for row in matrix)


def in_srgb(colour: Rgb) -> Rgb:
    """A colour of the wide screen by arithmetic, clipped where sRGB ends."""
    light = times(SRGB_FROM_XYZ, times(P3, tuple((value / 255) ** 2.2 for value in colour)))
    clipped = (min(1.0, max(0.0, value)) for value in light)
    red, green, blue = (
        12.92 * value if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055
        for value in clipped
    )
    return round(red * 255), round(green * 255), round(blue * 255)


@pytest.mark.parametrize("pillow_format", ["JPEG", "PNG", "WEBP", "AVIF"])
@pytest.mark.parametrize("colour", [(200, 100, 50), (60, 160, 90), (90, 90, 200), (128, 128, 128)])
def test_a_wide_gamut_is_converted_to_srgb(pillow_format: str, colour: Rgb) -> None:
    data = file_of(Image.new("RGB", (32, 32), colour), pillow_format, icc_profile=WIDE, quality=95)

    found = pixel(open_image(data), 16, 16)

    assert close(found, in_srgb(colour), 4), (found, in_srgb(colour))
    assert not close(in_srgb((200, 100, 50)), (200, 100, 50), 6)


@pytest.mark.parametrize(("colour", "clipped"), [((255, 0, 0), 0), ((0, 255, 0), 1)])
def test_what_srgb_cannot_show_is_clipped_and_does_not_wrap(colour: Rgb, clipped: int) -> None:
    found = pixel(
        open_image(file_of(Image.new("RGB", (8, 8), colour), "PNG", icc_profile=WIDE)), 4, 4
    )

    assert found[clipped] == 255
    assert close(found, in_srgb(colour), 4)


def test_inks_are_shown_as_their_profile_says() -> None:
    """On this press the fourth ink is green; without the profile it would be black."""
    picture = Image.new("CMYK", (32, 16), (0, 0, 0, 255))
    picture.paste((0, 0, 0, 0), (16, 0, 32, 16))

    shown = open_image(file_of(picture, "JPEG", quality=95, icc_profile=PRESS))
    plain = open_image(file_of(picture, "JPEG", quality=95))

    red, green, blue = pixel(shown, 6, 8)
    assert green > red + 60
    assert green > blue + 60
    assert close(pixel(shown, 26, 8), (255, 255, 255), 4)
    assert close(pixel(plain, 6, 8), (0, 0, 0), 4)


@pytest.mark.parametrize(
    "profile", [PRESS, grey_profile(2.2), a_profile(b"mntr", b"RGB ", b"XYZ ", {})]
)
def test_a_profile_that_cannot_be_the_images_is_ignored(profile: bytes) -> None:
    data = file_of(Image.new("RGB", (8, 8), (10, 200, 30)), "PNG", icc_profile=profile)

    assert pixel(open_image(data), 4, 4) == (10, 200, 30)


def test_inks_stored_as_luminance_and_colour_are_told_by_the_adobe_segment() -> None:
    """YCCK: the same planes, another transform. These are red as YCbCr, and so cyan as ink.

    Files of this kind are stored inverted, so what Pillow writes for 179, 170, 0, 0 are the
    planes Y 76, Cb 85, Cr 255 and no black.
    """
    data = file_of(Image.new("CMYK", (16, 16), (179, 170, 0, 0)), "JPEG", quality=100)
    at = data.index(b"Adobe") + 11
    assert data[at] == 0

    ycck = open_image(data[:at] + b"\x02" + data[at + 1 :])

    assert close(pixel(ycck, 8, 8), (0, 255, 255), 4)
    assert close(pixel(open_image(data), 8, 8), (76, 85, 255), 4)


def test_black_ink_darkens() -> None:
    data = file_of(Image.new("CMYK", (16, 16), (0, 0, 0, 128)), "JPEG", quality=100)

    assert close(pixel(open_image(data), 8, 8), (127, 127, 127), 4)


def slopes(channels: int, levels: int) -> Samples:
    def samples(x: int, y: int) -> tuple[int, ...]:
        return tuple((x * 1977 + y * 3001 + channel * 9000) % levels for channel in range(channels))

    return samples


@pytest.mark.parametrize("interlaced", [False, True])
@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_sixteen_bits_become_the_upper_eight(*, channels: int, interlaced: bool) -> None:
    samples = slopes(channels, 65_536)

    image = open_image(a_png(21, 13, samples, depth=16, interlaced=interlaced))

    assert image.mode == ("RGBA" if channels in {2, 4} else "RGB")
    for x, y in ((0, 0), (13, 12), (7, 5), (20, 2)):
        upper = [value >> 8 for value in samples(x, y)]
        colour = [upper[0]] * 3 if channels < 3 else upper[:3]
        alpha = [upper[-1]] if channels in {2, 4} else []
        assert image.getpixel((x, y)) == (*colour, *alpha)


@pytest.mark.parametrize("size", [(1, 1), (3, 9), (8, 8), (37, 5), (1, 40), (40, 1)])
@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_an_interlaced_png_has_the_same_pixels(channels: int, size: tuple[int, int]) -> None:
    samples = slopes(channels, 256)

    plain, interlaced = (
        open_image(a_png(*size, samples, interlaced=laced)) for laced in (False, True)
    )

    assert interlaced.size == size
    assert interlaced.tobytes() == plain.tobytes()


def test_a_progressive_jpeg_has_the_same_pixels() -> None:
    picture = quadrants(90, 61)

    plain, progressive = (
        open_image(file_of(picture, "JPEG", progressive=on)) for on in (False, True)
    )

    assert progressive.tobytes() == plain.tobytes()


def test_an_interlaced_gif_has_the_same_pixels() -> None:
    picture = quadrants(90, 61)
    plain, interlaced = (file_of(picture, "GIF", interlace=laced) for laced in (0, 1))

    assert plain != interlaced
    assert open_image(interlaced).tobytes() == open_image(plain).tobytes()


@pytest.mark.parametrize("size", [(1, 30_000), (30_000, 1)])
@pytest.mark.parametrize("pillow_format", ["JPEG", "PNG", "GIF", "AVIF"])
def test_a_strip_one_pixel_wide_is_decoded(pillow_format: str, size: tuple[int, int]) -> None:
    picture = Image.new("RGB", size, (220, 30, 30))
    picture.paste((30, 60, 200), (0, 0, max(1, size[0] // 2), max(1, size[1] // 2)))

    image = open_image(file_of(picture, pillow_format))

    assert image.size == size
    assert close(pixel(image, size[0] // 4, size[1] // 4), (30, 60, 200), 24)
    assert close(pixel(image, size[0] * 3 // 4, size[1] * 3 // 4), (220, 30, 30), 24)


@pytest.mark.parametrize("size", [(1, 16_383), (16_383, 1)])
def test_the_longest_strip_of_a_webp_is_decoded(size: tuple[int, int]) -> None:
    assert open_image(file_of(Image.new("RGB", size), "WEBP")).size == size


def test_a_transparent_colour_of_a_sixteen_bit_png_is_no_trouble() -> None:
    samples = slopes(3, 65_536)
    key = b"".join(value.to_bytes(2, "big") for value in samples(0, 0))

    image = open_image(with_chunk(a_png(9, 9, samples, depth=16), b"tRNS", key))

    assert image.size == (9, 9)
    assert image.convert("RGB").getpixel((4, 4)) == tuple(value >> 8 for value in samples(4, 4))


@pytest.mark.parametrize("pillow_format", ["WEBP", "AVIF", "PNG"])
def test_the_first_frame_of_an_animation_with_alpha_keeps_it(pillow_format: str) -> None:
    frames = [Image.new("RGBA", (24, 24), (200, 30, 30, alpha)) for alpha in (90, 255)]
    frames[0].paste((0, 0, 0, 0), (0, 0, 12, 24))
    file = io.BytesIO()
    frames[0].save(file, pillow_format, save_all=True, append_images=frames[1:], lossless=True)

    image = open_image(file.getvalue())

    assert image.mode == "RGBA"
    alpha = image.getchannel("A")
    assert (alpha.getpixel((4, 12)), alpha.getpixel((20, 12))) == (0, 90)
