"""Members of an order that a model does not support: left out with a warning, or refused."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from studio.domain.catalogue.catalogue import ModelCard
from studio.domain.operations.model import Operation
from studio.domain.orders.pointers import locate
from studio.domain.orders.prompt_parts import PromptParts
from studio.domain.orders.request import ImageRequest, JobRequest
from studio.errors import FieldError, InvalidRequestError

# Parameters that a job has once, for all its images.
_OF_THE_JOB = ("steps", "guidance", "strength")
_OF_AN_IMAGE = ("seed", "negative_prompt")


class _Omission(NamedTuple):
    pointer: str
    reason: str
    consequence: str = "it was left out"


def omission_warnings(
    order: JobRequest,
    operation: Operation,
    image: ImageRequest,
    model: ModelCard,
    unsupported: Sequence[str],
    pointers: Mapping[str, str],
    *,
    quality_served: bool,
) -> tuple[str, ...]:
    """Return a sentence for each thing that an image is made without.

    Args:
        order: The order.
        operation: Its operation.
        image: One of its images.
        model: The model that makes it.
        unsupported: Names of parameters and inputs that the model does not take.
        pointers: Where the caller wrote the image's values, see ``locate``.
        quality_served: Whether the model makes the quality level.

    Raises:
        InvalidRequestError: the order is strict and something would be left out.
    """
    omissions = [_unsupported(name, model, pointers) for name in unsupported]
    if not quality_served:
        reason = f"{model.title} has no {order.quality} quality"
        pointer = pointers.get("/quality", "/quality")
        omissions.append(_Omission(pointer, reason, "its own is used"))
    omissions += _without_use(order, operation, image, pointers)
    if order.strict and omissions:
        raise InvalidRequestError(
            *(FieldError(one.pointer, "not-taken", one.reason) for one in omissions)
        )
    return tuple(f"{one.reason}: {one.consequence}." for one in omissions)


def _unsupported(name: str, model: ModelCard, pointers: Mapping[str, str]) -> _Omission:
    reason = f"{model.title} takes no {name.replace('_', ' ')}"
    if name in _OF_THE_JOB:
        return _Omission(f"/{name}", reason)
    member = f"/{name}" if name in _OF_AN_IMAGE else f"/input/{name}"
    return _Omission(locate(member, pointers), reason)


def _without_use(
    order: JobRequest, operation: Operation, image: ImageRequest, pointers: Mapping[str, str]
) -> Iterator[_Omission]:
    """Yield what the operation itself has no use for."""
    if order.strength is not None and not image.sources:
        yield _Omission("/strength", "Strength is of a source, and there is none")
    if image.prompt and operation.prompt is None:
        yield _Omission(locate("/prompt", pointers), f"{operation.title} takes no prompt")
    if operation.id == "edit.remove_background" and order.output_format == "jpg":
        yield _Omission(
            "/output/format",
            "A JPEG has no transparency",
            f"the cut-out is set on {order.output.framing.background}",
        )
    if order.prompt_parts.adds and not operation.described:
        reason = f"{operation.title} makes no image from words"
        yield _Omission(
            _prompt_parts_pointer(order.prompt_parts), reason, "nothing was added to them"
        )


def _prompt_parts_pointer(prompt_parts: PromptParts) -> str:
    """Return the pointer of the field that asks for added words."""
    if prompt_parts.persona:
        return "/persona_id"
    return "/enhance_prompt" if prompt_parts.enhance else "/template_id"
