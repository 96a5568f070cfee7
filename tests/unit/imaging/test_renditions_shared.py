"""The work that a set shares, and that the sharing does not change the pixels."""

import sys
import weakref
from collections import Counter
from collections.abc import Callable
from threading import Thread
from types import CodeType, FrameType

import pytest
from PIL import Image, ImageFile
from PIL.JpegImagePlugin import JpegImageFile

from benchmarks.pictures import photo_like
from studio_imaging.encode import encode
from studio_imaging.renditions.crop import Window
from studio_imaging.renditions.make import Set, make
from studio_imaging.renditions.plan import Rendition
from studio_imaging.renditions.scale import Sheet, Source
from tests.support.imaging.reference import luma, psnr, resampled, ssim
from tests.support.imaging.samples import file_of, reopen

PHOTO = photo_like(1024)
# The eight shapes of the essentials, at half their size.
ESSENTIALS = [
    (540, 675), (540, 960), (600, 315), (800, 450), (600, 314), (500, 750), (640, 360), (540, 960),
]  # fmt: skip


def orders(sizes: list[tuple[int, int]], **changes: object) -> list[Rendition]:
    fields = {"format": "jpg", "quality": 85} | changes
    return [
        Rendition(name=str(number), width=width, height=height, **fields)  # type: ignore[arg-type]
        for number, (width, height) in enumerate(sizes)
    ]


def calls(action: Callable[[], object], *functions: Callable[..., object]) -> list[int]:
    """How often an action calls each of these functions, in this thread."""
    codes: list[CodeType] = [function.__code__ for function in functions]
    found: Counter[CodeType] = Counter()

    def watch(frame: FrameType, event: str, _: object) -> None:
        if event == "call":
            found[frame.f_code] += 1

    sys.setprofile(watch)
    try:
        action()
    finally:
        sys.setprofile(None)
    return [found[code] for code in codes]


def test_a_set_is_decoded_once_and_shares_what_it_can() -> None:
    data = file_of(PHOTO, "JPEG", quality=90)
    done: list[Set] = []

    opened, loaded, scaled, written = calls(
        lambda: done.append(make(data, orders(ESSENTIALS))),
        JpegImageFile._open,
        ImageFile.ImageFile.load_prepare,
        Source.scaled,
        encode,
    )

    # Two of the shapes are the same and one lies in another; the thumbnail is encoded too.
    assert (opened, loaded) == (1, 1)
    assert scaled == 6
    assert written == 7 + 1
    assert [made.encodes for made in done[0].made] == [1, 1, 1, 1, 1, 1, 1, 0]
    assert done[0].made[1].image == done[0].made[7].image


def test_what_lies_in_another_is_moved_by_less_than_a_pixel_and_says_so() -> None:
    done = make(file_of(PHOTO, "PNG"), orders([(600, 315), (600, 314), (600, 312)], format="png"))

    whole, *parts = (reopen(made.image.data) for made in done.made if made.image)
    for made, part in zip(done.made[1:], parts, strict=True):
        centre = (made.window[1] + made.window[3]) / 2
        assert centre == pytest.approx(0.5, abs=0.51 / 600)
        top = round((made.window[1] - done.made[0].window[1]) * 600)
        assert part.tobytes() == whole.crop((0, top, 600, top + part.height)).tobytes()


def test_different_orders_for_the_same_pixels_are_different_files() -> None:
    done = make(
        file_of(PHOTO, "PNG"),
        [
            *orders([(300, 300)]),
            *orders([(300, 300)], quality=60),
            *orders([(300, 300)], format="webp"),
            *orders([(300, 300)], full_colour=True),
            *orders([(300, 300)], max_bytes=9_000),
            *orders([(300, 300)], focus=(0.0, 0.5)),
            *orders([(300, 301)], focus=(0.0, 0.5)),
            *orders([(300, 320)], fit="pad", background=(1, 2, 3)),
            *orders([(300, 320)], fit="pad", background=(3, 2, 1)),
        ],
    )

    files = [made.image.sha256 for made in done.made if made.image]
    # Of a square source there is but one square crop, whatever its focus.
    assert files[0] == files[5]
    assert len(set(files)) == len(files) - 1 == 8


