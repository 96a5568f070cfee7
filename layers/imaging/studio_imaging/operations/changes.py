"""The named changes of edit.general, with their phrases."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from PIL import Image, ImageChops, ImageEnhance, ImageFilter, ImageOps

from studio_imaging.operations.pictures import grained
from studio_imaging.palette import Rgb

Change = Callable[[Image.Image, float], Image.Image]


@dataclass(frozen=True, slots=True)
class Edit:
    """A change and its phrases.

    Attributes:
        phrases: Phrases, with choices in brackets such as "gr(e|a)y"; the first one is the name of
            the change in messages.
        make: Returns an RGB image changed by an amount; 1 is the usual amount.
        moves: For a change that moves pixels, how many times in a row give the old image again;
            0 for other changes.
    """

    phrases: tuple[str, ...]
    make: Change
    moves: int = 0


def _tones(picture: Image.Image, curve: Callable[[float], float]) -> Image.Image:
    table = [min(255, max(0, round(255 * curve(value / 255)))) for value in range(256)]
    return picture.point(table * 3)


def _brighter(picture: Image.Image, amount: float) -> Image.Image:
    return _tones(picture, lambda x: x ** (1 / (1 + 0.5 * amount)))


def _darker(picture: Image.Image, amount: float) -> Image.Image:
    return _tones(picture, lambda x: x ** (1 + 0.55 * amount))


def _contrast(amount: float) -> Change:
    def change(picture: Image.Image, size: float) -> Image.Image:
        strength = amount * size
        if strength < 0:
            return _tones(picture, lambda x: 0.5 + (x - 0.5) * (1 + strength))

        def curve(x: float) -> float:
            bent = 2 * x * x if x < 0.5 else 1 - 2 * (1 - x) ** 2
            return x + (bent - x) * strength

        return _tones(picture, curve)

    return change


def _saturation(amount: float) -> Change:
    def change(picture: Image.Image, size: float) -> Image.Image:
        return ImageEnhance.Color(picture).enhance(max(0.0, 1 + amount * size))

    return change


def _balance(red: float, green: float, blue: float) -> Change:
    """Return a change of the light's colour: mid-tones move, black and white stay."""

    def change(picture: Image.Image, size: float) -> Image.Image:
        tables: list[int] = []
        for gain in (red, green, blue):
            tables += [
                round(255 * (value / 255) ** (1 / (1 + gain * size))) for value in range(256)
            ]
        return picture.point(tables)

    return change


def _grey(picture: Image.Image, _: float) -> Image.Image:
    return picture.convert("L").convert("RGB")


def _toned(dark: Rgb, light: Rgb) -> Change:
    def change(picture: Image.Image, _: float) -> Image.Image:
        return ImageOps.colorize(ImageOps.autocontrast(picture.convert("L"), 0.2), dark, light)

    return change


def _vintage(picture: Image.Image, amount: float) -> Image.Image:
    faded = _tones(_balance(0.16, 0.02, -0.18)(picture, amount), lambda x: 0.08 + 0.86 * x)
    return grained(_vignette(_saturation(-0.3)(faded, 1), amount), 3, "vintage")


def _vignette(picture: Image.Image, amount: float) -> Image.Image:
    fall = Image.radial_gradient("L").point(
        [
            round(255 * (1 - min(0.8, 0.5 * amount) * max(0.0, x / 255 - 0.3) ** 1.5))
            for x in range(256)
        ]
    )
    shade = fall.crop((36, 36, 220, 220)).resize(picture.size, Image.Resampling.BICUBIC)
    return ImageChops.multiply(picture, Image.merge("RGB", (shade, shade, shade)))


def _blur(picture: Image.Image, amount: float) -> Image.Image:
    return picture.filter(ImageFilter.GaussianBlur(max(0.6, max(picture.size) / 170 * amount)))


def _sharpen(picture: Image.Image, amount: float) -> Image.Image:
    radius = max(1.0, max(picture.size) / 900)
    return picture.filter(ImageFilter.UnsharpMask(radius, round(110 * amount), 2))


