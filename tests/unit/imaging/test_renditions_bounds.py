"""Limits of renditions: sides, pixels, bytes and wrong orders, and the size of any order."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from studio_imaging.decode import DEFAULT_LIMITS
from studio_imaging.errors import ImageRejectedError
from studio_imaging.formats import OutputFormat
from studio_imaging.register import UPLOAD_LIMITS
from studio_imaging.renditions.make import Set, make
from studio_imaging.renditions.plan import LONGEST_SIDE, MOST_IN_FILE, Fit, Rendition, size_of
from studio_imaging.safe import Safe
from tests.support.imaging.renditions import (
    FITS,
    OUTPUTS,
    order,
    picture_in,
    ruler,
)
from tests.support.imaging.samples import (
    CORNERS,
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


@pytest.mark.parametrize(
    ("output", "problem"),
    [("jpg", None), ("webp", None), ("png", None), ("avif", "too-many-pixels")],
)
def test_a_source_of_sixty_megapixels_can_be_kept_at_its_size(
    output: OutputFormat, problem: str | None
) -> None:
    assert size_of(order(format=output), (9_504, 6_336)).problem == problem
    assert size_of(order(format=output, width=1_024), (9_504, 6_336)).problem is None


def test_the_default_limit_takes_a_source_of_sixty_megapixels() -> None:
    assert DEFAULT_LIMITS.max_pixels == UPLOAD_LIMITS.max_pixels == 64_000_000


def test_no_image_has_more_pixels_than_a_source_may_have() -> None:
    done = make(
        file_of(quadrants(40, 20), "PNG"),
        [order(width=10_000, height=10_000), order(name="two", width=10_000, height=10)],
    )

    assert [made.problem for made in done.made] == ["too-many-pixels", None]
    assert (done.thumbnail.width, done.thumbnail.height) == (40, 20)


@pytest.mark.slow
def test_all_files_of_an_image_together_have_their_limit_and_the_first_ones_are_made() -> None:
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
        assert size.width * size.height <= MOST_IN_FILE["png"]
