"""An operation said in words, for models that see pictures and read what to do with them.

Only operations that a plain sentence does are here, and a sentence says what its inputs say: an
input that is a degree ("half as strong") has no place in one, so such models do not take it.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from studio.domain.operations.values import OptionValue, Role

if TYPE_CHECKING:
    from studio.domain.provider_calls.model import ProviderRequest

# What the caller's own words say in full.
_PLAIN: Final = ("generate", "edit.general", "edit.inpaint")
# By operation, around the inputs of the same names.
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
# Of all sentences that can stand around the caller's words at once; the longest come to 276.
_AROUND_BYTES: Final = 300


def most_bytes(operation: str, prompt: str, options: Mapping[str, OptionValue]) -> int:
    """Return at least the UTF-8 bytes of ``words``, before the pictures that it names are known.

    Of an operation that words alone do not do, it is what would be said around them as well.
    """
    own = len(prompt.encode())
    if operation in _PLAIN:
        return own
    given = sum(len(value.encode()) for value in options.values() if isinstance(value, str))
    return own + given + _AROUND_BYTES


def words(request: "ProviderRequest") -> str:
    """Return what a request says to a model that is told in words what to do.

    Raises:
        KeyError: the operation is none that words alone do.
    """
    if request.operation in _PLAIN:
        return request.prompt
    if request.operation == "edit.replace_background_relight":
        return " ".join(_relight(request))
    search = _inner(str(request.options["search_prompt"]))
    return _SENTENCES[request.operation].format(search_prompt=search, prompt=_inner(request.prompt))


def _relight(request: "ProviderRequest") -> list[str]:
    """Return the sentences of a new background, a new light, or both."""
    subject = request.options.get("foreground_prompt")
    said = [f"The subject of the first picture is: {_inner(str(subject))}."] if subject else []
    if request.options.get("keep_background"):
        said.append("Relight the first picture and keep its subject and its background.")
        if request.prompt:
            said.append(f"The light: {_inner(request.prompt)}.")
    else:
        said += _background(request)
    if request.source("lighting"):
        said.append(f"Light it as the {_ordinal(request, 'lighting')} picture is lit.")
    direction = request.options.get("light_direction")
    if direction:
        said.append(f"The light comes {_LIGHT_FROM[str(direction)]}.")
    return said


def _background(request: "ProviderRequest") -> list[str]:
    said = [
        "Keep the subject of the first picture as it is and set it before another background,"
        " with light and shadows that fit."
    ]
    if request.source("background"):
        said.append(f"The background is the {_ordinal(request, 'background')} picture.")
    if request.prompt:
        said.append(f"The background: {_inner(request.prompt)}.")
    return said


def _inner(text: str) -> str:
    """Return words as they stand inside a sentence, which has its own full stop."""
    return text.rstrip(" .")


def _ordinal(request: "ProviderRequest", role: Role) -> str:
    """Say which of the pictures that are sent the first one of a role is; masks are not counted."""
    roles: list[Role] = [source.role for source in request.sources if source.role != "mask"]
    return _ORDINALS[roles.index(role)]
