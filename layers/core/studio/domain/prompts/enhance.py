"""Enhancement by rules: words on light, composition and detail that a prompt does not have.

Pure, offline and free. The caller's own words stay as they are; the rules know English ones.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

_WORD = re.compile(r"[^\W_]+")
# What a prompt forbids is not what it shows: "a mug without a logo" is no logo.
_FORBIDDEN = re.compile(r"\b(?:no|not|without)(?: (?:an?|any|the))? [^\W_]+")
_ENDINGS = ("", "s")
_ENDS_OF_SENTENCES = frozenset(".!?")
_STOPS = _ENDS_OF_SENTENCES | frozenset(",;:")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of picture.

    Attributes:
        words: Those that tell it.
        adds: What is added, by the part of a description that it belongs to.
    """

    name: str
    words: tuple[str, ...]
    adds: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Rules:
    """All rules.

    Attributes:
        kinds: The first whose words a prompt has is the prompt's, so how a picture is made comes
            before what is on it.
        other: The kind of every other prompt.
        parts: Words by which a prompt speaks of a part of the description already.
        rich_from_words: A prompt of so many words is rich enough.
    """

    kinds: tuple[Kind, ...]
    other: Kind
    parts: Mapping[str, tuple[str, ...]]
    rich_from_words: int


@lru_cache(maxsize=1)
def rules() -> Rules:
    """Return the rules of ``rules.json``."""
    # Imported late: it pulls in tempfile and zipfile, which only an enhanced prompt needs.
    from importlib.resources import files

    document = json.loads(files("studio.domain.prompts").joinpath("rules.json").read_bytes())
    return Rules(
        kinds=tuple(_kind(kind) for kind in document["kinds"]),
        other=_kind(document["other"]),
        parts={part: tuple(words) for part, words in document["parts"].items()},
        rich_from_words=document["rich_from_words"],
    )


def kind_of(prompt: str) -> Kind:
    """Tell by its words what kind of picture a prompt asks for."""
    shown = _FORBIDDEN.sub(" ", _plain(prompt))
    known = rules()
    return next((kind for kind in known.kinds if _has_any(shown, kind.words)), known.other)


def missing_words(prompt: str) -> tuple[str, ...]:
    """Return what the rules would add to a prompt; nothing for one that is rich already."""
    said, known = _plain(prompt), rules()
    if len(said.split()) >= known.rich_from_words:
        return ()
    adds = kind_of(prompt).adds
    return tuple(words for part, words in adds.items() if not _has_any(said, known.parts[part]))


def says(prompt: str, phrase: str) -> bool:
    """Tell whether a prompt has a phrase already, whatever stands between its words."""
    return _plain(phrase) in _plain(prompt)


def with_words(prompt: str, added: Sequence[str]) -> str:
    """Write words behind a prompt that is not blank; it stays as it is itself."""
    if not added:
        return prompt
    text, last = ", ".join(added), prompt.rstrip()[-1]
    if last in _ENDS_OF_SENTENCES:
        text = text[0].upper() + text[1:]
    if prompt[-1].isspace():
        return prompt + text
    return prompt + (" " if last in _STOPS else ", ") + text


def _plain(text: str) -> str:
    """Return the words alone, one space around each."""
    return f" {' '.join(_WORD.findall(text.casefold()))} "


def _has_any(plain: str, words: Sequence[str]) -> bool:
    return any(f" {word}{ending} " in plain for word in words for ending in _ENDINGS)


def _kind(document: dict[str, Any]) -> Kind:
    return Kind(document["name"], tuple(document["words"]), document["adds"])
