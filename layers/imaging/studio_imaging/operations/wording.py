"""Reading of the prompts of edit.general: phrases of whole words, each with its amount."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final

from studio_imaging.operations.changes import EDITS, Edit

_WORD: Final = re.compile(r"[a-z0-9]+")
# The texts to choose from inside a phrase.
_CHOICE: Final = re.compile(r"\(([^)]*)\)")
_LITTLE: Final = 0.5
_USUAL: Final = 1.0
_MUCH: Final = 1.7


@dataclass(frozen=True, slots=True)
class Wording:
    """Meaning of a prompt.

    Attributes:
        changes: The changes with their amounts, in order.
        unknown: The unknown words, in order.
    """

    changes: tuple[tuple[Edit, float], ...]
    unknown: tuple[str, ...]


def spellings(phrase: str) -> list[str]:
    """Return the texts that a phrase stands for: "(a |)bit" stands for "a bit" and "bit"."""
    parts = _CHOICE.split(phrase)
    choices = [part.split("|") if place % 2 else [part] for place, part in enumerate(parts)]
    return ["".join(chosen) for chosen in product(*choices)]


PHRASES: Final[Mapping[str, Edit | float]] = {
    **{text: one for one in EDITS for phrase in one.phrases for text in spellings(phrase)},
    **dict.fromkeys(spellings("(a |)(bit|little|touch|tad)"), _LITTLE),
    **dict.fromkeys(("slightly", "subtly", "gently", "somewhat"), _LITTLE),
    **dict.fromkeys(spellings("(a |)lot"), _MUCH),
    **dict.fromkeys(("much", "very", "strongly", "far", "extremely", "really", "way"), _MUCH),
}
"""The changes and the amounts by each spelling of their phrases."""

# How many words the longest phrase has that begins with a word.
_LENGTHS: Final = {
    words[0]: len(words) for words in sorted((text.split() for text in PHRASES), key=len)
}
_FILLERS: Final = frozenset(
    _WORD.findall(
        "a add all also and apply be but by can colors colours could effect entire everything give"
        " i image in into it its like look make me more my of on overall photo photograph picture"
        " please should so some the then there this to tones turn up version want whole with would"
        " you",
    )
)


def read_wording(prompt: str, phrases: Mapping[str, Edit | float] = PHRASES) -> Wording:
    """Return what a prompt says; the longest phrase wins, and an amount is for the next change.

    Args:
        prompt: The prompt.
        phrases: The phrases; a word is looked at in as many as it may begin, at most six.
    """
    words = _WORD.findall(prompt.lower().replace("'", ""))
    found: list[tuple[Edit, float]] = []
    unknown: list[str] = []
    amount, place = _USUAL, 0
    while place < len(words):
        meaning, length = _longest(words, place, phrases)
        if isinstance(meaning, Edit):
            found.append((meaning, amount))
            amount = _USUAL
        elif meaning is not None:
            amount = meaning
        elif words[place] not in _FILLERS:
            unknown.append(words[place])
        place += length
    return Wording(tuple(found), tuple(unknown))


def _longest(
    words: Sequence[str], place: int, phrases: Mapping[str, Edit | float]
) -> tuple[Edit | float | None, int]:
    """Return the meaning and the length of the longest phrase at a place, None for one word."""
    for length in range(_LENGTHS.get(words[place], 0), 0, -1):
        meaning = phrases.get(" ".join(words[place : place + length]))
        if meaning is not None:
            return meaning, min(length, len(words) - place)
    return None, 1
