"""Pictures for the imaging tests, made with Pillow or byte by byte."""

import io
import os
import struct
import subprocess
import sys
import zlib
from pathlib import Path
from typing import Any, Final

from PIL import Image

import studio_imaging

Rgb = tuple[int, int, int]

RED: Final = (220, 30, 30)
GREEN: Final = (30, 170, 60)
BLUE: Final = (30, 60, 200)
WHITE: Final = (250, 250, 250)
CORNERS: Final = {"top left": RED, "top right": GREEN, "bottom left": BLUE, "bottom right": WHITE}

# Lossy codecs move a flat colour a little.
TOLERANCE: Final = 14


def quadrants(width: int, height: int) -> Image.Image:
    """Four flat quarters, one colour of ``CORNERS`` each."""
    picture = Image.new("RGB", (width, height), CORNERS["bottom right"])
    picture.paste(CORNERS["top left"], (0, 0, width // 2, height // 2))
    picture.paste(CORNERS["top right"], (width // 2, 0, width, height // 2))
    picture.paste(CORNERS["bottom left"], (0, height // 2, width // 2, height))
    return picture


def corner_colours(picture: Image.Image) -> dict[str, Rgb]:
    """Colours in the middle of the four quarters."""
    width, height = picture.size
    return {
        f"{row} {column}": pixel(picture, width * x // 8, height * y // 8)
        for row, y in (("top", 2), ("bottom", 6))
        for column, x in (("left", 2), ("right", 6))
    }


def pixel(picture: Image.Image, x: int, y: int) -> Rgb:
    # A conversion copies all pixels, and tests ask for thousands of one picture.
    value = (picture if picture.mode == "RGB" else picture.convert("RGB")).getpixel((x, y))
    assert isinstance(value, tuple)
    return int(value[0]), int(value[1]), int(value[2])


def close(left: Rgb, right: Rgb, tolerance: int = TOLERANCE) -> bool:
    return all(abs(a - b) <= tolerance for a, b in zip(left, right, strict=True))


def file_of(picture: Image.Image, pillow_format: str, **options: Any) -> bytes:
    file = io.BytesIO()
    picture.save(file, pillow_format, **options)
    return file.getvalue()


def reopen(data: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(data))
    picture.load()
    return picture


def png_chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png_with_size(width: int, height: int) -> bytes:
    """A tiny PNG whose header claims any size."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + png_chunk(b"IHDR", header)
        + png_chunk(b"IDAT", zlib.compress(b"\x00" * 64))
        + png_chunk(b"IEND", b"")
    )


def webp_with_size(chunk: bytes, width: int, height: int) -> bytes:
    """A WebP header of one of its three kinds that claims any size up to 16383."""
    if chunk == b"VP8X":
        body = b"\x00" * 4 + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    elif chunk == b"VP8L":
        body = b"\x2f" + ((width - 1) | (height - 1) << 14).to_bytes(4, "little") + b"\x00" * 5
    else:
        body = b"\x00" * 3 + b"\x9d\x01\x2a" + struct.pack("<HH", width, height)
    chunks = b"WEBP" + chunk + struct.pack("<I", len(body)) + body
    return b"RIFF" + struct.pack("<I", len(chunks)) + chunks


def with_size_patched(data: bytes, marker: bytes, offset: int, size: bytes) -> bytes:
    """Overwrite a size that stands ``offset`` bytes after the first ``marker``."""
    at = data.index(marker) + offset
    return data[:at] + size + data[at + len(size) :]


def run_python(script: str, **environment: str) -> str:
    """Return the output of a script in a new process that can import the package under test."""
    package = Path(str(studio_imaging.__file__)).parents[1]
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "PYTHONPATH": str(package), **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()
