"""Drawings that a picture guides."""

import pytest
from PIL import Image, ImageChops, ImageDraw, ImageStat

from studio_imaging.operations.control import from_sketch, from_structure, in_style
from studio_imaging.operations.transfer import edges, transfer_style
from tests.support.imaging.planted import ODD_PICTURES, SIZE, busy, opened, png_of, thing
from tests.support.imaging.samples import BLUE, GREEN, RED, Rgb, close, pixel

DRAWINGS = {"sketch": from_sketch, "structure": from_structure, "style": in_style}
PROMPT = "a house by the sea"


def sketch(ink: Rgb = (20, 20, 20), paper: Rgb = (255, 255, 255)) -> Image.Image:
    """A closed square and an open line."""
    picture = Image.new("RGB", (200, 200), paper)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((60, 60, 140, 140), outline=ink, width=4)
    draw.line((10, 180, 190, 180), fill=ink, width=4)
    return picture


def drawn(
    name: str,
    picture: Image.Image,
    prompt: str = PROMPT,
    *,
    seed: int = 1,
    strength: float = 0.8,
    size: tuple[int, int] = (200, 200),
) -> Image.Image:
    width, height = size
    return opened(
        DRAWINGS[name](
            png_of(picture), prompt, seed=seed, strength=strength, width=width, height=height
        )
    )


@pytest.mark.parametrize("name", DRAWINGS)
@pytest.mark.parametrize("source", ODD_PICTURES)
@pytest.mark.parametrize("size", [(16, 16), (300, 16), (121, 130)])
def test_any_image_gives_a_drawing_of_exactly_the_size(
    name: str, source: str, size: tuple[int, int]
) -> None:
    made = drawn(name, ODD_PICTURES[source], size=size)
    assert (made.format, made.mode, made.size) == ("PNG", "RGB", size)


@pytest.mark.parametrize("name", DRAWINGS)
def test_image_prompt_seed_and_strength_each_change_the_drawing(name: str) -> None:
    made = [
        drawn(name, thing()),
        drawn(name, thing(BLUE)),
        drawn(name, thing(), "a red poster with a pattern"),
        drawn(name, thing(), seed=2),
        drawn(name, thing(), strength=0.3),
    ]
    assert len({one.tobytes() for one in made}) == len(made)
    assert drawn(name, thing()).tobytes() == made[0].tobytes()


@pytest.mark.parametrize(
    ("ink", "paper"), [((20, 20, 20), (255, 255, 255)), ((240, 240, 240), (15, 15, 20))]
)
def test_lines_of_a_sketch_are_drawn_whether_dark_or_light(ink: Rgb, paper: Rgb) -> None:
    made = drawn("sketch", sketch(ink, paper), strength=1)
    line, beside = pixel(made, 100, 181), pixel(made, 100, 168)
    assert sum(line) < sum(beside) - 150
    assert sum(pixel(made, 61, 100)) < sum(pixel(made, 50, 100)) - 150


def test_closed_shapes_are_coloured_and_open_ones_are_not() -> None:
    with_shape = drawn("sketch", sketch(), strength=1)
    without = sketch()
    ImageDraw.Draw(without).rectangle((60, 60, 140, 140), outline=(255, 255, 255), width=4)
    empty = drawn("sketch", without, strength=1)
    inside, beside = (100, 100), (30, 100)
    assert not close(pixel(with_shape, *inside), pixel(empty, *inside), 24)
    assert close(pixel(with_shape, *beside), pixel(empty, *beside), 6)


def test_a_sketch_of_another_format_is_shown_whole() -> None:
    made = drawn("sketch", sketch(), strength=1, size=(400, 200))
    assert sum(pixel(made, 200, 181)) < sum(pixel(made, 200, 168)) - 150
    assert sum(pixel(made, 161, 100)) < sum(pixel(made, 150, 100)) - 150


def test_structure_keeps_shapes_in_other_colours() -> None:
    made = drawn("structure", thing(), size=SIZE)
    assert not close(pixel(made, 80, 60), RED, 40)
    disc, ground = (ImageStat.Stat(made.crop(box)) for box in ((70, 50, 90, 70), (4, 40, 24, 60)))
    assert abs(disc.mean[1] - ground.mean[1]) > 40, "two tones"
    assert max(*disc.stddev, *ground.stddev) < 6, "each of them flat"


def test_edges_are_found_at_edges_only() -> None:
    found = edges(thing())
    assert max(found.crop((48, 55, 54, 65)).getextrema()) == (255)
    assert found.crop((70, 50, 90, 70)).getextrema() == (0, 0)
    assert found.crop((2, 2, 30, 20)).getextrema() == (0, 0)


@pytest.mark.parametrize("colour", [RED, BLUE, GREEN])
def test_style_is_the_colours_of_the_image(colour: Rgb) -> None:
    made = drawn("style", Image.new("RGB", (80, 80), colour), strength=1)
    mean = ImageStat.Stat(made).mean
    assert mean.index(max(mean)) == colour.index(max(colour))
    assert max(mean) > sorted(mean)[1] + 25


def transferred(
    picture: Image.Image, style: Image.Image, strength: float = 1, fidelity: float = 1
) -> Image.Image:
    data = transfer_style(png_of(picture), png_of(style), strength=strength, fidelity=fidelity)
    return opened(data)


@pytest.mark.parametrize("source", ODD_PICTURES)
def test_a_transfer_keeps_size_and_transparency(source: str) -> None:
    picture = ODD_PICTURES[source]
    made = transferred(picture, thing(), 0.7, 0.3)
    assert made.size == picture.size
    if picture.mode == "RGBA":
        assert made.getchannel("A").tobytes() == picture.getchannel("A").tobytes()


def test_a_transfer_takes_mean_and_spread_of_the_colours() -> None:
    style = Image.blend(busy(64, 64), Image.new("RGB", (64, 64), BLUE), 0.7)
    made = transferred(busy(), style).convert("YCbCr")
    wanted = ImageStat.Stat(style.resize((512, 512)).convert("YCbCr"))
    got = ImageStat.Stat(made)
    for channel in (1, 2):
        assert got.mean[channel] == pytest.approx(wanted.mean[channel], abs=6)
    assert got.mean[0] == pytest.approx(wanted.mean[0], abs=14)


def test_no_strength_leaves_the_image_and_more_goes_further() -> None:
    picture, style = busy(), thing(BLUE)
    assert transferred(picture, style, strength=0).tobytes() == picture.tobytes()

    def way(strength: float) -> float:
        made = transferred(picture, style, strength)
        pairs = zip(ImageStat.Stat(made).mean, ImageStat.Stat(picture).mean, strict=True)
        return sum(abs(a - b) for a, b in pairs)

    assert 0 < way(0.3) < way(1)


def test_less_fidelity_softens_texture() -> None:
    rough, soft = (transferred(busy(), busy(), 1, fidelity) for fidelity in (1, 0))

    def roughness(picture: Image.Image) -> float:
        beside = ImageChops.offset(picture, 1, 0)
        return ImageStat.Stat(ImageChops.difference(picture, beside)).mean[1]

    assert roughness(soft) < 0.6 * roughness(rough)
