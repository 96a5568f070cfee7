"""Words of a text as templates are searched by them: without case and without plurals."""

import re

_WORD = re.compile(r"[^\W_]+")


def stems(text: str) -> tuple[str, ...]:
    """Return the words of a text in their order, each as it is compared."""
    return tuple(_stem(word) for word in _WORD.findall(text.casefold()))


def _stem(word: str) -> str:
    """Take an English plural away."""
    if len(word) > 4 and word.endswith("ies"):
        return f"{word[:-3]}y"
    if len(word) > 3 and word.endswith("s") and not word.endswith("ss"):
        return word[:-1]
    return word
