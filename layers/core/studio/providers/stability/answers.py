"""Stability AI's successes: the file itself with facts in headers, or JSON that holds both.

The accept header decides which of the two the service sends. A gateway may send the other one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from studio.media_files import is_media
from studio.providers.shared.http import HttpResponse
from studio.providers.shared.json_body import parse_json
from studio.providers.shared.pictures import Content, find_picture, first_picture

_TYPES: Final = ("image/", "model/gltf-binary")
_FILES: Final = ("image", "result", "video")
_SEED_LENGTH: Final = 20


@dataclass(frozen=True, slots=True)
class Answer:
    """A success.

    Attributes:
        content: The file or its URL, None without one.
        typed: Whether the media type is a file's.
        finish: The service's word for the end, SUCCESS where it says nothing.
        seed: Seed that was used, None where it is unknown.
        document: The JSON of the body, empty where it is none.
    """

    content: Content | None
    typed: bool
    finish: str
    seed: int | None
    document: Mapping[str, object]

    @property
    def final(self) -> bool:
        """Whether it says how the call ended."""
        return self.content is not None or self.typed or self.finish != "SUCCESS"


def parse_answer(response: HttpResponse) -> Answer:
    """Return what a response holds; one with an error status has no content."""
    typed = response.ok and response.headers.get("content-type", "").startswith(_TYPES)
    if typed or (response.ok and is_media(response.body)):
        finish = response.headers.get("finish-reason", "SUCCESS")
        seed = _seed(response.headers.get("seed"))
        return Answer(response.body or None, typed, finish, seed, {})
    document = parse_json(response.body) or {}
    content = first_picture(document.get(name) for name in _FILES) or find_picture(document)
    finish = str(document.get("finish_reason") or "SUCCESS")
    seed = _seed(document.get("seed"))
    return Answer(content if response.ok else None, False, finish, seed, document)


def _seed(value: object) -> int | None:
    text = str(value)
    short = text.isascii() and text.isdecimal() and len(text) <= _SEED_LENGTH
    return int(text) if short else None
