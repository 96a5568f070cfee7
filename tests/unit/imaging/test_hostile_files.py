"""Hostile and broken files: refused with a code, never with a crash."""

import io
import struct
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from studio_imaging.avif import frame_sizes
from studio_imaging.decode import Limits, decode, open_image
from studio_imaging.errors import ImageRejectedError
from tests.support.imaging.samples import (
    file_of,
    png_chunk,
    png_with_size,
    quadrants,
    run_python,
    webp_with_size,
    with_size_patched,
)

FORMATS = ["JPEG", "PNG", "WEBP", "AVIF", "GIF"]


def code_of(data: bytes, limits: Limits | None = None) -> str:
    with pytest.raises(ImageRejectedError) as caught:
        decode(data, limits or Limits())
    return caught.value.code


@pytest.mark.parametrize(
    "data",
    [
        png_with_size(20_000, 20_000),
        png_with_size(8_100, 8_000),
        webp_with_size(b"VP8X", 16_383, 16_383),
        webp_with_size(b"VP8L", 16_383, 16_383),
        webp_with_size(b"VP8 ", 16_383, 16_383),
        with_size_patched(
            file_of(quadrants(16, 16), "JPEG"), b"\xff\xc0", 5, struct.pack(">HH", 60_000, 60_000)
        ),
        with_size_patched(
            file_of(quadrants(16, 16), "GIF"), b"GIF8", 6, struct.pack("<HH", 60_000, 60_000)
        ),
        with_size_patched(
            file_of(quadrants(16, 16), "AVIF"), b"ispe", 8, struct.pack(">II", 12_000, 12_000)
        ),
    ],
    ids=["png", "png-just-over", "vp8x", "vp8l", "vp8", "jpeg", "gif", "avif"],
)
def test_a_header_that_claims_too_many_pixels_is_refused(data: bytes) -> None:
    assert len(data) < 20_000
    assert code_of(data) == "image-too-large"


def test_an_avif_frame_larger_than_its_container_says_is_refused() -> None:
    large = file_of(Image.new("RGBA", (9_000, 8_000), (9, 9, 9, 99)), "AVIF", speed=10)
    bomb = large
    while b"ispe" in bomb:
        bomb = with_size_patched(bomb, b"ispe", 8, struct.pack(">II", 64, 64)).replace(
            b"ispe", b"ISPE", 1
        )
    bomb = bomb.replace(b"ISPE", b"ispe")

    assert len(bomb) < 20_000
    assert code_of(bomb) == "image-too-large"


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA"])
@pytest.mark.parametrize("subsampling", ["4:2:0", "4:4:4"])
def test_the_frame_of_an_avif_is_found(mode: str, subsampling: str) -> None:
    data = file_of(Image.new(mode, (301, 207)), "AVIF", subsampling=subsampling)
    assert set(frame_sizes(data)) == {(301, 207)}


def test_the_frame_of_an_animated_avif_is_found() -> None:
    frames = [Image.new("RGB", (40, 30), colour) for colour in ("red", "blue")]
    data = file_of(frames[0], "AVIF", save_all=True, append_images=frames[1:])
    assert set(frame_sizes(data)) == {(40, 30)}


def test_an_avif_whose_frame_has_no_size_is_refused() -> None:
    data = file_of(quadrants(16, 16), "AVIF")
    at = data.index(b"mdat") + 4
    frames_only = (b"\x32\x00" * len(data))[: len(data) - at]
    assert code_of(data[:at] + frames_only) == "image-unreadable"


def test_a_jpeg_of_very_many_passes_is_refused() -> None:
    data = file_of(Image.new("L", (64, 64), 128), "JPEG", progressive=True)
    last = data.rindex(b"\xff\xda")
    scan, end = data[last:-2], data[-2:]
    usual = data.count(b"\xff\xda")

    assert code_of(data[:-2] + scan * (101 - usual) + end) == "image-too-large"
    assert open_image(data[:-2] + scan * (100 - usual) + end).size == (64, 64)


def test_a_header_just_under_the_limit_is_not_refused_for_its_size() -> None:
    assert code_of(png_with_size(7_000, 7_000)) == "image-truncated"


def test_a_gif_frame_beyond_its_screen_counts_with_its_real_size() -> None:
    frame = file_of(quadrants(16, 16), "GIF")
    huge = with_size_patched(frame, b",\x00\x00\x00\x00", 5, struct.pack("<HH", 60_000, 60_000))

    assert code_of(huge) == "image-too-large"


