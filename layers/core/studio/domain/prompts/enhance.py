"""Prompt enhancement by rules: words on light, composition and detail that a prompt lacks.

It works offline, without side effects and without cost. The caller's words stay unchanged. The
rules know English words only.
"""

import json
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

_WORD = re.compile(r"[^\W_]+")
# A forbidden thing is not part of the image: "a mug without a logo" shows no logo.
_FORBIDDEN = re.compile(r"\b(?:no|not|without)(?: (?:an?|any|the))? [^\W_]+")
_ENDINGS = ("", "s")
_ENDS_OF_SENTENCES = frozenset(".!?")
_STOPS = _ENDS_OF_SENTENCES | frozenset(",;:")


class Kind(NamedTuple):
    """A kind of image.

    Attributes:
        words: Words that identify it.
        adds: What the rules add, by the part of a description.
    """

    name: str
    words: tuple[str, ...]
    adds: Mapping[str, str]


class Rules(NamedTuple):
    """All rules.

    Attributes:
        kinds: Kinds in order: the first one whose words a prompt has applies. So the technique of a
            image comes before its subject.
        other: The kind of every other prompt.
        parts: Words that show that a prompt already describes a part.
        rich_from_words: The number of words from which a prompt needs no enhancement.
    """

    kinds: tuple[Kind, ...]
    other: Kind
    parts: Mapping[str, tuple[str, ...]]
    rich_from_words: int


@lru_cache(maxsize=1)
def rules() -> Rules:
    """Return the rules of ``rules.json``."""
    # Imported late: it loads tempfile and zipfile, which only an enhanced prompt needs.
    from importlib.resources import files

    document = json.loads(files("studio.domain.prompts").joinpath("rules.json").read_bytes())
    return Rules(
        kinds=tuple(_kind(kind) for kind in document["kinds"]),
        other=_kind(document["other"]),
        parts={part: tuple(words) for part, words in document["parts"].items()},
        rich_from_words=document["rich_from_words"],
    )


def kind_of(prompt: str) -> Kind:
    """Return the kind of image that a prompt describes."""
    shown = _FORBIDDEN.sub(" ", _plain(prompt))
    known = rules()
    return next((kind for kind in known.kinds if _has_any(shown, kind.words)), known.other)


def missing_words(prompt: str) -> tuple[str, ...]:
    """Return the words that the rules add to a prompt; none for a prompt that is rich already."""
    plain, known = _plain(prompt), rules()
    if len(plain.split()) >= known.rich_from_words:
        return ()
    adds = kind_of(prompt).adds
    return tuple(words for part, words in adds.items() if not _has_any(plain, known.parts[part]))


def has_phrase(prompt: str, phrase: str) -> bool:
    """Tell whether a prompt has a phrase already, with any separators between its words."""
    return _plain(phrase) in _plain(prompt)


def append_words(prompt: str, added: Sequence[str]) -> str:
    """Return a prompt that is not blank with words added behind it."""
    if not added:
        return prompt
    text, last = ", ".join(added), prompt.rstrip()[-1]
    if last in _ENDS_OF_SENTENCES:
        text = text[0].upper() + text[1:]
    if prompt[-1].isspace():
        return prompt + text
    return prompt + (" " if last in _STOPS else ", ") + text


def _plain(text: str) -> str:
    """Return the words alone, with one space around each."""
    return f" {' '.join(_WORD.findall(text.casefold()))} "


def _has_any(plain: str, words: Sequence[str]) -> bool:
    return any(f" {word}{ending} " in plain for word in words for ending in _ENDINGS)


def _kind(document: dict[str, Any]) -> Kind:
    return Kind(document["name"], tuple(document["words"]), document["adds"])
