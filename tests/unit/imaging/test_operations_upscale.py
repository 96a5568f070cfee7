"""Enlargement by upscale.fast, upscale.conservative and upscale.creative."""

import pytest
from PIL import Image, ImageChops, ImageFilter, ImageStat

from studio_imaging.errors import ImageRejectedError, OperationRefusedError
from studio_imaging.operations import upscale
from studio_imaging.operations.upscale import (
    upscale_conservative,
    upscale_creative,
    upscale_fast,
)
from tests.support.imaging.planted import ODD_PICTURES, busy, opened, png_of, thing
from tests.support.imaging.samples import (
    CORNERS,
    RED,
    close,
    corner_colours,
    pixel,
    quadrants,
    reopen,
)

SMALL = {name: one for name, one in ODD_PICTURES.items() if max(one.size) < 1000}


@pytest.mark.parametrize("source", ODD_PICTURES)
def test_fast_gives_exactly_four_times_the_sides(source: str) -> None:
    picture = ODD_PICTURES[source]
    made = opened(upscale_fast(png_of(picture)))
    assert made.size == (picture.width * 4, picture.height * 4)
    assert (made.mode, made.format) == (
        ("RGBA", "PNG") if picture.mode == "RGBA" else ("RGB", "JPEG")
    )


@pytest.mark.slow
def test_colours_stay_where_they_are() -> None:
    picture = quadrants(90, 70)
    for data in (
        upscale_fast(png_of(picture)),
        upscale_conservative(png_of(picture)),
        upscale_creative(png_of(picture)),
    ):
        for corner, colour in corner_colours(reopen(data)).items():
            assert close(colour, CORNERS[corner], 16)


def test_it_is_lanczos_and_sharper_at_an_edge() -> None:
    picture = thing().convert("L").convert("RGB")
    plain = picture.resize((640, 480), Image.Resampling.LANCZOS)
    made = opened(upscale_fast(png_of(picture)))
    assert max(ImageStat.Stat(ImageChops.difference(made, plain)).mean) < 3
    row = [
        pixel(one, x, 240)[0] - pixel(one, x - 1, 240)[0] for x in range(1, 640) for one in [made]
    ]
    soft = [pixel(plain, x, 240)[0] - pixel(plain, x - 1, 240)[0] for x in range(1, 640)]
    assert max(map(abs, row)) > max(map(abs, soft)) + 4


def test_strips_leave_no_seams() -> None:
    """A result taller than a strip is what one made at once would be."""
    picture = busy(24, 300)
    made = opened(upscale_fast(png_of(picture)))
    whole = picture.resize(made.size, Image.Resampling.LANCZOS)
    whole = whole.filter(ImageFilter.UnsharpMask(2, 60, 2))
    off = ImageChops.difference(made, whole)
    rows = [ImageStat.Stat(off.crop((0, y, 96, y + 1))).mean[0] for y in range(made.height)]
    assert max(rows) < 5


@pytest.mark.slow
@pytest.mark.parametrize("source", SMALL)
@pytest.mark.parametrize("enlarge", [upscale_conservative, upscale_creative])
def test_the_slower_two_reach_4k(source: str, enlarge: object) -> None:
    assert callable(enlarge)
    picture = SMALL[source]
    made = opened(enlarge(png_of(picture.resize((picture.width, max(1, picture.height // 8))))))
    assert max(made.size) == upscale.LONG_SIDE


@pytest.mark.slow
def test_creativity_adds_what_was_not_there_and_the_same_each_time() -> None:
    data = png_of(thing().resize((64, 24)))
    calm, wild = (opened(upscale_creative(data, creativity=c)) for c in (0, 1))
    plain = opened(upscale_conservative(data, creativity=0))
    box = (1700, 600, 2000, 900)

    def grain(picture: Image.Image) -> float:
        return ImageStat.Stat(picture.crop(box)).stddev[1]

    assert grain(plain) < grain(calm) < grain(wild)
    assert close(pixel(plain, 1900, 700), RED, 16)
    assert upscale_creative(data) == upscale_creative(data)


@pytest.mark.parametrize("size", [(1920, 1081), (4096, 10)])
def test_fast_refuses_what_would_pass_its_limit_and_names_it(size: tuple[int, int]) -> None:
    with pytest.raises(OperationRefusedError, match=r"picture-too-large: .* 2073600 pixels .*4095"):
        upscale_fast(png_of(Image.new("RGB", size)))


@pytest.mark.parametrize("enlarge", [upscale_conservative, upscale_creative])
def test_the_slower_two_refuse_what_is_4k_already(enlarge: object) -> None:
    assert callable(enlarge)
    with pytest.raises(OperationRefusedError, match=r"picture-too-large: .*3840"):
        enlarge(png_of(Image.new("RGB", (30, 3840))))
    with pytest.raises(ImageRejectedError):
        enlarge(b"no image")


@pytest.mark.slow
def test_noise_survives_as_a_file_within_the_limits_of_the_next_step() -> None:
    data = upscale_fast(png_of(busy(1000, 500)))
    assert len(data) < 64 * 1024 * 1024
    assert opened(data).size == (4000, 2000)
