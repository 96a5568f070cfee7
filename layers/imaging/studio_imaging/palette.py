"""Harmonious colours for the preview renderer, chosen in OKLCH and returned as sRGB.

OKLCH (Ottosson 2020, CSS Color 4) keeps the perceived lightness when the hue turns. So a mood
stays balanced in every hue.
"""

import math
from dataclasses import dataclass
from functools import lru_cache
from random import Random
from typing import Final

Rgb = tuple[int, int, int]
Oklch = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Mood:
    """A curated set of OKLCH colours (lightness 0-1, chroma, hue in degrees).

    Attributes:
        sky: Zenith, middle and horizon of a background.
        far: The most distant layer of a landscape.
        near: The closest layer of a landscape.
        light: Sun, moon and highlights.
        accents: Four colours that go together.
        turn: How far a seed may rotate every hue, in degrees.
    """

    sky: tuple[Oklch, Oklch, Oklch]
    far: Oklch
    near: Oklch
    light: Oklch
    accents: tuple[Oklch, Oklch, Oklch, Oklch]
    turn: float


MOODS: Final[dict[str, Mood]] = {
    "dawn": Mood(
        sky=((0.50, 0.09, 285), (0.76, 0.10, 10), (0.92, 0.08, 75)),
        far=(0.74, 0.08, 350),
        near=(0.27, 0.07, 300),
        light=(0.97, 0.06, 90),
        accents=((0.70, 0.15, 35), (0.84, 0.11, 80), (0.52, 0.10, 300), (0.66, 0.07, 240)),
        turn=12,
    ),
    "day": Mood(
        sky=((0.68, 0.10, 240), (0.83, 0.06, 225), (0.96, 0.03, 190)),
        far=(0.80, 0.05, 225),
        near=(0.36, 0.07, 165),
        light=(0.98, 0.05, 100),
        accents=((0.74, 0.14, 55), (0.88, 0.12, 95), (0.55, 0.10, 235), (0.66, 0.11, 155)),
        turn=14,
    ),
    "dusk": Mood(
        sky=((0.29, 0.09, 285), (0.56, 0.15, 355), (0.82, 0.13, 60)),
        far=(0.55, 0.12, 350),
        near=(0.19, 0.06, 290),
        light=(0.92, 0.11, 75),
        accents=((0.70, 0.17, 30), (0.83, 0.13, 75), (0.58, 0.17, 350), (0.44, 0.11, 285)),
        turn=12,
    ),
    "night": Mood(
        sky=((0.17, 0.04, 265), (0.26, 0.07, 272), (0.44, 0.09, 285)),
        far=(0.35, 0.07, 275),
        near=(0.13, 0.03, 268),
        light=(0.95, 0.04, 95),
        accents=((0.84, 0.13, 82), (0.72, 0.14, 45), (0.66, 0.10, 225), (0.60, 0.14, 325)),
        turn=16,
    ),
    "sea": Mood(
        sky=((0.71, 0.08, 238), (0.86, 0.05, 212), (0.96, 0.03, 95)),
        far=(0.72, 0.08, 212),
        near=(0.32, 0.08, 242),
        light=(0.98, 0.04, 95),
        accents=((0.72, 0.14, 35), (0.90, 0.06, 85), (0.62, 0.09, 197), (0.38, 0.09, 252)),
        turn=10,
    ),
    "forest": Mood(
        sky=((0.78, 0.05, 165), (0.89, 0.04, 135), (0.97, 0.04, 100)),
        far=(0.78, 0.05, 160),
        near=(0.25, 0.05, 168),
        light=(0.98, 0.05, 100),
        accents=((0.76, 0.12, 80), (0.56, 0.09, 140), (0.60, 0.13, 42), (0.74, 0.10, 148)),
        turn=10,
    ),
    "warm": Mood(
        sky=((0.87, 0.04, 65), (0.92, 0.03, 72), (0.96, 0.02, 80)),
        far=(0.82, 0.06, 62),
        near=(0.31, 0.05, 48),
        light=(0.98, 0.03, 85),
        accents=((0.64, 0.13, 40), (0.79, 0.09, 72), (0.37, 0.05, 45), (0.73, 0.06, 145)),
        turn=10,
    ),
    "bold": Mood(
        sky=((0.91, 0.03, 85), (0.93, 0.03, 88), (0.95, 0.02, 90)),
        far=(0.83, 0.10, 88),
        near=(0.24, 0.03, 270),
        light=(0.98, 0.02, 90),
        accents=((0.62, 0.19, 30), (0.83, 0.15, 86), (0.48, 0.13, 257), (0.70, 0.09, 195)),
        turn=16,
    ),
    "studio": Mood(
        sky=((0.84, 0.05, 20), (0.90, 0.04, 30), (0.95, 0.02, 45)),
        far=(0.80, 0.08, 15),
        near=(0.33, 0.08, 350),
        light=(0.98, 0.02, 60),
        accents=((0.66, 0.14, 20), (0.80, 0.09, 60), (0.44, 0.09, 250), (0.76, 0.07, 190)),
        turn=180,
    ),
    "mint": Mood(
        sky=((0.40, 0.07, 200), (0.60, 0.09, 190), (0.86, 0.07, 165)),
        far=(0.70, 0.09, 185),
        near=(0.22, 0.05, 215),
        light=(0.96, 0.06, 130),
        accents=((0.78, 0.12, 165), (0.88, 0.10, 110), (0.66, 0.14, 25), (0.45, 0.08, 230)),
        turn=70,
    ),
}


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of one image, in sRGB."""

    sky: tuple[Rgb, Rgb, Rgb]
    far: Rgb
    near: Rgb
    light: Rgb
    accents: tuple[Rgb, Rgb, Rgb, Rgb]
    paper: Rgb
    ink: Rgb

    @property
    def dark(self) -> bool:
        """True if the background is dark."""
        return luminance(self.sky[1]) < 0.35

    def ramp(self, count: int) -> list[Rgb]:
        """Return the colours of a landscape's layers, from the most distant to the closest."""
        return [mix(self.far, self.near, step / max(1, count - 1)) for step in range(count)]


