"""Stability AI's successes: the file itself with facts in headers, or JSON that holds both.

The accept header decides which of the two the service sends. A gateway may send the other one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from studio.providers.shared.http import HttpResponse
from studio.providers.shared.images import (
    Content,
    find_image,
    first_image,
    image_in_body,
)
from studio.providers.shared.json_body import parse_json
from studio.providers.shared.stability_facts import SUCCESSES

_TYPES: Final = ("image/", "model/gltf-binary")
_FILES: Final = ("image", "result", "video")
_SEED_LENGTH: Final = 20


@dataclass(frozen=True, slots=True)
class StabilityResult:
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
        """True if it says how the call ended."""
        return self.content is not None or self.typed or self.finish != "SUCCESS"


def parse_result(response: HttpResponse) -> StabilityResult:
    """Return what a response holds; one with an error status has no content."""
    document = parse_json(response.body)
    if response.ok and document is None:
        typed = response.headers.get("content-type", "").startswith(_TYPES)
        content = image_in_body(response.body) or (response.body or None if typed else None)
        finish = _finish(response.headers.get("finish-reason"))
        seed = _seed(response.headers.get("seed"))
        return StabilityResult(content, typed, finish, seed, {})
    document = document or {}
    content = first_image(document.get(name) for name in _FILES) or find_image(document)
    finish = _finish(document.get("finish_reason"))
    seed = _seed(document.get("seed"))
    return StabilityResult(content if response.ok else None, False, finish, seed, document)


def _finish(value: object) -> str:
    """Return the word for the end in capitals, SUCCESS for each word for one or for no word."""
    word = str(value or "SUCCESS").upper()
    return "SUCCESS" if word in SUCCESSES else word


def _seed(value: object) -> int | None:
    text = str(value)
    short = text.isascii() and text.isdecimal() and len(text) <= _SEED_LENGTH
    return int(text) if short else None
