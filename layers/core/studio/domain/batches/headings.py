"""Headings of columns: which member one means, and the member that it may have been meant to be."""

import re
import unicodedata
from functools import lru_cache

from studio.domain.batches.members import MEMBERS

# How much two words must share to be one, spelt differently.
_SURE, _LIKELY = 0.85, 0.78
# What stands behind a name, such as (px), in pixels, (required).
_NOTES = ("required", "optional", "mandatory")
_UNITS = {
    "px": ("px", "inpx", "pixel", "pixels", "inpixels"),
    "usd": ("in", "usd", "inusd", "us", "dollar", "dollars", "indollars"),
    "bytes": ("bytes", "inbytes"),
    "s": ("s", "sec", "ins", "seconds", "inseconds"),
}
_WORDS = re.compile(r"[^\W_]+")
# A longer heading is a sentence and no name.
_LONGEST = 100


def key_of(heading: str) -> str:
    """Return what two headings share that differ only in case, blanks and punctuation."""
    text = unicodedata.normalize("NFKC", heading[: 2 * _LONGEST]).casefold()
    return "".join(character for character in text if character.isalnum())


def member_named(heading: str) -> str | None:
    """Return the member that a heading names, in any case and with any blanks between its words.

    A heading may tell the unit of its numbers, and whether a cell is required.
    """
    key = key_of(heading)
    return _by_key().get(key) or _by_key_and_note().get(key)


def nearest_member(heading: str) -> str | None:
    """Return the member that a heading without a meaning is most like; None if it is like none."""
    words = [word.casefold() for word in _WORDS.findall(heading[:_LONGEST])]
    found = _close("".join(words), _SURE) or _inside(words)
    found = found or next((one for word in words if (one := _close(word, _LIKELY))), None)
    return found or _by_first_word(words)


def _close(word: str, cutoff: float) -> str | None:
    """Return the member whose name is spelt most like a word, if any is."""
    from difflib import get_close_matches

    close = get_close_matches(word, _by_key(), n=1, cutoff=cutoff)
    return _by_key()[close[0]] if close else None


def _inside(words: list[str]) -> str | None:
    """Return the member with the most words in a row: max_cost for "Max cost per row"."""
    for length in range(len(words), 0, -1):
        for first in range(len(words) - length + 1):
            member = _by_key().get("".join(words[first : first + length]))
            if member is not None:
                return member
    return None


def _by_first_word(words: list[str]) -> str | None:
    """Return the member that begins with one of the words: recipe_id for "Recipe"."""
    return next((name for name in MEMBERS if name.partition("_")[0] in words), None)


@lru_cache
def _by_key_and_note() -> dict[str, str]:
    return {
        f"{key}{note}": name
        for key, name in _by_key().items()
        for note in (*_NOTES, *_UNITS.get(MEMBERS[name].unit or "", ()))
    }


@lru_cache
def _by_key() -> dict[str, str]:
    return {key_of(name): name for name in MEMBERS}
