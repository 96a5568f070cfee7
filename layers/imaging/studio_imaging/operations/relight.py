"""edit.replace_background_relight: the subject on another background, with simple lighting."""

from dataclasses import dataclass
from typing import Final, Literal

from PIL import Image, ImageChops, ImageFilter, ImageStat

from studio_imaging.operations.colours import colours_in
from studio_imaging.operations.pictures import (
    coloured,
    grained,
    opened,
    opened_near,
    png,
    with_alpha,
)
from studio_imaging.operations.remove_background import cut_subject
from studio_imaging.palette import Rgb, mix
from studio_imaging.preview import painted
from studio_imaging.restyle import backdrop

Direction = Literal["left", "right", "above", "below"]

_TURNED: Final[dict[Direction, Image.Transpose | None]] = {
    "above": None,
    "below": Image.Transpose.ROTATE_180,
    "left": Image.Transpose.ROTATE_90,
    "right": Image.Transpose.ROTATE_270,
}


@dataclass(frozen=True, slots=True)
class Light:
    """The light on an image.

    Attributes:
        direction: Where the light comes from; None for no change.
        strength: Strength of the light, 0 to 1.
        image: A file whose blurred colours and brightness colour the light.
    """

    direction: Direction | None = None
    strength: float = 0.5
    picture: bytes | None = None


def replace_background(
    data: bytes, prompt: str, *, seed: int, light: Light, background: bytes | None = None
) -> bytes:
    """Return the subject on another background.

    Args:
        data: The image, with a plain or transparent background.
        prompt: Its colours become a backdrop; without colours, the built-in drawing is the
            background.
        seed: Seed of that drawing.
        light: The light on subject and background.
        background: A file to use as the background, cropped to the image's size; None to use
            the prompt.

    Returns:
        A PNG of the image's size, opaque.

    Raises:
        ImageRejectedError: A file is too large, of another type, or broken.
        OperationRefusedError: ``backdrop-not-plain``.
    """
    subject = cut_subject(opened(data))
    width, height = subject.size
    if background is not None:
        scene = opened_near(background, width, height)
    else:
        scene = _backdrop(prompt, seed, width, height)
    colour, alpha = coloured(subject)
    if alpha is None:
        alpha = Image.new("L", subject.size, 255)
    _cast_shadow(scene, alpha, light)
    colour = _lit(_in_tune(colour, alpha, scene), light, alpha)
    scene = _lit(scene, light, None)
    scene.paste(colour, mask=alpha)
    return png(scene)


def relight(data: bytes, light: Light) -> bytes:
    """Return the image with a light on subject and background.

    Returns:
        A PNG of the image's size.

    Raises:
        ImageRejectedError: A file is too large, of another type, or broken.
    """
    colour, alpha = coloured(opened(data))
    return png(with_alpha(_lit(colour, light, None), alpha))


def _backdrop(prompt: str, seed: int, width: int, height: int) -> Image.Image:
    named = colours_in(prompt)
    if not named:
        return painted(prompt, seed=seed, width=width, height=height)[0]
    wall = named[0].rgb
    floor = named[1].rgb if len(named) > 1 else mix(wall, (10, 10, 16), 0.16)
    return grained(backdrop(width, height, wall, floor), 1.2, "backdrop")


def _in_tune(colour: Image.Image, alpha: Image.Image, scene: Image.Image) -> Image.Image:
    """Return the subject with a slight tint of its new background, like reflected light."""
    if not alpha.getbbox():
        return colour
    red, green, blue = (round(part) for part in ImageStat.Stat(scene.reduce(_small(scene))).mean)
    tint = mix((255, 255, 255), (red, green, blue), 0.14)
    return ImageChops.multiply(colour, Image.new("RGB", colour.size, tint))


def _small(picture: Image.Image) -> int:
    return max(1, min(picture.size) // 64)


def _lit(picture: Image.Image, light: Light, alpha: Image.Image | None) -> Image.Image:
    if light.picture is not None:
        picture = _shone(picture, light.picture, light.strength)
    if light.direction is None:
        return picture
    return _from_a_side(picture, light.direction, light.strength, alpha)


def _shone(picture: Image.Image, lamp: bytes, strength: float) -> Image.Image:
    """Return an image lit with the blurred colours of another; its mean brightness stays."""
    # A tiny copy is enough for the places and colours of the light.
    glow = opened_near(lamp, 24, 24).filter(ImageFilter.GaussianBlur(4))
    level = max(8.0, ImageStat.Stat(glow.convert("L")).mean[0])
    glow = glow.point([min(205, round(x * 150 / level)) for x in range(256)] * 3)
    glow = Image.blend(Image.new("RGB", glow.size, (150, 150, 150)), glow, strength)
    wide = glow.resize(picture.size, Image.Resampling.BICUBIC)
    lit = ImageChops.multiply(picture, wide)
    return lit.point([min(255, round(x * 255 / 150)) for x in range(256)] * 3)


def _from_a_side(
    picture: Image.Image, side: Direction, strength: float, alpha: Image.Image | None
) -> Image.Image:
    """Return an image brighter towards the light and darker away from it, over the subject."""
    box = alpha.getbbox() if alpha is not None else (0, 0, *picture.size)
    if box is None:
        return picture
    ramp = Image.linear_gradient("L")
    turn = _TURNED[side]
    if turn is not None:
        ramp = ramp.transpose(turn)
    part = picture.crop(box)
    ramp = ramp.resize(part.size, Image.Resampling.BILINEAR)
    shade = ramp.point([round(255 * (1 - 0.62 * strength * (x / 255) ** 1.3)) for x in range(256)])
    glow = ramp.point([round(110 * strength * max(0.0, 1 - x / 150) ** 1.6) for x in range(256)])
    part = ImageChops.multiply(part, Image.merge("RGB", (shade, shade, shade)))
    warm = glow.point([round(x * 0.86) for x in range(256)])
    part = ImageChops.screen(part, Image.merge("RGB", (glow, glow, warm)))
    result = picture.copy()
    result.paste(part, box[:2])
    return result


def _cast_shadow(scene: Image.Image, alpha: Image.Image, light: Light) -> None:
    """Paint a shadow under the subject, unless the lower border cuts the subject."""
    box = alpha.getbbox()
    if box is None or box[3] >= scene.height - 1:
        return
    wide, tall = box[2] - box[0], max(2, round((box[3] - box[1]) * 0.1))
    # Only the lower quarter casts the shadow; a wider shadow would seem to float.
    foot = alpha.crop((box[0], box[3] - max(1, (box[3] - box[1]) // 4), box[2], box[3]))
    flat = foot.resize((wide, tall), Image.Resampling.BILINEAR).point(
        [x * 6 // 10 for x in range(256)]
    )
    aside = {"left": 1, "right": -1}.get(light.direction or "", 0) * round(
        wide * 0.12 * light.strength
    )
    shadow = Image.new("L", scene.size)
    shadow.paste(flat, (box[0] + aside, box[3] - round(tall * 0.62)))
    reach = max(1.0, max(wide, tall) / 26)
    around = (
        max(0, box[0] - abs(aside) - round(4 * reach)),
        max(0, box[3] - tall - round(4 * reach)),
        min(scene.width, box[2] + abs(aside) + round(4 * reach)),
        min(scene.height, box[3] + tall + round(4 * reach)),
    )
    soft = shadow.crop(around).filter(ImageFilter.GaussianBlur(reach))
    dark: Rgb = (14, 13, 20)
    scene.paste(dark, around, soft)
