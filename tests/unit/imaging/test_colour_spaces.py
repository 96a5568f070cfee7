"""Colours by code points, gamma, chromaticities and profiles, and which of them holds."""

import struct
import zlib

import pytest
from PIL import Image, ImageCms

from studio_imaging.avif_colour import AvifColour, avif_colour
from studio_imaging.decode import open_image
from studio_imaging.errors import ImageRejectedError
from tests.support.imaging.containers import iso_boxes
from tests.support.imaging.profiles import a_profile, grey_profile, rgb_profile
from tests.support.imaging.rare_pngs import a_png
from tests.support.imaging.samples import Rgb, close, file_of, pixel, png_chunk

Chunk = tuple[bytes, bytes]
COLOUR: Rgb = (200, 60, 60)
IN_P3: Rgb = (217, 42, 52)
CICP_P3: Chunk = (b"cICP", bytes((12, 13, 0, 1)))
CICP_PQ: Chunk = (b"cICP", bytes((9, 16, 0, 1)))
SRGB: Chunk = (b"sRGB", b"\x00")
LINEAR: Chunk = (b"gAMA", struct.pack(">I", 100_000))
# The colorants of sRGB under D50.
SRGB_COLORANTS = (
    (0.43607, 0.22249, 0.01392),
    (0.38515, 0.71687, 0.09708),
    (0.14307, 0.06061, 0.71410),
)
LINEAR_PROFILE = rgb_profile(*SRGB_COLORANTS, 1.0)


def chromaticities(*places: float) -> Chunk:
    return b"cHRM", struct.pack(">8I", *(round(place * 100_000) for place in places))


P3_CHROMATICITIES = chromaticities(0.3127, 0.329, 0.68, 0.32, 0.265, 0.69, 0.15, 0.06)


def embedded(profile: bytes) -> Chunk:
    return b"iCCP", b"profile\x00\x00" + zlib.compress(profile)


def shown(colour: tuple[int, ...], *extra: Chunk, depth: int = 8) -> Rgb:
    return pixel(open_image(a_png(4, 4, lambda x, y: colour, depth=depth, extra=extra)), 2, 2)


@pytest.mark.parametrize(
    ("extra", "expected"),
    [
        ([CICP_P3, embedded(LINEAR_PROFILE), SRGB, LINEAR], IN_P3),
        ([embedded(LINEAR_PROFILE), SRGB], (229, 133, 133)),
        ([SRGB, LINEAR, P3_CHROMATICITIES], COLOUR),
        ([P3_CHROMATICITIES], COLOUR),
        ([P3_CHROMATICITIES, (b"gAMA", bytes(4))], COLOUR),
        ([LINEAR], (229, 133, 133)),
        ([(b"sRGB", b"\x09"), LINEAR], (229, 133, 133)),
        ([(b"cICP", bytes((2, 2, 0, 1))), SRGB, LINEAR], COLOUR),
        ([(b"cICP", bytes((12, 2, 0, 1))), LINEAR], (229, 133, 133)),
        ([(b"cICP", bytes((2, 8, 0, 1)))], COLOUR),
        ([(b"cICP", bytes((12, 13, 1, 1))), SRGB, LINEAR], COLOUR),
        ([(b"cICP", bytes((99, 13, 0, 1))), LINEAR], (229, 133, 133)),
        ([(b"cICP", b"\x0c\x0d\x00")], COLOUR),
        ([(b"gAMA", bytes(4))], COLOUR),
        ([chromaticities(*[0.0] * 8)], COLOUR),
        ([chromaticities(*[0.3] * 8), LINEAR], (229, 133, 133)),
        ([embedded(b"broken"), LINEAR], (229, 133, 133)),
        ([embedded(LINEAR_PROFILE), embedded(b"second")], (229, 133, 133)),
    ],
)
def test_the_description_with_precedence_holds(extra: list[Chunk], expected: Rgb) -> None:
    """PNG, third edition, 12.1: cICP, iCCP, sRGB, then gAMA and cHRM; what is unusable, never."""
    assert close(shown(COLOUR, *extra), expected, 2)


