"""Masks as the studio hands them to its providers."""

from io import BytesIO

from PIL import Image

from studio.domain.provider_calls.source_file import SourceFile


def mask(width: int, height: int, box: tuple[int, int, int, int]) -> SourceFile:
    """Return a grey PNG that is white inside a box (left, top, right, bottom), black around it."""
    grey = Image.new("L", (width, height))
    grey.paste(255, box)
    buffer = BytesIO()
    grey.save(buffer, "PNG")
    return SourceFile(buffer.getvalue(), "image/png", width, height, "mask")
