"""The plan of images that run again: priced as of today, with what makes their calls fail."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date

from studio.domain.catalogue.catalogue import planned_model
from studio.domain.catalogue.orderable import card_of_day, resolve_model
from studio.domain.jobs.image_spec import ImageSpec
from studio.domain.jobs.model import Item
from studio.domain.operations.table import operation_of
from studio.domain.orders.estimate import dearest
from studio.domain.orders.inputs import source_faults
from studio.domain.orders.plan import Plan, PlannedImage
from studio.errors import FieldError


def replan(items: Sequence[Item], day: date, unconfigured: Collection[str]) -> Plan:
    """Return the plan of a redrive, with the obstacles and warnings that an order would have.

    An image keeps the model that it was planned for, so a model that has ended is an obstacle. An
    image whose paid result is stored needs no call and has no obstacles.

    Args:
        items: The images to run again, with their new estimates.
        day: The day of the redrive (UTC), which decides what models have ended.
        unconfigured: The providers that need a key and have none.

    Raises:
        UnknownProviderError, UnknownModelError: the catalogue does not have them any more.
    """
    called = [item for item in items if not is_paid(item)]
    missing, warnings = None, list[str]()
    for item in called:
        warnings += _endings(item, day, unconfigured)
        provider = item.spec.provider
        if provider in unconfigured:
            other = _substitute(item.spec, day, unconfigured)
            if other is None:
                missing = missing or provider
            else:
                warnings.append(f"no key is stored for provider {provider}: {other} instead.")
    images = (
        PlannedImage(
            item.spec,
            item.estimate,
            held_for=dearest(item.spec)[1],
            faults=tuple(_faults(item, day, unconfigured)) if item in called else (),
        )
        for item in items
    )
    return Plan(tuple(images), tuple(dict.fromkeys(warnings)), unconfigured=missing)


def is_paid(item: Item) -> bool:
    """Tell whether the stored result of an ended image is paid, at a cost that is known."""
    booked = item.attempt_open and item.settled_attempt == item.attempt
    return booked and item.cost is not None and item.cost.micros is not None


def _endings(item: Item, day: date, unconfigured: Collection[str]) -> Iterator[str]:
    """Yield a warning for a model that ends, or that has ended and is not needed."""
    spec = item.spec
    gone = card_of_day(spec.provider, day).retired.get(spec.model)
    if gone is None:
        yield from resolve_model(spec.provider, spec.model, spec.operation, day=day)[1]
    elif other := _substitute(spec, day, unconfigured):
        yield f"{gone.end}: {other} instead."
    elif item.status == "unknown":
        yield f"{gone.end}: only the result of the earlier call can be had."


def _faults(item: Item, day: date, unconfigured: Collection[str]) -> Iterator[FieldError]:
    """Yield what makes every call of an image fail."""
    spec = item.spec
    gone = card_of_day(spec.provider, day).retired.get(spec.model)
    if gone is not None and not _substitute(spec, day, unconfigured):
        # The provider may still have a result that is lost here.
        if item.status != "unknown":
            detail = f"{gone.end}: order the image again with {gone.lifecycle.successor}"
            yield _fault(item, "model-retired", detail)
        return
    model = planned_model(spec.provider, spec.model)
    for fault in source_faults(operation_of(spec.operation), model, spec.sources):
        yield _fault(item, fault.code, fault.detail)


def _fault(item: Item, code: str, detail: str) -> FieldError:
    """Return an error of an image at the member of a redrive that selects it."""
    return FieldError("/items", code, f"image {item.number}: {detail}")


def _substitute(spec: ImageSpec, day: date, unconfigured: Collection[str]) -> str | None:
    """Return words for the substitute that can take over from an image's provider, if any."""
    for one in spec.substitutes:
        if one.provider not in unconfigured and one.model in card_of_day(one.provider, day).models:
            return f"{one.provider} {one.model} is used"
    return None
