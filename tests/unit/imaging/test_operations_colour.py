"""Changing colours and tones by the words for them."""

import time
from collections.abc import Iterator, Mapping

import pytest
from PIL import Image, ImageChops, ImageStat

from studio_imaging.errors import OperationRefusedError
from studio_imaging.operations.changes import Edit
from studio_imaging.operations.colours import colours_in, named_colours, selected
from studio_imaging.operations.general import edit
from studio_imaging.operations.recolor import search_recolor
from studio_imaging.operations.wording import PHRASES, read_wording
from tests.support.imaging.planted import (
    GROUND,
    INSIDE,
    ODD_PICTURES,
    OUTSIDE,
    SIZE,
    box_mask,
    busy,
    opened,
    png_of,
    same_outside,
    thing,
)
from tests.support.imaging.samples import BLUE, GREEN, RED, Rgb, close, pixel, quadrants

LEFT_HALF = (0, 0, 80, 120)


def recoloured(picture: Image.Image, prompt: str, search: str, **more: object) -> Image.Image:
    return opened(search_recolor(png_of(picture), prompt, search, **more))  # type: ignore[arg-type]


@pytest.mark.parametrize("name", list(named_colours()))
def test_each_colour_is_found_where_it_is_planted(name: str) -> None:
    colour = named_colours()[name]
    spot = Image.new("RGB", (1, 1), colour.rgb)
    assert selected(spot, colour).tobytes()[0] > 200


@pytest.mark.parametrize(
    ("name", "rgb"),
    [
        ("red", BLUE), ("red", GREEN), ("blue", RED), ("green", BLUE), ("red", (128, 128, 128)),
        ("red", (255, 255, 255)), ("white", RED), ("white", (20, 20, 20)), ("black", GROUND),
        ("orange", (110, 66, 34)), ("brown", (245, 130, 20)),
    ],
)  # fmt: skip
def test_no_colour_is_taken_for_another(name: str, rgb: Rgb) -> None:
    spot = Image.new("RGB", (1, 1), rgb)
    assert selected(spot, named_colours()[name]).tobytes()[0] < 60


def test_colours_are_read_as_whole_words_in_their_order() -> None:
    assert [one.name for one in colours_in("Blue, then a bored RED-ish tanned gold!")] == [
        "blue", "red", "gold",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("prompt", "wanted"),
    [("blue", (36, 84, 204)), ("make it green", (44, 150, 62)), ("black", (28, 28, 30)),
     ("a white one", (246, 246, 246)), ("from red to yellow", (248, 212, 40))],
)  # fmt: skip
def test_what_has_the_colour_gets_the_other_and_nothing_else_does(prompt: str, wanted: Rgb) -> None:
    picture = thing()
    made = recoloured(picture, prompt, "the red ball")
    assert (made.format, made.size) == ("PNG", SIZE)
    assert close(pixel(made, *INSIDE), wanted, 6)
    assert same_outside(made, picture, box_mask(SIZE, (48, 28, 113, 93)))


def test_light_and_shade_stay() -> None:
    picture = quadrants(80, 80)
    picture.paste((150, 20, 20), (0, 0, 20, 40))
    made = recoloured(picture, "blue", "red")
    dark, light = pixel(made, 8, 20), pixel(made, 32, 20)
    assert dark[2] < light[2]
    assert all(colour[2] > colour[0] + 60 for colour in (dark, light))
    assert pixel(made, 60, 20) == GREEN


def test_a_mask_bounds_where_is_looked() -> None:
    picture, mask = thing(), box_mask(SIZE, LEFT_HALF)
    made = recoloured(picture, "blue", "red", mask=png_of(mask))
    assert same_outside(made, picture, mask)
    assert close(pixel(made, 70, 60), (36, 84, 204), 6)
    assert pixel(made, 90, 60) == RED


def test_a_mask_is_found_where_the_search_names_no_colour() -> None:
    made = recoloured(busy(*SIZE), "green", "the curtain", mask=png_of(box_mask(SIZE, LEFT_HALF)))
    red, green, blue = ImageStat.Stat(made.crop(LEFT_HALF)).mean
    assert green > red
    assert green > blue
    right = (80, 0, 160, 120)
    assert made.crop(right).tobytes() == busy(*SIZE).crop(right).tobytes()


