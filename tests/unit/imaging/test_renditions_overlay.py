"""The preview of what is covered."""

import pytest
from PIL import Image

from studio_imaging.renditions.overlay import preview
from studio_imaging.safe import Safe
from tests.support.imaging.samples import GREEN, close, file_of, pixel, reopen

EXPORT = file_of(Image.new("RGB", (200, 400), GREEN), "PNG")


def drawn(safe: Safe) -> Image.Image:
    picture = reopen(preview(EXPORT, safe, "png").data)
    assert picture.size == (200, 400)
    return picture


@pytest.mark.parametrize(
    ("place", "free"),
    [((100, 35), False), ((100, 45), True), ((100, 315), True), ((100, 325), False),
     ((15, 200), False), ((25, 200), True), ((155, 200), True), ((165, 200), False)],
)  # fmt: skip
def test_what_is_covered_is_shaded(place: tuple[int, int], *, free: bool) -> None:
    picture = drawn(Safe(top=0.1, bottom=0.2, left=0.1, right=0.2))

    assert close(pixel(picture, *place), GREEN, 2) is free


def test_what_is_transparent_is_shown_on_white() -> None:
    half = Image.new("RGBA", (200, 400), (0, 0, 0, 0))
    half.paste((0, 0, 255, 128), (0, 200, 200, 400))

    picture = reopen(preview(file_of(half, "PNG"), Safe(left=0.1), "png").data)

    assert pixel(picture, 100, 100) == (255, 255, 255)
    assert close(pixel(picture, 100, 300), (127, 127, 255), 2)


def test_a_line_surrounds_what_is_free() -> None:
    picture = drawn(Safe(top=0.1, bottom=0.2, left=0.1, right=0.2))

    for place in ((100, 40), (100, 319), (20, 200), (159, 200)):
        assert pixel(picture, *place) == (255, 255, 255)


def test_a_circle_masks_the_corners() -> None:
    picture = drawn(Safe(circle=True))

    for place, free in (((100, 200), True), ((100, 105), True), ((100, 95), False),
                        ((5, 105), False), ((195, 295), False), ((5, 200), True)):  # fmt: skip
        assert close(pixel(picture, *place), GREEN, 2) is free, place
    assert pixel(picture, 100, 100) == (255, 255, 255)


def test_all_can_be_covered() -> None:
    picture = drawn(Safe(top=0.6, bottom=0.6))

    colours = picture.getcolors()
    assert colours is not None
    assert len(colours) == 1
    assert not close(pixel(picture, 100, 200), GREEN)


def test_where_nothing_is_covered_the_image_stays_as_it_is() -> None:
    picture = drawn(Safe())

    assert close(pixel(picture, 3, 3), GREEN, 0)
    assert pixel(picture, 0, 0) == (255, 255, 255)


def test_a_preview_is_small_and_another_file() -> None:
    made = preview(EXPORT, Safe(top=0.1))

    assert (made.format, made.width, made.height) == ("webp", 200, 400)
    assert made.data != EXPORT
