"""One image of an order, planned for one model: what is asked for, left out, and held for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from studio.domain.assets.model import FORMATS, OutputFormat
from studio.domain.catalogue.catalogue import ModelCard, resolve_model
from studio.domain.catalogue.parameters import Parameters
from studio.domain.catalogue.sizes import Size
from studio.domain.jobs.model import DIRECT, ImageSpec, Origin, SourceRef
from studio.domain.operations.model import Operation, Scalar
from studio.domain.operations.presets import PRESETS, Preset
from studio.domain.operations.values import OptionValue, Quality
from studio.domain.orders.inputs import check_inputs, for_model
from studio.domain.orders.prompt_parts import UNTOUCHED, PromptParts, compose_prompt
from studio.domain.orders.sizing import request_size
from studio.domain.provider_calls.instructions import most_bytes
from studio.domain.renditions.model import PLAIN, OutputPlan
from studio.domain.routing.fallback import taken_over
from studio.errors import FieldError, InvalidRequestError, prefix_pointers
from studio.money import UNKNOWN, Cost

_PLAIN = Preset("webp", 80, None)


@dataclass(frozen=True, slots=True)
class ImageRequest:
    """One image as the caller wrote it; None where the caller said nothing.

    Attributes:
        default_seed: The studio's own, for a model that takes seeds; left out in silence by others.
        sources: Files of every role, the pictures to start from first.
        options: The operation's own inputs, as JSON gave them.
    """

    prompt: str | None
    width: int | None
    height: int | None
    negative_prompt: str | None = None
    seed: int | None = None
    default_seed: int | None = None
    sources: tuple[SourceRef, ...] = ()
    label: str | None = None
    type: str | None = None
    position: int | None = None
    title: str | None = None
    options: Mapping[str, Scalar] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class JobRequest:
    """A whole order: its images and what holds for all of them.

    Attributes:
        provider: None to let the studio choose.
        providers: Among whom it chooses, in its order of preference.
        model: None for the provider's default.
        max_cost: Micro-dollars the caller is ready to spend, None for no limit of his own.
        created_by: The user, for the record.
        notify_email: Who is written to when the job has ended.
        limited: A limit is kept besides ``max_cost``, for which every image needs a price.
        fallback: Providers, with a model or None, that the caller would have next, in this order.
        allow_fallback: Whether somebody else may take over; None for yes where the studio
            chooses or ``fallback`` names some.
        strict: Refuse what the model does not take, instead of leaving it out with a warning.
        output_format, output_quality: None for the preset's, else WebP at 80.
        output: How pictures are framed, and which files are made of each besides.
        wording: What is done with prompts that describe whole pictures.
        failing: Providers with models whose calls have been failing lately; the order keeps what
            was known when it was taken, so that all plans of it choose alike.
        suggested: Who is preferred among ``providers``, as the template would have it.
    """

    operation: str
    images: Sequence[ImageRequest]
    provider: str | None
    created_by: str
    providers: tuple[str, ...] = ()
    model: str | None = None
    quality: Quality = "standard"
    output_format: OutputFormat | None = None
    output_quality: int | None = None
    output: OutputPlan = PLAIN
    steps: int | None = None
    guidance: str | None = None
    strength: str | None = None
    name: str | None = None
    max_cost: int | None = None
    labels: tuple[tuple[str, str], ...] = ()
    origin: Origin = DIRECT
    notify_email: str | None = None
    fallback: tuple[tuple[str, str | None], ...] = ()
    allow_fallback: bool | None = None
    strict: bool = False
    limited: bool = False
    wording: PromptParts = UNTOUCHED
    failing: frozenset[tuple[str, str]] = frozenset()
    suggested: str | None = None


@dataclass(frozen=True, slots=True)
class PlannedImage:
    """An image that will be made, or skipped where the prompt it needs is missing."""

    spec: ImageSpec
    estimate: Cost
    skipped: bool = False


def plan_image(
    order: JobRequest,
    operation: Operation,
    image: ImageRequest,
    provider: str,
    model: ModelCard,
    pointer: str,
) -> PlannedImage:
    """Plan one image for a model.

    Args:
        order: What holds for all images.
        operation: What is done.
        image: This one.
        provider: Whose model it is.
        model: Who is asked.
        pointer: Where the image stands in the order, for errors.

    Raises:
        InvalidRequestError: a size, file, input or parameter that the model does not take.
    """
    prompt = image.prompt or ""
    if len(prompt) > model.prompt_max and operation.prompt:
        detail = f"{model.title} takes prompts of at most {model.prompt_max} characters"
        raise InvalidRequestError(FieldError(f"{pointer}/prompt", "too-long", detail))
    skipped = is_skipped(operation, image)
    wording = order.wording if operation.described and image.prompt else UNTOUCHED
    with prefix_pointers(pointer):
        words = compose_prompt(image.prompt, image.negative_prompt, wording, model.prompt_max)
        check_sources(model, image)
        options, dropped = _options(operation, model, image, skipped=skipped)
    kept, untaken = model.check_parameters(
        Parameters(
            seed=_seed(image, model),
            steps=order.steps,
            guidance=order.guidance,
            negative_prompt=words.negative_prompt,
            strength=order.strength if image.sources else None,
        )
    )
    warnings = _left_out(order, operation, image, model, (*untaken, *dropped), pointer)
    preset = PRESETS.get(str(options.get("preset")), _PLAIN)
    spec = ImageSpec(
        prompt=words.prompt if operation.prompt else None,
        provider=provider,
        model=model.id,
        width=image.width,
        height=image.height,
        quality=order.quality,
        output_format=order.output_format or _kept_format(operation, image) or preset.format,
        output_quality=order.output_quality or preset.quality,
        negative_prompt=kept.negative_prompt,
        seed=kept.seed,
        seed_generated=image.seed is None and image.default_seed is not None,
        steps=kept.steps,
        guidance=kept.guidance,
        sources=image.sources,
        strength=kept.strength,
        folder=order.origin.folder,
        label=image.label,
        type=image.type,
        position=image.position,
        title=image.title,
        operation=operation.id,
        options=options,
        warnings=warnings,
        original_prompt=image.prompt if words.added else None,
        persona=wording.persona.name if wording.persona else None,
        enhance_prompt=wording.enhance,
        output=order.output,
        template=order.wording.template.name if order.wording.template else None,
    )
    with prefix_pointers(pointer):
        width, height = request_size(spec, model, main_size(spec))
    if skipped:
        return PlannedImage(spec, Cost(0, "estimated"), skipped=True)
    return PlannedImage(spec, estimate(spec, model, (width, height)))


def estimate(spec: ImageSpec, model: ModelCard, size: Size) -> Cost:
    """Return an upper bound of what an image costs at the size that is asked for."""
    return model.estimate(
        *size,
        model.quality_word(spec.quality),
        most_bytes(spec.operation, spec.prompt or "", spec.options),
        spec.steps,
        sources=len(spec.sources),
        options=spec.options,
    )


def _kept_format(operation: Operation, image: ImageRequest) -> OutputFormat | None:
    """Return the format of a picture that is only passed on, where it is known."""
    if not operation.passthrough or not image.sources:
        return None
    return FORMATS.get(image.sources[0].media_type or "")


def _seed(image: ImageRequest, model: ModelCard) -> int | None:
    return image.default_seed if image.seed is None and model.parameters.seed else image.seed


def estimate_anew(spec: ImageSpec) -> Cost:
    """Estimate an image at today's prices: an upper bound of all who may come to make it."""
    held: Cost | None = None
    for one in (spec, *(taken_over(spec, substitute) for substitute in spec.substitutes)):
        model, _ = resolve_model(one.provider, one.model, one.operation)
        cost = estimate(one, model, request_size(one, model, main_size(one)))
        held = cost if held is None else higher_cost(held, cost)
    return held or UNKNOWN


