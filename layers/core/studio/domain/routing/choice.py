"""The automatic choice of a provider.

It has no side effects: it calls a function that plans the job for a model, and ranks the results.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from studio.domain.catalogue.entries import provider_ids
from studio.domain.catalogue.orderable import card_of_day, default_model
from studio.domain.operations.values import Quality
from studio.errors import FieldError, InvalidRequestError, OperationUnsupportedError

PlanT_co = TypeVar("PlanT_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Candidate(Generic[PlanT_co]):
    """A model that can make every image of a job, and the criteria to rank it by.

    Attributes:
        plan: The plan of the job with it.
        preview: It only stands in for an image model.
        refused: Its price breaks a limit, or a limit needs a price and it has none.
        failing: Its calls fail at present, so a new call would wait.
        listed: Its place in the caller's own list; for others the length of the list.
        dropped: How many requested values it would leave out.
        price: Micro-dollars of all images, an upper bound; None if not known.
        obstacle: Why every call of it would fail, as a part of a sentence; None if none is known.
        suggested: The order's template suggests it.
    """

    plan: PlanT_co
    provider: str
    model: str
    preview: bool
    refused: bool
    failing: bool
    listed: int
    dropped: int
    price: int | None
    obstacle: str | None = None
    suggested: bool = False


Try = Callable[[str, str | None], Candidate[PlanT_co]]
"""Plans a job with a provider and a model; raises InvalidRequestError if that is impossible."""

# Criteria in order, each with its words: the first one that differs decides.
_RULES: tuple[tuple[Callable[[Candidate[object]], int], str], ...] = (
    (lambda one: one.obstacle is not None, "can be used now"),
    (lambda one: one.preview, "is an image model and not a preview"),
    (lambda one: one.refused, "has a price that keeps the limit"),
    (lambda one: one.failing, "has not been failing lately"),
    (lambda one: one.listed, "comes first in the caller's list"),
    (lambda one: not one.suggested, "is what the template suggests"),
    (lambda one: one.dropped, "takes more of what was asked for"),
    (lambda one: one.price is None, "has a known price"),
    (lambda one: one.price or 0, "costs less"),
)


def ranked(
    providers: Sequence[str],
    operation: str,
    quality: Quality,
    day: date,
    attempt: Try[PlanT_co],
) -> list[Candidate[PlanT_co]]:
    """Return the best candidate of each provider that has one, the best first.

    Args:
        providers: The allowed providers, in the studio's order of preference.
        operation: The operation.
        quality: The requested quality level.
        day: The day of the order (UTC).
        attempt: See ``Try``.

    Raises:
        InvalidRequestError: no provider can make every image, all for the same reason: the order
            itself is wrong.
        OperationUnsupportedError: no provider can, for different reasons. It names all reasons and
            the providers that could.
    """
    able: list[Candidate[PlanT_co]] = []
    unable: dict[str, InvalidRequestError] = {}
    for provider in providers:
        try:
            able.append(_best_of(provider, operation, quality, day, attempt))
        except InvalidRequestError as error:
            unable[provider] = error
    if not able:
        raise _no_candidate(unable, _elsewhere(unable, operation, quality, day, attempt))
    # Sorting is stable, so the studio's order decides between equals.
    return sorted(able, key=lambda one: [rule(one) for rule, _ in _RULES])


def candidate_models(
    providers: Sequence[str], operation: str, quality: Quality, day: date
) -> list[tuple[str, str]]:
    """Return every model that may be chosen, with its provider."""
    known = [provider for provider in providers if provider in provider_ids()]
    return [
        (provider, model)
        for provider in known
        for model in _models(provider, operation, quality, day)
        if model is not None
    ]


def reason(ranking: Sequence[Candidate[PlanT_co]], asked: int) -> str:
    """Return why the first of a ranking is the best; ``asked`` counts the allowed providers."""
    best, *others = ranking
    if not others:
        return (
            "It is the only provider here." if asked == 1 else "No other provider here can do this."
        )
    for rule, words in _RULES:
        if rule(best) != rule(others[0]):
            return f"It {words}; {others[0].provider} would be next."
    return f"It comes first in the studio's order; {others[0].provider} would be next."


def _best_of(
    provider: str, operation: str, quality: Quality, day: date, attempt: Try[PlanT_co]
) -> Candidate[PlanT_co]:
    """Return the provider's default model if it is possible and allowed, else the first other one.

    Raises:
        InvalidRequestError: no model is possible; the error is that of the default model.
    """
    refused: list[Candidate[PlanT_co]] = []
    errors: list[InvalidRequestError] = []
    for model in _models(provider, operation, quality, day):
        try:
            candidate = attempt(provider, model)
        except InvalidRequestError as error:
            errors.append(error)
            continue
        if not candidate.refused and candidate.obstacle is None:
            return candidate
        refused.append(candidate)
    if refused:
        return next((one for one in refused if one.obstacle is None), refused[0])
    raise errors[0]


def _models(provider: str, operation: str, quality: Quality, day: date) -> Iterator[str | None]:
    card = card_of_day(provider, day)
    default = default_model(card, operation, quality)
    # None makes ``resolve_model`` raise the error for an operation without a model.
    yield default
    for model in card.models.values():
        usable = operation in model.operations and model.lifecycle.state == "active"
        if usable and model.id != default:
            yield model.id


def _elsewhere(
    unable: Mapping[str, InvalidRequestError],
    operation: str,
    quality: Quality,
    day: date,
    attempt: Try[PlanT_co],
) -> Iterator[str]:
    """Yield the providers that could make the images but are not allowed here."""
    for provider in provider_ids():
        if provider in unable:
            continue
        try:
            _best_of(provider, operation, quality, day, attempt)
        except InvalidRequestError:
            continue
        yield provider


def _no_candidate(
    unable: Mapping[str, InvalidRequestError], others: Iterator[str]
) -> InvalidRequestError:
    reasons = {error.fields: error for error in unable.values()}
    only = next(iter(reasons.values()))
    if len(reasons) == 1 and not isinstance(only, OperationUnsupportedError):
        return only
    details = [
        f"{provider}: {'; '.join(field.detail for field in error.fields)}"
        for provider, error in unable.items()
    ]
    names = ", ".join(others)
    details.append(f"could where it is configured: {names}" if names else "no other provider can")
    return OperationUnsupportedError(
        FieldError("/operation", OperationUnsupportedError.code, ". ".join(details))
    )
