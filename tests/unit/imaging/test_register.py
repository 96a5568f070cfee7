"""Uploaded photographs: kept upright and clean, refused when they are something else."""

import hashlib
import io
import zipfile
from pathlib import Path
from random import Random

import pytest
from PIL import Image, ImageChops, ImageCms, ImageStat

from studio_imaging.avif_colour import avif_colour
from studio_imaging.decode import Limits
from studio_imaging.encode import encode
from studio_imaging.errors import ImageRejectedError
from studio_imaging.formats import OutputFormat
from studio_imaging.register import UPLOAD_LIMITS, register
from studio_imaging.xmp import SourceType, packet, read_packet
from tests.support.imaging.samples import (
    CORNERS,
    GREEN,
    RED,
    close,
    corner_colours,
    file_of,
    pixel,
    png_chunk,
    png_with_size,
    quadrants,
    reopen,
)

FORMATS = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp", "AVIF": "avif", "GIF": "png"}
# Which transposition a camera's pixels need to be seen upright (EXIF 2.32, tag 0x0112), undone.
STORED = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}
XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><dc:creator>SECRET-XMP</dc:creator></x:xmpmeta>'
SECRETS = (b"SECRET", b"GPS", b"Exif", b"xmpmeta")


def camera_exif(orientation: int) -> Image.Exif:
    """What a telephone writes: maker, owner, orientation and where the picture was taken."""
    exif = Image.Exif()
    exif[0x010F] = "SECRET-MAKER"
    exif[0x0112] = orientation
    exif[0x013B] = "SECRET-ARTIST"
    exif.get_ifd(0x8825).update(
        {1: "N", 2: (48.0, 8.0, 14.0), 3: "E", 4: (11.0, 34.0, 31.0), 29: "SECRET-GPS"}
    )
    return exif


def code_of(data: bytes, limits: Limits = UPLOAD_LIMITS) -> str:
    with pytest.raises(ImageRejectedError) as caught:
        register(data, limits)
    return caught.value.code


