"""Pictures that the stand-ins answer with."""

import hashlib
import struct
import zlib
from functools import lru_cache
from io import BytesIO

from PIL import Image

HUGE_SIDE = 20_000


@lru_cache(maxsize=32)
def png(width: int, height: int, subject: str) -> bytes:
    """Return a real PNG: two bands in colours that the subject decides."""
    digest = hashlib.sha256(subject.encode()).digest()
    image = Image.new("RGB", (width, height), tuple(digest[:3]))
    image.paste(tuple(digest[3:6]), (0, height // 2, width, height))
    buffer = BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def is_picture(data: bytes, media_type: str) -> bool:
    """Tell whether a file is a whole picture of the type that it is said to be."""
    try:
        with Image.open(BytesIO(data)) as image:
            image.load()
            return f"image/{str(image.format).lower()}" == media_type
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return False


def huge_png() -> bytes:
    """Return a small file whose header claims 20,000 x 20,000 pixels, checksum right."""
    small = png(1, 1, "huge")
    header = b"IHDR" + struct.pack(">II", HUGE_SIDE, HUGE_SIDE) + small[24:29]
    return small[:12] + header + struct.pack(">I", zlib.crc32(header)) + small[33:]