def choose_palette(mood: str, rng: Random, hue: float | None = None) -> Palette:
    """Return a palette of a mood.

    Args:
        mood: A key of ``MOODS``.
        rng: Source of the small variation between seeds.
        hue: Hue of the first accent in degrees; None for the mood's own hues.
    """
    chosen = MOODS[mood]
    turn = rng.uniform(-chosen.turn, chosen.turn)
    if hue is not None:
        turn = hue - chosen.accents[0][2]

    def colour(value: Oklch) -> Rgb:
        return to_rgb(value[0], value[1], value[2] + turn)

    first, second, third, fourth = (colour(accent) for accent in chosen.accents)
    zenith, middle, horizon = (colour(stop) for stop in chosen.sky)
    return Palette(
        sky=(zenith, middle, horizon),
        far=colour(chosen.far),
        near=colour(chosen.near),
        light=colour(chosen.light),
        accents=(first, second, third, fourth),
        paper=to_rgb(0.975, 0.012, chosen.sky[2][2] + turn),
        ink=to_rgb(0.25, 0.03, chosen.near[2] + turn),
    )


@lru_cache(maxsize=256)
def to_rgb(lightness: float, chroma: float, hue: float) -> Rgb:
    """Return an OKLCH colour as 8-bit sRGB, with less chroma if sRGB does not have the colour."""
    angle = math.radians(hue)
    while True:
        linear = _oklab_to_linear(lightness, chroma * math.cos(angle), chroma * math.sin(angle))
        if chroma < 0.002 or all(-0.0005 <= channel <= 1.0005 for channel in linear):
            red, green, blue = (_encode(channel) for channel in linear)
            return red, green, blue
        chroma *= 0.95


def mix(start: Rgb, end: Rgb, amount: float) -> Rgb:
    """Return the blend of two colours in OKLab; amount 0 to 1."""
    first, second = _rgb_to_oklab(start), _rgb_to_oklab(end)
    lightness, a, b = (x + (y - x) * amount for x, y in zip(first, second, strict=True))
    red, green, blue = (_encode(channel) for channel in _oklab_to_linear(lightness, a, b))
    return red, green, blue


def luminance(colour: Rgb) -> float:
    """Return the relative luminance of a colour, 0 to 1 (WCAG 2)."""
    red, green, blue = (_decode(channel) for channel in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _oklab_to_linear(lightness: float, a: float, b: float) -> tuple[float, float, float]:
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )


@lru_cache(maxsize=1024)
def _rgb_to_oklab(colour: Rgb) -> tuple[float, float, float]:
    red, green, blue = (_decode(channel) for channel in colour)
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    medium = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    return (
        0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short,
    )


def _encode(linear: float) -> int:
    """Return a linear channel as 8-bit sRGB, clipped."""
    channel = min(1.0, max(0.0, linear))
    curved = 12.92 * channel if channel <= 0.0031308 else 1.055 * channel ** (1 / 2.4) - 0.055
    return round(255 * curved)


def _decode(channel: int) -> float:
    """Return an 8-bit sRGB channel as linear light."""
    value = channel / 255
    return float(value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4)
