"""Instructions in words, for models that take images and a prompt but no operation.

This module holds the operations that one plain sentence describes. A sentence cannot express a
degree ("half as strong"), so these models do not take inputs that are degrees.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from studio.domain.operations.values import OptionValue, Role

if TYPE_CHECKING:
    from studio.domain.provider_calls.model import ProviderRequest

# Operations whose whole instruction is the caller's prompt.
_PLAIN: Final = ("generate", "edit.general", "edit.inpaint")
# Sentences by operation, with the names of the inputs that they take.
_SENTENCES: Final[Mapping[str, str]] = {
    "edit.search_replace": (
        "In the first picture, find: {search_prompt}. Replace it with: {prompt}. "
        "Leave everything else as it is."
    ),
    "edit.search_recolor": (
        "In the first picture, find: {search_prompt}. Recolour it: {prompt}. "
        "Change nothing but its colour."
    ),
}
_LIGHT_FROM: Final[Mapping[str, str]] = {
    "left": "from the left",
    "right": "from the right",
    "above": "from above",
    "below": "from below",
}
_ORDINALS: Final = ("first", "second", "third", "fourth", "fifth", "sixth")
# An upper bound of the bytes of the sentences around the caller's words; the longest have 276.
_AROUND_BYTES: Final = 300


def most_bytes(operation: str, prompt: str, options: Mapping[str, OptionValue]) -> int:
    """Return an upper bound of the UTF-8 bytes of ``words``, before the images are known.

    The bound of an operation without a sentence counts a sentence as well.
    """
    own = len(prompt.encode())
    if operation in _PLAIN:
        return own
    given = sum(len(value.encode()) for value in options.values() if isinstance(value, str))
    return own + given + _AROUND_BYTES


def words(request: "ProviderRequest") -> str:
    """Return the instruction of a request in words.

    Raises:
        KeyError: the operation has no sentence.
    """
    if request.operation in _PLAIN:
        return request.prompt
    if request.operation == "edit.replace_background_relight":
        return " ".join(_relight(request))
    search = _inner(str(request.options["search_prompt"]))
    return _SENTENCES[request.operation].format(search_prompt=search, prompt=_inner(request.prompt))


def _relight(request: "ProviderRequest") -> list[str]:
    """Return the sentences for a new background, a new light, or both."""
    subject = request.options.get("foreground_prompt")
    sentences = [f"The subject of the first picture is: {_inner(str(subject))}."] if subject else []
    if request.options.get("keep_background"):
        sentences.append("Relight the first picture and keep its subject and its background.")
        if request.prompt:
            sentences.append(f"The light: {_inner(request.prompt)}.")
    else:
        sentences += _background(request)
    if request.source("lighting"):
        sentences.append(f"Light it as the {_ordinal(request, 'lighting')} picture is lit.")
    direction = request.options.get("light_direction")
    if direction:
        sentences.append(f"The light comes {_LIGHT_FROM[str(direction)]}.")
    return sentences


def _background(request: "ProviderRequest") -> list[str]:
    sentences = [
        "Keep the subject of the first picture as it is and set it before another background,"
        " with light and shadows that fit."
    ]
    if request.source("background"):
        sentences.append(f"The background is the {_ordinal(request, 'background')} picture.")
    if request.prompt:
        sentences.append(f"The background: {_inner(request.prompt)}.")
    return sentences


def _inner(text: str) -> str:
    """Return words without a full stop, because the sentence around them has its own."""
    return text.rstrip(" .")


def _ordinal(request: "ProviderRequest", role: Role) -> str:
    """Return the ordinal of the first image of a role among the sent images, masks not counted."""
    roles: list[Role] = [source.role for source in request.sources if source.role != "mask"]
    return _ORDINALS[roles.index(role)]
