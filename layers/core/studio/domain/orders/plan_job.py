"""From what a caller ordered to what will be made: models, sizes, warnings and estimates.

Pure: the same order gives the same plan, so an estimate and a job of one body agree.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from studio.domain.catalogue.catalogue import provider_card, resolve_model
from studio.domain.jobs.model import AUTO, ProviderChoice
from studio.domain.operations.model import Operation
from studio.domain.operations.table import operation_of
from studio.domain.orders.plan_image import (
    JobRequest,
    PlannedImage,
    higher_cost,
    is_skipped,
    plan_image,
)
from studio.domain.routing.choice import Candidate, ranked, reason
from studio.domain.routing.fallback import MAX_SUBSTITUTES, substitute_of
from studio.errors import (
    CostUnknownError,
    FieldError,
    InvalidRequestError,
    MaxCostExceededError,
    NothingToGenerateError,
)
from studio.money import format_usd


@dataclass(frozen=True, slots=True)
class Plan:
    """What an order comes to."""

    images: tuple[PlannedImage, ...]
    warnings: tuple[str, ...]
    choice: ProviderChoice | None = None

    @property
    def all_warnings(self) -> tuple[str, ...]:
        """Every warning once, those about its images included."""
        of_images = (text for image in self.images for text in image.spec.warnings)
        return tuple(dict.fromkeys((*self.warnings, *of_images)))

    @property
    def reserve(self) -> int:
        """Micro-dollars to hold: the sum of all estimates that are known."""
        return sum(image.estimate.known_micros for image in self.images)

    @property
    def unpriced(self) -> int:
        """How many images have no known price."""
        return sum(image.estimate.micros is None for image in self.images)


def plan_job(order: JobRequest) -> Plan:
    """Plan an order.

    Raises:
        InvalidRequestError: a size or parameter that the model does not offer.
        UnknownProviderError, UnknownModelError: no such provider or model.
        OperationUnsupportedError: no such operation, or nobody that may be asked does it.
        NothingToGenerateError: no image has a prompt.
    """
    operation = operation_of(order.operation)
    if all(is_skipped(operation, image) for image in order.images):
        raise NothingToGenerateError("No pending images with prompts found")
    if operation.passthrough and order.provider is None:
        own = _candidate(order, operation, "builtin", None)
        return _chosen(order, operation, own, [], "The studio does it itself, without a provider.")
    if order.provider is not None:
        named = _candidate(order, operation, order.provider, order.model)
        others = _ranking(order, operation) if _may_fall_back(order) else []
        return _chosen(order, operation, named, others, "The caller named it.")
    best, *others = ranking = _ranking(order, operation)
    asked = {*order.providers, *(name for name, _ in order.fallback)}
    why = reason(ranking, len(asked))
    return _chosen(order, operation, best, others if _may_fall_back(order) else [], why)


def _may_fall_back(order: JobRequest) -> bool:
    if order.allow_fallback is None:
        return order.provider is None or bool(order.fallback)
    return order.allow_fallback


def _ranking(order: JobRequest, operation: Operation) -> list[Candidate[Plan]]:
    """Rank who may be chosen; of a caller who names a provider and its substitutes, only those.

    Raises:
        InvalidRequestError: nobody can, and the caller named no provider either.
    """
    models = dict(order.fallback)
    named = order.provider is not None
    providers = models if named and models else dict.fromkeys((*models, *order.providers))
    try:
        return ranked(
            tuple(providers),
            order.operation,
            order.quality,
            lambda provider, model: _candidate(
                order, operation, provider, models.get(provider) or model
            ),
        )
    except InvalidRequestError:
        if named:
            return []
        raise


def _chosen(
    order: JobRequest,
    operation: Operation,
    best: Candidate[Plan],
    others: Sequence[Candidate[Plan]],
    why: str,
) -> Plan:
    """Give every image its substitutes, as far as they keep the limits that the best one keeps."""
    plan, found = best.plan, [best.provider]
    for other in others:
        if other.preview or other.refused or (other.provider, other.model) == (
            best.provider, best.model,
        ):  # fmt: skip
            continue
        if best.price is not None and other.price is None:
            continue
        longer = replace(plan, images=tuple(map(_with_substitute, plan.images, other.plan.images)))
        if order.max_cost is None or longer.reserve <= order.max_cost:
            plan = longer
            found.append(other.provider)
        if len(found) > MAX_SUBSTITUTES:
            break
    choice = ProviderChoice(order.provider or AUTO, best.provider, best.model, why)
    told = [
        f"{name} was named to take over and will not: {_hindrance(order, operation, name, model)}."
        for name, model in order.fallback
        if name not in found and len(found) <= MAX_SUBSTITUTES
    ]
    return replace(plan, choice=choice, warnings=(*plan.warnings, *told))


def _hindrance(order: JobRequest, operation: Operation, provider: str, model: str | None) -> str:
    """Say why a provider that the caller would have next does not come to make the images."""
    try:
        found = _candidate(order, operation, provider, model)
    except InvalidRequestError as error:
        return error.fields[0].detail
    if found.price is None:
        return "nobody knows its price"
    return "it does not keep the limit on what may be spent"


def _with_substitute(image: PlannedImage, other: PlannedImage) -> PlannedImage:
    if image.skipped:
        return image
    chain = (*image.spec.substitutes, substitute_of(other.spec))
    held = higher_cost(image.estimate, other.estimate)
    return PlannedImage(replace(image.spec, substitutes=chain), held)


def _candidate(
    order: JobRequest, operation: Operation, provider: str, model_id: str | None
) -> Candidate[Plan]:
    """Plan the whole order with one model: no image of a job is made by another one."""
    model, warnings = resolve_model(provider, model_id, order.operation, order.quality)
    planned = [
        plan_image(order, operation, image, provider, model, f"/items/{index}")
        for index, image in enumerate(order.images)
    ]
    plan = Plan(tuple(planned), (*warnings, *_skipped(planned)))
    limited = order.limited or order.max_cost is not None
    listed = [name for name, _ in order.fallback]
    return Candidate(
        plan=plan,
        provider=provider,
        model=model.id,
        preview=provider_card(provider).preview and provider not in listed,
        refused=(limited and plan.unpriced > 0)
        or (order.max_cost is not None and plan.reserve > order.max_cost),
        failing=(provider, model.id) in order.failing,
        listed=listed.index(provider) if provider in listed else len(listed),
        dropped=sum(len(image.spec.warnings) for image in planned),
        unlevelled=model.quality_word(order.quality) is None,
        price=None if plan.unpriced else plan.reserve,
        suggested=provider == order.suggested,
    )


def check_limits(plan: Plan, *, max_cost: int | None, monthly_limit: int | None) -> None:
    """Refuse a plan that the caller's own limit forbids, or whose price nobody knows.

    Raises:
        MaxCostExceededError: the estimate is above ``max_cost``.
        CostUnknownError: an image has no price although a limit must be kept.
    """
    if plan.unpriced and (max_cost is not None or monthly_limit is not None):
        raise CostUnknownError(
            f"{plan.unpriced} of {len(plan.images)} images have no known price, "
            "so no cost limit can be kept: give a size, or choose a model with a price"
        )
    if max_cost is not None and plan.reserve > max_cost:
        raise MaxCostExceededError(
            FieldError(
                "/max_cost",
                "max-cost-exceeded",
                f"the estimate of {format_usd(plan.reserve)} USD is above "
                f"max_cost {format_usd(max_cost)} USD",
            )
        )


def _skipped(images: Sequence[PlannedImage]) -> list[str]:
    count = sum(image.skipped for image in images)
    if not count:
        return []
    return [f"{count} image{'s' if count > 1 else ''} without a prompt will be skipped"]