def _denoise(picture: Image.Image, _: float) -> Image.Image:
    return picture.filter(ImageFilter.MedianFilter(3))


def _grain(picture: Image.Image, amount: float) -> Image.Image:
    return grained(picture, 9 * amount, "grain")


def _posterise(picture: Image.Image, amount: float) -> Image.Image:
    return ImageOps.posterize(picture.filter(ImageFilter.MedianFilter(5)), 2 if amount > 1 else 3)


def _negative(picture: Image.Image, _: float) -> Image.Image:
    return ImageOps.invert(picture)


def _levels(picture: Image.Image, _: float) -> Image.Image:
    return ImageOps.autocontrast(picture, 0.5, preserve_tone=True)


def _moved(method: Image.Transpose) -> Change:
    return lambda picture, _: picture.transpose(method)


EDITS: Final = (
    Edit(("brighter", "bright", "brighten", "lighter", "lighten",
          "more (light|brightness)"), _brighter),
    Edit(("darker", "dark", "darken", "dimmer", "less (light|bright|brightness)"), _darker),
    Edit(("more contrast", "contrast", "punchier", "(more |)contrasty", "higher contrast",
          "increase (the |)contrast"), _contrast(0.75)),
    Edit(("less contrast", "lower contrast", "flatter", "reduce (the |)contrast"),
         _contrast(-0.35)),
    Edit(("warmer", "warm", "warm up"), _balance(0.20, 0.02, -0.20)),
    Edit(("cooler", "cool", "colder", "cold", "cool down"), _balance(-0.18, 0.0, 0.22)),
    Edit(("more saturated", "saturate", "saturated", "more saturation", "more vivid", "vivid",
          "vibrant", "more vibrant", "more colo(u|)rful", "colo(u|)rful"), _saturation(0.55)),
    Edit(("less saturated", "desaturate", "less saturation", "muted", "paler", "less colo(u|)rful",
          "less vivid"), _saturation(-0.45)),
    Edit(("black and white", "monochrome", "gr(e|a)y(| )scale", "b and w"), _grey),
    Edit(("sepia",), _toned((38, 22, 10), (255, 240, 208))),
    Edit(("vintage", "retro", "old film"), _vintage),
    Edit(("vignette", "darker (corners|edges)"), _vignette),
    Edit(("blur", "blurry", "blurred", "blurrier", "softer", "soften"), _blur),
    Edit(("sharpen", "sharper", "sharp", "crisper", "crisp"), _sharpen),
    Edit(("less noise", "denoise", "remove noise", "remove (the |)noise", "smooth", "smoother"),
         _denoise),
    Edit(("film grain", "grain", "grainy", "more grain"), _grain),
    Edit(("posterize", "posteri(s|z)e(|d)"), _posterise),
    Edit(("invert", "inverted", "negative"), _negative),
    Edit(("auto levels", "auto contrast", "fix (the |)exposure", "auto"), _levels),
    Edit(("mirror", "mirrored", "flip", "flip horizontally", "flip horizontal"),
         _moved(Image.Transpose.FLIP_LEFT_RIGHT), moves=2),
    Edit(("flip vertically", "flip vertical"),
         _moved(Image.Transpose.FLIP_TOP_BOTTOM), moves=2),
    Edit(("upside down", "flip upside down", "rotate 180(| degrees)"),
         _moved(Image.Transpose.ROTATE_180), moves=2),
    Edit(("rotate right", "rotate(| right)(| by) 90(| degrees)(| clockwise)",
          "rotate clockwise"), _moved(Image.Transpose.ROTATE_270), moves=4),
    Edit(("rotate left", "rotate left(| by) 90(| degrees)", "rotate counterclockwise"),
         _moved(Image.Transpose.ROTATE_90), moves=4),
)  # fmt: skip
"""The changes that ``edit.general`` knows."""
