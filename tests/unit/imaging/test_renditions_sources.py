"""Renditions of odd sources: alpha, orientation, animation, profiles, and what the files hold."""

import pytest
from PIL import Image

from studio_imaging.decode import SourceFacts
from studio_imaging.formats import OutputFormat
from studio_imaging.renditions.make import make
from studio_imaging.renditions.plan import Fit
from studio_imaging.xmp import packet
from tests.support.imaging.orientations import ORIENTATIONS, exif_with, stored_for
from tests.support.imaging.profiles import profile_with_red_and_green_swapped
from tests.support.imaging.renditions import FITS, OUTPUTS, file_in, one, order, picture_in
from tests.support.imaging.samples import (
    BLUE,
    CORNERS,
    GREEN,
    RED,
    close,
    corner_colours,
    file_of,
    pixel,
    quadrants,
    reopen,
)

MAGENTA = (250, 10, 240)


@pytest.mark.parametrize("output", OUTPUTS)
@pytest.mark.parametrize("fit", FITS)
def test_alpha_is_kept_or_laid_on_the_background(output: OutputFormat, fit: Fit) -> None:
    picture = Image.new("RGBA", (64, 64), (*GREEN, 255))
    picture.paste((0, 0, 0, 0), (0, 0, 32, 64))

    made = one(
        file_of(picture, "PNG"), width=48, height=48, fit=fit, format=output, background=MAGENTA
    )

    found = picture_in(made)
    if output == "jpg" or fit == "pad":
        assert found.mode == "RGB"
        assert close(pixel(found, 8, 24), MAGENTA)
    else:
        assert [found.getchannel("A").getpixel((x, 24)) for x in (8, 40)] == [0, 255]
    assert close(pixel(found, 40, 24), GREEN)


@pytest.mark.parametrize("others", [[], [{"name": "two", "format": "png"}]])
def test_one_set_may_have_several_backgrounds(others: list[dict[str, object]]) -> None:
    data = file_of(Image.new("RGBA", (64, 64), (0, 0, 0, 0)), "PNG")
    grounds = (RED, BLUE)

    done = make(
        data,
        [order(format="jpg", width=32, height=32, background=ground) for ground in grounds]
        + [order(**other) for other in others],
    )

    assert [pixel(picture_in(made), 16, 16) for made in done.made[:2]] == pytest.approx(
        [pytest.approx(ground, abs=6) for ground in grounds]
    )
    assert close(pixel(reopen(done.thumbnail.data), 16, 16), RED)


@pytest.mark.parametrize("side", [33, 150, 400])
def test_hidden_colours_do_not_bleed(side: int) -> None:
    """The transparent half is bright red below; so small a copy was averaged before scaling."""
    picture = Image.new("RGBA", (200, 200), (255, 0, 0, 0))
    picture.paste((0, 0, 255, 255), (0, 0, 101, 200))

    small = picture_in(one(file_of(picture, "PNG"), width=side, height=side))

    seam = [small.getpixel((x, side // 2)) for x in range(side)]
    visible = [value for value in seam if isinstance(value, tuple) and value[3] > 20]
    assert any(value[3] < 250 for value in visible)
    assert max(value[0] for value in visible) < 20


@pytest.mark.parametrize("orientation", ORIENTATIONS)
@pytest.mark.parametrize("side", [40, 300])
def test_windows_are_those_of_the_upright_image(orientation: int, side: int) -> None:
    """The small one is decoded at half its size, which has to be the right half of each side."""
    stored = stored_for(orientation, quadrants(240, 96))
    data = file_of(stored, "JPEG", exif=exif_with(orientation), quality=95)

    done = make(
        data,
        [
            order(width=side, height=side, focus=(0, 0)),
            order(name="right", width=side, height=side, focus=(1, 1)),
            order(name="all", width=side, height=side, fit="contain"),
        ],
    )

    assert done.source == SourceFacts("jpg", 240, 96)
    left, right, whole = (picture_in(made) for made in done.made)
    assert close(pixel(left, side // 4, side // 4), CORNERS["top left"])
    assert close(pixel(left, side // 4, side * 3 // 4), CORNERS["bottom left"])
    assert close(pixel(right, side * 3 // 4, side // 4), CORNERS["top right"])
    assert close(pixel(right, side * 3 // 4, side * 3 // 4), CORNERS["bottom right"])
    found = corner_colours(whole)
    assert all(close(found[corner], CORNERS[corner]) for corner in CORNERS), found


def animated() -> bytes:
    frames = [Image.new("RGB", (40, 30), colour) for colour in (RED, BLUE)]
    return file_of(frames[0], "WEBP", save_all=True, append_images=frames[1:], lossless=True)


def cmyk() -> bytes:
    return file_of(Image.new("RGB", (40, 30), RED).convert("CMYK"), "JPEG", quality=95)


@pytest.mark.parametrize(
    ("data", "colour"),
    [
        (file_of(Image.new("RGB", (40, 30), RED).quantize(4), "PNG"), RED),
        (file_of(Image.new("RGB", (40, 30), RED).quantize(4), "GIF"), RED),
        (cmyk(), RED),
        (file_of(Image.new("I;16", (40, 30), 128 * 256), "PNG"), (128, 128, 128)),
        (file_of(Image.new("L", (40, 30), 70), "JPEG"), (70, 70, 70)),
        (file_of(Image.new("1", (40, 30), 1), "PNG"), (255, 255, 255)),
        (file_of(Image.new("LA", (40, 30), (60, 255)), "PNG"), (60, 60, 60)),
        (animated(), RED),
    ],
    ids=["palette", "gif", "cmyk", "16 bits", "grey", "1 bit", "grey and alpha", "animated"],
)
@pytest.mark.parametrize("output", OUTPUTS)
def test_odd_sources_become_any_file(
    data: bytes, colour: tuple[int, int, int], output: OutputFormat
) -> None:
    made = one(data, width=24, height=24, format=output)

    picture = picture_in(made)
    assert getattr(picture, "n_frames", 1) == 1
    assert close(pixel(picture, 12, 12), colour)


@pytest.mark.parametrize("source", ["JPEG", "PNG"])
def test_a_profile_is_applied_and_gone(source: str) -> None:
    profile = profile_with_red_and_green_swapped()
    data = file_of(Image.new("RGB", (96, 96), RED), source, icc_profile=profile)

    picture = picture_in(one(data, width=24, height=24))

    red, green, _ = pixel(picture, 12, 12)
    assert green > 150 > red
    assert "icc_profile" not in picture.info


@pytest.mark.parametrize("output", OUTPUTS)
def test_a_packet_is_written_and_nothing_else(output: OutputFormat) -> None:
    words = packet("trainedAlgorithmicMedia")

    with_it = file_in(one(file_of(quadrants(40, 30), "PNG"), format=output, xmp=words))

    assert b"trainedAlgorithmicMedia" in with_it.data
    assert reopen(with_it.data).size == (40, 30)
