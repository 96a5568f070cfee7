"""The drawing surface of all compositions: flat shapes, soft light and soft shadow."""

from collections.abc import Sequence
from typing import Final

from PIL import Image, ImageDraw, ImageFilter

from studio_imaging.palette import Rgb, mix

Point = tuple[float, float]

_GRADIENT_STEPS: Final = 256
_SHADOW_SCALE: Final = 8


class Canvas:
    """An image to paint on, larger than the result, which the renderer shrinks.

    Attributes:
        image: The pixels so far.
        width: Width of this canvas in pixels.
        height: Height of this canvas in pixels.
        unit: The shorter side; strokes and radii are fractions of it in every aspect ratio.
    """

    def __init__(self, width: int, height: int) -> None:
        self.image = Image.new("RGB", (width, height))
        self.width = width
        self.height = height
        self.unit = min(width, height)
        self._pen = ImageDraw.Draw(self.image)

    def gradient(self, stops: Sequence[Rgb], top: float = 0, bottom: float | None = None) -> None:
        """Fill the rows from ``top`` to ``bottom`` with evenly spaced colours, full width."""
        end = self.height if bottom is None else bottom
        height = max(1, round(end) - round(top))
        self.image.paste(_vertical(stops).resize((self.width, height)), (0, round(top)))

    def polygon(self, points: Sequence[Point], colour: Rgb) -> None:
        """Fill a polygon."""
        self._pen.polygon(points, fill=colour)

    def disc(self, x: float, y: float, radius: float, colour: Rgb, *, squash: float = 1) -> None:
        """Fill a circle, or an ellipse whose height is ``squash`` times its width."""
        self._pen.ellipse(
            (x - radius, y - radius * squash, x + radius, y + radius * squash), fill=colour
        )

    def pie(self, x: float, y: float, radius: float, start: float, end: float, colour: Rgb) -> None:
        """Fill a slice of a circle between two angles (degrees, clockwise from three o'clock)."""
        self._pen.pieslice(
            (x - radius, y - radius, x + radius, y + radius), start, end, fill=colour
        )

    def bar(
        self,
        left: float,
        top: float,
        right: float,
        bottom: float,
        colour: Rgb,
        *,
        radius: float = 0,
        opacity: float = 1,
    ) -> None:
        """Fill a rectangle, with round corners when ``radius`` is given."""
        if right - left < 1 or bottom - top < 1:
            return
        if opacity >= 1:
            self._pen.rounded_rectangle((left, top, right, bottom), radius, fill=colour)
            return
        mask = Image.new("L", (round(right - left) + 1, round(bottom - top) + 1))
        ImageDraw.Draw(mask).rounded_rectangle(
            (0, 0, mask.width - 1, mask.height - 1), radius, fill=round(255 * opacity)
        )
        self.image.paste(colour, (round(left), round(top)), mask)

    def line(self, points: Sequence[Point], colour: Rgb, width: float) -> None:
        """Draw a line with round joints."""
        self._pen.line(points, fill=colour, width=max(1, round(width)), joint="curve")

    def glow(self, x: float, y: float, radius: float, colour: Rgb, strength: float = 1) -> None:
        """Add light that fades out from a point; strength 0 to 1 is the opacity in the middle."""
        left, top = max(0, round(x - radius)), max(0, round(y - radius))
        right, bottom = min(self.width, round(x + radius)), min(self.height, round(y + radius))
        if right <= left or bottom <= top:
            return
        scale = 256 / (2 * radius)
        mask = (
            Image.radial_gradient("L")
            .point([round(255 * strength * _falloff(value)) for value in range(256)])
            .transform(
                (right - left, bottom - top),
                Image.Transform.AFFINE,
                (scale, 0, (left - x) * scale + 128, 0, scale, (top - y) * scale + 128),
                Image.Resampling.BILINEAR,
            )
        )
        self.image.paste(colour, (left, top), mask)

    def haze(self, top: float, bottom: float, colour: Rgb, strength: float) -> None:
        """Paint mist over a band of rows, from 0 at ``top`` to ``strength`` at ``bottom``."""
        start, end = max(0, round(top)), min(self.height, round(bottom))
        if end <= start:
            return
        mask = Image.linear_gradient("L").resize((self.width, end - start))
        self.image.paste(colour, (0, start), mask.point(lambda value: value * strength))

    def shadow(
        self, points: Sequence[Point], softness: float, strength: float, colour: Rgb = (10, 8, 20)
    ) -> None:
        """Paint the soft shadow of a polygon; ``softness`` is the blur radius in pixels."""
        scale = _SHADOW_SCALE
        reach = 3 * softness
        around = self._box(
            [(x + way * reach, y + way * reach) for x, y in points for way in (-1, 1)]
        )
        if around is None:
            return
        left, top = around[0] // scale * scale, around[1] // scale * scale
        size = ((around[2] - left) // scale + 1, (around[3] - top) // scale + 1)
        mask = Image.new("L", size)
        ImageDraw.Draw(mask).polygon(
            [((x - left) / scale, (y - top) / scale) for x, y in points],
            fill=round(255 * strength),
        )
        soft = mask.filter(ImageFilter.GaussianBlur(softness / scale))
        self.image.paste(colour, (left, top), soft.resize((size[0] * scale, size[1] * scale)))

    def shaded(self, points: Sequence[Point], tones: Sequence[Rgb]) -> None:
        """Fill a polygon with tones from left to right, so that it looks round."""
        box = self._box(points)
        if box is not None:
            body = _vertical(tones).transpose(Image.Transpose.ROTATE_90)
            size = (box[2] - box[0], box[3] - box[1])
            self.image.paste(body.resize(size), box, _polygon_mask(points, box))

    def _box(self, points: Sequence[Point]) -> tuple[int, int, int, int] | None:
        """Return the part of the canvas that a polygon can touch; None if it is outside."""
        columns = [x for x, _ in points]
        rows = [y for _, y in points]
        left, top = max(0, int(min(columns))), max(0, int(min(rows)))
        right = min(self.width, int(max(columns)) + 1)
        bottom = min(self.height, int(max(rows)) + 1)
        return (left, top, right, bottom) if right > left and bottom > top else None


def _polygon_mask(points: Sequence[Point], box: tuple[int, int, int, int]) -> Image.Image:
    mask = Image.new("L", (box[2] - box[0], box[3] - box[1]))
    ImageDraw.Draw(mask).polygon([(x - box[0], y - box[1]) for x, y in points], fill=255)
    return mask


def _falloff(value: int) -> float:
    """Return the brightness of a glow where Pillow's radial gradient has ``value``.

    The gradient is 255 in the corners of its square and 181 in the middle of its sides, where a
    glow must end.
    """
    return max(0.0, 1 - value / 180) ** 2


def _vertical(stops: Sequence[Rgb]) -> Image.Image:
    """Return a strip one pixel wide with the colours from top to bottom."""
    strip = Image.new("RGB", (1, _GRADIENT_STEPS))
    spans = len(stops) - 1
    for row in range(_GRADIENT_STEPS):
        at = row / (_GRADIENT_STEPS - 1) * spans
        index = min(int(at), spans - 1)
        strip.putpixel((0, row), mix(stops[index], stops[index + 1], at - index))
    return strip
