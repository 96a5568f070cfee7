"""The automatic choice of a provider.

Pure: it asks a function what a job comes to with a model, and ranks the answers.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from studio.domain.catalogue.catalogue import default_model, provider_card, provider_ids
from studio.domain.operations.values import Quality
from studio.errors import FieldError, InvalidRequestError, OperationUnsupportedError

PlanT_co = TypeVar("PlanT_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Candidate(Generic[PlanT_co]):
    """A model that can make every image of a job, and what speaks for and against it.

    Attributes:
        plan: What the job comes to with it.
        preview: It stands in for a model and is none.
        refused: A limit of the caller's or the tenant's forbids its price, or needs one and
            nobody knows it.
        failing: Its calls have been failing, so a new one would have to wait.
        listed: Its place in the caller's own list of whom to ask, behind its end for others.
        dropped: How many things that were asked for would be left out.
        unlevelled: It has no word for the quality that was asked for.
        price: Micro-dollars of all images, an upper bound; None where it is not known.
        suggested: The order's template says that it does this well.
    """

    plan: PlanT_co
    provider: str
    model: str
    preview: bool
    refused: bool
    failing: bool
    listed: int
    dropped: int
    unlevelled: bool
    price: int | None
    suggested: bool = False


Try = Callable[[str, str | None], Candidate[PlanT_co]]
"""Plans a job with a provider and a model; raises InvalidRequestError where that cannot be."""

# What decides between two candidates, the first difference counting, and how it is told.
_RULES: tuple[tuple[Callable[[Candidate[object]], int], str], ...] = (
    (lambda one: one.preview, "is an image model and no preview"),
    (lambda one: one.refused, "has a price that keeps the limit"),
    (lambda one: one.failing, "has not been failing lately"),
    (lambda one: one.listed, "comes first in the caller's list"),
    (lambda one: not one.suggested, "is whom the template suggests"),
    (lambda one: one.dropped, "takes more of what was asked for"),
    (lambda one: one.unlevelled, "knows the quality that was asked for"),
    (lambda one: one.price is None, "has a known price"),
    (lambda one: one.price or 0, "costs less"),
)


def ranked(
    providers: Sequence[str], operation: str, quality: Quality, attempt: Try[PlanT_co]
) -> list[Candidate[PlanT_co]]:
    """Return a candidate of each provider that has one, the best first.

    Args:
        providers: Who may be chosen, in the studio's order of preference.
        operation: What is to be done.
        quality: The level that was asked for.
        attempt: See ``Try``.

    Raises:
        InvalidRequestError: nobody can make every image; where the reason is the same for all
            of them it is the caller's order that is wrong, and the error says so.
        OperationUnsupportedError: the reasons differ; it carries all, and who else could.
    """
    able: list[Candidate[PlanT_co]] = []
    unable: dict[str, InvalidRequestError] = {}
    for provider in providers:
        try:
            able.append(_best_of(provider, operation, quality, attempt))
        except InvalidRequestError as error:
            unable[provider] = error
    if not able:
        raise _nobody(unable, _elsewhere(unable, operation, quality, attempt))
    # Sorting is stable: what no rule decides, the studio's order does.
    return sorted(able, key=lambda one: [rule(one) for rule, _ in _RULES])


def candidate_models(
    providers: Sequence[str], operation: str, quality: Quality
) -> list[tuple[str, str]]:
    """Name every model that may come to be chosen, with its provider."""
    known = [provider for provider in providers if provider in provider_ids()]
    return [
        (provider, model)
        for provider in known
        for model in _models(provider, operation, quality)
        if model is not None
    ]


def reason(ranking: Sequence[Candidate[PlanT_co]], asked: int) -> str:
    """Say why the first of a ranking is the first; ``asked`` is how many could have been."""
    best, *others = ranking
    if not others:
        return "It is the only provider here." if asked == 1 else "Nobody else here can do this."
    for rule, words in _RULES:
        if rule(best) != rule(others[0]):
            return f"It {words}; {others[0].provider} would be next."
    return f"It comes first in the studio's order; {others[0].provider} would be next."


def _best_of(
    provider: str, operation: str, quality: Quality, attempt: Try[PlanT_co]
) -> Candidate[PlanT_co]:
    """Return the provider's default model if it can and may, else the first other that does.

    Raises:
        InvalidRequestError: why the default model cannot, where none can.
    """
    refused: list[Candidate[PlanT_co]] = []
    errors: list[InvalidRequestError] = []
    for model in _models(provider, operation, quality):
        try:
            found = attempt(provider, model)
        except InvalidRequestError as error:
            errors.append(error)
            continue
        if not found.refused:
            return found
        refused.append(found)
    if refused:
        return refused[0]
    raise errors[0]


def _models(provider: str, operation: str, quality: Quality) -> Iterator[str | None]:
    card = provider_card(provider)
    default = default_model(card, operation, quality)
    # None lets the provider say itself that it has no model for the operation.
    yield default
    for model in card.models.values():
        usable = operation in model.operations and model.lifecycle.state == "active"
        if usable and model.id != default:
            yield model.id


def _elsewhere(
    unable: Mapping[str, InvalidRequestError],
    operation: str,
    quality: Quality,
    attempt: Try[PlanT_co],
) -> Iterator[str]:
    """Name the providers that could, but that this studio may not choose."""
    for provider in provider_ids():
        if provider in unable:
            continue
        try:
            _best_of(provider, operation, quality, attempt)
        except InvalidRequestError:
            continue
        yield provider


def _nobody(
    unable: Mapping[str, InvalidRequestError], others: Iterator[str]
) -> InvalidRequestError:
    reasons = {error.fields: error for error in unable.values()}
    only = next(iter(reasons.values()))
    if len(reasons) == 1 and not isinstance(only, OperationUnsupportedError):
        return only
    told = [
        f"{provider}: {'; '.join(field.detail for field in error.fields)}"
        for provider, error in unable.items()
    ]
    names = ", ".join(others)
    told.append(f"could where it is configured: {names}" if names else "no other provider can")
    return OperationUnsupportedError(
        FieldError("/operation", "operation-unsupported", ". ".join(told))
    )
