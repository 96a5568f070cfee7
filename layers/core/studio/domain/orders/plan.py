"""The plan of a job: its images with their estimates, its limits, and what may refuse it."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from studio.domain.catalogue.catalogue import planned_model
from studio.domain.jobs.image_spec import ImageSpec, members_of
from studio.domain.jobs.model import ProviderChoice
from studio.domain.orders.pointers import locate
from studio.errors import (
    CostUnknownError,
    CredentialsMissingError,
    FieldError,
    InvalidRequestError,
    MaxCostExceededError,
    ProviderDisabledError,
    StudioError,
)
from studio.money import UNKNOWN, Cost, format_usd

# A row of DynamoDB has 400 KB; what is left is for the image's log and its ending.
MAX_IMAGE_BYTES = 350_000
# A transaction has 4 MB by DynamoDB's rule, the UTF-8 bytes of all names and texts. An image has
# at most 2 KB besides its text.
MAX_ORDER_BYTES = 3_890_000


@dataclass(frozen=True, slots=True)
class PlannedImage:
    """An image that the job makes; it skips one that lacks the prompt it needs.

    Attributes:
        estimate: The most that it costs by any of its providers: what is held for it.
        likely: What it most likely costs by its first provider.
        held_for: The provider and model whose price is held.
        faults: Sources that its model cannot use, by pointer in the caller's body.
    """

    spec: ImageSpec
    estimate: Cost
    skipped: bool = False
    likely: Cost = UNKNOWN
    held_for: tuple[str, str] = ("", "")
    faults: tuple[FieldError, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """The images, warnings and provider choice of an order.

    Attributes:
        unconfigured: The provider, if it needs a key and none is stored.
        disabled: The provider, if the account has switched it off.
        priced_alternative: A provider and model that could make the images at a known price,
            where the plan has none and a limit needs one.
    """

    images: tuple[PlannedImage, ...]
    warnings: tuple[str, ...]
    choice: ProviderChoice | None = None
    unconfigured: str | None = None
    disabled: str | None = None
    priced_alternative: tuple[str, str] | None = None

    @property
    def all_warnings(self) -> tuple[str, ...]:
        """Every warning once, those of its images included."""
        of_images = (text for image in self.images for text in image.spec.warnings)
        return tuple(dict.fromkeys((*self.warnings, *of_images)))

    @property
    def reserve(self) -> int:
        """Micro-dollars to reserve: the sum of all known estimates."""
        return sum(image.estimate.known_micros for image in self.images)

    @property
    def unpriced(self) -> int:
        """Number of images without a known price."""
        return sum(image.estimate.micros is None for image in self.images)


def obstacles(plan: Plan) -> Iterator[StudioError]:
    """Yield what makes every call of a plan fail, as the errors of an order."""
    faults = tuple(dict.fromkeys(fault for image in plan.images for fault in image.faults))
    if faults:
        yield InvalidRequestError(*faults)
    if plan.disabled is not None:
        yield ProviderDisabledError(disabled_sentence(plan.disabled))
    if plan.unconfigured is not None:
        yield CredentialsMissingError(f"no key is stored for provider {plan.unconfigured}")


def disabled_sentence(provider: str) -> str:
    """Return why a provider is not called that the account has switched off."""
    return f"provider {provider} is switched off in the account's settings"


def check_usable(plan: Plan) -> None:
    """Check that a plan can succeed, as far as that is known.

    Raises:
        InvalidRequestError: a source is too large or too small for its model.
        ProviderDisabledError: the account has switched the provider off.
        CredentialsMissingError: the provider has no key.
    """
    for error in obstacles(plan):
        raise error


def obstacle_warnings(plan: Plan) -> tuple[str, ...]:
    """Return a sentence for each obstacle of a plan."""
    return tuple(
        sentence
        for error in obstacles(plan)
        for sentence in (
            [field.detail for field in error.fields]
            if isinstance(error, InvalidRequestError)
            else [str(error)]
        )
    )


def check_limits(plan: Plan, *, max_cost: int | None, monthly_limit: int | None) -> None:
    """Check that a plan keeps the caller's cost limit, and that a limit can be kept at all.

    Args:
        plan: The plan.
        max_cost: The caller's limit in micro-dollars, None for none.
        monthly_limit: The month's limit in micro-dollars, None for none. Whether the month has
            room is checked when the money is reserved.

    Raises:
        MaxCostExceededError: the estimate is above ``max_cost``.
        CostUnknownError: an image has no known price, and a limit applies.
    """
    if plan.unpriced and (max_cost is not None or monthly_limit is not None):
        raise CostUnknownError(
            f"{plan.unpriced} of {len(plan.images)} images have no known price, "
            f"so no cost limit can be kept: {_why_unpriced(plan)}"
        )
    if max_cost is not None and plan.reserve > max_cost:
        detail = (
            f"the estimate of {format_usd(plan.reserve)} USD is above "
            f"max_cost {format_usd(max_cost)} USD"
        )
        raise MaxCostExceededError(FieldError("/max_cost", MaxCostExceededError.code, detail))


def _why_unpriced(plan: Plan) -> str:
    """Return which models have no price and which one has."""
    models = dict.fromkeys(image.held_for for image in plan.images if image.estimate.micros is None)
    published = {one: planned_model(*one).prices.known for one in models}
    without = [" ".join(one) for one, known in published.items() if not known]
    unsized = [" ".join(one) for one, known in published.items() if known]
    reasons = [
        *([f"no price per image is published for {', '.join(without)}"] if without else []),
        *([f"{', '.join(unsized)} needs a size"] if unsized else []),
    ]
    cure = "choose a model with a price" if without else "give a size"
    if plan.priced_alternative is not None:
        cure = f"{' '.join(plan.priced_alternative)} has a price"
    return "; ".join((*reasons, cure))


def check_sizes(plan: Plan, pointers: Sequence[Mapping[str, str]]) -> None:
    """Check that each image fits a row of the store, and all of them one transaction.

    Args:
        plan: The plan.
        pointers: The caller's pointers of each image, see ``locate``.

    Raises:
        InvalidRequestError: names the prompt of the first image that is too long, or what holds
            all images.
    """
    texts = [_stored_text(image.spec) for image in plan.images]
    for text, known in zip(texts, pointers, strict=True):
        if len(text.encode()) > MAX_IMAGE_BYTES:
            detail = (
                f"With the words for its substitutes the image has over {MAX_IMAGE_BYTES} bytes; "
                "shorten the prompt, or name fewer substitutes"
            )
            raise InvalidRequestError(FieldError(locate("/prompt", known), "too-long", detail))
    if sum(len(text.encode()) for text in texts) > MAX_ORDER_BYTES:
        detail = (
            f"The images together have over {MAX_ORDER_BYTES} bytes; "
            "order fewer images, or shorten the prompts"
        )
        raise InvalidRequestError(FieldError(pointer_of_all(pointers), "too-long", detail))


def pointer_of_all(pointers: Sequence[Mapping[str, str]]) -> str:
    """Return the member of the caller's body that holds all images, or their one prompt."""
    return "/items" if locate("/prompt", pointers[0]).startswith("/items/") else "/prompt"


def _stored_text(spec: ImageSpec) -> str:
    """Return a spec as the store keeps it: of its substitutes only what is different."""
    own = members_of(spec)
    own["substitutes"] = [
        {name: value for name, value in members_of(one).items() if value != own[name]}
        for one in spec.substitutes
    ]
    return json.dumps(own, ensure_ascii=False, default=members_of)
