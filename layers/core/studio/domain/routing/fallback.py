"""Fallback: who takes an image over, and when that is safe.

Only where nothing can have been paid: a provider that may have made a picture is waited for or
asked, and never left.
"""

from dataclasses import fields, replace
from typing import TYPE_CHECKING

from studio.domain.jobs.model import FallbackRecord, ImageSpec, Item, Substitute

if TYPE_CHECKING:
    from studio.domain.provider_calls.model import ProviderOutcome

MAX_SUBSTITUTES = 2
BEARABLE_SECONDS = 60
"""The longest wait that is kept while another provider could make the image."""

_REFUSALS = {
    "auth": "its key was refused",
    "permission": "its account may not use the model",
    "credits": "its account has no credit left",
    "model_gone": "the model is gone",
}


def substitute_of(spec: ImageSpec) -> Substitute:
    """Make a planned image a substitute for another plan of it."""
    return Substitute(**{one.name: getattr(spec, one.name) for one in fields(Substitute)})


def taken_over(spec: ImageSpec, substitute: Substitute) -> ImageSpec:
    """Return the order of an image as a substitute makes it."""
    own = {one.name: getattr(substitute, one.name) for one in fields(Substitute)}
    return replace(spec, **own)


def switched(item: Item, why: str) -> ImageSpec:
    """Return the order of an image that its next substitute makes, which says why."""
    spec = item.spec
    heir, *rest = spec.substitutes
    asked = spec.replaced or spec
    told = f"{asked.provider} {asked.model} was asked, {heir.provider} {heir.model} is used: "
    return replace(
        taken_over(spec, heir),
        warnings=(*heir.warnings, f"{told}{spec.provider}: {why}."),
        substitutes=tuple(rest),
        replaced=FallbackRecord(asked.provider, asked.model, why, item.attempt),
    )


def attempt_count(item: Item, rounds: int) -> int:
    """Count the calls of this execution that the image's present provider failed before."""
    since = item.spec.replaced.attempt if item.spec.replaced else 0
    return min(rounds, item.attempt - since - 1)


def fallback_reason(answer: "ProviderOutcome") -> str | None:
    """Say why another provider is asked now, or None: wait, or take the answer as it is."""
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
    """Say why a provider that takes no calls for so long is replaced, or None."""
    return f"it takes no calls for {seconds} s" if seconds > BEARABLE_SECONDS else None