def test_the_webp_parser_is_not_even_loaded_for_an_oversized_canvas() -> None:
    script = (
        "import sys\n"
        "from studio_imaging.decode import decode\n"
        "from studio_imaging.errors import ImageRejectedError\n"
        f"data = {webp_with_size(b'VP8X', 16_383, 16_383)!r}\n"
        "try:\n    decode(data)\n"
        "except ImageRejectedError as error:\n"
        "    print(error.code, 'PIL.WebPImagePlugin' in sys.modules)\n"
    )

    assert run_python(script) == "image-too-large False"


def test_a_lower_pixel_limit_holds() -> None:
    data = file_of(quadrants(100, 100), "PNG")

    assert code_of(data, Limits(max_pixels=9_999)) == "image-too-large"
    assert open_image(data, Limits(max_pixels=10_000)).size == (100, 100)


def test_a_file_above_the_byte_limit_is_refused_unread() -> None:
    assert code_of(b"x" * 101, Limits(max_bytes=100)) == "image-too-large"
    assert code_of(b"x" * 100, Limits(max_bytes=100)) == "image-type-unsupported"


@pytest.mark.parametrize("pillow_format", FORMATS)
def test_a_truncated_file_is_refused_as_truncated(pillow_format: str) -> None:
    data = file_of(noise(64, 64), pillow_format)

    assert code_of(data[: len(data) * 9 // 10]) == "image-truncated"


@pytest.mark.parametrize("pillow_format", FORMATS)
def test_every_start_of_a_file_is_refused(pillow_format: str) -> None:
    data = file_of(noise(64, 64), pillow_format)
    starts = {len(data) * share // 40 for share in range(39)} | set(range(0, 64, 3))

    codes = {code_of(data[:start]) for start in starts}

    assert codes <= {"image-truncated", "image-unreadable", "image-type-unsupported"}


def test_an_avif_whose_pixels_are_garbage_is_refused() -> None:
    data = file_of(noise(64, 64), "AVIF")
    start = data.index(b"mdat") + 4

    assert code_of(data[:start] + b"\x55" * (len(data) - start)) == "image-unreadable"


@pytest.mark.parametrize("missing", [1, 4, 12, 20])
def test_a_png_that_lost_only_its_end_is_refused(missing: int) -> None:
    assert code_of(file_of(noise(64, 64), "PNG")[:-missing]) == "image-truncated"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00" * 64,
        b"<!doctype html><html><body>502 Bad Gateway</body></html>",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"%PDF-1.7\n%%EOF",
        b"%!PS-Adobe-3.0 EPSF-3.0\n",
        b"8BPS\x00\x01" + b"\x00" * 40,
        b"RIFF\x24\x00\x00\x00WAVEfmt " + b"\x00" * 20,
        b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + b"\x00" * 40,
        b'{"error": "quota"}',
    ],
    ids=["empty", "zeros", "html", "svg", "pdf", "eps", "psd", "wav", "heic", "json"],
)
def test_a_file_of_an_unsupported_type_is_refused(data: bytes) -> None:
    assert code_of(data) == "image-type-unsupported"


@pytest.mark.parametrize("pillow_format", ["TIFF", "BMP", "ICO", "PPM", "JPEG2000", "TGA", "PCX"])
def test_image_formats_outside_the_list_are_refused(pillow_format: str) -> None:
    assert code_of(file_of(quadrants(16, 16), pillow_format)) == "image-type-unsupported"


@pytest.mark.parametrize(
    "signature",
    [
        b"\xff\xd8\xff\xe0",
        b"\x89PNG\r\n\x1a\n",
        b"GIF89a",
        b"\x00\x00\x00\x18ftypavif\x00\x00\x00\x00avif",
    ],
    ids=["jpeg", "png", "gif", "avif"],
)
def test_html_behind_an_image_signature_is_refused(signature: bytes) -> None:
    page = b"<html><body>not a picture</body></html>" * 20

    assert code_of(signature + page) in {"image-unreadable", "image-truncated"}


def test_a_compressed_text_bomb_in_a_png_is_skipped() -> None:
    bomb = png_chunk(b"zTXt", b"comment\x00\x00" + zlib.compress(b"\x00" * 30_000_000))
    plain = file_of(quadrants(16, 16), "PNG")

    assert open_image(plain[:33] + bomb + plain[33:]).tobytes() == open_image(plain).tobytes()


def test_wrong_profile_bytes_in_a_png_do_not_cost_the_image() -> None:
    plain = file_of(quadrants(16, 16), "PNG")
    profile = png_chunk(b"iCCP", b"name\x00\x00" + b"not zlib at all")

    assert open_image(plain[:33] + profile + plain[33:]).size == (16, 16)


def test_a_refusal_holds_no_bytes_of_the_file() -> None:
    with pytest.raises(ImageRejectedError) as caught:
        open_image(b"\xff\xd8\xff\xe0" + b"SECRET" * 40)

    assert "SECRET" not in repr(caught.value)
    assert "SECRET" not in repr(caught.value.__cause__)


SEEDS = [
    *(file_of(quadrants(24, 16), pillow_format) for pillow_format in FORMATS),
    file_of(quadrants(24, 16).convert("RGBA"), "WEBP", lossless=True),
    file_of(quadrants(24, 16).convert("P"), "PNG"),
    file_of(quadrants(24, 16), "JPEG", progressive=True),
]


@settings(max_examples=300, deadline=None)
@given(
    seed=st.sampled_from(SEEDS),
    edits=st.lists(
        st.tuples(st.integers(0, 5000), st.integers(0, 3), st.binary(min_size=0, max_size=6)),
        min_size=1,
        max_size=5,
    ),
)
def test_a_damaged_file_is_decoded_or_refused(
    seed: bytes, edits: list[tuple[int, int, bytes]]
) -> None:
    damaged = bytearray(seed)
    for place, removed, inserted in edits:
        at = place % len(damaged)
        damaged[at : at + removed] = inserted

    try:
        image = open_image(bytes(damaged), Limits(max_pixels=1_000_000))
    except ImageRejectedError:
        return
    assert image.mode in {"RGB", "RGBA"}
    assert image.width * image.height <= 1_000_000


def test_only_the_plugins_in_use_are_loaded() -> None:
    """The list of Pillow's parsers in a process, step by step."""
    with_exif = Image.Exif()
    with_exif[0x010F] = "maker"
    jpeg_with_exif = file_of(quadrants(8, 8), "JPEG", exif=with_exif)
    files = [file_of(quadrants(8, 8), name) for name in FORMATS]
    # A JPEG with a second picture inside, for which Pillow has a parser of its own.
    files.append(file_of(quadrants(8, 8), "MPO", save_all=True, append_images=[quadrants(8, 8)]))
    script = f"""
import sys
from studio_imaging.errors import ImageRejectedError
from studio_imaging.renditions.make import make
from studio_imaging.renditions.plan import Rendition
from PIL import Image
print(sorted(n for n in sys.modules if n.startswith('PIL.') and ('Plugin' in n or 'Cms' in n)))
print(sorted(n for n in sys.modules if n.split('.')[0] in ('numpy', 'studio', 'boto3', 'pydantic')))
for data in {files!r}:
    for output in ('webp', 'jpg', 'png', 'avif'):
        make(data, [Rendition('image', output, 80, 8, 8)])
print(sorted(Image.OPEN), 'PIL.ImageCms' in sys.modules)
make({jpeg_with_exif!r}, [Rendition('image', 'jpg', 80, 8, 8)])
Image.init()
for data in {[file_of(quadrants(8, 8), name) for name in ("TIFF", "BMP", "PPM")]!r}:
    try:
        make(data, [Rendition('image', 'jpg', 80, 8, 8)])
    except ImageRejectedError as error:
        print(error.code)
"""

    assert run_python(script).splitlines() == [
        "[]",
        "[]",
        # Pillow's own save adds BMP, DIB and PPM; no file of ours can reach them.
        "['AVIF', 'BMP', 'DIB', 'GIF', 'JPEG', 'PNG', 'PPM', 'WEBP'] False",
        "image-type-unsupported",
        "image-type-unsupported",
        "image-type-unsupported",
    ]


def noise(width: int, height: int) -> Image.Image:
    """A picture that does not compress to nothing, so that a cut hits its pixels."""
    state, pixels = 1, io.BytesIO()
    for _ in range(width * height * 3):
        state = state * 1_103_515_245 + 12_345 & 0x7FFFFFFF
        pixels.write(bytes((state >> 16 & 0xFF,)))
    return Image.frombytes("RGB", (width, height), pixels.getvalue())
