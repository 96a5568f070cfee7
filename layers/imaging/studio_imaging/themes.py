"""Choice of composition, mood and hue by the words of a prompt."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Final

from studio_imaging.palette import Palette
from studio_imaging.scenes import arcs, blocks, discs, grid, hills, podium, ribbons, sea, skyline
from studio_imaging.scenes.canvas import Canvas

Painter = Callable[[Canvas, Palette, Random, frozenset[str]], None]


@dataclass(frozen=True, slots=True)
class Theme:
    """A composition, its moods and the words (in the singular) that choose it."""

    paint: Painter
    moods: tuple[str, ...]
    words: frozenset[str]
    abstract: bool = False


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


# On a tie of words the first one wins, so specific subjects come first.
_THEMES: Final = (
    Theme(
        sea.paint,
        ("sea", "dusk", "dawn", "day"),
        _set(
            "sea ocean beach coast harbour harbor island lake water boat sail ship surf bay palm"
            " sunrise sunset horizon"
        ),
    ),
    Theme(
        skyline.paint,
        ("night", "dusk"),
        _set("city skyline street downtown town night neon traffic rooftop star moon metropolis"),
    ),
    Theme(
        podium.paint,
        ("studio", "warm", "bold"),
        _set(
            "product packshot package packaging box carton coffee cup mug tea espresso latte"
            " cappuccino bottle perfume serum wine cosmetic skincare shampoo"
            " vase flower bouquet plant ceramic pottery"
        ),
    ),
    Theme(
        hills.paint,
        ("dawn", "forest", "dusk", "day", "mint"),
        _set(
            "mountain hill valley landscape forest wood tree pine field meadow desert canyon jungle"
            " fog sunrise sunset dawn dusk"
        ),
    ),
    Theme(
        blocks.paint,
        ("warm", "bold", "studio", "day"),
        _set("architecture building house isometric village block game"),
        abstract=True,
    ),
    Theme(
        grid.paint,
        ("bold", "warm", "studio"),
        _set("pattern poster geometric bauhaus abstract tile quilt logo graphic typography"),
        abstract=True,
    ),
    Theme(
        ribbons.paint,
        ("mint", "studio", "dusk", "sea"),
        _set("wave flow flowing ribbon silk smoke music wind dream fabric fluid gradient"),
        abstract=True,
    ),
    Theme(
        arcs.paint,
        ("warm", "bold", "dawn", "sea"),
        _set("rainbow arch arches retro children kid playful nursery festival party seventies"),
        abstract=True,
    ),
    Theme(
        discs.paint,
        ("studio", "warm", "night"),
        _set("still fruit food glass glasses bubble planet balloon orb sphere minimal"),
        abstract=True,
    ),
)

_MOOD_WORDS: Final = {
    "dawn": _set("sunrise dawn morning"),
    "dusk": _set("sunset dusk evening golden twilight"),
    "night": _set("night midnight dark neon star moon moonlight"),
    "forest": _set("forest wood jungle fog misty"),
    "sea": _set("ocean beach turquoise"),
    "bold": _set("bauhaus primary"),
    "warm": _set("coffee autumn cozy cosy brown rustic wooden warm desert"),
    "day": _set("noon summer sunny spring bright"),
}

# Degrees in OKLCH.
_HUES: Final = {
    "red": 27.0,
    "crimson": 20.0,
    "orange": 55.0,
    "gold": 85.0,
    "yellow": 95.0,
    "lime": 125.0,
    "green": 145.0,
    "emerald": 160.0,
    "teal": 190.0,
    "cyan": 205.0,
    "blue": 255.0,
    "indigo": 275.0,
    "violet": 295.0,
    "purple": 300.0,
    "lavender": 300.0,
    "magenta": 330.0,
    "pink": 355.0,
}


def words_of(prompt: str) -> frozenset[str]:
    """Return the words of a prompt in lower case, plurals also without their s."""
    words = re.findall(r"\w+", prompt.lower())
    return frozenset(words) | {word[:-1] for word in words if word.endswith("s")}


def choose_theme(words: frozenset[str], rng: Random) -> Theme:
    """Return the composition that most words choose; without such words, a random abstract one.

    A random landscape would look like a wrong result.
    """
    hits = [len(theme.words & words) for theme in _THEMES]
    chance = rng.choice([theme for theme in _THEMES if theme.abstract])
    return _THEMES[hits.index(max(hits))] if any(hits) else chance


def choose_mood(theme: Theme, words: frozenset[str], rng: Random) -> str:
    """Return the mood that a word chooses, else a random one of the theme."""
    chance = rng.choice(theme.moods)
    return next((mood for mood, asking in _MOOD_WORDS.items() if asking & words), chance)


def named_hue(words: frozenset[str]) -> float | None:
    """Return the hue in degrees of a colour that the prompt names, the first by alphabet."""
    named = sorted(words & _HUES.keys())
    return _HUES[named[0]] if named else None
