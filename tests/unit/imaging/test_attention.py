import math
from collections.abc import Callable
from random import Random

import pytest
from PIL import Image, ImageDraw, ImageFilter

from studio_imaging.attention import UNSURE_BELOW, Attention, FocalPoint
from studio_imaging.safe import Safe
from tests.support.imaging.photographs import photograph

# Every width and height among the 63 formats of the seven platforms.
FORMATS = [
    (150, 150), (165, 165), (200, 200), (320, 320), (400, 400), (700, 800), (720, 1280),
    (800, 450), (800, 800), (851, 315), (1000, 1000), (1000, 1500), (1000, 2100), (1080, 566),
    (1080, 1080), (1080, 1350), (1080, 1440), (1080, 1920), (1128, 191), (1200, 627),
    (1200, 628), (1200, 630), (1200, 1200), (1280, 720), (1280, 1280), (1440, 1440),
    (1440, 2560), (1500, 500), (1584, 396), (1600, 900), (1640, 856), (1920, 1005),
    (1920, 1080), (2560, 1440),
]  # fmt: skip
# What the platforms cover of them, where they cover anything.
ZONES = [
    (720, 1280, Safe(top=0.13, bottom=0.25, left=0.056, right=0.16)),
    (800, 450, Safe(0.05, 0.05, 0.05, 0.05)),
    (851, 315, Safe(top=0.08, bottom=0.08, left=0.125, right=0.125)),
    (1000, 2100, Safe(bottom=0.28)),
    (1080, 1350, Safe(left=0.0313, right=0.0313)),
    (1080, 1920, Safe(top=0.14, bottom=0.35, left=0.06, right=0.06)),
    (1080, 1920, Safe(top=0.14, bottom=0.23, left=0.06, right=0.18)),
    (1128, 191, Safe(left=0.2)),
    (1280, 720, Safe(bottom=0.12, right=0.12)),
    (1500, 500, Safe(top=0.12, bottom=0.12, left=0.1, right=0.1)),
    (1584, 396, Safe(bottom=0.33)),
    (1640, 856, Safe(top=0.12, bottom=0.12, left=0.08, right=0.08)),
    (2560, 1440, Safe(top=0.353, bottom=0.353, left=0.198, right=0.198)),
    # No platform's, but the ones that a window must be moved for.
    (800, 800, Safe(left=0.6, bottom=0.6)),
    (600, 1500, Safe(left=0.7)),
    (1500, 600, Safe(top=0.7)),
]
PICTURES = [(1024, 1024), (1344, 768), (768, 1344)]
Draw = Callable[[Image.Image, tuple[int, int, int, int]], None]


def covering(picture: tuple[int, int], box: tuple[int, int]) -> tuple[float, float]:
    """Width and height, as fractions of the picture, of the crop that has the box's shape."""
    own, ratio = picture[0] / picture[1], box[0] / box[1]
    return min(1.0, ratio / own), min(1.0, own / ratio)


