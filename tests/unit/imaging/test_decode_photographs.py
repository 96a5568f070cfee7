"""Real photographs through the decoder, stored in every way that a camera or an editor may."""

import math
from io import BytesIO
from typing import Any

import pytest
from PIL import Image, ImageChops, ImageCms, ImageStat

from studio_imaging.decode import decode, open_image
from studio_imaging.encode import encode
from studio_imaging.errors import ImageRejectedError
from studio_imaging.formats import OutputFormat
from studio_imaging.xmp import packet, read_packet
from tests.support.imaging.orientations import exif_with
from tests.support.imaging.photographs import photograph, photograph_bytes
from tests.support.imaging.profiles import rgb_profile
from tests.support.imaging.samples import file_of

pytestmark = pytest.mark.photos

JPEGS = [
    ("scikit_learn", "sklearn/datasets/images/china.jpg"),
    ("scikit_learn", "sklearn/datasets/images/flower.jpg"),
]
STORED_FOR = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}
# Colorants of Display P3, adapted to D50 (SMPTE EG 432-1).
WIDE = rgb_profile(
    (0.51512, 0.24120, -0.00105), (0.29198, 0.69225, 0.04189), (0.15710, 0.06657, 0.78407), 2.2
)


def likeness(left: Image.Image, right: Image.Image) -> float:
    """PSNR in decibels."""
    assert (left.size, left.mode) == (right.size, right.mode)
    mean_square = ImageStat.Stat(ImageChops.difference(left, right)).rms
    error = sum(value**2 for value in mean_square) / len(mean_square)
    return 99.0 if error == 0 else 10 * math.log10(255**2 / error)


@pytest.fixture(scope="module", params=JPEGS, ids=lambda place: place[1].rpartition("/")[2])
def picture(request: Any) -> Image.Image:
    package, path = request.param
    return photograph(package, path, 400)


@pytest.mark.parametrize("orientation", STORED_FOR)
@pytest.mark.parametrize("pillow_format", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_a_photograph_stands_upright(
    pillow_format: str, orientation: int, picture: Image.Image
) -> None:
    turn = STORED_FOR[orientation]
    stored = picture if turn is None else picture.transpose(turn)
    data = file_of(stored, pillow_format, exif=exif_with(orientation), quality=95)

    assert likeness(open_image(data), picture) > 33


def test_the_colours_of_a_wide_screen_come_home(picture: Image.Image) -> None:
    wide = ImageCms.profileToProfile(
        picture, ImageCms.createProfile("sRGB"), ImageCms.ImageCmsProfile(BytesIO(WIDE))
    )
    assert wide is not None
    assert likeness(wide, picture) < 36

    assert likeness(open_image(file_of(wide, "PNG", icc_profile=WIDE)), picture) > 42


@pytest.mark.parametrize(
    "options",
    [{"progressive": True}, {"subsampling": 0}, {"restart_marker_rows": 1}, {"optimize": True}],
    ids=lambda options: next(iter(options)),
)
def test_the_ways_to_store_a_jpeg_look_alike(options: dict[str, Any], picture: Image.Image) -> None:
    assert likeness(open_image(file_of(picture, "JPEG", quality=95, **options)), picture) > 35


def test_inks_become_colours_again(picture: Image.Image) -> None:
    data = file_of(picture.convert("CMYK"), "JPEG", quality=95)

    assert likeness(open_image(data), picture) > 33


@pytest.mark.parametrize("place", JPEGS)
def test_a_photograph_cut_at_any_twentieth_is_refused(place: tuple[str, str]) -> None:
    data = photograph_bytes(*place)

    assert decode(data).source.format == "jpg"
    for twentieth in range(20):
        with pytest.raises(ImageRejectedError) as caught:
            decode(data[: len(data) * twentieth // 20])
        assert caught.value.code == ("image-truncated" if twentieth else "image-type-unsupported")


@pytest.mark.parametrize("output", ["jpg", "webp", "png", "avif"])
def test_a_photograph_says_where_it_comes_from(output: OutputFormat, picture: Image.Image) -> None:
    said = packet("compositeWithTrainedAlgorithmicMedia", recipe={"prompt": "warmer"})

    written = encode(picture.copy(), output, 90, xmp=said)

    assert read_packet(written.data) == read_packet(said)
    assert len(written.data) - len(encode(picture.copy(), output, 90).data) < len(said) + 200
