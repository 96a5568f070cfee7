"""The plan of a job: providers, models, images, warnings and estimates.

It has no side effects: the same order gives the same plan, so an estimate and a job agree.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

from studio.domain.catalogue.catalogue import own_provider, provider_card
from studio.domain.catalogue.orderable import card_of_day, default_model, resolve_model
from studio.domain.jobs.model import AUTO, ProviderChoice
from studio.domain.operations.model import Operation
from studio.domain.operations.table import operation_of
from studio.domain.orders.plan import Plan, PlannedImage, check_sizes, obstacle_warnings
from studio.domain.orders.plan_image import is_skipped, plan_image
from studio.domain.orders.request import ImageRequest, JobRequest
from studio.domain.orders.substitutes import substitute_warnings, unused_fallbacks, with_substitutes
from studio.domain.routing.choice import Candidate, ranked, reason
from studio.errors import FieldError, InvalidRequestError, NothingToGenerateError


def plan_job(order: JobRequest) -> Plan:
    """Return the plan of an order.

    Raises:
        InvalidRequestError: a size or parameter that the model does not offer.
        UnknownProviderError, UnknownModelError: no such provider or model.
        OperationUnsupportedError: no such operation, or no allowed provider offers it.
        NothingToGenerateError: no image has a prompt.
    """
    operation = operation_of(order.operation)
    order = replace(order, images=[_located(*numbered) for numbered in enumerate(order.images)])
    if all(is_skipped(operation, image) for image in order.images):
        raise NothingToGenerateError("No pending images with prompts found")
    _check_fallbacks(order)
    if order.provider is not None:
        return _with_named_provider(order, operation, order.provider)
    if operation.passthrough:
        own = _candidate(order, operation, own_provider(), None)
        return _chosen(order, operation, own, [], "The studio does it itself, without a provider.")
    best, *others = ranking = _ranking(order, operation)
    allowed = {*order.providers, *(name for name, _ in order.fallback)}
    why = reason(ranking, len(allowed))
    return _chosen(order, operation, best, others if _may_fall_back(order) else [], why)


def _located(index: int, image: ImageRequest) -> ImageRequest:
    return image if image.pointers else replace(image, pointers={"": f"/items/{index}"})


def _with_named_provider(order: JobRequest, operation: Operation, provider: str) -> Plan:
    named = _named(order, operation, provider)
    others: list[Candidate[Plan]] = []
    if _may_fall_back(order):
        try:
            others = _ranking(order, operation)
        except InvalidRequestError:
            # The plan needs no substitutes.
            others = []
    why = (
        "The account's settings name it." if "provider" in order.filled else "The caller named it."
    )
    return _chosen(order, operation, named, others, why)


def _named(order: JobRequest, operation: Operation, provider: str) -> Candidate[Plan]:
    """Return the order planned with the provider that the caller names.

    If a limit needs a price and the default model of the quality has none, the standard one is
    used. Its plan warns of the quality.
    """
    named = _candidate(order, operation, provider, order.model)
    if order.model is not None or order.quality == "standard" or named.price is not None:
        return named
    usual = default_model(card_of_day(provider, order.day), order.operation, "standard")
    with suppress(InvalidRequestError):
        standard = _candidate(order, operation, provider, usual)
        return named if standard.refused or not named.refused else standard
    return named


def _may_fall_back(order: JobRequest) -> bool:
    if order.allow_fallback is None:
        return order.provider is None or bool(order.fallback)
    return order.allow_fallback


def _ranking(order: JobRequest, operation: Operation) -> list[Candidate[Plan]]:
    """Return the allowed candidates, the best first.

    A caller who names a provider and fallbacks allows only those.

    Raises:
        InvalidRequestError: no allowed provider can make every image.
    """
    models = dict(order.fallback)
    only_fallbacks = order.provider is not None and models
    providers = models if only_fallbacks else dict.fromkeys((*models, *order.providers))
    return ranked(
        tuple(providers),
        order.operation,
        order.quality,
        order.day,
        lambda provider, model: _candidate(
            order, operation, provider, models.get(provider) or model
        ),
    )


def _chosen(
    order: JobRequest,
    operation: Operation,
    best: Candidate[Plan],
    others: Sequence[Candidate[Plan]],
    why: str,
) -> Plan:
    """Return the plan of the best candidate with substitutes, choice and warnings."""
    plan, providers = with_substitutes(order, best, others)
    unused = unused_fallbacks(
        order, providers, lambda provider, model: _candidate(order, operation, provider, model)
    )
    check_sizes(plan, [image.pointers for image in order.images])
    if plan.unpriced and _needs_price(order):
        plan = replace(
            plan, priced_alternative=_priced_alternative(order, operation, best.provider)
        )
    choice = ProviderChoice(order.provider or AUTO, best.provider, best.model, why)
    of_others = substitute_warnings(order, providers[1:], others)
    warnings = dict.fromkeys((*order.notes, *plan.warnings, *of_others, *unused))
    plan = replace(plan, choice=choice, warnings=tuple(warnings))
    if plan.unconfigured is None or len(providers) == 1:
        return plan
    # The call of a provider without a key is free, and its substitute makes the image.
    missing = f"no key is stored for provider {plan.unconfigured}: {providers[1]} is used instead"
    return replace(plan, unconfigured=None, warnings=(*plan.warnings, f"{missing}."))


def _check_fallbacks(order: JobRequest) -> None:
    """Check that a strict order names no substitute that has ended.

    Raises:
        InvalidRequestError: names each one that has.
    """
    named = ((index, *other) for index, other in enumerate(order.fallback) if order.strict)
    errors = [
        FieldError(
            f"/provider/fallback/{index}/model",
            "model-retired",
            f"{gone.end}: change to {gone.lifecycle.successor}",
        )
        for index, provider, model in named
        if model and (gone := card_of_day(provider, order.day).retired.get(model))
    ]
    if errors:
        raise InvalidRequestError(*errors)


def _candidate(
    order: JobRequest, operation: Operation, provider: str, model_id: str | None
) -> Candidate[Plan]:
    """Return the order planned with one model for all its images."""
    model, warnings = resolve_model(
        provider, model_id, order.operation, order.quality, day=order.day, strict=order.strict
    )
    images = [plan_image(order, operation, image, provider, model) for image in order.images]
    unconfigured = provider if provider in order.unconfigured else None
    plan = Plan(
        tuple(images),
        (*warnings, *_skipped(images)),
        unconfigured=unconfigured,
        disabled=provider if provider in order.disabled else None,
    )
    fallbacks = [name for name, _ in order.fallback]
    return Candidate(
        plan=plan,
        provider=provider,
        model=model.id,
        preview=provider_card(provider).preview and provider not in fallbacks,
        refused=_breaks_limit(order, plan),
        failing=(provider, model.id) in order.failing,
        listed=fallbacks.index(provider) if provider in fallbacks else len(fallbacks),
        dropped=sum(len(image.spec.warnings) for image in images),
        price=None if plan.unpriced else plan.reserve,
        obstacle=next(iter(obstacle_warnings(plan)), None),
        suggested=provider == order.suggested,
    )


def _priced_alternative(
    order: JobRequest, operation: Operation, provider: str
) -> tuple[str, str] | None:
    """Return the first provider and model that can make all images at a known price.

    The provider's own models come first, then those that the studio may choose.
    """
    for name in dict.fromkeys((provider, *order.providers)):
        card = card_of_day(name, order.day)
        usual = default_model(card, order.operation, "standard")
        for model in dict.fromkeys((usual, *card.models)):
            with suppress(InvalidRequestError):
                found = _candidate(order, operation, name, model)
                if found.price is not None and not (found.refused or found.obstacle):
                    return found.provider, found.model
    return None


def _needs_price(order: JobRequest) -> bool:
    return order.limited or order.max_cost is not None


def _breaks_limit(order: JobRequest, plan: Plan) -> bool:
    """Tell whether a limit forbids a plan's price, or needs a price that is not known."""
    if plan.unpriced and _needs_price(order):
        return True
    return order.max_cost is not None and plan.reserve > order.max_cost


def _skipped(images: Sequence[PlannedImage]) -> list[str]:
    count = sum(image.skipped for image in images)
    if not count:
        return []
    return [f"{count} image{'s' if count > 1 else ''} without a prompt will be skipped"]