@pytest.mark.parametrize("gamma", [43_200, 44_000, 45_454, 45_455, 45_500, 47_000, 47_700])
@pytest.mark.parametrize("colour", [COLOUR, (60,)])
def test_a_gamma_near_that_of_a_screen_is_srgb(gamma: int, colour: tuple[int, ...]) -> None:
    """A browser shows (200, 60, 60), and (201, 57, 57) if chromaticities stand beside 45,455."""
    near = (b"gAMA", struct.pack(">I", gamma))

    assert shown(colour, near) == (colour if len(colour) == 3 else colour * 3)


@pytest.mark.parametrize(
    ("gamma", "expected"),
    [(43_000, (199, 52, 52)), (48_000, (204, 63, 63)), (52_632, (208, 72, 72))],
)
def test_another_gamma_is_converted(gamma: int, expected: Rgb) -> None:
    assert close(shown(COLOUR, (b"gAMA", struct.pack(">I", gamma))), expected, 1)


def test_chromaticities_make_each_gamma_count() -> None:
    usual = (b"gAMA", struct.pack(">I", 45_455))
    srgb = chromaticities(0.3127, 0.329, 0.64, 0.33, 0.3, 0.6, 0.15, 0.06)

    assert close(shown(COLOUR, usual, srgb), (201, 57, 57), 1)
    assert close(shown((60,), usual, srgb), (57, 57, 57), 1)


def test_a_description_with_a_wrong_checksum_is_ignored() -> None:
    plain = a_png(4, 4, lambda x, y: COLOUR, extra=[LINEAR])
    at = plain.index(b"gAMA")

    broken = plain[: at + 8] + b"\x00\x00\x00\x01" + plain[at + 12 :]

    assert pixel(open_image(broken), 2, 2) == COLOUR


@pytest.mark.parametrize(
    ("primaries", "transfer", "colour", "expected"),
    [
        (1, 13, COLOUR, COLOUR),
        (1, 1, COLOUR, (197, 49, 49)),
        (9, 14, COLOUR, (244, 0, 40)),
        (6, 6, COLOUR, (192, 57, 49)),
        (1, 11, COLOUR, (197, 49, 49)),
        (12, 15, COLOUR, (215, 24, 39)),
        (1, 8, (55, 55, 55), (128, 128, 128)),
        (1, 4, (55, 55, 55), (54, 54, 54)),
        (1, 5, (128, 128, 128), (105, 105, 105)),
        (9, 8, (128, 128, 128), (188, 188, 188)),
        (11, 13, (128, 128, 128), (128, 128, 128)),
        (10, 8, (128, 128, 128), (188, 188, 188)),
    ],
)
def test_code_points_are_converted(
    primaries: int, transfer: int, colour: Rgb, expected: Rgb
) -> None:
    assert close(shown(colour, (b"cICP", bytes((primaries, transfer, 0, 1)))), expected, 2)


@pytest.mark.parametrize("transfer", [16, 18])
def test_hdr_is_refused_with_its_name(transfer: int) -> None:
    with pytest.raises(ImageRejectedError, match="HDR") as refused:
        shown(COLOUR, (b"cICP", bytes((9, transfer, 0, 1))))
    assert refused.value.code == "image-type-unsupported"


def test_hdr_in_a_profile_is_refused_too() -> None:
    tags = {b"cicp": b"cicp" + bytes(4) + bytes((9, 16, 0, 1))}
    with pytest.raises(ImageRejectedError, match="PQ"):
        shown(COLOUR, embedded(a_profile(b"mntr", b"RGB ", b"XYZ ", tags)))


def test_the_narrow_range_is_stretched() -> None:
    narrow = (b"cICP", bytes((1, 13, 0, 0)))

    assert shown((16, 126, 235), narrow) == (0, 128, 255)
    assert shown((126,), narrow) == (128, 128, 128)


@pytest.mark.parametrize(
    ("grey", "depth", "expected"),
    [(55, 8, 128), (55 * 257, 16, 128), (300, 16, 15), (40, 16, 2)],
)
def test_grey_has_a_gamma_too(grey: int, depth: int, expected: int) -> None:
    found = shown((grey,), LINEAR, P3_CHROMATICITIES, depth=depth)

    assert close(found, (expected,) * 3, 1)