def is_skipped(operation: Operation, image: ImageRequest) -> bool:
    """Tell whether an image is kept in its place for later: it lacks the prompt that it needs."""
    return operation.prompt == "required" and not image.prompt


def _options(
    operation: Operation, model: ModelCard, image: ImageRequest, *, skipped: bool
) -> tuple[dict[str, OptionValue], tuple[str, ...]]:
    """Check files and inputs; of a place that is kept for later nothing is missing yet."""
    if skipped:
        return {}, ()
    roles = [source.role for source in image.sources]
    wanted = check_inputs(operation, image.options, roles, has_prompt=bool(image.prompt))
    return for_model(operation, model, wanted)


def _left_out(
    order: JobRequest,
    operation: Operation,
    image: ImageRequest,
    model: ModelCard,
    names: tuple[str, ...],
    pointer: str,
) -> tuple[str, ...]:
    """Say what was left out of an order.

    Raises:
        InvalidRequestError: the caller wants everything or nothing.
    """
    left = [
        (_pointer_of(name, pointer), f"{model.title} takes no {name.replace('_', ' ')}")
        for name in names
    ]
    if order.strength is not None and not image.sources:
        left.append(("/strength", "Strength is of a source, and there is none"))
    if image.prompt and operation.prompt is None:
        left.append((f"{pointer}/prompt", f"{operation.title} takes no prompt"))
    warnings = [f"{what}: it was left out." for _, what in left]
    if order.wording.adds and not operation.described:
        what = f"{operation.title} makes no picture from words"
        left.append((_pointer_of_words(order.wording), what))
        warnings.append(f"{what}: nothing was added to them.")
    if order.strict and left:
        raise InvalidRequestError(*(FieldError(at, "not-taken", what) for at, what in left))
    return tuple(warnings)


def _pointer_of_words(wording: PromptParts) -> str:
    """Point to what asked for words that were not added."""
    if wording.persona:
        return "/persona_id"
    return "/enhance_prompt" if wording.enhance else "/template_id"


def _pointer_of(name: str, pointer: str) -> str:
    if name in ("steps", "guidance", "strength"):
        return f"/{name}"
    return f"{pointer}/{name}" if name in ("seed", "negative_prompt") else f"{pointer}/input/{name}"


def check_sources(model: ModelCard, image: ImageRequest) -> None:
    """Refuse files that a model does not take.

    Raises:
        InvalidRequestError: names the sources, as seen from the image.
    """
    most, given = model.sources.max, [source.role for source in image.sources]
    for role in given:
        if role != "image" and role not in model.sources.roles:
            detail = f"{model.title} takes no {role.replace('_', ' ')}"
            raise InvalidRequestError(FieldError(f"/{role}", "not-taken", detail))
    if given.count("image") <= most:
        return
    code = "too-many" if most else "not-taken"
    pictures = f"at most {most} source{'s' if most > 1 else ''}" if most else "no sources"
    detail = f"{model.title} takes {pictures}"
    raise InvalidRequestError(FieldError("/sources", code, detail))


def main_size(spec: ImageSpec) -> Size | None:
    """Return the size of the picture that an image starts from, None where it is not known."""
    main = next((source for source in spec.sources if source.role == "image"), None)
    if main is None or main.width is None or main.height is None:
        return None
    return main.width, main.height


def higher_cost(one: Cost, other: Cost) -> Cost:
    """Return the larger of two estimates; unknown is larger than anything."""
    if one.micros is None or other.micros is None:
        return UNKNOWN
    return max(one, other, key=lambda cost: cost.known_micros)
