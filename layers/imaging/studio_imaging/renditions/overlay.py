"""A preview of the parts of a file that a platform covers."""

from typing import Final

from PIL import Image, ImageChops, ImageDraw

from studio_imaging.decode import open_image
from studio_imaging.encode import EncodedImage, encode
from studio_imaging.formats import OutputFormat
from studio_imaging.renditions.scale import flattened
from studio_imaging.safe import Safe

_SHADE: Final = (200, 30, 60)
_SHADE_PERCENT: Final = 45
_WHITE: Final = (255, 255, 255)
_LINE_SHARE: Final = 0.004
_QUALITY: Final = 80


def preview(export: bytes, safe: Safe, output: OutputFormat = "webp") -> EncodedImage:
    """Return a file with its covered parts shaded and a line around the uncovered part.

    Args:
        export: A finished file.
        safe: Its safe zone; without covered edges, the line is at the edge of the image.
        output: Format of the preview.

    Raises:
        ImageRejectedError: The file cannot be decoded.
    """
    picture = flattened(open_image(export), _WHITE)
    width, height = picture.size
    line = max(1, round(_LINE_SHARE * max(picture.size)))
    box = (
        round(safe.left * width),
        round(safe.top * height),
        round((1 - safe.right) * width) - 1,
        round((1 - safe.bottom) * height) - 1,
    )
    free, border = (Image.new("L", picture.size) for _ in range(2))
    if box[0] <= box[2] and box[1] <= box[3]:
        ImageDraw.Draw(free).rectangle(box, 255)
        ImageDraw.Draw(border).rectangle(box, outline=255, width=line)
    if safe.circle:
        side = min(picture.size)
        left, top = (width - side) // 2, (height - side) // 2
        circle, ring = (Image.new("L", picture.size) for _ in range(2))
        around = (left, top, left + side - 1, top + side - 1)
        ImageDraw.Draw(circle).ellipse(around, 255)
        ImageDraw.Draw(ring).ellipse(around, outline=255, width=line)
        free = ImageChops.multiply(free, circle)
        border = ImageChops.multiply(ImageChops.lighter(border, ring), free)
    covered = free.point(lambda value: 0 if value else round(2.55 * _SHADE_PERCENT))
    picture.paste(_SHADE, mask=covered)
    picture.paste(_WHITE, mask=border)
    return encode(picture, output, _QUALITY)
