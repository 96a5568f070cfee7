"""Cutting out a subject, and replacing its background."""

import pytest
from PIL import Image, ImageChops, ImageStat

from studio_imaging.errors import ImageRejectedError, OperationRefusedError
from studio_imaging.operations.relight import Light, relight, replace_background
from studio_imaging.operations.remove_background import remove_background
from tests.support.imaging.planted import (
    GROUND,
    INSIDE,
    ODD_PICTURES,
    OUTSIDE,
    SIZE,
    busy,
    opened,
    png_of,
    thing,
)
from tests.support.imaging.samples import BLUE, GREEN, RED, WHITE, Rgb, close, pixel, png_with_size

NO_LIGHT = Light()


def alpha_at(picture: Image.Image, x: int, y: int) -> int:
    return picture.getchannel("A").crop((x, y, x + 1, y + 1)).tobytes()[0]


def shaded(ground: Rgb, steps: int) -> Image.Image:
    """A disc on a ground that grows darker downwards."""
    ramp = Image.linear_gradient("L").resize(SIZE).point([x * steps // 255 for x in range(256)])
    ground_image = ImageChops.subtract(
        Image.new("RGB", SIZE, ground), Image.merge("RGB", (ramp, ramp, ramp))
    )
    disc = ImageChops.difference(thing(), Image.new("RGB", SIZE, GROUND)).convert("L")
    ground_image.paste(RED, mask=disc.point([0] * 20 + [255] * 236))
    return ground_image


@pytest.mark.parametrize("ground", [GROUND, (20, 22, 26), (90, 160, 90)])
@pytest.mark.parametrize("colour", [RED, BLUE])
def test_the_subject_stays_and_its_plain_ground_goes(ground: Rgb, colour: Rgb) -> None:
    made = opened(remove_background(png_of(thing(colour, ground))))
    assert (made.format, made.mode, made.size) == ("PNG", "RGBA", SIZE)
    assert alpha_at(made, *INSIDE) == 255
    assert pixel(made, *INSIDE) == colour
    assert alpha_at(made, *OUTSIDE) == 0
    share = ImageStat.Stat(made.getchannel("A")).mean[0] / 255
    assert share == pytest.approx(3.1416 * 30 * 30 / (160 * 120), rel=0.05)


def test_the_edge_is_soft_and_free_of_the_grounds_colour() -> None:
    made = opened(remove_background(png_of(thing(RED, (250, 250, 250)))))
    row = [(alpha_at(made, x, 60), pixel(made, x, 60)) for x in range(44, 60)]
    soft = [colour for alpha, colour in row if 0 < alpha < 250]
    assert soft, "an edge of its own"
    assert all(close(colour, RED, 24) for colour in soft)


def test_a_ground_in_uneven_light_is_plain() -> None:
    made = opened(remove_background(png_of(shaded((240, 240, 238), 110))))
    assert alpha_at(made, *INSIDE) == 255
    assert [alpha_at(made, x, y) for x, y in ((2, 2), (157, 2), (2, 117), (157, 117))] == [0] * 4


def test_a_transparent_picture_keeps_its_own_cut() -> None:
    source = ODD_PICTURES["transparent"]
    assert opened(remove_background(png_of(source))).tobytes() == source.tobytes()


@pytest.mark.parametrize(
    "picture",
    [
        busy(),
        Image.new("RGB", (60, 60), BLUE),
        Image.new("RGB", (1, 1), RED),
        Image.new("RGB", (2000, 1), RED),
        ODD_PICTURES["all clear"],
    ],
)
def test_without_a_plain_ground_it_says_so(picture: Image.Image) -> None:
    with pytest.raises(OperationRefusedError, match="backdrop-not-plain: ") as caught:
        remove_background(png_of(picture))
    assert caught.value.code == "backdrop-not-plain"


def test_a_rim_that_is_alike_by_chance_is_no_ground() -> None:
    board = busy(160, 120)
    framed = Image.new("RGB", SIZE, GREEN)
    framed.paste(board.crop((2, 2, 158, 118)), (2, 2))
    with pytest.raises(OperationRefusedError, match="backdrop-not-plain"):
        remove_background(png_of(framed))


def test_a_picture_beyond_the_limit_is_refused_before_its_pixels() -> None:
    with pytest.raises(ImageRejectedError, match="12582912"):
        remove_background(png_with_size(4096, 3073))


def replaced(
    prompt: str = "", light: Light = NO_LIGHT, background: Image.Image | None = None, seed: int = 1
) -> Image.Image:
    file = None if background is None else png_of(background)
    data = replace_background(png_of(thing()), prompt, seed=seed, light=light, background=file)
    return opened(data)


def test_a_named_colour_becomes_the_background() -> None:
    made = replaced("a plain green wall")
    assert (made.mode, made.size) == ("RGB", SIZE)
    red, green, blue = pixel(made, *OUTSIDE)
    assert green > red + 40
    assert green > blue + 40
    assert close(pixel(made, *INSIDE), RED, 45)


def test_without_a_colour_the_built_in_drawing_is_the_background() -> None:
    first, other = replaced("a house by the sea"), replaced("a house by the sea", seed=2)
    assert first.tobytes() != other.tobytes()
    assert first.tobytes() == replaced("a house by the sea").tobytes()


def test_a_picture_becomes_the_background() -> None:
    scene = Image.new("RGB", (320, 90), BLUE)
    made = replaced(background=scene)
    assert pixel(made, *OUTSIDE) == BLUE
    assert close(pixel(made, *INSIDE), RED, 45)


def test_the_subject_casts_a_shadow_on_its_new_ground() -> None:
    made = replaced(background=Image.new("RGB", SIZE, WHITE))
    assert sum(pixel(made, 80, 93)) < sum(pixel(made, 10, 93)) - 60


@pytest.mark.parametrize(
    ("direction", "lit", "dim"),
    [
        ("left", (58, 60), (102, 60)),
        ("right", (102, 60), (58, 60)),
        ("above", (80, 36), (80, 84)),
        ("below", (80, 84), (80, 36)),
    ],
)
def test_light_brightens_its_side_and_leaves_the_other_dark(
    direction: str, lit: tuple[int, int], dim: tuple[int, int]
) -> None:
    light = Light(direction, 0.8)  # type: ignore[arg-type]
    made = replaced("white", light)
    assert sum(pixel(made, *lit)) > sum(pixel(made, *dim)) + 60
    whole = opened(relight(png_of(Image.new("RGB", SIZE, (128, 128, 128))), light))
    assert sum(pixel(whole, *lit)) > sum(pixel(whole, *dim)) + 20


def test_no_light_leaves_the_picture_as_it_is() -> None:
    assert opened(relight(png_of(busy()), NO_LIGHT)).tobytes() == busy().tobytes()


def test_a_lighting_picture_colours_the_light() -> None:
    lamp = Image.new("RGB", (100, 100), (250, 160, 60))
    grey = Image.new("RGB", SIZE, (120, 120, 120))
    made = opened(relight(png_of(grey), Light(strength=1, picture=png_of(lamp))))
    red, green, blue = pixel(made, 80, 60)
    assert red > green > blue
    assert red > blue + 50


@pytest.mark.parametrize("source", ODD_PICTURES)
def test_any_picture_can_be_lit(source: str) -> None:
    picture = ODD_PICTURES[source]
    made = opened(relight(png_of(picture), Light("left", 1)))
    assert made.size == picture.size


def test_a_new_background_needs_a_plain_one() -> None:
    with pytest.raises(OperationRefusedError, match="backdrop-not-plain"):
        replace_background(png_of(busy()), "white", seed=1, light=NO_LIGHT)
