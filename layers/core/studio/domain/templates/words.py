"""Words of a text for the search of templates: without case and without plurals."""

import re

_WORD = re.compile(r"[^\W_]+")


def stems(text: str) -> tuple[str, ...]:
    """Return the words of a text in order, in the form that is compared."""
    return tuple(_stem(word) for word in _WORD.findall(text.casefold()))


def telling(text: str) -> tuple[str, ...]:
    """Return the words of a text that tell what is meant: all but the stop words."""
    return tuple(word for word in stems(text) if word not in STOP_WORDS)


def _stem(word: str) -> str:
    """Return a word without an English plural."""
    if len(word) > 4 and word.endswith("ies"):
        return f"{word[:-3]}y"
    if len(word) > 3 and word.endswith("s") and not word.endswith("ss"):
        return word[:-1]
    return word


# They name no image: articles, prepositions, pronouns and polite words.
STOP_WORDS = frozenset(
    stems(
        "a all am an and any are as at be by can could do for from get give have i if in into is "
        "it its like make me my need of on or our out please should so some something that the "
        "their them there these this those to us use used using want we what which will with "
        "would you your"
    )
)