def test_alpha_stays_beside_a_conversion() -> None:
    image = open_image(a_png(4, 4, lambda x, y: (*COLOUR, 90), extra=[CICP_P3]))

    assert image.getpixel((2, 2)) == (*pixel(image, 2, 2), 90)
    assert close(pixel(image, 2, 2), IN_P3, 2)


def named(profile: bytes, name: str) -> bytes:
    """The profile with another description of the same length."""
    return profile.replace(b"test\x00", name.encode()[:4].ljust(4) + b"\x00", 1)


@pytest.mark.parametrize("pillow_format", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_a_profile_is_judged_by_its_curve_and_not_by_its_name(pillow_format: str) -> None:
    profile = named(LINEAR_PROFILE, "sRGB")
    assert b"sRGB" in profile
    data = file_of(Image.new("RGB", (32, 32), (55,) * 3), pillow_format, icc_profile=profile)

    assert close(pixel(open_image(data), 16, 16), (128, 128, 128), 2)


def test_a_profile_of_srgb_with_another_name_changes_nothing() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    profile = profile.replace("sRGB".encode("utf-16-be"), "main".encode("utf-16-be"))
    picture = Image.merge(
        "RGB", [Image.linear_gradient("L"), Image.radial_gradient("L"), Image.new("L", (256, 256))]
    )

    data = file_of(picture, "PNG", icc_profile=profile)

    assert open_image(data).tobytes() == picture.tobytes()


@pytest.mark.parametrize("pillow_format", ["JPEG", "PNG"])
@pytest.mark.parametrize("profile", [LINEAR_PROFILE, grey_profile(1.0)])
def test_grey_is_converted_from_profiles_of_grey_and_of_colour(
    pillow_format: str, profile: bytes
) -> None:
    data = file_of(Image.new("L", (16, 16), 55), pillow_format, icc_profile=profile)

    assert close(pixel(open_image(data), 8, 8), (128, 128, 128), 3)


def avif_of(primaries: int, transfer: int, colour: Rgb, **options: object) -> bytes:
    """A picture whose container names these code points."""
    data = file_of(Image.new("RGB", (32, 32), colour), "AVIF", quality=100, **options)
    at = data.index(b"nclx") + 4
    return data[:at] + struct.pack(">HH", primaries, transfer) + data[at + 4 :]


@pytest.mark.parametrize("subsampling", ["4:2:0", "4:4:4"])
def test_the_code_points_of_an_avif_are_read(subsampling: str) -> None:
    data = avif_of(12, 8, COLOUR, subsampling=subsampling)

    assert avif_colour(data) == AvifColour(12, 8, full_chroma=subsampling == "4:4:4")
    assert close(pixel(open_image(avif_of(12, 13, COLOUR)), 9, 9), IN_P3, 3)


def test_without_a_box_the_bitstream_tells_the_code_points() -> None:
    data = avif_of(12, 13, COLOUR).replace(b"colr", b"free")

    assert avif_colour(data) == AvifColour(1, 13, full_chroma=False)


def test_an_animated_avif_has_them_in_its_track() -> None:
    frames = [Image.new("RGB", (32, 32), COLOUR), Image.new("RGB", (32, 32), "blue")]
    data = file_of(frames[0], "AVIF", save_all=True, append_images=frames[1:], quality=100)
    assert data[8:12] == b"avis"
    track = dict(iso_boxes(data))[b"moov"]
    at = data.index(track) + track.index(b"nclx") + 4

    changed = data[:at] + struct.pack(">HH", 12, 13) + data[at + 4 :]

    assert close(pixel(open_image(changed), 9, 9), IN_P3, 3)


def test_colours_described_behind_the_pixels_do_not_count() -> None:
    png = a_png(4, 4, lambda _x, _y: (55, 55, 55))
    late = png[:-12] + png_chunk(*LINEAR) + png[-12:]

    assert pixel(open_image(late), 1, 1) == (55, 55, 55)
