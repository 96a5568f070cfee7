"""Which pixels a rendition has: sizes, windows, focus, safe zones, alpha, odd sources."""

from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from studio_imaging.decode import DEFAULT_LIMITS, SourceFacts
from studio_imaging.encode import EncodedImage
from studio_imaging.errors import ImageRejectedError
from studio_imaging.formats import OutputFormat
from studio_imaging.renditions.crop import Focus
from studio_imaging.renditions.make import Made, Set, make
from studio_imaging.renditions.plan import LONGEST_SIDE, Fit, Rendition, size_of
from studio_imaging.safe import Safe
from studio_imaging.xmp import packet
from tests.support.imaging.samples import (
    BLUE,
    CORNERS,
    GREEN,
    RED,
    WHITE,
    close,
    corner_colours,
    file_of,
    pixel,
    png_with_size,
    quadrants,
    reopen,
)
from tests.unit.imaging.test_decode import (
    ORIENTATIONS,
    exif_with,
    profile_with_red_and_green_swapped,
    stored_for,
)

OUTPUTS: tuple[OutputFormat, ...] = get_args(OutputFormat)
FITS: tuple[Fit, ...] = get_args(Fit)
MAGENTA = (250, 10, 240)


def ruler(width: int, height: int) -> bytes:
    """A PNG that says where each pixel is: red grows from left to right, green downwards."""
    across = Image.linear_gradient("L").rotate(90).resize((width, height))
    down = Image.linear_gradient("L").resize((width, height))
    return file_of(Image.merge("RGB", (across, down, Image.new("L", (width, height), 99))), "PNG")


def order(**changes: object) -> Rendition:
    fields = {"name": "one", "format": "png", "quality": 90} | changes
    return Rendition(**fields)  # type: ignore[arg-type]


def one(data: bytes, **changes: object) -> Made:
    return make(data, [order(**changes)]).made[0]


def file_in(made: Made) -> EncodedImage:
    assert made.image is not None, made.problem
    assert made.problem is None
    return made.image


def picture_in(made: Made) -> Image.Image:
    image = file_in(made)
    picture = reopen(image.data)
    assert picture.size == (image.width, image.height)
    return picture


def shown(made: Made) -> tuple[float, float, float, float]:
    """The window that a rendition of a ruler really shows, read off its pixels."""
    picture = picture_in(made)
    width, height = picture.size
    start, end = pixel(picture, 0, 0), pixel(picture, width - 1, height - 1)
    return start[0] / 255, start[1] / 255, end[0] / 255, end[1] / 255


def near(found: tuple[float, ...], wanted: tuple[float, ...], within: float = 0.02) -> bool:
    return all(abs(a - b) <= within for a, b in zip(found, wanted, strict=True))


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
def test_a_whole_picture_is_shown_whole(fit: Fit) -> None:
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
def test_a_tall_picture_moves_up_and_down(y: float, top: float) -> None:
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
def test_a_padded_picture_lies_where_its_focus_says(focus: object, top: int) -> None:
    data = file_of(Image.new("RGB", (200, 100), BLUE), "PNG")

    made = one(data, width=100, height=100, fit="pad", focus=focus, background=RED)

    picture = picture_in(made)
    rows = [y for y in range(100) if close(pixel(picture, 50, y), BLUE)]
    assert (rows[0], rows[-1]) == (top, top + 49)
    assert all(close(pixel(picture, 50, y), RED) for y in range(100) if y not in rows)


@pytest.mark.parametrize("output", OUTPUTS)
@pytest.mark.parametrize("fit", FITS)
def test_alpha_is_kept_or_laid_on_the_background(output: OutputFormat, fit: Fit) -> None:
    picture = Image.new("RGBA", (64, 64), (*GREEN, 255))
    picture.paste((0, 0, 0, 0), (0, 0, 32, 64))

    made = one(
        file_of(picture, "PNG"), width=48, height=48, fit=fit, format=output, background=MAGENTA
    )

    found = picture_in(made)
    if output == "jpg" or fit == "pad":
        assert found.mode == "RGB"
        assert close(pixel(found, 8, 24), MAGENTA)
    else:
        assert [found.getchannel("A").getpixel((x, 24)) for x in (8, 40)] == [0, 255]
    assert close(pixel(found, 40, 24), GREEN)


