"""Inpainting and outpainting."""

import pytest
from PIL import Image, ImageChops, ImageStat

from studio_imaging.errors import ImageRejectedError, OperationRefusedError
from studio_imaging.operations.inpaint import inpaint
from studio_imaging.operations.outpaint import outpaint
from studio_imaging.operations.pictures import grown
from tests.support.imaging.planted import (
    GROUND,
    INSIDE,
    ODD_PICTURES,
    SIZE,
    box_mask,
    busy,
    opened,
    png_of,
    same_outside,
    thing,
)
from tests.support.imaging.samples import BLUE, GREEN, RED, close, file_of, pixel, run_python

AROUND_THING = (44, 24, 116, 96)


def test_what_is_masked_gives_way_to_its_surroundings() -> None:
    mask = box_mask(SIZE, AROUND_THING)
    made = opened(inpaint(png_of(thing()), png_of(mask)))
    assert (made.format, made.mode, made.size) == ("PNG", "RGB", SIZE)
    whole = ImageChops.difference(made, Image.new("RGB", SIZE, GROUND))
    assert max(high for _, high in ImageStat.Stat(whole).extrema) <= 8, "no trace of the disc"


@pytest.mark.parametrize("grow", [0, 1, 7, 100])
def test_nothing_changes_outside_the_grown_mask(grow: int) -> None:
    picture, mask = busy(240, 230), box_mask((240, 230), (100, 105, 130, 120))
    made = opened(inpaint(png_of(picture), png_of(mask), grow=grow))
    reach = box_mask((240, 230), (100 - grow, 105 - grow, 130 + grow, 120 + grow))
    assert grown(mask, grow).tobytes() == reach.tobytes()
    assert same_outside(made, picture, reach)
    assert not same_outside(made, picture, Image.new("L", picture.size))


def test_growing_takes_the_seam_along() -> None:
    tight = box_mask(SIZE, (60, 40, 100, 80))
    left = opened(inpaint(png_of(thing()), png_of(tight)))
    grew = opened(inpaint(png_of(thing()), png_of(tight), grow=14))
    assert close(pixel(left, *INSIDE), RED, 40), "filled from the disc itself"
    assert close(pixel(grew, *INSIDE), GROUND, 12)


def test_a_fill_runs_smoothly_between_what_is_on_both_sides() -> None:
    ramp = Image.linear_gradient("L").rotate(90).resize(SIZE)
    picture = Image.merge("RGB", (ramp, ramp, ramp))
    made = opened(inpaint(png_of(picture), png_of(box_mask(SIZE, (40, 20, 120, 100)))))
    off = ImageChops.difference(made, picture)
    assert max(ImageStat.Stat(off).mean) < 4
    assert max(high for _, high in ImageStat.Stat(off).extrema) < 24


