"""Cutting out a subject, and replacing its background."""

import pytest
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageStat

from studio_imaging.errors import ImageRejectedError, OperationRefusedError
from studio_imaging.operations.relight import Light, relight, replace_background
from studio_imaging.operations.remove_background import UNSURE_BELOW, remove_background
from studio_imaging.subject import cut
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


def test_a_transparent_image_keeps_its_own_cut() -> None:
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


def test_an_image_beyond_the_limit_is_refused_before_its_pixels() -> None:
    with pytest.raises(ImageRejectedError, match="12582912"):
        remove_background(png_with_size(4096, 3073))


def product(ground: Rgb, body: Rgb, *, handle: bool = False) -> Image.Image:
    """A body with a soft shadow beside and below it, drawn large and then reduced."""
    scene = Image.new("RGB", (300, 300), ground)
    shadow = Image.new("L", scene.size)
    ImageDraw.Draw(shadow).ellipse((80, 226, 270, 270), fill=140)
    dim = tuple(part // 3 for part in ground)
    scene.paste(dim, mask=shadow.filter(ImageFilter.GaussianBlur(10)))
    large = scene.resize((1200, 1200))
    draw = ImageDraw.Draw(large)
    draw.rounded_rectangle((320, 320, 800, 1000), 40, fill=body)
    if handle:
        draw.ellipse((740, 420, 1000, 860), outline=body, width=50)
    return large.resize(scene.size, Image.Resampling.BOX)


@pytest.mark.parametrize("ground", [(204, 202, 198), (246, 246, 246), (120, 160, 190)])
@pytest.mark.parametrize("body", [(178, 58, 42), (20, 40, 90)])
def test_a_soft_shadow_goes_with_the_ground(ground: Rgb, body: Rgb) -> None:
    made = opened(remove_background(png_of(product(ground, body))))

    box = made.getchannel("A").point([255 if value >= 64 else 0 for value in range(256)]).getbbox()
    assert box == pytest.approx((80, 80, 200, 250), abs=3)
    assert alpha_at(made, 235, 245) == 0


@pytest.mark.parametrize("body", [(178, 58, 42), (44, 84, 140), (60, 130, 70)])
def test_a_dark_shadow_where_the_subject_stands_leaves_no_rim(body: Rgb) -> None:
    scene = Image.new("RGB", (900, 900), (206, 204, 200))
    soft, contact = Image.new("L", scene.size), Image.new("L", scene.size)
    ImageDraw.Draw(soft).ellipse((230, 538, 750, 650), fill=120)
    ImageDraw.Draw(contact).ellipse((222, 566, 590, 634), fill=150)
    soft = soft.filter(ImageFilter.GaussianBlur(30))
    shadow = ImageChops.lighter(soft, contact.filter(ImageFilter.GaussianBlur(8)))
    scene.paste((96, 92, 88), mask=shadow)
    shape = Image.new("L", scene.size)
    ImageDraw.Draw(shape).rectangle((200, 200, 600, 590), fill=255)
    ImageDraw.Draw(shape).ellipse((200, 560, 600, 620), fill=255)
    scene.paste(body, mask=shape)

    made = opened(remove_background(png_of(scene))).getchannel("A")

    outside = ImageChops.subtract(made, shape.filter(ImageFilter.MaxFilter(5)))
    assert ImageStat.Stat(outside).sum[0] < 255 * 60
    inside = ImageChops.subtract(shape.filter(ImageFilter.MinFilter(5)), made)
    assert ImageStat.Stat(inside).sum[0] < 255 * 60


@pytest.mark.parametrize("body", [(229, 226, 220), (236, 236, 234), (226, 224, 221)])
def test_a_pale_subject_stays_whole(body: Rgb) -> None:
    made = opened(remove_background(png_of(product((203, 201, 197), body))))

    whole = made.getchannel("A").crop((84, 84, 196, 240))
    assert min(whole.tobytes()) >= 250
    assert alpha_at(made, 20, 150) == 0


def test_the_ground_within_a_handle_goes() -> None:
    made = opened(remove_background(png_of(product((204, 202, 198), (178, 58, 42), handle=True))))

    assert alpha_at(made, 222, 160) == 0
    assert [alpha_at(made, x, 160) for x in (140, 244)] == [255, 255]


@pytest.mark.parametrize("ground", [(246, 246, 246), (204, 202, 198)])
def test_a_pale_label_stays(ground: Rgb) -> None:
    picture = product(ground, (20, 90, 60))
    picture.paste((245, 245, 244), (88, 130, 192, 200))

    made = opened(remove_background(png_of(picture)))

    assert min(made.getchannel("A").crop((84, 124, 196, 206)).tobytes()) >= 250


def test_the_confidence_tells_a_clear_cut_from_a_doubtful_one() -> None:
    clear = cut(product((204, 202, 198), (178, 58, 42)))
    # The shadow is as dark as the body, and of the same hue.
    doubtful = cut(product((246, 246, 244), (229, 226, 222)))

    assert clear is not None
    assert clear.confidence > 0.9
    assert doubtful is None or doubtful.confidence < UNSURE_BELOW


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


def test_an_image_becomes_the_background() -> None:
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


def test_no_light_leaves_the_image_as_it_is() -> None:
    assert opened(relight(png_of(busy()), NO_LIGHT)).tobytes() == busy().tobytes()


def test_a_lighting_image_colours_the_light() -> None:
    lamp = Image.new("RGB", (100, 100), (250, 160, 60))
    grey = Image.new("RGB", SIZE, (120, 120, 120))
    made = opened(relight(png_of(grey), Light(strength=1, picture=png_of(lamp))))
    red, green, blue = pixel(made, 80, 60)
    assert red > green > blue
    assert red > blue + 50


@pytest.mark.parametrize("source", ODD_PICTURES)
def test_any_image_can_be_lit(source: str) -> None:
    picture = ODD_PICTURES[source]
    made = opened(relight(png_of(picture), Light("left", 1)))
    assert made.size == picture.size


def test_a_new_background_needs_a_plain_one() -> None:
    with pytest.raises(OperationRefusedError, match="backdrop-not-plain"):
        replace_background(png_of(busy()), "white", seed=1, light=NO_LIGHT)
