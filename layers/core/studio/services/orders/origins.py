"""Origins of the members of an order: the body, its recipe, its template or the settings."""

from collections.abc import Mapping, Sequence
from typing import Literal

from studio.domain.orders.request import JobRequest

MemberOrigin = Literal["body", "recipe", "template", "settings", "built-in"]
Member = Literal["provider", "model", "format", "size", "quality"]

# Where a body has a member; one of these is enough.
_PLACES: Mapping[Member, Sequence[tuple[str, ...]]] = {
    "provider": (("provider", "id"), ("provider", "mode")),
    "model": (("provider", "model"),),
    "format": (("output", "format"),),
    "size": (("size",), ("width",), ("aspect_ratio",)),
    "quality": (("quality",),),
}


def origins(
    sent: Mapping[str, object], complete: Mapping[str, object], order: JobRequest, provider: str
) -> dict[Member, MemberOrigin]:
    """Return the origin of each member that settings or templates can give.

    Args:
        sent: The body as the caller sent it.
        complete: The body merged over its recipe.
        order: The order that was made of it.
        provider: The provider that makes its images.
    """
    return {member: _origin(member, sent, complete, order, provider) for member in _PLACES}


def _origin(
    member: Member,
    sent: Mapping[str, object],
    complete: Mapping[str, object],
    order: JobRequest,
    provider: str,
) -> MemberOrigin:
    if _given(member, complete):
        return "body" if _given(member, sent) else "recipe"
    if _from_template(member, order, provider):
        return "template"
    return "settings" if member in order.filled else "built-in"


def _given(member: Member, document: Mapping[str, object]) -> bool:
    return any(_at(document, place) is not None for place in _PLACES[member])


def _at(document: object, place: tuple[str, ...]) -> object:
    for name in place:
        document = document.get(name) if isinstance(document, Mapping) else None
    return document


def _from_template(member: Member, order: JobRequest, provider: str) -> bool:
    template = order.prompt_parts.template
    if template is None:
        return False
    if member == "size":
        return bool(template.width or template.aspect_ratio)
    if member == "quality":
        return template.quality is not None
    return member == "provider" and order.suggested == provider
