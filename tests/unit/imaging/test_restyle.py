"""The built-in renderer for photos: cut out or whole, with colours by the words."""

import math
from random import Random

import pytest
from PIL import ExifTags, Image, ImageChops, ImageDraw, ImageStat

from studio_imaging.errors import ImageRejectedError
from studio_imaging.restyle import restyle
from tests.support.imaging.samples import (
    BLUE,
    CORNERS,
    GREEN,
    RED,
    WHITE,
    Rgb,
    close,
    corner_colours,
    file_of,
    pixel,
    png_with_size,
    quadrants,
    reopen,
    run_python,
)

GROUND: Rgb = (238, 236, 228)
GREY: Rgb = (120, 124, 130)


def a_product(ground: Rgb = GROUND, colour: Rgb = RED) -> Image.Image:
    """A disc on a plain ground."""
    picture = Image.new("RGB", (300, 200), ground)
    draw = ImageDraw.Draw(picture)
    draw.ellipse((100, 50, 200, 150), fill=colour)
    return picture


def busy() -> Image.Image:
    """A photo without any plain ground: every pixel by lot."""
    noise = Random(7).randbytes(3 * 120 * 80)  # noqa: S311 - a picture, not a secret
    return Image.frombytes("RGB", (120, 80), noise)


def styled(
    picture: Image.Image | bytes,
    prompt: str = "a lamp on a shelf",
    *,
    seed: int = 1,
    strength: float = 0.8,
    size: tuple[int, int] = (256, 256),
) -> Image.Image:
    photo = picture if isinstance(picture, bytes) else file_of(picture, "PNG")
    width, height = size
    return reopen(restyle(photo, prompt, seed=seed, strength=strength, width=width, height=height))


def share_of(picture: Image.Image, colour: Rgb, tolerance: int = 40) -> float:
    """How much of a picture is near a colour."""
    rgb = picture.convert("RGB")
    bands = ImageChops.difference(rgb, Image.new("RGB", rgb.size, colour)).split()
    farthest = ImageChops.lighter(ImageChops.lighter(bands[0], bands[1]), bands[2])
    near = sum(farthest.histogram()[: tolerance + 1])
    return near / (rgb.width * rgb.height)


SOURCES = {
    "product": a_product(),
    "busy": busy(),
    "one pixel": Image.new("RGB", (1, 1), RED),
    "a thread lying": Image.new("RGB", (8000, 3), BLUE),
    "a thread standing": Image.new("RGB", (16, 4096), GREEN),
    "all transparent": Image.new("RGBA", (50, 40), (*RED, 0)),
    "half transparent": Image.new("RGBA", (50, 40), (*RED, 128)),
    "one clear pixel": Image.new("RGBA", (1, 1), (*RED, 0)),
}


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("strength", [0, 0.05, 1])
@pytest.mark.parametrize("size", [(16, 16), (16, 300), (300, 16), (121, 130)])
def test_any_photo_becomes_an_opaque_image_of_exactly_the_size(
    source: str, strength: float, size: tuple[int, int]
) -> None:
    made = styled(SOURCES[source], strength=strength, size=size)
    assert (made.format, made.mode, made.size) == ("PNG", "RGB", size)


@pytest.mark.parametrize("size", [(4096, 16), (16, 4096)])
def test_the_longest_sizes_are_drawn(size: tuple[int, int]) -> None:
    assert styled(a_product(), size=size).size == size


def test_the_same_arguments_give_the_same_bytes_in_another_process() -> None:
    script = (
        "import hashlib, io\n"
        "from PIL import Image\n"
        "from studio_imaging.restyle import restyle\n"
        "file = io.BytesIO()\n"
        "Image.linear_gradient('L').convert('RGB').save(file, 'PNG')\n"
        "data = restyle(file.getvalue(), 'a lamp', seed=3, strength=0.5, width=90, height=70)\n"
        "print(hashlib.sha256(data).hexdigest())"
    )
    assert run_python(script, PYTHONHASHSEED="1") == run_python(script, PYTHONHASHSEED="2")


def test_seed_strength_words_and_photo_each_change_the_image() -> None:
    changes = [
        styled(a_product()),
        styled(a_product(), seed=2),
        styled(a_product(), strength=0.5),
        styled(a_product(), "a red lamp"),
        styled(a_product(colour=BLUE)),
    ]
    assert len({picture.tobytes() for picture in changes}) == len(changes)


@pytest.mark.parametrize("strength", [0, 0.04])
def test_a_strength_near_zero_keeps_the_photo_to_the_pixel(strength: float) -> None:
    photo = busy()
    assert styled(photo, strength=strength, size=photo.size).tobytes() == photo.tobytes()


def test_strength_zero_fits_the_whole_photo_on_its_borders_colour() -> None:
    photo = a_product()
    made = styled(photo, strength=0, size=(300, 300))
    middle = ImageChops.difference(made.crop((0, 50, 300, 250)), photo)
    error = sum(value**2 for value in ImageStat.Stat(middle).rms) / 3
    assert error == 0 or 10 * math.log10(255**2 / error) > 50, "no more than rounding"
    assert {pixel(made, x, y) for x in (0, 299) for y in (0, 49, 250, 299)} == {GROUND}


def test_more_strength_leaves_the_photo_further() -> None:
    photo = a_product()
    small = [styled(photo, strength=strength) for strength in (0.1, 0.5, 1)]
    shares = [share_of(made, RED) for made in small]
    assert shares == sorted(shares, reverse=True)
    assert shares[0] > 1.2 * shares[-1]


