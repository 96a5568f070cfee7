"""Exact sizes, the right part of the picture, no metadata, a thumbnail and facts."""

import hashlib
import io
from typing import NamedTuple, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageCms, ImageStat, PngImagePlugin

from studio_imaging.decode import SourceFacts
from studio_imaging.encode import EncodedImage
from studio_imaging.formats import OutputFormat
from studio_imaging.renditions.make import make
from studio_imaging.renditions.plan import Rendition
from tests.support.imaging.samples import (
    BLUE,
    CORNERS,
    GREEN,
    RED,
    close,
    corner_colours,
    file_of,
    pixel,
    quadrants,
    reopen,
)

OUTPUTS: tuple[OutputFormat, ...] = get_args(OutputFormat)
PILLOW_NAMES = {"webp": "WEBP", "jpg": "JPEG", "png": "PNG", "avif": "AVIF"}


class Rendered(NamedTuple):
    image: EncodedImage
    thumbnail: EncodedImage
    source: SourceFacts


def plan(width: int, height: int, output: OutputFormat = "png", quality: int = 90) -> Rendition:
    return Rendition("image", output, quality, width, height)


def render(data: bytes, order: Rendition) -> Rendered:
    """Make one file of a picture, as of most pictures."""
    done = make(data, [order])
    (made,) = done.made
    assert made.image is not None
    return Rendered(made.image, done.thumbnail, done.source)


@pytest.mark.parametrize("output", OUTPUTS)
@pytest.mark.parametrize("source", ["JPEG", "PNG", "WEBP", "AVIF", "GIF"])
def test_every_source_becomes_every_output(source: str, output: OutputFormat) -> None:
    rendered = render(file_of(quadrants(120, 80), source), plan(60, 40, output))

    picture = reopen(rendered.image.data)
    assert (picture.format, picture.size) == (PILLOW_NAMES[output], (60, 40))
    found = corner_colours(picture)
    assert all(close(found[corner], CORNERS[corner]) for corner in CORNERS), found


def test_facts_and_hashes_describe_the_bytes() -> None:
    rendered = render(file_of(quadrants(120, 80), "WEBP"), plan(90, 90, "jpg"))

    assert rendered.source == SourceFacts("webp", 120, 80)
    for encoded in (rendered.image, rendered.thumbnail):
        assert encoded.sha256 == hashlib.sha256(encoded.data).hexdigest()
        assert (encoded.width, encoded.height) == reopen(encoded.data).size
    assert (rendered.image.format, rendered.thumbnail.format) == ("jpg", "webp")


