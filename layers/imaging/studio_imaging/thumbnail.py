"""The thumbnail of an image."""

from typing import Final

from PIL import Image

from studio_imaging.encode import EncodedImage, encode

SIDE: Final = 256
_QUALITY: Final = 80


def thumbnail_of(picture: Image.Image, side: int = SIDE) -> EncodedImage:
    """Return a WebP with a longest side of at most ``side`` pixels; never enlarge."""
    scale = min(1.0, side / max(picture.size))
    size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    small = picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)
    return encode(small, "webp", _QUALITY)