def test_two_threads_make_the_same_files() -> None:
    data = file_of(photo_like(400, height=260), "PNG")
    wanted = [
        *orders(ESSENTIALS),
        *orders(ESSENTIALS, format="webp"),
        *orders([(200, 200)], format="avif", max_bytes=3_000),
    ]

    assert make(data, wanted, threads=2) == make(data, wanted, threads=1)


class Watched(Source):
    """Remembers what was scaled, without holding on to it."""

    def __init__(self) -> None:
        super().__init__(PHOTO, PHOTO.size, [0.4])
        self.seen: list[weakref.ref[Image.Image]] = []

    def scaled(self, window: Window, size: tuple[int, int], scale: float) -> Image.Image:
        image = super().scaled(window, size, scale)
        self.seen.append(weakref.ref(image))
        return image


def test_a_sheet_is_scaled_once_and_forgotten_with_its_last_user() -> None:
    source = Watched()
    sheet = Sheet(source, (0, 0, 1, 1), (400, 400), 400 / 1024)
    for _ in range(4):
        sheet.expect()
    taken: list[Image.Image] = []

    threads = [Thread(target=lambda: taken.append(sheet.take(0, 0, (400, 400)))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    (seen,) = source.seen
    assert len({each.tobytes() for each in taken}) == 1
    # What Pillow writes into a picture while it saves it must not reach the others.
    assert len({id(each) for each in [*taken, seen()]}) == 4
    taken.append(sheet.take(10, 20, (30, 40)))
    assert taken[3].tobytes() == taken[0].crop((10, 20, 40, 60)).tobytes()
    assert len(source.seen) == 1
    assert seen() is None


@pytest.mark.slow
@pytest.mark.parametrize(
    ("side", "filter_"), [(700, Image.Resampling.LANCZOS), (1300, Image.Resampling.BICUBIC)]
)
def test_less_than_a_halving_is_left_to_one_filter(side: int, filter_: Image.Resampling) -> None:
    (made,) = make(file_of(PHOTO, "PNG"), orders([(side, side)], format="png")).made

    assert made.image is not None
    assert reopen(made.image.data).tobytes() == PHOTO.resize((side, side), filter_).tobytes()


def test_alpha_is_averaged_in_strips_that_cannot_be_seen() -> None:
    picture = photo_like(300, height=1201)
    picture.putalpha(photo_like(300, seed=2, height=1201).getchannel("G"))

    halved = Source(picture, picture.size, [0.5]).largest

    assert halved.tobytes() == picture.convert("RGBa").reduce(2).tobytes()


@pytest.mark.slow
@pytest.mark.parametrize("source", ["JPEG", "PNG"])
@pytest.mark.parametrize(
    "sizes",
    [
        ESSENTIALS,
        [(512, 512)],
        [(500, 500)],
        [(341, 341), (160, 160), (60, 90)],
        [(1024, 1024), (1500, 1500)],
        [(240, 1800), (90, 90)],
    ],
    ids=["essentials", "half", "less than half", "small", "larger", "mixed"],
)
def test_every_rendition_is_as_good_as_slow_resampling(
    source: str, sizes: list[tuple[int, int]]
) -> None:
    data = file_of(PHOTO, source, **({"quality": 92} if source == "JPEG" else {}))
    full = reopen(data)

    for made in make(data, orders(sizes, format="png", focus=(0.3, 0.6))).made:
        assert made.image is not None
        found = luma(reopen(made.image.data))
        wanted = resampled(full, found.size, made.window)
        assert ssim(found, wanted) >= 0.98, made.rendition
        assert psnr(found, wanted) >= 36, made.rendition


@pytest.mark.parametrize("shift", [0.5, 1.0])
def test_the_measure_would_see_half_a_pixel(shift: float) -> None:
    """Checks the threshold above: the same picture, moved by half a pixel, is below it."""
    moved = 2 * shift / 1024
    wanted = resampled(PHOTO, (512, 512), (0, 0, 1 - moved, 1))
    beside = resampled(PHOTO, (512, 512), (moved, 0, 1, 1))

    assert ssim(wanted, wanted) == pytest.approx(1, abs=1e-6)
    assert ssim(wanted, beside) < 0.98


def test_smart_focus_does_not_change_what_is_not_cropped() -> None:
    data = file_of(PHOTO, "PNG")

    whole = make(data, orders([(300, 300)], fit="contain", focus="smart")).made[0]

    assert whole.window == (0, 0, 1, 1)
