"""Limits of a model for source files and for inputs of its operations."""

from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from studio.domain.operations.values import Role


@dataclass(frozen=True, slots=True)
class SourceRules:
    """Limits of a model for source files; ``max`` is 0 if it takes no source images.

    Attributes:
        max: Most source images. One file of each other role may come on top.
        max_bytes: Largest file in bytes.
        max_side: Longest side in pixels, None for no limit.
        max_pixels: Largest area in pixels, None for no limit.
        min_side: Shortest side in pixels.
        roles: The roles that files may have; see ``Role``.
        max_tokens: Most tokens that one image counts as input, if input is billed by tokens. None
            if that is not known.
    """

    max: int = 0
    media_types: tuple[str, ...] = ()
    max_bytes: int = 0
    max_side: int | None = None
    max_tokens: int | None = None
    max_pixels: int | None = None
    min_side: int = 1
    roles: tuple[Role, ...] = ("image",)


# A call has up to four sources, and copies of them in its request, in 512 MB of memory.
# No result has a longer side, so a source needs none.
_MOST_BYTES = 12 * 1024 * 1024
_LONGEST_SIDE = 4096


def rules_of_a_call(rules: SourceRules, *, passthrough: bool = False) -> SourceRules:
    """Return a model's limits for source files together with those of a call.

    An operation that passes its only source on works on the original, without these limits.
    """
    if passthrough:
        return rules
    return replace(
        rules,
        max_bytes=min(rules.max_bytes, _MOST_BYTES),
        max_side=min(rules.max_side or _LONGEST_SIDE, _LONGEST_SIDE),
    )


class OptionLimits(NamedTuple):
    """A model's limits for an input of its operation; None for the operation's own limits.

    Attributes:
        min, max: Decimal text or None.
        choices: The allowed words.
        operations: The operations that the limits are for; None for all that have the input.
    """

    min: str | None = None
    max: str | None = None
    choices: tuple[str, ...] | None = None
    operations: tuple[str, ...] | None = None


def option_limits_of(document: dict[str, Any]) -> OptionLimits:
    """Return the limits of a catalogue file's entry."""
    return OptionLimits(
        min=str(document["min"]) if "min" in document else None,
        max=str(document["max"]) if "max" in document else None,
        choices=tuple(document["choices"]) if "choices" in document else None,
        operations=tuple(document["operations"]) if "operations" in document else None,
    )


def source_rules_of(document: dict[str, Any]) -> SourceRules:
    """Return the rules of a catalogue file's entry."""
    members = dict(document)
    for name in {"media_types", "roles"} & members.keys():
        members[name] = tuple(members[name])
    return SourceRules(**members)
