"""Fallback: which provider takes over an image, and when that is safe.

It is safe only while nothing can have been paid. A provider that may have made an image is
asked or waited for, and never replaced.
"""

from dataclasses import fields, replace
from typing import TYPE_CHECKING

from studio.domain.jobs.image_spec import FallbackRecord, ImageSpec, Substitute
from studio.domain.jobs.model import Item

if TYPE_CHECKING:
    from studio.domain.provider_calls.model import ProviderOutcome

MAX_SUBSTITUTES = 2
LONGEST_WAIT_SECONDS = 60
"""The longest wait for a provider while another one could make the image."""

_REFUSALS = {
    "auth": "its key was rejected",
    "permission": "its account may not use the model",
    "credits": "its account has no credit left",
    "model_gone": "the model is gone",
}


def substitute_of(spec: ImageSpec) -> Substitute:
    """Return a plan of an image as a substitute for another plan of it."""
    return Substitute(**{one.name: getattr(spec, one.name) for one in fields(Substitute)})


def apply_substitute(spec: ImageSpec, substitute: Substitute) -> ImageSpec:
    """Return an image as a substitute makes it."""
    own = {one.name: getattr(substitute, one.name) for one in fields(Substitute)}
    return replace(spec, **own)


def switch_to_substitute(item: Item, why: str) -> ImageSpec:
    """Return an image as its next substitute makes it, with a warning that says why."""
    spec = item.spec
    substitute, *rest = spec.substitutes
    first = spec.replaced or spec
    change = (
        f"{first.provider} {first.model} was asked, "
        f"{substitute.provider} {substitute.model} is used"
    )
    return replace(
        apply_substitute(spec, substitute),
        warnings=(*substitute.warnings, f"{change}: {spec.provider}: {why}."),
        substitutes=tuple(rest),
        replaced=FallbackRecord(first.provider, first.model, why, item.attempt),
    )


def attempt_count(item: Item, rounds: int) -> int:
    """Return how many calls of this execution the image's present provider has failed."""
    since = item.spec.replaced.attempt if item.spec.replaced else 0
    return min(rounds, item.attempt - since - 1)


def fallback_reason(answer: "ProviderOutcome") -> str | None:
    """Return why another provider takes over after an answer; None to keep the provider."""
    # Planning a job needs none of these.
    from studio.domain.provider_calls.model import Refused, Throttled

    match answer:
        case Refused(kind=kind, cost=None) if kind in _REFUSALS:
            return _REFUSALS[kind]
        case Throttled(kind="rate_limit", retry_after=int(seconds)):
            return wait_too_long(seconds)
        case _:
            return None


def wait_too_long(seconds: int) -> str | None:
    """Return why another provider takes over from one that takes no calls; None to wait."""
    return f"it takes no calls for {seconds} s" if seconds > LONGEST_WAIT_SECONDS else None