def thirds(width: int, height: int, *, upright: bool) -> Image.Image:
    """Red, green and blue bands, side by side or (upright) on top of each other."""
    picture = Image.new("RGB", (width, height), GREEN)
    if upright:
        picture.paste(RED, (0, 0, width, height // 3))
        picture.paste(BLUE, (0, height * 2 // 3, width, height))
    else:
        picture.paste(RED, (0, 0, width // 3, height))
        picture.paste(BLUE, (width * 2 // 3, 0, width, height))
    return picture


@pytest.mark.parametrize("upright", [False, True])
@pytest.mark.parametrize("side", [40, 300, 700])
def test_the_crop_keeps_the_centre(*, upright: bool, side: int) -> None:
    source = thirds(300, 900, upright=True) if upright else thirds(900, 300, upright=False)

    picture = reopen(render(file_of(source, "PNG"), plan(side, side)).image.data)

    edge = 1 if side == 40 else 3
    for at in (edge, side // 2, side - 1 - edge):
        assert close(pixel(picture, at, side // 2), GREEN)
        assert close(pixel(picture, side // 2, at), GREEN)


def test_a_crop_without_scaling_does_not_touch_the_pixels() -> None:
    """An odd margin must not shift the picture by half a pixel, which would blur it."""
    source = Image.new("RGB", (41, 40))
    for x in range(41):
        source.paste((255, 255, 255) if x % 2 else (0, 0, 0), (x, 0, x + 1, 40))

    picture = reopen(render(file_of(source, "PNG"), plan(40, 40)).image.data)

    assert {pixel(picture, x, 20) for x in range(40)} == {(0, 0, 0), (255, 255, 255)}


def test_a_large_jpeg_is_shrunk_as_well_as_its_full_decode() -> None:
    source = Image.radial_gradient("L").resize((1600, 1600), Image.Resampling.BICUBIC)
    data = file_of(source.convert("RGB"), "JPEG", quality=95)

    small = reopen(render(data, plan(300, 300)).image.data).convert("RGB")

    reference = reopen(data).resize((300, 300), Image.Resampling.LANCZOS)
    difference = ImageStat.Stat(ImageChops.difference(small, reference))
    assert max(difference.mean) < 1.0
    assert max(difference.rms) < 1.5


@pytest.mark.parametrize(
    ("size", "expected"),
    [((400, 200), (256, 128)), ((200, 400), (128, 256)), ((90, 60), (90, 60))],
)
def test_the_thumbnail_keeps_the_shape_and_is_never_enlarged(
    size: tuple[int, int], expected: tuple[int, int]
) -> None:
    rendered = render(file_of(quadrants(400, 400), "PNG"), plan(*size))

    thumbnail = reopen(rendered.thumbnail.data)
    assert (thumbnail.format, thumbnail.size) == ("WEBP", expected)


def test_the_thumbnail_shows_the_finished_image() -> None:
    """A square crop has no red and no blue left, so its thumbnail has none either."""
    rendered = render(file_of(thirds(900, 300, upright=False), "PNG"), plan(300, 300))

    assert close(pixel(reopen(rendered.thumbnail.data), 4, 128), GREEN)


def test_alpha_is_laid_on_white_for_jpeg() -> None:
    picture = Image.new("RGBA", (64, 64), (255, 0, 0, 128))
    picture.paste((0, 0, 0, 0), (0, 0, 32, 64))

    rendered = render(file_of(picture, "PNG"), plan(64, 64, "jpg"))

    for encoded in (rendered.image, rendered.thumbnail):
        flat = reopen(encoded.data)
        assert flat.mode == "RGB"
        assert close(pixel(flat, 10, 32), (255, 255, 255))
        assert close(pixel(flat, 54, 32), (255, 127, 127))


@pytest.mark.parametrize("output", ["png", "webp", "avif"])
def test_alpha_survives_where_the_format_has_it(output: OutputFormat) -> None:
    picture = Image.new("RGBA", (64, 64), (255, 0, 0, 255))
    picture.paste((0, 0, 0, 0), (0, 0, 32, 64))

    rendered = render(file_of(picture, "PNG"), plan(64, 64, output))

    for encoded in (rendered.image, rendered.thumbnail):
        alpha = reopen(encoded.data).getchannel("A")
        assert alpha.getpixel((10, 32)) == 0
        assert alpha.getpixel((54, 32)) == 255


def test_hidden_colours_do_not_bleed_into_a_smaller_image() -> None:
    """Scaling must weigh colours with their alpha: the hidden half here is bright red."""
    picture = Image.new("RGBA", (200, 200), (255, 0, 0, 0))
    picture.paste((0, 0, 255, 255), (0, 0, 101, 200))

    small = reopen(render(file_of(picture, "PNG"), plan(33, 33)).image.data)

    seam = [small.getpixel((x, 16)) for x in range(33)]
    visible = [value for value in seam if isinstance(value, tuple) and value[3] > 20]
    assert any(value[3] < 250 for value in visible)
    assert max(value[0] for value in visible) < 20


SECRET = "SECRET-52.5163N-13.3777E"


def profile_with_secret() -> bytes:
    """sRGB's profile, its copyright and name overwritten, so that it is taken for another."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    wide = SECRET.encode("utf-16-be")
    at = profile.index("sRGB".encode("utf-16-be"))
    return profile[:at] + wide[: len(profile) - at] + profile[at + len(wide) :]


def exif_with_secret() -> Image.Exif:
    exif = Image.Exif()
    exif[0x010E] = SECRET
    exif[0x0112] = 1
    exif.get_ifd(0x8769)[0x9286] = SECRET
    exif.get_ifd(0x8825)[0x001D] = SECRET
    return exif


def file_with_secrets(pillow_format: str) -> bytes:
    """A file with a secret in every place its format has for one."""
    picture = quadrants(64, 64)
    xmp = f"<x:xmpmeta xmlns:x='adobe:ns:meta/'>{SECRET}</x:xmpmeta>".encode()
    common = {"exif": exif_with_secret(), "icc_profile": profile_with_secret()}
    if pillow_format == "JPEG":
        data = file_of(picture, "JPEG", comment=SECRET.encode(), xmp=xmp, **common)
    elif pillow_format == "PNG":
        text = PngImagePlugin.PngInfo()
        text.add_text("Comment", SECRET)
        text.add_itxt("XML:com.adobe.xmp", xmp.decode())
        text.add_text("prompt", SECRET)
        data = file_of(picture, "PNG", pnginfo=text, **common)
    elif pillow_format == "GIF":
        data = file_of(picture, "GIF", comment=SECRET.encode())
    else:
        data = file_of(picture, pillow_format, xmp=xmp, **common)
    return data + b"<?php " + SECRET.encode() + b" ?>"


def holds_secret(data: bytes) -> bool:
    return any(
        word in data
        for word in (SECRET.encode(), SECRET[:12].encode("utf-16-be"), SECRET.encode("utf-16-le"))
    )


@pytest.mark.parametrize("output", OUTPUTS)
@pytest.mark.parametrize("source", ["JPEG", "PNG", "WEBP", "AVIF", "GIF"])
def test_no_metadata_survives(source: str, output: OutputFormat) -> None:
    data = file_with_secrets(source)
    assert data.count(SECRET.encode()) >= (2 if source == "GIF" else 4)

    rendered = render(data, plan(64, 64, output))

    for encoded in (rendered.image, rendered.thumbnail):
        assert not holds_secret(encoded.data)
        kept = reopen(encoded.data)
        assert not {"exif", "xmp", "icc_profile", "comment", "prompt", "Comment"} & set(kept.info)
        assert not dict(kept.getexif())


def test_a_secret_in_the_test_file_would_be_found() -> None:
    """Guards the search itself: a plain Pillow copy of the same JPEG keeps its comment."""
    copy = file_of(reopen(file_with_secrets("JPEG")), "JPEG")

    assert holds_secret(copy)
    assert holds_secret(profile_with_secret())


@pytest.mark.parametrize("output", OUTPUTS)
@pytest.mark.parametrize("size", [(1, 30_000), (30_000, 1)])
def test_an_extreme_strip_is_rendered(size: tuple[int, int], output: OutputFormat) -> None:
    data = file_of(Image.new("RGB", size, RED), "PNG")

    rendered = render(data, plan(320, 200, output))

    assert close(pixel(reopen(rendered.image.data), 160, 100), RED)


def test_a_strip_has_a_thumbnail_of_at_least_one_pixel() -> None:
    rendered = render(file_of(quadrants(50, 50), "PNG"), plan(2000, 1, "webp"))

    assert (rendered.thumbnail.width, rendered.thumbnail.height) == (256, 1)


def test_jpeg_is_baseline() -> None:
    data = render(file_of(quadrants(64, 64), "PNG"), plan(64, 64, "jpg")).image.data

    assert b"\xff\xc0" in data
    assert b"\xff\xc2" not in data


def test_quality_changes_the_size_of_the_file() -> None:
    source = file_of(Image.effect_noise((128, 128), 60), "PNG")

    for output in ("jpg", "webp", "avif"):
        sizes = [
            len(render(source, plan(128, 128, output, quality)).image.data)
            for quality in (20, 60, 95)
        ]
        assert sizes == sorted(set(sizes)), output


def test_jpeg_is_the_same_without_an_anonymous_file(monkeypatch: pytest.MonkeyPatch) -> None:
    source = file_of(quadrants(64, 64), "PNG")
    with_descriptor = render(source, plan(64, 64, "jpg")).image

    monkeypatch.delattr("os.memfd_create")

    assert render(source, plan(64, 64, "jpg")).image == with_descriptor


@settings(max_examples=80, deadline=None)
@given(
    source_size=st.tuples(st.integers(1, 260), st.integers(1, 260)),
    mode=st.sampled_from(["RGB", "RGBA", "L", "P"]),
    source=st.sampled_from(["PNG", "WEBP", "GIF", "JPEG"]),
    size=st.tuples(st.integers(1, 200), st.integers(1, 200)),
    output=st.sampled_from(OUTPUTS),
    quality=st.integers(1, 100),
)
def test_the_result_has_exactly_the_planned_size(
    source_size: tuple[int, int],
    mode: str,
    source: str,
    size: tuple[int, int],
    output: OutputFormat,
    quality: int,
) -> None:
    if source == "JPEG":
        mode = "RGB"
    data = file_of(quadrants(*source_size).convert(mode), source)

    rendered = render(data, plan(*size, output, quality))

    assert_decodable(rendered.image, size)
    assert (rendered.source.width, rendered.source.height) == source_size
    longest = max(rendered.thumbnail.width, rendered.thumbnail.height)
    assert longest == min(256, max(size))
    assert_decodable(rendered.thumbnail, (rendered.thumbnail.width, rendered.thumbnail.height))


def assert_decodable(encoded: EncodedImage, size: tuple[int, int]) -> None:
    with Image.open(io.BytesIO(encoded.data)) as picture:
        picture.load()
        assert picture.size == size == (encoded.width, encoded.height)
        assert picture.format == PILLOW_NAMES[encoded.format]
