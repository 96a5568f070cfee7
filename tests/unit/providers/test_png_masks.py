"""Masks for OpenAI, compared with what Pillow sees in them."""

import struct
import zlib
from io import BytesIO
from random import Random

import pytest
from PIL import Image, ImageDraw, ImageFilter

from studio.providers.openai.png_masks import transparent_where_white
from tests.support.imaging.samples import png_chunk

SIGNATURE = b"\x89PNG\r\n\x1a\n"


def written(image: Image.Image, **options: object) -> bytes:
    buffer = BytesIO()
    image.save(buffer, "PNG", **options)
    return buffer.getvalue()


def noise(width: int, height: int, seed: int) -> Image.Image:
    data = Random(seed).randbytes(width * height)  # noqa: S311 - no secret
    return Image.frombytes("L", (width, height), data)


def soft(width: int, height: int) -> Image.Image:
    image = Image.new("L", (width, height))
    ImageDraw.Draw(image).ellipse((width // 4, height // 4, width // 2, height - 2), fill=255)
    return image.filter(ImageFilter.GaussianBlur(3))


def assert_converted(mask: bytes) -> None:
    """Hold that the alpha is the inverse of the grey and the rest black, pixel by pixel."""
    with Image.open(BytesIO(mask)) as grey:
        expected = grey.convert("L").point(lambda value: 255 - value)
    with Image.open(BytesIO(transparent_where_white(mask))) as made:
        made.load()
        assert (made.format, made.mode, made.size) == ("PNG", "RGBA", expected.size)
        assert made.getchannel("A").tobytes() == expected.tobytes()
        assert made.convert("RGB").getextrema() == ((0, 0),) * 3


@pytest.mark.parametrize("seed", range(20))
def test_noise_of_any_size(seed: int) -> None:
    lot = Random(seed)  # noqa: S311 - no secret
    assert_converted(written(noise(lot.randint(1, 70), lot.randint(1, 70), seed)))


@pytest.mark.parametrize("options", [{}, {"optimize": True}, {"compress_level": 0}])
@pytest.mark.parametrize(
    "image",
    [Image.new("L", (33, 17), 255), Image.new("L", (33, 17), 0), soft(300, 200), soft(1, 9)],
    ids=["white", "black", "soft", "narrow"],
)
def test_what_masks_look_like(image: Image.Image, options: dict[str, object]) -> None:
    assert_converted(written(image, **options))


def png(width: int, height: int, filtered: bytes, *, split: int = 1 << 20, kind: int = 0) -> bytes:
    packed = zlib.compress(filtered)
    parts = [packed[at : at + split] for at in range(0, len(packed), split)]
    header = struct.pack(">IIBBBBB", width, height, 8, kind, 0, 0, 0)
    data = b"".join(png_chunk(b"IDAT", part) for part in parts)
    return SIGNATURE + png_chunk(b"IHDR", header) + data + png_chunk(b"IEND", b"")


@pytest.mark.parametrize("kinds", [[0], [1], [2], [3], [4], [0, 1, 2, 3, 4]])
@pytest.mark.parametrize("seed", range(5))
def test_every_filter_and_data_in_pieces(kinds: list[int], seed: int) -> None:
    lot = Random(seed)  # noqa: S311 - no secret
    width, height = lot.randint(1, 40), 12
    # Whatever bytes stand there, undoing a filter gives a picture; some rows are all zero.
    rows = [
        bytes([lot.choice(kinds)]) + (bytes(width) if lot.random() < 0.3 else lot.randbytes(width))
        for _ in range(height)
    ]
    assert_converted(png(width, height, b"".join(rows), split=7))


GREY = png(2, 2, bytes(6))


@pytest.mark.parametrize(
    "file",
    [
        b"",
        b"GIF89a",
        SIGNATURE,
        GREY[:20],
        GREY[:-28],
        png(2, 2, bytes(5)),
        png(2, 1, b"\5\0\0"),
        png(2, 2, bytes(14), kind=2),
        written(Image.new("RGB", (4, 4))),
        written(Image.new("1", (4, 4))),
        written(Image.new("LA", (4, 4))),
        SIGNATURE + png_chunk(b"IHDR", struct.pack(">IIBBBBB", 2, 2, 8, 0, 0, 0, 0)),
        SIGNATURE + png_chunk(b"IHDR", struct.pack(">IIBBBBB", 2, 2, 8, 0, 0, 0, 1)),
        GREY.replace(b"IDAT", b"JDAT"),
    ],
)
def test_what_is_no_mask_of_ours_is_refused(file: bytes) -> None:
    with pytest.raises(ValueError, match="mask"):
        transparent_where_white(file)


def test_more_data_than_announced_is_not_unpacked() -> None:
    made = transparent_where_white(png(2, 2, bytes(6) + bytes(10_000_000)))
    with Image.open(BytesIO(made)) as image:
        assert image.size == (2, 2)
