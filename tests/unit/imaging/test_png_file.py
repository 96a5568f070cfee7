"""The transparent colour of a PNG at each depth, and chunks that must not cost the picture."""

import struct
import zlib

import pytest

from studio_imaging.decode import decode, open_image
from studio_imaging.errors import ImageRejectedError
from tests.support.imaging.rare_pngs import SIGNATURE, Samples, a_png, with_chunk
from tests.support.imaging.samples import png_chunk


def packed(depth: int, levels: list[int], key: int) -> bytes:
    """A grey PNG of one row of 1, 2, 4, 8 or 16 bits a pixel."""
    bits = "".join(f"{level:0{depth}b}" for level in levels)
    bits += "0" * (-len(bits) % 8)
    row = bytes(1) + bytes(int(bits[at : at + 8], 2) for at in range(0, len(bits), 8))
    header = struct.pack(">IIBBBBB", len(levels), 1, depth, 0, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"tRNS", struct.pack(">H", key)), (b"IDAT", zlib.compress(row))]
    return SIGNATURE + b"".join(png_chunk(*each) for each in [*chunks, (b"IEND", b"")])


@pytest.mark.parametrize("depth", [1, 2, 4, 8, 16])
@pytest.mark.parametrize("highest", [False, True])
def test_a_transparent_grey_is_exact_at_each_depth(*, depth: int, highest: bool) -> None:
    most = (1 << depth) - 1
    key = most if highest else 0
    levels = [0, most, key, most - key, most // 2]

    alpha = open_image(packed(depth, levels, key)).getchannel("A")

    assert list(alpha.tobytes()) == [0 if level == key else 255 for level in levels]


def test_a_transparent_grey_with_bits_beyond_its_depth_means_the_lower_ones() -> None:
    assert open_image(packed(2, [3, 0], 0xFF03)).getchannel("A").tobytes() == b"\x00\xff"


@pytest.mark.parametrize("interlaced", [False, True])
@pytest.mark.parametrize("depth", [8, 16])
def test_a_transparent_colour_is_exact_to_the_last_bit(*, depth: int, interlaced: bool) -> None:
    key = (0x1234, 0x5678, 0x9ABC) if depth == 16 else (0x12, 0x56, 0x9A)
    near = (key[0], key[1], key[2] + 1)
    samples: Samples = lambda x, y: key if x < 4 else near  # noqa: E731
    extra = [(b"tRNS", struct.pack(">3H", *key))]

    image = open_image(a_png(8, 2, samples, depth=depth, interlaced=interlaced, extra=extra))

    assert image.getchannel("A").tobytes() == (bytes(4) + b"\xff" * 4) * 2


@pytest.mark.parametrize("key", [b"", b"\x00", b"\x00\x01\x00\x02"])
def test_a_broken_transparent_colour_hides_nothing(key: bytes) -> None:
    assert open_image(a_png(4, 4, lambda x, y: (1,), extra=[(b"tRNS", key)])).mode == "RGB"


@pytest.mark.parametrize("order", ["PtI", "tPI", "PIt"])
def test_transparency_of_a_palette_stands_between_palette_and_pixels(order: str) -> None:
    header = struct.pack(">IIBBBBB", 1, 1, 8, 3, 0, 0, 0)
    chunks = {
        "P": png_chunk(b"PLTE", b"\xff\x00\x00"),
        "t": png_chunk(b"tRNS", b"\x00"),
        "I": png_chunk(b"IDAT", zlib.compress(bytes(2))),
    }
    body = b"".join(chunks[name] for name in order)

    image = open_image(SIGNATURE + png_chunk(b"IHDR", header) + body + png_chunk(b"IEND", b""))

    assert image.mode == ("RGBA" if order == "PtI" else "RGB")
    assert image.getpixel((0, 0)) == ((255, 0, 0, 0) if order == "PtI" else (255, 0, 0))


def test_a_transparent_grey_behind_the_pixels_hides_nothing() -> None:
    data = a_png(4, 4, lambda x, y: (1,))
    end = data.index(b"IEND") - 4

    late = data[:end] + png_chunk(b"tRNS", b"\x00\x01") + data[end:]

    assert open_image(late).mode == "RGB"


PLAIN = a_png(4, 4, lambda x, y: (200, 60, 60))


@pytest.mark.parametrize(
    "content", [b"k\x00\x00" + zlib.compress(bytes(3_000_000)), b"", b"\xff" * 9]
)
@pytest.mark.parametrize("name", [b"zTXt", b"iTXt", b"tEXt", b"iCCP", b"pHYs", b"tIME", b"abCd"])
@pytest.mark.parametrize("sound", [False, True])
def test_no_ancillary_chunk_costs_the_image(*, name: bytes, content: bytes, sound: bool) -> None:
    data = with_chunk(PLAIN, name, content)
    if not sound:
        end = 33 + 8 + len(content)
        data = data[:end] + b"\x00\x01\x02\x03" + data[end + 4 :]

    assert open_image(data).tobytes() == open_image(PLAIN).tobytes()


@pytest.mark.parametrize("name", [b"IHDR", b"IEND"])
def test_a_critical_chunk_with_a_wrong_checksum_does(name: bytes) -> None:
    at = PLAIN.index(name) + 4 + (13 if name == b"IHDR" else 0)

    with pytest.raises(ImageRejectedError):
        decode(PLAIN[:at] + b"\x00\x01\x02\x03" + PLAIN[at + 4 :])


def control(number: int, width: int, height: int, left: int, top: int) -> bytes:
    content = struct.pack(">5IHHBB", number, width, height, left, top, 1, 10, 0, 0)
    return png_chunk(b"fcTL", content)


def animated(*, hidden: bool, width: int = 4, left: int = 2, height: int = 8) -> bytes:
    """A red PNG of 8 x 8 with a green frame, and perhaps itself as the first one."""
    red = a_png(8, 8, lambda x, y: (200, 0, 0))
    pixels, end = red.index(b"IDAT") - 4, red.index(b"IEND") - 4
    rows = zlib.compress((b"\x00" + b"\x00\xc8\x00" * width) * height)
    first = b"" if hidden else control(0, 8, 8, 0, 0)
    frame = control(1, width, height, left, 0) + png_chunk(b"fdAT", bytes(4) + rows[:9])
    frame += png_chunk(b"fdAT", bytes(4) + rows[9:])
    later = control(2, 8, 8, 0, 0) + png_chunk(b"fdAT", bytes(4) + b"junk")
    start = red[:pixels] + png_chunk(b"acTL", struct.pack(">II", 2, 0)) + first
    return start + red[pixels:end] + frame + later + red[end:]


def test_an_image_outside_the_animation_is_not_shown() -> None:
    image = open_image(animated(hidden=True))

    assert (image.mode, image.size) == ("RGBA", (8, 8))
    assert image.getpixel((3, 3)) == (0, 200, 0, 255)
    assert [image.getchannel("A").getpixel((x, 3)) for x in (1, 2, 5, 6)] == [0, 255, 255, 0]


def test_a_first_frame_of_the_whole_canvas_is_opaque() -> None:
    image = open_image(animated(hidden=True, width=8, left=0))

    assert (image.mode, image.getpixel((0, 0))) == ("RGB", (0, 200, 0))


@pytest.mark.parametrize(
    "data",
    [
        animated(hidden=False),
        animated(hidden=True, left=5),
        animated(hidden=True, width=0),
        animated(hidden=True, height=9),
        animated(hidden=True).replace(b"fdAT", b"fdXT"),
        animated(hidden=True).replace(b"acTL", b"acXL"),
    ],
    ids=["a part of it", "wide", "empty", "high", "no data", "no animation"],
)
def test_another_animated_png_shows_its_image(data: bytes) -> None:
    image = open_image(data)

    assert (image.mode, image.size, image.getpixel((3, 3))) == ("RGB", (8, 8), (200, 0, 0))