def noise(side: int) -> Image.Image:
    """A picture that does not compress, so that a cut hits its pixels."""
    pixels = Random(7).randbytes(side * side * 3)  # noqa: S311 - a picture, not a secret
    return Image.frombytes("RGB", (side, side), pixels)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("pillow_format", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_a_photograph_is_kept_upright_without_its_metadata(
    pillow_format: str, orientation: int
) -> None:
    seen = quadrants(96, 64)
    stored = seen.transpose(STORED[orientation]) if orientation in STORED else seen
    extra = {"comment": b"SECRET-COMMENT"} if pillow_format == "JPEG" else {}
    more = {} if pillow_format == "PNG" else {"xmp": XMP}
    data = file_of(
        stored, pillow_format, exif=camera_exif(orientation), quality=95, **extra, **more
    )
    assert data.count(b"SECRET") >= 3

    kept = register(data)

    picture = reopen(kept.image.data)
    assert picture.size == (kept.image.width, kept.image.height) == (96, 64)
    found = corner_colours(picture)
    assert all(close(found[corner], CORNERS[corner]) for corner in CORNERS), found
    small = corner_colours(reopen(kept.thumbnail.data))
    assert all(close(small[corner], CORNERS[corner], 24) for corner in CORNERS), small
    for written in (kept.image.data, kept.thumbnail.data):
        assert not [secret for secret in SECRETS if secret in written]
        assert not dict(reopen(written).getexif())
    assert kept.image.sha256 == hashlib.sha256(kept.image.data).hexdigest()


@pytest.mark.parametrize(("pillow_format", "kept_format"), FORMATS.items())
def test_the_format_is_kept_and_a_gif_becomes_a_png(pillow_format: str, kept_format: str) -> None:
    kept = register(file_of(quadrants(640, 480), pillow_format))

    assert kept.image.format == kept_format
    assert (kept.thumbnail.format, kept.thumbnail.width, kept.thumbnail.height) == (
        "webp",
        256,
        192,
    )
    assert kept.source.format == {"JPEG": "jpg"}.get(pillow_format, pillow_format.lower())


def test_an_embedded_thumbnail_does_not_survive() -> None:
    preview = file_of(quadrants(32, 32), "JPEG", comment=b"SECRET-PREVIEW")
    photograph = file_of(quadrants(96, 64), "JPEG")
    # A camera writes its preview into an application segment and often behind the picture too.
    segment = b"\xff\xe2" + (len(preview) + 2).to_bytes(2, "big") + preview
    data = photograph[:2] + segment + photograph[2:] + preview

    kept = register(data)

    assert b"SECRET" not in kept.image.data
    assert kept.image.data.count(b"\xff\xd8\xff") == 1


def test_a_jpeg_keeps_one_colour_sample_per_pixel() -> None:
    striped = Image.new("RGB", (64, 64), RED)
    for x in range(0, 64, 2):
        striped.paste(GREEN, (x, 0, x + 1, 64))

    picture = reopen(register(file_of(striped, "JPEG", quality=95, subsampling=0)).image.data)

    assert close(pixel(picture, 20, 30), GREEN)
    assert close(pixel(picture, 21, 30), RED)


def test_only_the_first_frame_of_a_gif_is_kept() -> None:
    frames = [Image.new("RGB", (20, 20), colour) for colour in (RED, GREEN)]

    picture = reopen(
        register(file_of(frames[0], "GIF", save_all=True, append_images=frames[1:])).image.data
    )

    assert getattr(picture, "n_frames", 1) == 1
    assert pixel(picture, 10, 10) == RED


def test_transparency_is_kept() -> None:
    veil = Image.new("RGBA", (40, 40), (*RED, 0))
    veil.paste((*GREEN, 255), (20, 0, 40, 40))

    picture = reopen(register(file_of(veil, "PNG")).image.data)

    assert picture.mode == "RGBA"
    assert picture.getchannel("A").getpixel((5, 5)) == 0
    assert picture.getpixel((30, 5)) == (*GREEN, 255)


def test_cmyk_and_sixteen_bit_sources_become_eight_bit_rgb() -> None:
    cmyk = register(file_of(quadrants(64, 64).convert("CMYK"), "JPEG", quality=95))
    grey = register(file_of(Image.new("I;16", (8, 8), 32768), "PNG"))

    assert reopen(cmyk.image.data).mode == "RGB"
    found = corner_colours(reopen(cmyk.image.data))
    assert all(close(found[corner], CORNERS[corner], 24) for corner in CORNERS), found
    assert close(pixel(reopen(grey.image.data), 4, 4), (128, 128, 128), 1)


def test_sixty_four_megapixels_pass_and_one_row_more_does_not() -> None:
    # The header alone decides; a picture behind it would cost a test 200 MB.
    assert code_of(png_with_size(8_000, 8_000)) == "image-truncated"
    assert code_of(png_with_size(8_000, 8_001)) == "image-too-large"


@pytest.mark.slow
def test_a_real_image_of_sixty_megapixels_is_decoded() -> None:
    kept = register(file_of(Image.new("L", (7_750, 7_750), 90), "GIF"))

    assert (kept.image.width, kept.image.height) == (7_750, 7_750)


def test_twenty_five_mebibytes_are_the_limit() -> None:
    assert code_of(b"x" * (25 * 1024 * 1024 + 1)) == "image-too-large"
    assert code_of(b"x" * (25 * 1024 * 1024)) == "image-type-unsupported"


def test_an_svg_is_of_no_accepted_type() -> None:
    svg = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"

    assert code_of(svg) == "image-type-unsupported"


@pytest.mark.parametrize("pillow_format", FORMATS)
def test_a_truncated_file_is_refused(pillow_format: str) -> None:
    data = file_of(noise(64), pillow_format)

    assert code_of(data[: len(data) * 9 // 10]) == "image-truncated"


def archive() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as members:
        members.writestr("META-INF/MANIFEST.MF", "Main-Class: Attack\n")
    return file.getvalue()


HIDDEN = {
    "archive": archive(),
    "archive with a tail": archive() + b"\x00" * 70_000,
    "php": b"<?php system($_GET['c']); ?>",
    "shouted php": b"<?PHP\nsystem('id');",
    "script": b"<ScRiPt>alert(1)</script>",
    "page": b"<html><body onload=alert(1)>",
    "doctype": b"<!DOCTYPE html>",
    "linux program": b"\x7fELF\x02\x01\x01" + b"\x00" * 60,
    "windows program": b"MZ\x90\x00"
    + b"\x00" * 70
    + b"This program cannot be run in DOS mode.\r\n",
}


@pytest.mark.parametrize("hidden", HIDDEN.values(), ids=HIDDEN.keys())
@pytest.mark.parametrize("pillow_format", FORMATS)
def test_a_second_file_behind_the_image_is_refused(pillow_format: str, hidden: bytes) -> None:
    # An ISO media file wants every byte in a box, here one that readers must skip.
    box = (len(hidden) + 8).to_bytes(4, "big") + b"free"
    tail = box + hidden if pillow_format == "AVIF" else hidden

    assert code_of(file_of(quadrants(24, 24), pillow_format) + tail) == "image-polyglot"


@pytest.mark.parametrize("hidden", [*HIDDEN.values(), b"%PDF-1.7\n"], ids=[*HIDDEN.keys(), "pdf"])
def test_a_second_file_inside_the_metadata_is_refused(hidden: bytes) -> None:
    comment = hidden[:60_000]
    png = file_of(quadrants(24, 24), "PNG")
    chunk = png_chunk(b"tEXt", b"Comment\x00" + hidden)

    if len(hidden) < 60_000:
        assert code_of(file_of(quadrants(24, 24), "JPEG", comment=comment)) == "image-polyglot"
    assert code_of(png[:33] + chunk + png[33:]) == "image-polyglot"


def test_a_refused_polyglot_names_what_it_is_and_shows_none_of_its_bytes() -> None:
    with pytest.raises(ImageRejectedError, match="also a ZIP archive") as caught:
        register(file_of(quadrants(24, 24), "JPEG") + archive())

    assert "MANIFEST" not in str(caught.value)


def test_ordinary_extras_raise_no_alarm() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    rich = file_of(
        quadrants(64, 64), "JPEG", exif=camera_exif(1), icc_profile=profile, xmp=XMP, comment=b"PK"
    )
    two = file_of(quadrants(64, 64), "MPO", save_all=True, append_images=[quadrants(32, 32)])

    for data in (rich, two, rich + file_of(quadrants(16, 16), "JPEG")):
        assert register(data).image.width == 64


@pytest.mark.slow
def test_noise_of_many_megabytes_raises_no_alarm() -> None:
    assert register(file_of(noise(1_600), "PNG", compress_level=0)).image.width == 1_600


@pytest.mark.parametrize(
    "sign",
    [
        b"PK\x05\x06 PK\x01\x02 PK\x03\x04",
        b"PK or PK\x01\x02 PK\x05\x06",
        b"MZ\x90\x00",
        b"\x7fELF",
        b" " * 1024 + b"%PDF-1.7",
        b"<htmlish> <?xpacket?> <scripture>",
    ],
    ids=["disordered archive", "no member", "dos", "elf", "late pdf", "likely words"],
)
def test_one_sign_alone_raises_no_alarm(sign: bytes) -> None:
    assert register(file_of(quadrants(24, 24), "JPEG", comment=sign)).image.width == 24


@pytest.mark.parametrize("kept_as", ["jpg", "png", "webp", "avif"])
def test_an_image_that_says_it_was_generated_goes_on_saying_so(kept_as: OutputFormat) -> None:
    said = packet("trainedAlgorithmicMedia", description="a secret", recipe={"prompt": "a fox"})
    made = register(encode(quadrants(16, 16), kept_as, xmp=said).data)
    assert made.source_type == "trainedAlgorithmicMedia"
    kept = read_packet(made.image.data)
    assert kept is not None
    assert (kept.source_type, kept.description, kept.recipe) == (made.source_type, None, None)


@pytest.mark.parametrize("term", ["digitalCapture", "humanEdits", None])
def test_an_image_that_says_anything_else_says_nothing(term: SourceType | None) -> None:
    said = packet(term, description="a secret")
    made = register(encode(quadrants(16, 16), "jpg", xmp=said).data)
    assert made.source_type is None
    assert read_packet(made.image.data) is None


def red_text(scale: int = 1) -> Image.Image:
    """Thin red lines on white, the worst case for colours shared by four pixels."""
    picture = Image.new("RGB", (96 * scale, 64 * scale), "white")
    for x in range(0, picture.width, 3):
        picture.paste((220, 0, 30), (x, 8, x + 1, picture.height - 8))
    return picture


@pytest.mark.parametrize("animated", [False, True])
@pytest.mark.parametrize("alpha", [False, True])
def test_a_lossless_webp_stays_lossless(*, alpha: bool, animated: bool) -> None:
    picture = red_text()
    if alpha:
        picture.putalpha(Image.linear_gradient("L").resize(picture.size))
    more = {"save_all": True, "append_images": [quadrants(96, 64)]} if animated else {}
    data = file_of(picture, "WEBP", lossless=True, exact=True, **more)
    assert (b"ANMF" in data) is animated

    kept = register(data)

    assert kept.image.format == "webp"
    assert reopen(kept.image.data).convert(picture.mode).tobytes() == picture.tobytes()


def test_a_lossy_webp_does_not_become_lossless() -> None:
    for more in ({}, {"save_all": True, "append_images": [quadrants(96, 64)]}):
        kept = register(file_of(red_text(), "WEBP", quality=80, **more))

        assert b"VP8L" not in kept.image.data[:64]


def seen_difference(left: Image.Image, right: Image.Image) -> float:
    return max(ImageStat.Stat(ImageChops.difference(left, right.convert("RGB"))).mean)


@pytest.mark.parametrize("pillow_format", ["AVIF", "JPEG"])
def test_colour_samples_of_each_pixel_are_kept(pillow_format: str) -> None:
    sharp = "4:4:4" if pillow_format == "AVIF" else 0
    data = file_of(red_text(), pillow_format, quality=95, subsampling=sharp)

    kept = register(data).image.data

    assert seen_difference(reopen(data), reopen(kept)) < 3


def test_shared_colour_samples_stay_shared() -> None:
    kept = register(file_of(red_text(), "AVIF", quality=80, subsampling="4:2:0")).image

    assert not avif_colour(kept.data).full_chroma
    assert avif_colour(register(case("redtext-444.avif")).image.data).full_chroma


def case(name: str) -> bytes:
    return (Path(__file__).parent / "cases" / name).read_bytes()


def test_the_lossless_case_is_kept_pixel_for_pixel() -> None:
    kept = register(case("redtext-lossless.webp")).image.data

    reference = Image.open(io.BytesIO(case("redtext-reference.png"))).convert("RGB")
    assert reopen(kept).convert("RGB").tobytes() == reference.tobytes()