@pytest.mark.parametrize(
    ("ground", "prompt"), [(GROUND, "dark"), ((20, 20, 24), "white"), ((90, 160, 90), "white")]
)
def test_a_subject_on_a_plain_ground_is_cut_out(ground: Rgb, prompt: str) -> None:
    made = styled(a_product(ground), prompt)
    assert close(pixel(made, 128, 128), RED, 40)
    assert share_of(made, RED) > 0.2
    assert share_of(made, ground, 6) == 0, "nothing of the ground is left"


@pytest.mark.parametrize("colour", [RED, GREEN, BLUE, GREY, (205, 200, 190)])
@pytest.mark.parametrize("strength", [0.1, 0.8, 1])
def test_the_subject_keeps_its_colour(colour: Rgb, strength: float) -> None:
    made = styled(a_product((250, 250, 250), colour), strength=strength)
    assert close(pixel(made, 128, 128), colour, 32)


def test_what_is_inside_the_subject_stays_even_in_the_grounds_colour() -> None:
    photo = a_product()
    ImageDraw.Draw(photo).rectangle((130, 80, 170, 120), fill=GROUND)
    made = styled(photo, "dark")
    assert close(pixel(made, 128, 128), GROUND, 30)


def test_a_subject_stands_on_a_shadow() -> None:
    made = styled(a_product(), "white")
    below = pixel(made, 128, 228)
    assert sum(below) < sum(pixel(made, 10, 228)) - 100


def test_a_busy_photo_is_hung_up_whole() -> None:
    made = styled(busy(), "a lamp on white", strength=1, size=(200, 200))
    for x, y in ((24, 50), (175, 50), (24, 149), (175, 149)):
        block = made.crop((x - 2, y - 2, x + 3, y + 3))
        assert max(ImageStat.Stat(block).stddev) > 20, "the photo's corners are there"
    assert all(min(pixel(made, x, y)) > 220 for x in (2, 197) for y in (2, 30)), "a wall around it"


def test_a_photo_of_one_colour_is_hung_up_and_not_cut_away() -> None:
    assert share_of(styled(Image.new("RGB", (60, 60), BLUE), "white"), BLUE) > 0.5


def test_transparency_is_the_cut() -> None:
    photo = Image.new("RGBA", (90, 90), (*GREEN, 0))
    photo.paste((*BLUE, 255), (30, 30, 60, 60))
    photo.paste((*RED, 128), (30, 45, 60, 60))
    made = styled(photo, "white")
    assert share_of(made, GREEN) == 0, "what is clear is not shown"
    assert close(pixel(made, 128, 80), BLUE, 40)
    red, green, _ = pixel(made, 128, 180)
    assert red > 200, "half of a red pane"
    assert 80 < green < 180, "half of what is behind it"


def test_words_steer_the_backdrop() -> None:
    def corner(prompt: str) -> Rgb:
        return pixel(styled(a_product(), prompt), 3, 3)

    assert min(corner("a lamp on a clean white table")) > 245
    assert max(corner("a moody lamp")) < 70
    red, _, blue = corner("a lamp in a red room")
    assert red > blue + 10
    red, _, blue = corner("a lamp in a blue room")
    assert blue > red + 10


def test_an_image_says_in_its_corner_what_it_is() -> None:
    made = styled(a_product(), "white", size=(400, 400))
    corner = made.crop((8, 375, 150, 396))
    assert ImageStat.Stat(corner.convert("L")).stddev[0] > 8
    right = made.crop((250, 375, 392, 396))
    assert ImageStat.Stat(right.convert("L")).stddev[0] < 4


def test_a_photo_is_turned_upright_and_its_metadata_stays_behind() -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    exif[ExifTags.Base.ImageDescription] = "Secret street 1"
    photo = file_of(quadrants(160, 160), "JPEG", exif=exif, quality=95)
    turned = {"top left": BLUE, "top right": RED, "bottom left": WHITE, "bottom right": GREEN}

    data = restyle(photo, "a lamp", seed=1, strength=0, width=160, height=160)

    assert CORNERS.keys() == turned.keys()
    for corner, colour in corner_colours(reopen(data)).items():
        assert close(colour, turned[corner]), corner
    assert b"Secret" in photo
    assert b"Secret" not in data
    assert reopen(data).info == {}


@pytest.mark.parametrize(
    ("photo", "code"),
    [
        (b"", "image-type-unsupported"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image-type-unsupported"),
        (png_with_size(30_000, 30_000), "image-too-large"),
        (file_of(quadrants(64, 64), "PNG")[:-30], "image-truncated"),
        (file_of(quadrants(64, 64), "JPEG")[:300], "image-truncated"),
    ],
)
def test_a_hostile_file_is_refused(photo: bytes, code: str) -> None:
    with pytest.raises(ImageRejectedError) as caught:
        restyle(photo, "a lamp", seed=1, strength=0.5, width=64, height=64)
    assert caught.value.code == code


@pytest.mark.parametrize(
    "wrong",
    [
        {"width": 15},
        {"width": 4097},
        {"height": 15},
        {"height": 4097},
        {"strength": -0.01},
        {"strength": 1.01},
        {"strength": math.nan},
    ],
)
def test_a_number_out_of_range_is_refused(wrong: dict[str, float]) -> None:
    numbers = {"width": 64, "height": 64, "strength": 0.5, **wrong}
    with pytest.raises(ValueError, match=next(iter(wrong))):
        restyle(
            file_of(a_product(), "PNG"),
            "a lamp",
            seed=1,
            strength=numbers["strength"],
            width=int(numbers["width"]),
            height=int(numbers["height"]),
        )