@pytest.mark.parametrize("others", [[], [{"name": "two", "format": "png"}]])
def test_one_set_may_have_several_backgrounds(others: list[dict[str, object]]) -> None:
    data = file_of(Image.new("RGBA", (64, 64), (0, 0, 0, 0)), "PNG")
    grounds = (RED, BLUE)

    done = make(
        data,
        [order(format="jpg", width=32, height=32, background=ground) for ground in grounds]
        + [order(**other) for other in others],
    )

    assert [pixel(picture_in(made), 16, 16) for made in done.made[:2]] == pytest.approx(
        [pytest.approx(ground, abs=6) for ground in grounds]
    )
    assert close(pixel(reopen(done.thumbnail.data), 16, 16), RED)


@pytest.mark.parametrize("side", [33, 150, 400])
def test_hidden_colours_do_not_bleed(side: int) -> None:
    """The transparent half is bright red below; so small a copy was averaged before scaling."""
    picture = Image.new("RGBA", (200, 200), (255, 0, 0, 0))
    picture.paste((0, 0, 255, 255), (0, 0, 101, 200))

    small = picture_in(one(file_of(picture, "PNG"), width=side, height=side))

    seam = [small.getpixel((x, side // 2)) for x in range(side)]
    visible = [value for value in seam if isinstance(value, tuple) and value[3] > 20]
    assert any(value[3] < 250 for value in visible)
    assert max(value[0] for value in visible) < 20


@pytest.mark.parametrize("orientation", ORIENTATIONS)
@pytest.mark.parametrize("side", [40, 300])
def test_windows_are_those_of_the_upright_picture(orientation: int, side: int) -> None:
    """The small one is decoded at half its size, which has to be the right half of each side."""
    stored = stored_for(orientation, quadrants(240, 96))
    data = file_of(stored, "JPEG", exif=exif_with(orientation), quality=95)

    done = make(
        data,
        [
            order(width=side, height=side, focus=(0, 0)),
            order(name="right", width=side, height=side, focus=(1, 1)),
            order(name="all", width=side, height=side, fit="contain"),
        ],
    )

    assert done.source == SourceFacts("jpg", 240, 96)
    left, right, whole = (picture_in(made) for made in done.made)
    assert close(pixel(left, side // 4, side // 4), CORNERS["top left"])
    assert close(pixel(left, side // 4, side * 3 // 4), CORNERS["bottom left"])
    assert close(pixel(right, side * 3 // 4, side // 4), CORNERS["top right"])
    assert close(pixel(right, side * 3 // 4, side * 3 // 4), CORNERS["bottom right"])
    found = corner_colours(whole)
    assert all(close(found[corner], CORNERS[corner]) for corner in CORNERS), found


def animated() -> bytes:
    frames = [Image.new("RGB", (40, 30), colour) for colour in (RED, BLUE)]
    return file_of(frames[0], "WEBP", save_all=True, append_images=frames[1:], lossless=True)


def cmyk() -> bytes:
    return file_of(Image.new("RGB", (40, 30), RED).convert("CMYK"), "JPEG", quality=95)


@pytest.mark.parametrize(
    ("data", "colour"),
    [
        (file_of(Image.new("RGB", (40, 30), RED).quantize(4), "PNG"), RED),
        (file_of(Image.new("RGB", (40, 30), RED).quantize(4), "GIF"), RED),
        (cmyk(), RED),
        (file_of(Image.new("I;16", (40, 30), 128 * 256), "PNG"), (128, 128, 128)),
        (file_of(Image.new("L", (40, 30), 70), "JPEG"), (70, 70, 70)),
        (file_of(Image.new("1", (40, 30), 1), "PNG"), (255, 255, 255)),
        (file_of(Image.new("LA", (40, 30), (60, 255)), "PNG"), (60, 60, 60)),
        (animated(), RED),
    ],
    ids=["palette", "gif", "cmyk", "16 bits", "grey", "1 bit", "grey and alpha", "animated"],
)
@pytest.mark.parametrize("output", OUTPUTS)
def test_odd_sources_become_any_file(
    data: bytes, colour: tuple[int, int, int], output: OutputFormat
) -> None:
    made = one(data, width=24, height=24, format=output)

    picture = picture_in(made)
    assert getattr(picture, "n_frames", 1) == 1
    assert close(pixel(picture, 12, 12), colour)


@pytest.mark.parametrize("source", ["JPEG", "PNG"])
def test_a_profile_is_applied_and_gone(source: str) -> None:
    profile = profile_with_red_and_green_swapped()
    data = file_of(Image.new("RGB", (96, 96), RED), source, icc_profile=profile)

    picture = picture_in(one(data, width=24, height=24))

    red, green, _ = pixel(picture, 12, 12)
    assert green > 150 > red
    assert "icc_profile" not in picture.info


@pytest.mark.parametrize("output", OUTPUTS)
def test_a_packet_is_written_and_nothing_else(output: OutputFormat) -> None:
    words = packet("trainedAlgorithmicMedia")

    with_it = file_in(one(file_of(quadrants(40, 30), "PNG"), format=output, xmp=words))

    assert b"trainedAlgorithmicMedia" in with_it.data
    assert reopen(with_it.data).size == (40, 30)


@pytest.mark.parametrize("output", OUTPUTS)
@pytest.mark.parametrize("fit", FITS)
@pytest.mark.parametrize("size", [(1, 30_000), (30_000, 1), (1, 1)])
def test_strips_and_dots_are_made_or_refused(
    size: tuple[int, int], fit: Fit, output: OutputFormat
) -> None:
    data = file_of(Image.new("RGB", size, RED), "PNG")
    boxes = [(320, 200), (None, None), (7, None), (None, 40_000), (40_000, 1)]

    done = make(
        data,
        [
            order(name=str(box), width=box[0], height=box[1], fit=fit, format=output,
                  background=RED)
            for box in boxes
        ],
    )  # fmt: skip

    for made in done.made:
        if made.image is None:
            assert made.problem in {"too-large-for-format", "too-many-pixels"}
        else:
            assert max(made.image.width, made.image.height) <= LONGEST_SIDE[output]
            assert close(pixel(picture_in(made), 0, 0), RED)
    assert max(done.thumbnail.width, done.thumbnail.height) <= 256


@pytest.mark.parametrize("output", OUTPUTS)
def test_the_longest_side_of_a_format_can_be_written_and_read(output: OutputFormat) -> None:
    data = file_of(Image.new("RGB", (4, 4), RED), "PNG")
    longest = LONGEST_SIDE[output]

    done = make(
        data,
        [
            order(format=output, width=longest, height=1),
            order(name="over", format=output, width=longest + 1, height=1),
        ],
    )

    assert picture_in(done.made[0]).size == (longest, 1)
    assert (done.made[1].image, done.made[1].problem) == (None, "too-large-for-format")


def test_no_picture_has_more_pixels_than_a_source_may_have() -> None:
    done = make(
        file_of(quadrants(40, 20), "PNG"),
        [order(width=10_000, height=10_000), order(name="two", width=10_000, height=10)],
    )

    assert [made.problem for made in done.made] == ["too-many-pixels", None]
    assert (done.thumbnail.width, done.thumbnail.height) == (40, 20)


@pytest.mark.slow
def test_all_files_of_a_picture_together_have_their_limit_and_the_first_ones_are_made() -> None:
    sides = [7_000, 7_000, 7_000, 7_000, 2_000, 3_100]
    wanted = [order(name=str(n), width=side, height=side) for n, side in enumerate(sides)]

    done = make(file_of(Image.new("RGB", (8, 8), RED), "PNG"), wanted, threads=2)

    made = [one.problem for one in done.made]
    assert made == [None, None, None, "too-many-pixels", None, "too-many-pixels"]


def test_the_thumbnail_is_of_the_first_rendition() -> None:
    done = make(
        ruler(600, 200),
        [order(width=300, height=300, focus=(0, 0)), order(name="two", width=600, height=200)],
    )

    thumbnail = reopen(done.thumbnail.data)
    assert (thumbnail.format, thumbnail.size) == ("WEBP", (256, 256))
    assert pixel(thumbnail, 255, 128)[0] / 255 == pytest.approx(1 / 3, abs=0.03)


def test_nothing_but_a_thumbnail_can_be_made() -> None:
    done = make(file_of(quadrants(800, 400), "JPEG"), [])

    assert done.made == ()
    assert (done.thumbnail.width, done.thumbnail.height) == (256, 128)
    found = corner_colours(reopen(done.thumbnail.data))
    assert all(close(found[corner], CORNERS[corner]) for corner in CORNERS), found


def test_a_bomb_is_refused() -> None:
    with pytest.raises(ImageRejectedError) as refused:
        make(png_with_size(60_000, 60_000), [order(width=8, height=8)])

    assert refused.value.code == "image-too-large"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"format": "gif"}, "format"),
        ({"fit": "fill"}, "fit"),
        ({"quality": 0}, "quality"),
        ({"quality": 101}, "quality"),
        ({"width": 0}, "width and height"),
        ({"height": -1}, "width and height"),
        ({"max_bytes": 0}, "max_bytes"),
        ({"focus": (0.5, 1.1)}, "focus"),
        ({"focus": (float("nan"), 0.5)}, "focus"),
        ({"background": (0, 0, 256)}, "background"),
    ],
)
def test_an_order_out_of_range_is_refused(changes: dict[str, object], field: str) -> None:
    with pytest.raises(ValueError, match=f"^{field} must"):
        order(**changes)


fractions = st.floats(0, 1)
orders = st.builds(
    Rendition,
    name=st.just("any"),
    format=st.sampled_from(OUTPUTS),
    quality=st.integers(1, 100),
    width=st.none() | st.integers(1, 150),
    height=st.none() | st.integers(1, 150),
    fit=st.sampled_from(FITS),
    focus=st.just("smart") | st.tuples(fractions, fractions),
    safe=st.builds(
        Safe,
        *(st.floats(0, 0.6),) * 4,
        circle=st.booleans(),
    ),
    max_bytes=st.none() | st.integers(1, 6000),
    background=st.just(WHITE),
    full_colour=st.booleans(),
)


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(
    source=st.tuples(st.integers(1, 200), st.integers(1, 200)),
    mode=st.sampled_from(["RGB", "RGBA", "P"]),
    kind=st.sampled_from(["PNG", "JPEG"]),
    wanted=st.lists(orders, max_size=4),
    threads=st.integers(1, 2),
)
def test_whatever_is_asked_for_the_size_is_right_and_no_limit_is_passed(
    source: tuple[int, int], mode: str, kind: str, wanted: list[Rendition], threads: int
) -> None:
    picture = quadrants(*source).convert("RGB" if kind == "JPEG" else mode)
    if picture.mode == "RGBA":
        picture.putpixel((0, 0), (1, 2, 3, 0))

    done: Set = make(file_of(picture, kind), wanted, threads=threads)

    assert [made.rendition for made in done.made] == wanted
    assert 1 <= max(done.thumbnail.width, done.thumbnail.height) <= 256
    for made in done.made:
        left, top, right, bottom = made.window
        assert 0 <= left < right <= 1 + 1e-9
        assert 0 <= top < bottom <= 1 + 1e-9
        assert made.quality <= made.rendition.quality
        if made.image is None:
            assert made.problem == "byte-limit"
            continue
        assert picture_in(made).size == expected(made.rendition, source)
        assert len(made.image.data) <= (made.rendition.max_bytes or 1_000_000)


def expected(wanted: Rendition, source: tuple[int, int]) -> tuple[int, int]:
    """The size from the definition of each fit."""
    if wanted.width and wanted.height and wanted.fit in {"cover", "pad"}:
        return wanted.width, wanted.height
    scales = [
        box / side
        for box, side in zip((wanted.width, wanted.height), source, strict=True)
        if box
    ]  # fmt: skip
    scale = min(scales, default=1.0)
    if wanted.fit == "inside":
        scale = min(scale, 1.0)
    return max(1, round(source[0] * scale)), max(1, round(source[1] * scale))


@given(
    width=st.integers(1, 20_000),
    height=st.integers(1, 20_000),
    box=st.tuples(st.integers(1, 70_000), st.integers(1, 70_000)),
    fit=st.sampled_from(FITS),
)
def test_every_size_fits_its_box_or_is_a_problem(
    width: int, height: int, box: tuple[int, int], fit: Fit
) -> None:
    size = size_of(order(width=box[0], height=box[1], fit=fit), (width, height))

    assert size.shown_width <= size.width <= box[0]
    assert size.shown_height <= size.height <= box[1]
    if fit in {"cover", "pad"}:
        assert (size.width, size.height) == box
    if fit == "contain":
        assert size.width == box[0] or size.height == box[1]
    if fit == "inside":
        assert size.width <= width
        assert size.height <= height
    if size.problem is None:
        assert max(size.width, size.height) <= LONGEST_SIDE["png"]
        assert size.width * size.height <= DEFAULT_LIMITS.max_pixels
