"""Colours by name: the pixels that a name selects, and the colour that it gives."""

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from PIL import Image, ImageChops

from studio_imaging.palette import Rgb

_DEGREE: Final = 256 / 360
_HUE_EDGE: Final = 8
_WORD: Final = re.compile(r"[a-z]+")


@dataclass(frozen=True, slots=True)
class NamedColour:
    """A colour with a name.

    Attributes:
        name: The name.
        rgb: The colour to paint with.
        start: First hue to search for, in degrees; for a grey, the least brightness.
        end: Last hue to search for, in degrees; for a grey, the greatest brightness.
        darkest: Least brightness, 0 to 255.
        lightest: Greatest brightness, 0 to 255.
        pale: Whether its saturation is low.
        grey: Whether it has no hue.
    """

    name: str
    rgb: Rgb
    start: int
    end: int
    darkest: int
    lightest: int
    pale: bool
    grey: bool


@lru_cache(maxsize=1)
def named_colours() -> dict[str, NamedColour]:
    """Return all known colours by name."""
    table = json.loads(Path(__file__).with_name("colours.json").read_bytes())
    return {
        name: NamedColour(
            name,
            tuple(facts["rgb"]),
            facts["from"],
            facts["to"],
            facts.get("light", 0),
            facts.get("dark", 255),
            pale=facts.get("pale", False),
            grey=kind == "greys",
        )
        for kind in ("hues", "greys")
        for name, facts in table[kind].items()
    }


def colours_in(text: str) -> list[NamedColour]:
    """Return the known colours of a text in order."""
    known = named_colours()
    return [known[word] for word in _WORD.findall(text.lower()) if word in known]


def selected(picture: Image.Image, colour: NamedColour) -> Image.Image:
    """Return how well each pixel of an RGB image matches a colour; white is a full match."""
    hue, saturation, value = picture.convert("HSV").split()
    if colour.grey:
        # Noise may give a black pixel a hue, but not a white one.
        calm = 110 if colour.end < 100 else 46
        plain = saturation.point([_fall(x, calm, 20) for x in range(256)])
        if colour.end < 100:
            plain = ImageChops.lighter(plain, value.point([_fall(x, 40, 14) for x in range(256)]))
        level = value.point([_within(x, colour.start, colour.end, 10) for x in range(256)])
        return ImageChops.darker(plain, level)
    turn = (colour.end - colour.start) % 360 * _DEGREE
    middle = colour.start * _DEGREE + turn / 2
    near = hue.point([_fall(_apart(x, middle), turn / 2, _HUE_EDGE) for x in range(256)])
    low, high = (24, 110) if colour.pale else (58, 255)
    vivid = saturation.point([_within(x, low, high, 14) for x in range(256)])
    lit = value.point(
        [
            min(
                _rise(x, 28, 20),
                _within(x, colour.darkest, colour.lightest, 24),
            )
            for x in range(256)
        ]
    )
    return ImageChops.darker(ImageChops.darker(near, vivid), lit)


def _apart(first: float, second: float) -> float:
    """Return the distance of two hues on a circle of 256."""
    way = abs(first - second) % 256
    return min(way, 256 - way)


def _rise(value: float, start: float, width: float) -> int:
    return round(255 * min(1.0, max(0.0, (value - start) / width)))


def _fall(value: float, start: float, width: float) -> int:
    return 255 - _rise(value, start, width)


def _within(value: float, low: float, high: float, edge: float) -> int:
    rises = 255 if low <= 0 else _rise(value, low - edge, edge)
    falls = 255 if high >= 255 else _fall(value, high, edge)
    return min(rises, falls)