@pytest.mark.parametrize(
    ("search", "changed", "kept"),
    [("the background", OUTSIDE, INSIDE), ("the product", INSIDE, OUTSIDE)],
)
def test_subject_and_background_of_a_plain_image_are_found(
    search: str, changed: tuple[int, int], kept: tuple[int, int]
) -> None:
    picture = thing()
    made = recoloured(picture, "blue", search)
    red, _, blue = pixel(made, *changed)
    assert blue > red + 60
    assert pixel(made, *kept) == pixel(picture, *kept)


def test_growing_takes_in_what_is_beside() -> None:
    made = recoloured(thing(), "blue", "red", grow=10)
    assert pixel(made, 80, 25) != GROUND
    assert pixel(made, 80, 15) == GROUND


@pytest.mark.parametrize(
    ("prompt", "search", "code"),
    [
        ("nicer", "red", "colour-unknown"),
        ("blue", "the car", "colour-unknown"),
        ("blue", "green", "nothing-found"),
    ],
)
def test_what_cannot_be_found_or_made_is_refused(prompt: str, search: str, code: str) -> None:
    with pytest.raises(OperationRefusedError, match=f"^{code}: ") as caught:
        recoloured(thing(), prompt, search)
    assert caught.value.code == code
    if code == "colour-unknown":
        assert "turquoise" in str(caught.value)


def test_a_busy_image_has_no_background_to_find() -> None:
    with pytest.raises(OperationRefusedError, match="backdrop-not-plain"):
        recoloured(busy(), "blue", "background")


def edited(picture: Image.Image, words: str, mask: Image.Image | None = None) -> Image.Image:
    return opened(edit(png_of(picture), words, mask=None if mask is None else png_of(mask)))


def brightness(picture: Image.Image) -> float:
    return ImageStat.Stat(picture.convert("L")).mean[0]


def colourfulness(picture: Image.Image) -> float:
    return ImageStat.Stat(picture.convert("HSV")).mean[1]


def spread(picture: Image.Image) -> float:
    return ImageStat.Stat(picture.convert("L")).stddev[0]


def warmth(picture: Image.Image) -> float:
    red, _, blue = ImageStat.Stat(picture).mean
    return red - blue


MUTED = Image.blend(quadrants(80, 80), Image.new("RGB", (80, 80), (120, 120, 120)), 0.4)


@pytest.mark.parametrize(
    ("more", "less", "measure"),
    [
        ("brighter", "darker", brightness),
        ("Make it a bit lighter, please!", "dimmer", brightness),
        ("much brighter", "brighter", brightness),
        ("brighter", "slightly brighter", brightness),
        ("more contrast", "less contrast", spread),
        ("warmer", "cooler", warmth),
        ("vivid colours", "muted colours", colourfulness),
        ("saturate", "black and white", colourfulness),
        ("sharper", "blurry", spread),
    ],
)
def test_words_move_what_they_name(more: str, less: str, measure: object) -> None:
    assert callable(measure)
    high, low = measure(edited(MUTED, more)), measure(edited(MUTED, less))
    assert high > low
    assert measure(edited(MUTED, less)) != measure(MUTED)


def test_grey_and_sepia_and_negative_are_what_they_say() -> None:
    assert colourfulness(edited(MUTED, "greyscale")) == 0
    red, green, blue = ImageStat.Stat(edited(MUTED, "sepia")).mean
    assert red > green > blue
    assert pixel(edited(quadrants(8, 8), "invert the colours"), 1, 1) == (35, 225, 225)


@pytest.mark.parametrize(
    ("words", "method"),
    [
        ("mirror the picture", Image.Transpose.FLIP_LEFT_RIGHT),
        ("flip it", Image.Transpose.FLIP_LEFT_RIGHT),
        ("flip vertically", Image.Transpose.FLIP_TOP_BOTTOM),
        ("turn it upside down", Image.Transpose.ROTATE_180),
        ("flip upside down", Image.Transpose.ROTATE_180),
        ("rotate right", Image.Transpose.ROTATE_270),
        ("rotate by 90 degrees", Image.Transpose.ROTATE_270),
        ("rotate left", Image.Transpose.ROTATE_90),
    ],
)
def test_turns_move_each_pixel_and_change_none(words: str, method: Image.Transpose) -> None:
    picture = busy(50, 50)
    assert edited(picture, words).tobytes() == picture.transpose(method).tobytes()


def test_a_quarter_turn_keeps_the_size_or_is_refused() -> None:
    with pytest.raises(OperationRefusedError, match="size-would-change"):
        edited(busy(50, 40), "rotate left")


