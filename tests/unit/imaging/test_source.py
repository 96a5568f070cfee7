"""Untrusted pictures made ready for a provider."""

from io import BytesIO

import pytest
from PIL import ExifTags, Image

from studio_imaging.errors import ImageRejectedError
from studio_imaging.source import LIMITS, SourcePlan, prepare, prepare_mask
from tests.support.imaging.samples import (
    BLUE,
    CORNERS,
    GREEN,
    RED,
    WHITE,
    close,
    corner_colours,
    file_of,
    png_with_size,
    quadrants,
    reopen,
)

PLAN = SourcePlan(("image/jpeg", "image/png"), 10_000_000, 512)
PLACE = "Secret street 1"


def a_photograph(orientation: int = 1) -> bytes:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    exif[ExifTags.Base.ImageDescription] = PLACE
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSAreaInformation] = PLACE
    return file_of(quadrants(80, 40), "JPEG", exif=exif, comment=PLACE.encode(), quality=95)


def test_a_photograph_is_turned_upright_and_keeps_no_metadata() -> None:
    made = prepare(a_photograph(6), PLAN)
    picture = reopen(made.data)
    assert (made.format, picture.size) == ("jpg", (40, 80))
    assert corner_colours(picture).keys() == CORNERS.keys()
    turned = {"top left": BLUE, "top right": RED, "bottom left": WHITE, "bottom right": GREEN}
    for corner, colour in corner_colours(picture).items():
        assert close(colour, turned[corner]), corner
    assert PLACE.encode() in a_photograph(6)
    assert PLACE.encode() not in made.data
    assert not picture.getexif()
    assert "icc_profile" not in picture.info


def test_a_large_image_is_shrunk_in_its_shape_and_a_small_one_stays() -> None:
    assert reopen(prepare(file_of(quadrants(1600, 400), "PNG"), PLAN).data).size == (512, 128)
    assert reopen(prepare(file_of(quadrants(100, 50), "PNG"), PLAN).data).size == (100, 50)
    free = SourcePlan(PLAN.media_types, PLAN.max_bytes)
    assert reopen(prepare(file_of(quadrants(1600, 400), "PNG"), free).data).size == (1600, 400)


def test_transparency_is_kept_and_so_is_a_type_that_must_be() -> None:
    clear = Image.new("RGBA", (20, 20), (200, 30, 30, 0))
    made = prepare(file_of(clear, "PNG"), PLAN)
    assert (made.format, reopen(made.data).getchannel("A").getextrema()) == ("png", (0, 0))
    only_png = SourcePlan(("image/png",), 10_000_000, 512)
    assert prepare(a_photograph(), only_png).format == "png"


def test_a_file_that_would_be_too_heavy_becomes_smaller() -> None:
    noise = Image.effect_noise((400, 300), 90).convert("RGB")
    made = prepare(file_of(noise, "PNG"), SourcePlan(("image/png",), 60_000))
    picture = reopen(made.data)
    assert len(made.data) <= 60_000
    assert abs(picture.width / picture.height - 4 / 3) < 0.03


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"<html>no picture</html>", "image-type-unsupported"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image-type-unsupported"),
        (png_with_size(20_000, 20_000), "image-too-large"),
        (b"\xff\xd8\xff" + bytes(LIMITS.max_bytes), "image-too-large"),
        (a_photograph()[:200], "image-truncated"),
    ],
)
def test_what_is_no_sound_image_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(ImageRejectedError) as refused:
        prepare(data, PLAN)
    assert refused.value.code == code


def test_the_same_image_gives_the_same_bytes() -> None:
    assert prepare(a_photograph(3), PLAN) == prepare(a_photograph(3), PLAN)
    assert Image.open(BytesIO(prepare(a_photograph(3), PLAN).data)).format == "JPEG"


def a_mask(size: tuple[int, int]) -> Image.Image:
    mask = Image.new("L", size)
    mask.paste(255, (size[0] // 4, 0, size[0] // 2, size[1]))
    return mask


@pytest.mark.parametrize(
    ("mask", "words"),
    [
        (a_mask((200, 100)), None),
        (a_mask((400, 201)), None),
        (a_mask((100, 100)), "another shape"),
        (Image.linear_gradient("L").resize((200, 100)), "photograph"),
        (quadrants(200, 100), "photograph"),
    ],
)
def test_an_odd_mask_is_said(mask: Image.Image, words: str | None) -> None:
    made, remark = prepare_mask(file_of(mask, "PNG"), (200, 100))

    assert (made.width, made.height) == (200, 100)
    assert remark is None if words is None else words in (remark or "")
