"""Files with a byte limit."""

from typing import get_args

import pytest
from PIL import Image

from benchmarks.pictures import photo_like
from studio_imaging.formats import OutputFormat
from studio_imaging.renditions.bytes_limit import Written, write
from studio_imaging.renditions.plan import Rendition
from studio_imaging.xmp import packet
from tests.support.imaging.samples import reopen

PHOTO = photo_like(256)
LOSSY: tuple[OutputFormat, ...] = ("jpg", "webp", "avif")


def written(picture: Image.Image = PHOTO, **changes: object) -> Written:
    fields = {"name": "one", "format": "jpg", "quality": 95} | changes
    return write(picture, Rendition(**fields))  # type: ignore[arg-type]


def weight(picture: Image.Image = PHOTO, **changes: object) -> int:
    image = written(picture, **changes).image
    assert image is not None
    return len(image.data)


@pytest.mark.parametrize("output", get_args(OutputFormat))
def test_what_fits_is_written_once_as_asked(output: OutputFormat) -> None:
    free = written(format=output, quality=80)
    assert free.image is not None
    limit = len(free.image.data)

    assert written(format=output, quality=80, max_bytes=limit) == free
    assert (free.quality, free.chroma_kept, free.encodes) == (80, True, 1)


@pytest.mark.parametrize("output", LOSSY)
@pytest.mark.parametrize("best", [62, 70, 78, 86, 94])
def test_the_search_ends_near_the_best_quality(output: OutputFormat, best: int) -> None:
    limit = weight(format=output, quality=best)

    found = written(format=output, quality=95, max_bytes=limit)

    assert found.image is not None
    assert limit * 0.94 <= len(found.image.data) <= limit
    assert best - 4 <= found.quality
    assert found.encodes <= 6


@pytest.mark.slow
@pytest.mark.parametrize("output", LOSSY)
def test_every_limit_is_kept_with_few_tries(output: OutputFormat) -> None:
    """From more than enough to impossible; the mean is what the benchmark reports too."""
    top, least = (weight(format=output, quality=quality) for quality in (95, 30))
    tries = []
    for step in range(24):
        limit = round(least * 0.8 + (top * 1.1 - least * 0.8) * step / 23)
        found = written(format=output, max_bytes=limit)
        tries.append(found.encodes)
        if limit < least:
            assert found.image is None
        else:
            assert found.image is not None
            assert len(found.image.data) <= limit

    assert sum(tries) / len(tries) <= 4
    assert max(tries) <= 9


def test_colour_is_given_up_only_when_quality_60_is_too_heavy() -> None:
    floor = weight(quality=60, full_colour=True)
    without = weight(quality=60)
    assert without < floor

    kept = written(full_colour=True, max_bytes=floor)
    given_up = written(full_colour=True, max_bytes=floor - 1)

    assert (kept.quality, kept.chroma_kept) == (60, True)
    assert given_up.chroma_kept is False
    assert given_up.quality > 60
    assert subsampling(kept) == "4:4:4"
    assert subsampling(given_up) == "4:2:0"


def subsampling(found: Written) -> str:
    assert found.image is not None
    picture = reopen(found.image.data)
    (_, across, down, _) = picture.layer[0]  # type: ignore[attr-defined]
    return "4:4:4" if (across, down) == (1, 1) else "4:2:0"


@pytest.mark.parametrize("output", LOSSY)
def test_quality_goes_below_60_at_last_and_never_below_30(output: OutputFormat) -> None:
    limit = weight(format=output, quality=45)
    least = weight(format=output, quality=30)

    found = written(format=output, max_bytes=limit)
    refused = written(format=output, max_bytes=least - 1)

    assert 40 <= found.quality <= 45
    assert (refused.image, refused.quality) == (None, 30)


@pytest.mark.parametrize("asked", [1, 20, 45])
def test_a_low_quality_that_was_asked_for_is_no_floor(asked: int) -> None:
    assert written(quality=asked, max_bytes=weight(quality=asked)).quality == asked
    assert written(quality=asked, max_bytes=200).image is None


@pytest.mark.slow
def test_a_png_gets_a_palette_or_nothing() -> None:
    whole = weight(format="png")

    small = written(format="png", max_bytes=whole - 1)
    refused = written(format="png", max_bytes=200)

    assert small.image is not None
    assert len(small.image.data) < whole / 2
    assert reopen(small.image.data).mode == "P"
    assert (small.chroma_kept, small.encodes) == (False, 2)
    assert refused.image is None


def test_a_palette_keeps_transparency() -> None:
    picture = PHOTO.copy()
    picture.putalpha(Image.linear_gradient("L"))
    whole = weight(picture=picture, format="png")

    small = written(picture=picture, format="png", max_bytes=whole - 1).image

    assert small is not None
    alpha = reopen(small.data).convert("RGBA").getchannel("A")
    assert [alpha.getpixel((9, y)) for y in (1, 128, 254)] == pytest.approx([1, 128, 254], abs=20)


@pytest.mark.parametrize("output", get_args(OutputFormat))
def test_a_packet_counts(output: OutputFormat) -> None:
    bare = weight(format=output, quality=90)
    words = packet("trainedAlgorithmicMedia")

    found = written(format=output, quality=90, max_bytes=bare, xmp=words)

    assert found.image is not None
    assert words in found.image.data or b"trainedAlgorithmicMedia" in found.image.data
    assert len(found.image.data) <= bare
    assert found.quality < 90 or output == "png"