def test_a_grey_mask_changes_by_half() -> None:
    mask = Image.new("L", SIZE)
    mask.paste(128, AROUND_THING)
    made = opened(inpaint(png_of(thing()), png_of(mask)))
    halfway = tuple((a + b) // 2 for a, b in zip(RED, GROUND, strict=True))
    assert close(pixel(made, *INSIDE), (halfway[0], halfway[1], halfway[2]), 8)


@pytest.mark.parametrize("source", sorted(ODD_PICTURES.keys() - {"one pixel"}))
def test_any_image_with_something_left_can_be_filled(source: str) -> None:
    picture = ODD_PICTURES[source]
    mask = Image.new("L", picture.size)
    mask.putpixel((0, 0), 255)
    made = opened(inpaint(png_of(picture), png_of(mask)))
    assert made.size == picture.size
    assert made.mode == ("RGBA" if picture.mode == "RGBA" else "RGB")


def test_transparency_is_filled_as_colour_is() -> None:
    picture = Image.new("RGBA", SIZE, (*GREEN, 255))
    picture.paste((*RED, 0), AROUND_THING)
    made = opened(inpaint(png_of(picture), png_of(box_mask(SIZE, AROUND_THING)), grow=2))
    assert close(pixel(made, *INSIDE), GREEN, 6)
    assert made.convert("RGBA").getchannel("A").getextrema()[0] == 255


@pytest.mark.parametrize(
    ("mask", "code"),
    [
        (Image.new("L", SIZE), "mask-empty"),
        (Image.new("L", SIZE, 255), "mask-full"),
        (Image.new("L", (120, 160), 255), "mask-size"),
    ],
)
def test_a_mask_that_leads_nowhere_is_refused(mask: Image.Image, code: str) -> None:
    with pytest.raises(OperationRefusedError) as caught:
        inpaint(png_of(thing()), png_of(mask))
    assert caught.value.code == code


def test_a_broken_mask_is_refused() -> None:
    with pytest.raises(ImageRejectedError):
        inpaint(png_of(thing()), b"no image")


def test_the_same_arguments_give_the_same_bytes_in_another_process() -> None:
    script = (
        "import hashlib, io\n"
        "from PIL import Image\n"
        "from studio_imaging.operations.inpaint import inpaint\n"
        "from studio_imaging.operations.outpaint import outpaint\n"
        "from studio_imaging.operations.general import edit\n"
        "def png(image):\n"
        "    file = io.BytesIO(); image.save(file, 'PNG'); return file.getvalue()\n"
        "noise = Image.frombytes('RGB', (64, 64), bytes(i * 31 % 251 for i in range(12288)))\n"
        "mask = Image.new('L', (64, 64)); mask.paste(255, (20, 20, 40, 40))\n"
        "made = inpaint(png(noise), png(mask), grow=3) + outpaint(png(noise), left=40)\n"
        "print(hashlib.sha256(made + edit(png(noise), 'vintage')).hexdigest())"
    )
    assert run_python(script, PYTHONHASHSEED="1") == run_python(script, PYTHONHASHSEED="2")


@pytest.mark.parametrize("source", ODD_PICTURES)
@pytest.mark.parametrize(
    "sides", [{"left": 30}, {"right": 1}, {"up": 50, "down": 3}, {"left": 9, "down": 200}]
)
def test_a_wider_image_holds_the_old_one_untouched(source: str, sides: dict[str, int]) -> None:
    picture = ODD_PICTURES[source]
    made = opened(outpaint(png_of(picture), **sides))
    left, up = sides.get("left", 0), sides.get("up", 0)
    assert made.size == (
        picture.width + left + sides.get("right", 0),
        picture.height + up + sides.get("down", 0),
    )
    kept = made.crop((left, up, left + picture.width, up + picture.height))
    assert kept.tobytes() == picture.convert(made.mode).tobytes()


def test_the_image_goes_on_as_its_mirror_image_and_softer() -> None:
    picture = Image.new("RGB", (100, 60), GREEN)
    picture.paste(BLUE, (0, 0, 12, 60))
    made = opened(outpaint(png_of(picture), left=90))
    assert close(pixel(made, 86, 30), BLUE, 30), "its neighbour goes on"
    assert close(pixel(made, 60, 30), GREEN, 40), "then what lies behind it, mirrored"
    fine = opened(outpaint(png_of(busy()), right=110))
    near, far = fine.crop((121, 0, 131, 80)), fine.crop((220, 0, 230, 80))
    assert max(ImageStat.Stat(near).stddev) > 3 * max(ImageStat.Stat(far).stddev)


def test_a_subject_is_there_once() -> None:
    made = opened(outpaint(png_of(thing()), left=160))
    room = ImageChops.difference(made.crop((0, 0, 160, 120)), Image.new("RGB", SIZE, GROUND))
    assert max(high for _, high in ImageStat.Stat(room).extrema) < 16
    assert pixel(made, 160 + INSIDE[0], INSIDE[1]) == RED


def test_a_result_beyond_the_limit_is_refused() -> None:
    photo = file_of(Image.new("RGB", (4000, 3000)), "JPEG")
    with pytest.raises(OperationRefusedError, match="the limit is 12582912"):
        outpaint(photo, left=200)
    with pytest.raises(OperationRefusedError, match="picture-too-large"):
        outpaint(png_of(Image.new("RGB", (15_000, 1))), left=2000)
