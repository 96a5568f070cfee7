"""Words of a text for the search of templates: without case and without plurals."""

import re

_WORD = re.compile(r"[^\W_]+")


def stems(text: str) -> tuple[str, ...]:
    """Return the words of a text in order, in the form that is compared."""
    return tuple(_stem(word) for word in _WORD.findall(text.casefold()))


def _stem(word: str) -> str:
    """Return a word without an English plural."""
    if len(word) > 4 and word.endswith("ies"):
        return f"{word[:-3]}y"
    if len(word) > 3 and word.endswith("s") and not word.endswith("ss"):
        return word[:-1]
    return word