def test_several_changes_are_made_in_their_order() -> None:
    assert (
        edited(MUTED, "warmer and more contrast").tobytes()
        == edited(edited(MUTED, "warmer"), "more contrast").tobytes()
    )


@pytest.mark.parametrize(
    ("words", "same"),
    [
        ("posterize " * 400, "posterize"),
        ("a bit warmer, much warmer, warmer", "much warmer"),
        ("brighter brighter darker", "brighter darker"),
        ("mirror " * 301, "mirror"),
        ("upside down " * 401 + "blur", "upside down and blur"),
        ("rotate left " * 402, "upside down"),
    ],
)
def test_a_change_that_is_named_again_is_made_once(words: str, same: str) -> None:
    picture = png_of(quadrants(64, 64))
    assert edit(picture, words) == edit(picture, same)


def test_two_flips_cancel_each_other() -> None:
    picture = quadrants(64, 64)
    assert edited(picture, "mirror mirror").tobytes() == picture.tobytes()


def test_an_edit_makes_a_bounded_number_of_changes() -> None:
    picture = png_of(quadrants(64, 64))
    assert edit(picture, "brighter darker " * 6)
    with pytest.raises(OperationRefusedError) as refused:
        edit(picture, "brighter darker " * 6 + "blur")
    assert refused.value.code == "changes-too-many"
    assert "13 changes" in str(refused.value)


class Counted(Mapping[str, Edit | float]):
    """The phrases, and how often one was looked for."""

    looked = 0

    def __getitem__(self, text: str) -> Edit | float:
        self.looked += 1
        return PHRASES[text]

    def __iter__(self) -> Iterator[str]:
        return iter(PHRASES)

    def __len__(self) -> int:
        return len(PHRASES)


@pytest.mark.parametrize(
    "words", ["a ", "warm ", "a b ", "rotate ", "rotate right by 90 degrees x ", "x", "more less "]
)
def test_a_long_prompt_is_read_word_by_word(words: str) -> None:
    prompt = (words * 32_000)[:32_000]
    phrases = Counted()
    read_wording(prompt, phrases)
    assert phrases.looked <= 6 * len(prompt.split())


def test_an_unknown_word_is_repeated_in_a_short_message() -> None:
    words = " ".join(f"word{number}" for number in range(4000)) + "x" * 1000
    with pytest.raises(OperationRefusedError) as refused:
        edit(png_of(quadrants(64, 64)), words)
    assert "does not know word0, word1," in str(refused.value)
    assert len(str(refused.value)) < 1000


def test_a_colour_that_is_searched_for_again_takes_no_more_time() -> None:
    picture = quadrants(160, 120)

    def seconds(search: str) -> float:
        began = time.process_time()
        recoloured(picture, "blue", search)
        return time.process_time() - began

    once = seconds("red green")
    assert seconds("red green " * 2000) < 20 * once + 0.2
    assert (
        recoloured(picture, "blue", "red green red").tobytes()
        == recoloured(picture, "blue", "red green").tobytes()
    )


def test_a_mask_bounds_the_edit() -> None:
    picture, mask = busy(*SIZE), box_mask(SIZE, LEFT_HALF)
    made = edited(picture, "black and white", mask)
    assert same_outside(made, picture, mask)
    assert colourfulness(made.crop(LEFT_HALF)) == 0


@pytest.mark.parametrize(
    ("words", "unknown"),
    [("add a cat", "cat"), ("brighter and with a hat", "hat"), ("not brighter", "not"),
     ("please", "finds no change"), ("!", "finds no change")],
)  # fmt: skip
def test_words_that_it_does_not_know_are_named_with_those_it_does(words: str, unknown: str) -> None:
    with pytest.raises(OperationRefusedError, match=f"words-unknown: .*{unknown}") as caught:
        edited(MUTED, words)
    assert all(known in str(caught.value) for known in ("brighter", "sepia", "rotate left"))


@pytest.mark.parametrize("source", ODD_PICTURES)
@pytest.mark.parametrize(
    "words", ["brighter", "vintage", "blur", "sharpen", "posterize", "auto levels", "less noise"]
)
def test_any_image_can_be_edited_and_keeps_its_size(source: str, words: str) -> None:
    picture = ODD_PICTURES[source]
    made = edited(picture, words)
    assert made.size == picture.size
    if picture.mode == "RGBA":
        assert (
            ImageChops.difference(made.getchannel("A"), picture.getchannel("A")).getbbox() is None
        )
