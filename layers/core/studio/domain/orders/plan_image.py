"""The plan of one image for one model: what is made, without what, and its estimate."""

from collections.abc import Mapping
from typing import NamedTuple

from studio.domain.assets.model import FORMATS, OutputFormat
from studio.domain.catalogue.catalogue import ModelCard
from studio.domain.catalogue.orderable import card_of_day, serves_quality
from studio.domain.catalogue.parameters import Parameters
from studio.domain.jobs.image_spec import ImageSpec
from studio.domain.operations.model import Operation
from studio.domain.operations.presets import PRESETS, Preset
from studio.domain.operations.values import OptionValue
from studio.domain.orders.estimate import estimate, likely_cost
from studio.domain.orders.inputs import (
    check_inputs,
    check_sources,
    for_model,
    scaling_warnings,
    source_faults,
)
from studio.domain.orders.omissions import omission_warnings
from studio.domain.orders.plan import PlannedImage
from studio.domain.orders.pointers import locate_errors, locate_fields
from studio.domain.orders.prompt_parts import UNTOUCHED, PromptParts, Words, compose_prompt
from studio.domain.orders.request import ImageRequest, JobRequest
from studio.domain.orders.sizing import request_size, source_size
from studio.errors import FieldError, InvalidRequestError
from studio.money import Cost

_PLAIN = Preset("webp", 80, None)


class _Accepted(NamedTuple):
    """Members of an image request that a model accepts."""

    prompt_parts: PromptParts
    words: Words
    options: Mapping[str, OptionValue]
    parameters: Parameters
    warnings: tuple[str, ...]


def plan_image(
    order: JobRequest, operation: Operation, image: ImageRequest, provider: str, model: ModelCard
) -> PlannedImage:
    """Return the plan of one image for a model.

    Args:
        order: The order.
        operation: Its operation.
        image: One of its images.
        provider: The model's provider.
        model: The model.

    Raises:
        InvalidRequestError: a size, file, input or parameter that the model does not take.
    """
    accepted = _accept(order, operation, image, provider, model)
    spec = _spec(order, operation, image, provider, model, accepted)
    with locate_errors(image.pointers):
        size = request_size(spec, model, source_size(spec))
    if is_skipped(operation, image):
        free = Cost(0, "estimated")
        return PlannedImage(spec, free, skipped=True, likely=free, held_for=(provider, model.id))
    return PlannedImage(
        spec,
        estimate(spec, model, size),
        likely=likely_cost(spec, model, size),
        held_for=(provider, model.id),
        faults=locate_fields(source_faults(operation, model, image.sources), image.pointers),
    )


def is_skipped(operation: Operation, image: ImageRequest) -> bool:
    """Tell whether an image lacks the prompt it needs; it keeps its place in the job."""
    return operation.prompt == "required" and not image.prompt


def _accept(
    order: JobRequest, operation: Operation, image: ImageRequest, provider: str, model: ModelCard
) -> _Accepted:
    with locate_errors(image.pointers):
        _check_prompt(operation, image, model)
        prompt_parts = order.prompt_parts if operation.described and image.prompt else UNTOUCHED
        words = compose_prompt(image.prompt, image.negative_prompt, prompt_parts, model.prompt_max)
        check_sources(model, image)
        options, untaken_options = _options(operation, model, image)
    parameters, untaken_parameters = model.check_parameters(
        Parameters(
            seed=_seed(image, model),
            steps=order.steps,
            guidance=order.guidance,
            negative_prompt=words.negative_prompt,
            strength=order.strength if image.sources else None,
        )
    )
    unsupported = (*untaken_parameters, *untaken_options)
    card = card_of_day(provider, order.day)
    warnings = omission_warnings(
        order,
        operation,
        image,
        model,
        unsupported,
        image.pointers,
        quality_served=serves_quality(card, model, operation.id, order.quality),
    )
    warnings += scaling_warnings(operation, model, image)
    return _Accepted(prompt_parts, words, options, parameters, warnings)


def _spec(
    order: JobRequest,
    operation: Operation,
    image: ImageRequest,
    provider: str,
    model: ModelCard,
    accepted: _Accepted,
) -> ImageSpec:
    words, parameters = accepted.words, accepted.parameters
    persona, template = accepted.prompt_parts.persona, order.prompt_parts.template
    output_format, output_quality = _file_format(order, operation, image, accepted.options)
    return ImageSpec(
        prompt=words.prompt if operation.prompt else None,
        provider=provider,
        model=model.id,
        width=image.width,
        height=image.height,
        quality=order.quality,
        output_format=output_format,
        output_quality=output_quality,
        negative_prompt=parameters.negative_prompt,
        seed=parameters.seed,
        seed_generated=image.seed is None and image.default_seed is not None,
        steps=parameters.steps,
        guidance=parameters.guidance,
        sources=image.sources,
        strength=parameters.strength,
        folder=order.origin.folder,
        label=image.label,
        type=image.type,
        position=image.position,
        title=image.title,
        operation=operation.id,
        options=accepted.options,
        warnings=accepted.warnings,
        original_prompt=image.prompt if words.added else None,
        persona=persona.name if persona else None,
        enhance_prompt=accepted.prompt_parts.enhance,
        output=image.output or order.output,
        slot=image.slot,
        template=template.name if template else None,
    )


def _check_prompt(operation: Operation, image: ImageRequest, model: ModelCard) -> None:
    if operation.prompt and len(image.prompt or "") > model.prompt_max:
        detail = f"{model.title} takes prompts of at most {model.prompt_max} characters"
        raise InvalidRequestError(FieldError("/prompt", "too-long", detail))


def _options(
    operation: Operation, model: ModelCard, image: ImageRequest
) -> tuple[dict[str, OptionValue], tuple[str, ...]]:
    """Return the inputs the model takes and the names of others; a skipped image has none."""
    if is_skipped(operation, image):
        return {}, ()
    roles = [source.role for source in image.sources]
    options = check_inputs(operation, image.options, roles, has_prompt=bool(image.prompt))
    return for_model(operation, model, options)


def _file_format(
    order: JobRequest,
    operation: Operation,
    image: ImageRequest,
    options: Mapping[str, OptionValue],
) -> tuple[OutputFormat, int]:
    """Return the file format and the encoder's quality of an image."""
    preset = PRESETS.get(str(options.get("preset")), _PLAIN)
    source_format = None
    if operation.passthrough and image.sources:
        source_format = FORMATS.get(image.sources[0].media_type or "")
    return (
        order.output_format or source_format or preset.format,
        order.output_quality or preset.quality,
    )


def _seed(image: ImageRequest, model: ModelCard) -> int | None:
    return image.default_seed if image.seed is None and model.parameters.seed else image.seed
