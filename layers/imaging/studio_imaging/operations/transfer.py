"""control.style_transfer: the colours of one image on another, with helpers for other operations.

The transfer is in YCbCr, because Pillow converts to it in C. The brightness gets the other
image's distribution; the two colour channels get its mean and deviation. CIELAB would be more
uniform but needs a profile transform.
"""

from itertools import accumulate
from typing import Final

from PIL import Image, ImageChops, ImageFilter, ImageStat

from studio_imaging.operations.pictures import coloured, opened, opened_near, png, with_alpha

_STYLE_SIDE: Final = 512
# Largest stretch of a deviation; more would turn a grey image into noise.
_MOST_STRETCH: Final = 2.6


def transfer_style(
    data: bytes, style: bytes, *, strength: float = 0.8, fidelity: float = 0.6
) -> bytes:
    """Return the image in the colours of another, with less texture.

    Args:
        data: The image.
        style: The file with the colours.
        strength: 0 to 1, how far towards those colours.
        fidelity: 0 to 1, how much of the image's fine detail stays.

    Returns:
        A PNG of the image's size.

    Raises:
        ImageRejectedError: A file is too large, of another type, or broken.
    """
    colour, alpha = coloured(opened(data))
    model = opened_near(style, _STYLE_SIDE, _STYLE_SIDE)
    painted = softened_texture(colour, 1 - fidelity)
    toned = with_colours_of(painted, model)
    return png(with_alpha(Image.blend(colour, toned, strength), alpha))


def with_colours_of(picture: Image.Image, model: Image.Image) -> Image.Image:
    """Return an RGB image in the colours of another."""
    parts = picture.convert("YCbCr").split()
    models = model.convert("YCbCr").split()
    brightness = parts[0].point(_matched(parts[0].histogram(), models[0].histogram()))
    # A full match makes bands in an image of few tones, so a quarter of the old brightness stays.
    brightness = Image.blend(parts[0], brightness, 0.75)
    tints = (_spread(part, like) for part, like in zip(parts[1:], models[1:], strict=True))
    return Image.merge("YCbCr", (brightness, *tints)).convert("RGB")


def softened_texture(picture: Image.Image, amount: float) -> Image.Image:
    """Return an image with less texture and the same edges; amount 0 to 1."""
    if amount <= 0 or min(picture.size) < 3:
        return picture
    shrink = max(1, -(-max(picture.size) // 800))
    small = picture.reduce(shrink) if shrink > 1 else picture
    broad = small.filter(ImageFilter.MedianFilter(5)).filter(ImageFilter.MedianFilter(5))
    flat = broad.resize(picture.size, Image.Resampling.BICUBIC)
    flat = flat.filter(ImageFilter.UnsharpMask(2, 80, 3))
    return Image.blend(picture, flat, amount)


def _matched(counts: list[int], wanted: list[int]) -> list[int]:
    """Return the curve that gives one histogram the shape of another."""
    have, want = list(accumulate(counts)), list(accumulate(wanted))
    curve, at = [], 0
    for value in range(256):
        share = (have[value] - counts[value] / 2) / have[-1]
        while at < 255 and want[at] / want[-1] < share:
            at += 1
        curve.append(at)
    return curve


def _spread(channel: Image.Image, model: Image.Image) -> Image.Image:
    own, like = ImageStat.Stat(channel), ImageStat.Stat(model)
    gain = min(_MOST_STRETCH, max(0.4, (like.stddev[0] + 1) / (own.stddev[0] + 1)))
    curve = [round(like.mean[0] + (value - own.mean[0]) * gain) for value in range(256)]
    return channel.point([min(255, max(0, value)) for value in curve])


def edges(picture: Image.Image, width: float = 1.0) -> Image.Image:
    """Return the outlines in an RGB image: white lines on black."""
    grey = picture.convert("L").filter(ImageFilter.GaussianBlur(width))
    wide = grey.filter(ImageFilter.GaussianBlur(1.6 * width))
    lines = ImageChops.subtract(wide, grey, 1, 0)
    return lines.point([min(255, max(0, (value - 3) * 22)) for value in range(256)])