def clouds(size: tuple[int, int], seed: int) -> Image.Image:
    """A soft ground in which nothing stands out much."""
    noise = Random(seed).randbytes(8 * 8 * 3)  # noqa: S311 - a picture, not a secret
    small = Image.frombytes("RGB", (8, 8), noise).point(
        [64 + level // 4 for level in range(256)] * 3
    )
    return small.resize(size, Image.Resampling.BICUBIC)


def ball(picture: Image.Image, box: tuple[int, int, int, int]) -> None:
    ImageDraw.Draw(picture).ellipse(box, fill=(235, 70, 40), outline=(40, 10, 10), width=4)


def head(picture: Image.Image, box: tuple[int, int, int, int]) -> None:
    """The astronaut of scikit-image, cut out softly."""
    found = photograph("scikit_image", "skimage/data/astronaut.png").crop((160, 10, 290, 180))
    found = found.resize((box[2] - box[0], box[3] - box[1]))
    mask = Image.new("L", found.size, 0)
    ImageDraw.Draw(mask).ellipse((3, 3, found.width - 4, found.height - 4), fill=255)
    picture.paste(found, box[:2], mask.filter(ImageFilter.GaussianBlur(2)))


@pytest.mark.parametrize("thing", [ball, pytest.param(head, marks=pytest.mark.photos)])
@pytest.mark.parametrize("size", PICTURES)
def test_what_is_planted_stays_whole_in_every_format(thing: Draw, size: tuple[int, int]) -> None:
    side = 100
    across, down = size[0] - side, size[1] - side
    for seed, (x, y) in enumerate([(0.1, 0.15), (0.5, 0.5), (0.85, 0.3), (0.3, 0.9), (0.95, 0.95)]):
        left, top = round(x * across), round(y * down)
        picture = clouds(size, seed)
        thing(picture, (left, top, left + side, top + side))
        attention = Attention(picture)
        for box in FORMATS:
            width, height = covering(size, box)
            at_x, at_y = attention.place(width, height)
            kept = (
                min(at_x + width, (left + side) / size[0]) - max(at_x, left / size[0]),
                min(at_y + height, (top + side) / size[1]) - max(at_y, top / size[1]),
            )
            # The rim of the softly cut head is its ground already.
            assert kept[0] * size[0] >= 0.95 * side, (seed, box)
            assert kept[1] * size[1] >= 0.95 * side, (seed, box)


@pytest.mark.parametrize(("wide", "high", "safe"), ZONES)
@pytest.mark.parametrize("size", PICTURES)
def test_the_focal_point_is_in_the_safe_part_where_a_window_can_have_it_there(
    size: tuple[int, int], wide: int, high: int, safe: Safe
) -> None:
    picture = clouds(size, 3)
    x, y = round(0.6 * size[0]), round(0.35 * size[1])
    ball(picture, (x, y, x + 150, y + 150))
    attention = Attention(picture)
    focal = attention.focal_point
    width, height = covering(size, (wide, high))

    left, top = attention.place(width, height, safe)

    for at, start, length, before, after in (
        (focal.x, left, width, safe.left, safe.right),
        (focal.y, top, height, safe.top, safe.bottom),
    ):
        assert 0 <= start <= 1 - length + 1e-9
        room = 1 - length
        nearest = (
            min(max(at - length * (1 - after), 0), room),
            min(max(at - length * before, 0), room),
        )
        assert nearest[0] - 1e-9 <= start <= nearest[1] + 1e-9


def off_middle(
    picture: tuple[int, int],
    place: tuple[float, float],
    length: tuple[float, float],
    at: FocalPoint,
) -> float:
    """How many pixels a point is from the middle of a window."""
    return math.hypot(
        (at.x - place[0] - length[0] / 2) * picture[0],
        (at.y - place[1] - length[1] / 2) * picture[1],
    )


@pytest.mark.parametrize("at", [(0.08, 0.5), (0.5, 0.93), (0.3, 0.4), (0.9, 0.1)])
def test_an_avatar_shows_the_focal_point_within_its_circle(at: tuple[float, float]) -> None:
    size, window = (1200, 900), (0.375, 0.5)
    picture = clouds(size, 5)
    x, y = round(at[0] * size[0]), round(at[1] * size[1])
    ball(picture, (x - 50, y - 50, x + 50, y + 50))
    attention = Attention(picture)
    focal = attention.focal_point

    found = attention.place(*window, Safe(circle=True))

    # A point so near an edge that no circle reaches it is as near as can be.
    nearest = (
        min(max(focal.x - window[0] / 2, 0), 1 - window[0]),
        min(max(focal.y - window[1] / 2, 0), 1 - window[1]),
    )
    reach = max(225, off_middle(size, nearest, window, focal)) + 0.1
    assert off_middle(size, found, window, focal) <= reach


def test_an_avatar_cuts_another_thing_before_it_hides_the_point_in_a_corner() -> None:
    size, window = (1200, 900), (0.6, 0.8)
    picture = clouds(size, 5)
    ball(picture, (170, 120, 230, 180))
    ImageDraw.Draw(picture).ellipse((700, 600, 830, 730), fill=(190, 110, 90))
    attention = Attention(picture)
    focal = attention.focal_point

    assert off_middle(size, attention.place(*window), window, focal) > 360
    found = attention.place(*window, Safe(circle=True))
    assert off_middle(size, found, window, focal) <= 360.1


def test_the_zone_moves_the_window_and_not_only_the_claim() -> None:
    size = (1200, 900)
    picture = clouds(size, 5)
    ball(picture, (540, 380, 660, 500))
    attention = Attention(picture)

    free = attention.place(0.4, 1)[0]
    covered = attention.place(0.4, 1, Safe(left=0.6))[0]

    assert free <= 540 / 1200 < 660 / 1200 <= free + 0.4
    assert covered + 0.6 * 0.4 <= 600 / 1200
    assert covered < free


@pytest.mark.photos
def test_a_face_is_named_as_what_was_found_and_beats_a_louder_thing() -> None:
    picture = clouds((900, 600), 1)
    ball(picture, (60, 380, 200, 520))
    head(picture, (640, 60, 800, 260))

    found = Attention(picture).focal_point

    assert found.method == "face"
    assert 640 / 900 < found.x < 800 / 900
    assert 60 / 600 < found.y < 260 / 600
    assert found.score > 0.5


def test_the_point_says_how_it_was_found_without_a_face() -> None:
    picture = clouds((900, 600), 1)
    ball(picture, (160, 380, 300, 520))

    found = Attention(picture).focal_point

    assert found.method == "salience"
    assert 160 / 900 < found.x < 300 / 900
    assert 380 / 600 < found.y < 520 / 600
    assert found.score > 0.5


def test_of_two_far_things_the_point_is_on_one_and_not_between() -> None:
    picture = clouds((900, 600), 1)
    ball(picture, (20, 250, 110, 340))
    ball(picture, (790, 250, 880, 340))

    found = Attention(picture).focal_point

    assert found.x < 0.2 or found.x > 0.8


@pytest.mark.photos
def test_the_same_pixels_give_the_same_answers() -> None:
    picture = photograph("scikit_image", "skimage/data/coffee.png")
    first, second = Attention(picture), Attention(picture.copy())

    assert first.focal_point == second.focal_point
    windows = [covering(picture.size, box) for box in FORMATS]
    assert [first.place(*window) for window in windows] == [
        second.place(*window) for window in windows
    ]


@pytest.mark.parametrize("size", [(300, 200), (1, 1), (1, 30_000), (30_000, 1), (2, 3), (5, 4000)])
@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_where_nothing_stands_out_it_is_the_centre_without_any_certainty(
    size: tuple[int, int], mode: str
) -> None:
    found = Attention(Image.new(mode, size, (40, 90, 160)))

    assert found.focal_point == FocalPoint(0.5, 0.5, 0.0, "centre")
    assert found.place(0.5, 1) == (0.25, 0)
    assert found.place(1, 0.25) == (0, 0.375)


@pytest.mark.parametrize("scale", [1, 4])
def test_pixels_under_full_transparency_draw_no_attention(scale: int) -> None:
    # The smaller picture is looked at as it is, the larger one is shrunk before.
    picture = clouds((160, 120), 2)
    for left in (4, 30, 56):
        ball(picture, (left, 16, left + 22, 38))
    ImageDraw.Draw(picture).ellipse((116, 76, 140, 100), fill=(150, 130, 120))
    alpha = Image.new("L", picture.size, 0)
    alpha.paste(255, (108, 68, 148, 108))
    picture.putalpha(alpha)

    found = Attention(picture.resize((160 * scale, 120 * scale))).focal_point

    assert 108 / 160 < found.x < 148 / 160
    assert 68 / 120 < found.y < 108 / 120


def test_a_plain_subject_is_seen_by_its_outline_alone() -> None:
    picture = Image.new("RGBA", (400, 300), (128, 128, 128, 0))
    picture.paste((128, 128, 128, 255), (260, 40, 380, 160))

    left, _ = Attention(picture).place(0.5, 1)

    assert left <= 260 / 400
    assert left + 0.5 >= 380 / 400


def test_any_image_gets_windows_that_lie_within_it() -> None:
    lot = Random(11)  # noqa: S311 - pictures, not secrets
    for number in range(60):
        size = (lot.choice((1, 2, 7, 96, 161, 700)), lot.choice((1, 3, 50, 97, 160, 401)))
        mode = lot.choice(("RGB", "RGBA", "L", "P"))
        noise = lot.randbytes(size[0] * size[1] * len(Image.new(mode, (1, 1)).getbands()))
        picture = Image.frombytes(mode, size, noise)
        if number % 2:
            picture = picture.filter(ImageFilter.GaussianBlur(4)) if mode != "P" else picture
        attention = Attention(picture)
        width, height = lot.uniform(0.05, 1), lot.uniform(0.05, 1)
        upper, lower, first, last = (lot.uniform(0, 0.6) for _ in range(4))
        safe = Safe(upper, lower, first, last, circle=bool(number % 3))
        left, top = attention.place(width, height, safe)
        focal = attention.focal_point

        assert 0 <= left <= 1 - width
        assert 0 <= top <= 1 - height
        assert 0 <= focal.x <= 1
        assert 0 <= focal.y <= 1
        assert 0 <= focal.score <= 1


def standing(photo: Image.Image) -> Image.Image:
    """A tall picture with a head above and a striped jacket, which is more salient, below."""
    picture = Image.new("RGB", (400, 1000), (96, 98, 104))
    draw = ImageDraw.Draw(picture)
    for x in range(90, 320, 12):
        draw.rectangle((x, 420, x + 5, 760), fill=(240, 200, 30))
    picture.paste(photo.resize((90, 120)), (160, 100))
    return picture


@pytest.mark.photos
def test_a_small_face_above_a_busy_body_is_found_in_colour_and_in_grey() -> None:
    astronaut = photograph("scikit_image", "skimage/data/astronaut.png")
    head = astronaut.crop((150, 10, 300, 210)).convert("RGB")

    for picture in (standing(head), standing(head).convert("L").convert("RGB")):
        attention = Attention(picture)
        _, top = attention.place(1.0, 0.25)

        assert attention.focal_point.method == "face"
        assert top < 0.10
        assert top + 0.25 > 0.22


@pytest.mark.parametrize("seed", range(4))
def test_without_a_face_a_doubtful_tall_image_is_kept_above(seed: int) -> None:
    data = Random(seed).randbytes(40 * 100)  # noqa: S311 - a picture, not a secret
    blots = Image.frombytes("L", (40, 100), data).resize((400, 1000), Image.Resampling.BICUBIC)

    tall = Attention(blots.convert("RGB"))
    wide = Attention(blots.transpose(Image.Transpose.ROTATE_90).convert("RGB"))

    assert max(tall.focal_point.score, wide.focal_point.score) < UNSURE_BELOW
    assert tall.focal_point.y < 0.35
    assert tall.place(1.0, 0.25)[1] < 0.2
    assert wide.focal_point.y > 0.2
