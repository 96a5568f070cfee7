"""The contact sheet: reading order, whole pictures and captions."""

import pytest
from PIL import Image

from studio_imaging.contact_sheet import Tile, compose
from studio_imaging.decode import DEFAULT_LIMITS
from studio_imaging.errors import ImageRejectedError
from tests.support.imaging.samples import BLUE, GREEN, RED, Rgb, close, file_of, pixel, reopen

COLOURS: list[Rgb] = [RED, GREEN, BLUE, (200, 160, 20), (20, 160, 170), (150, 40, 150)]


def tile(colour: Rgb, size: tuple[int, int] = (90, 60), caption: str = "caption") -> Tile:
    return Tile(file_of(Image.new("RGB", size, colour), "PNG"), caption, "second line")


def box_of(sheet: Image.Image, colour: Rgb) -> tuple[int, int, int, int]:
    """Where a tile's flat colour lies on the sheet."""
    bands = sheet.convert("RGB").split()
    found = Image.new("L", sheet.size, 255)
    for band, level in zip(bands, colour, strict=True):
        near = band.point([255 if abs(value - level) <= 3 else 0 for value in range(256)])
        found.paste(0, (0, 0), near.point([255 - value for value in range(256)]))
    box = found.getbbox()
    assert box is not None, colour
    return box


@pytest.mark.parametrize(("columns", "rows"), [(1, 6), (2, 3), (3, 2), (6, 1)])
def test_tiles_stand_in_reading_order(columns: int, rows: int) -> None:
    sheet = reopen(compose([tile(colour) for colour in COLOURS], columns=columns).data)

    boxes = [box_of(sheet, colour) for colour in COLOURS]
    assert boxes == sorted(boxes, key=lambda box: (box[1], box[0]))
    assert len({box[0] for box in boxes}) == columns
    assert len({box[1] for box in boxes}) == rows


@pytest.mark.parametrize(
    ("count", "columns"), [(1, 1), (2, 2), (3, 3), (4, 2), (5, 3), (9, 3), (10, 4), (50, 6)]
)
def test_the_number_of_columns_follows_the_number_of_tiles(count: int, columns: int) -> None:
    automatic = compose([tile(RED, (9, 6))] * count)

    assert automatic == compose([tile(RED, (9, 6))] * count, columns=columns)


@pytest.mark.parametrize("size", [(90, 60), (60, 60), (60, 240), (400, 100), (1200, 900)])
def test_an_image_is_shown_whole_and_in_its_own_shape(size: tuple[int, int]) -> None:
    sheet = reopen(compose([tile(RED, size)]).data)

    left, top, right, bottom = box_of(sheet, RED)
    assert right - left == 460 or bottom - top == 575
    assert abs((right - left) / (bottom - top) / (size[0] / size[1]) - 1) < 0.02


def test_a_file_of_ours_may_be_heavier_than_a_strangers() -> None:
    data = file_of(Image.new("RGB", (4800, 4800), RED), "PNG", compress_level=0)
    assert len(data) > DEFAULT_LIMITS.max_bytes

    assert box_of(reopen(compose([Tile(data, "heavy")]).data), RED)


def test_a_row_is_only_as_high_as_its_own_images() -> None:
    wide, tall = (400, 100), (100, 400)
    sheet = reopen(compose([tile(RED, wide), tile(GREEN, wide), tile(BLUE, tall)], columns=2).data)

    gap = box_of(sheet, BLUE)[1] - box_of(sheet, RED)[3]
    assert gap < 140


def test_captions_are_printed_under_their_image() -> None:
    plain = reopen(compose([tile(RED, caption="")]).data)
    sheet = reopen(compose([tile(RED, caption="a caption")]).data)

    left, _, right, bottom = box_of(sheet, RED)
    below = (left, bottom, right, bottom + 50)
    assert sheet.crop(below).tobytes() != plain.crop(below).tobytes()
    assert darkest(sheet.crop(below)) < 80
    assert darkest(plain.crop((left, bottom, right, bottom + 44))) > 200


def darkest(picture: Image.Image) -> int:
    return next(level for level, count in enumerate(picture.convert("L").histogram()) if count)


def test_a_long_caption_stays_under_its_own_image() -> None:
    sheet = reopen(
        compose([tile(RED, caption="word " * 60), tile(GREEN, caption="")], columns=2).data
    )

    left, _, right, bottom = box_of(sheet, RED)
    next_left = box_of(sheet, GREEN)[0]
    assert darkest(sheet.crop((left, bottom, right, bottom + 44))) < 80
    assert darkest(sheet.crop((right, bottom, next_left, bottom + 44))) > 200


def test_the_title_is_printed_at_the_head() -> None:
    first = reopen(compose([tile(RED)], title="One").data)
    second = reopen(compose([tile(RED)], title="Two").data)

    top = box_of(first, RED)[1]
    assert first.crop((0, 0, first.width, top)).tobytes() != (
        second.crop((0, 0, second.width, top)).tobytes()
    )
    assert first.crop((0, top, first.width, first.height)).tobytes() == (
        second.crop((0, top, second.width, second.height)).tobytes()
    )


def test_transparency_is_shown_on_white() -> None:
    picture = Image.new("RGBA", (60, 60), (0, 0, 0, 0))
    picture.paste((*RED, 255), (0, 0, 30, 60))
    sheet = reopen(compose([Tile(file_of(picture, "PNG"), "")]).data)

    _, top, right, bottom = box_of(sheet, RED)
    assert close(pixel(sheet, right + 100, (top + bottom) // 2), (255, 255, 255), tolerance=0)


def test_the_same_tiles_give_the_same_bytes() -> None:
    tiles = [tile(RED), tile(GREEN)]

    assert compose(tiles) == compose(tiles)


def test_a_tile_that_is_no_image_is_refused() -> None:
    with pytest.raises(ImageRejectedError) as caught:
        compose([tile(RED), Tile(b"<html>", "broken")])

    assert caught.value.code == "image-type-unsupported"


def test_an_empty_sheet_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one tile"):
        compose([])


def test_less_than_one_column_is_refused() -> None:
    with pytest.raises(ValueError, match="1 or more"):
        compose([tile(RED)], columns=0)
