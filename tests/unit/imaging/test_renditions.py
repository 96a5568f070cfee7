"""Which pixels a rendition shows: sizes, windows, focus and safe zones."""

import pytest
from PIL import Image, ImageDraw

from studio_imaging.renditions.crop import Focus
from studio_imaging.renditions.plan import Fit
from studio_imaging.safe import Safe
from tests.support.imaging.renditions import (
    near,
    one,
    picture_in,
    ruler,
    shown,
)
from tests.support.imaging.samples import (
    BLUE,
    RED,
    close,
    file_of,
    pixel,
)


@pytest.mark.parametrize(
    ("fit", "box", "size", "enlarged"),
    [
        ("cover", (60, 60), (60, 60), 0.375),
        ("cover", (600, 500), (600, 500), 3.125),
        ("contain", (60, 60), (60, 40), 0.25),
        ("contain", (600, 600), (600, 400), 2.5),
        ("contain", (500, 100), (150, 100), 0.625),
        ("pad", (60, 60), (60, 60), 0.25),
        ("pad", (600, 601), (600, 601), 2.5),
        ("inside", (60, 60), (60, 40), 0.25),
        ("inside", (600, 600), (240, 160), 1),
        ("cover", (None, None), (240, 160), 1),
        ("cover", (60, None), (60, 40), 0.25),
        ("cover", (None, 320), (480, 320), 2),
        ("inside", (None, 320), (240, 160), 1),
        ("pad", (30, None), (30, 20), 0.125),
    ],
)
def test_each_fit_has_its_size(
    fit: Fit, box: tuple[int | None, int | None], size: tuple[int, int], enlarged: float
) -> None:
    made = one(ruler(240, 160), width=box[0], height=box[1], fit=fit)

    assert picture_in(made).size == size
    assert made.enlarged == enlarged


@pytest.mark.parametrize("fit", ["contain", "inside"])
def test_a_whole_image_is_shown_whole(fit: Fit) -> None:
    made = one(ruler(240, 160), width=90, height=90, fit=fit)

    assert made.window == (0.0, 0.0, 1.0, 1.0)
    assert near(shown(made), (0, 0, 1, 1))


@pytest.mark.parametrize(
    ("focus", "window"),
    [
        ((0.5, 0.5), (1 / 3, 0, 2 / 3, 1)),
        ((0.0, 0.5), (0, 0, 1 / 3, 1)),
        ((1.0, 0.5), (2 / 3, 0, 1, 1)),
        ((0.3, 0.9), (0.3 - 1 / 6, 0, 0.3 + 1 / 6, 1)),
    ],
)
@pytest.mark.parametrize("side", [60, 200, 500])
def test_a_crop_has_its_focus_in_the_middle_or_ends_at_the_edge(
    side: int, focus: tuple[float, float], window: tuple[float, ...]
) -> None:
    made = one(ruler(600, 200), width=side, height=side, focus=focus)

    assert near(made.window, window, 0.001)
    assert near(shown(made), window)
    assert made.focus == Focus(*focus, 1.0, "given")
    assert made.focus_in_safe
    assert made.enlarged == side / 200


@pytest.mark.parametrize(("y", "top"), [(0.0, 0.0), (0.2, 0.2 - 1 / 6), (0.5, 1 / 3), (1.0, 2 / 3)])
def test_a_tall_image_moves_up_and_down(y: float, top: float) -> None:
    made = one(ruler(200, 600), width=100, height=100, focus=(0.5, y))

    assert near(shown(made), (0, top, 1, top + 1 / 3))


@pytest.mark.parametrize(
    ("safe", "focus", "left", "kept"),
    [
        # In the middle it is safe already.
        (Safe(left=0.2, right=0.2), (0.5, 0.5), 0.25, True),
        # The middle is covered, so the window moves just as far as the safe part begins.
        (Safe(left=0.6), (0.5, 0.5), 0.2, True),
        (Safe(right=0.6), (0.5, 0.5), 0.3, True),
        # At the edge of the picture no window can do it.
        (Safe(left=0.2), (0.05, 0.5), 0.0, False),
        (Safe(left=0.1), (0.05, 0.5), 0.0, True),
        # Nothing can be moved up or down.
        (Safe(top=0.6), (0.5, 0.5), 0.25, False),
        # All is covered.
        (Safe(left=0.6, right=0.6), (0.5, 0.5), 0.25, False),
    ],
)
def test_a_window_brings_its_focus_where_nothing_covers_it(
    safe: Safe, focus: tuple[float, float], left: float, *, kept: bool
) -> None:
    made = one(ruler(400, 200), width=100, height=100, focus=focus, safe=safe)

    assert near(shown(made), (left, 0, left + 0.5, 1))
    assert made.focus_in_safe is kept


@pytest.mark.parametrize(
    ("focus", "kept"), [((0.5, 0.5), True), ((0.5, 0.02), True), ((0.02, 0.1), False)]
)
def test_a_circle_shows_no_corner(focus: tuple[float, float], *, kept: bool) -> None:
    made = one(ruler(400, 200), width=100, height=100, focus=focus, safe=Safe(circle=True))

    x = (focus[0] - made.window[0]) / 0.5
    assert made.focus_in_safe is kept
    assert ((x - 0.5) ** 2 + (focus[1] - 0.5) ** 2 <= 0.25) is kept


def test_a_smart_crop_keeps_what_stands_out_and_says_how_it_was_found() -> None:
    picture = Image.new("RGB", (600, 200), (90, 120, 90))
    ImageDraw.Draw(picture).ellipse((500, 60, 580, 140), fill=RED)
    data = file_of(picture, "PNG")

    made = one(data, width=100, height=100, focus="smart")

    assert made.window[0] <= 500 / 600
    assert made.window[2] >= 580 / 600
    assert made.focus.method == "salience"
    assert (made.focus.x, made.focus.y) == pytest.approx((0.9, 0.5), abs=0.05)
    assert made.focus_in_safe
    assert close(pixel(picture_in(one(data, width=100, height=100)), 50, 50), (90, 120, 90))


def test_a_smart_crop_of_nothing_is_its_centre() -> None:
    made = one(file_of(Image.new("RGB", (600, 200)), "PNG"), width=100, height=100, focus="smart")

    assert made.focus == Focus(0.5, 0.5, 0.0, "centre")
    assert near(made.window, (1 / 3, 0, 2 / 3, 1), 0.01)


@pytest.mark.parametrize(
    ("focus", "top"), [((0.5, 0.5), 25), ((0.5, 0.0), 0), ((0.5, 1.0), 50), ("smart", 25)]
)
def test_a_padded_image_lies_where_its_focus_says(focus: object, top: int) -> None:
    data = file_of(Image.new("RGB", (200, 100), BLUE), "PNG")

    made = one(data, width=100, height=100, fit="pad", focus=focus, background=RED)

    picture = picture_in(made)
    rows = [y for y in range(100) if close(pixel(picture, 50, y), BLUE)]
    assert (rows[0], rows[-1]) == (top, top + 49)
    assert all(close(pixel(picture, 50, y), RED) for y in range(100) if y not in rows)
