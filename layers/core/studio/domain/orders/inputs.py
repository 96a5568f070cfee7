"""Checks of an order's files, words and inputs against its operation and model."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import Decimal

from studio.domain.catalogue.catalogue import ModelCard
from studio.domain.catalogue.limits import SourceRules, rules_of_a_call
from studio.domain.jobs.image_spec import SourceRef
from studio.domain.operations.model import Operation, Scalar
from studio.domain.operations.presets import OWN_INPUTS
from studio.domain.operations.values import OptionValue, Role
from studio.domain.orders.request import ImageRequest
from studio.errors import FieldError, InvalidRequestError

_FIELDS: Mapping[Role, str] = {"image": "sources"}


def check_inputs(
    operation: Operation,
    values: Mapping[str, Scalar],
    roles: Collection[Role],
    *,
    has_prompt: bool,
) -> dict[str, OptionValue]:
    """Return an operation's own inputs in the form that provider requests carry.

    Args:
        operation: The operation.
        values: The inputs, as the caller gives them.
        roles: The roles of the caller's files.
        has_prompt: Whether the caller gives a prompt.

    Raises:
        InvalidRequestError: names every wrong or missing input, by its pointer in the image.
    """
    parsed: dict[str, OptionValue] = {}
    errors = list(_file_errors(operation, roles))
    for name, value in values.items():
        result = _parse(operation, name, value)
        if isinstance(result, FieldError):
            errors.append(result)
        else:
            parsed[name] = result
    errors += _missing(operation, values)
    if not errors:
        present = {*roles, *(name for name, value in parsed.items() if value)}
        errors += _none_of(operation, present | ({"prompt"} if has_prompt else set()))
    if errors:
        raise InvalidRequestError(*errors)
    return parsed


def for_model(
    operation: Operation, model: ModelCard, options: Mapping[str, OptionValue]
) -> tuple[dict[str, OptionValue], tuple[str, ...]]:
    """Return the inputs that a model takes, and the names of those that it does not take.

    Raises:
        InvalidRequestError: a value is outside the model's own limits.
    """
    taken = {name: of for name, of in options.items() if model.limits_of(name, operation.id)}
    own = {name: value for name, value in options.items() if name in OWN_INPUTS}
    errors = [
        error for name, value in taken.items() if (error := _outside(operation, model, name, value))
    ]
    if errors:
        raise InvalidRequestError(*errors)
    return taken | own, tuple(name for name in options if name not in taken | own)


def check_sources(model: ModelCard, image: ImageRequest) -> None:
    """Check that a model takes an image's source files.

    Raises:
        InvalidRequestError: names the sources that it does not take, by pointer in the image.
    """
    most, roles = model.sources.max, [source.role for source in image.sources]
    for role in roles:
        if role != "image" and role not in model.sources.roles:
            detail = f"{model.title} takes no {role.replace('_', ' ')}"
            raise InvalidRequestError(FieldError(f"/{role}", "not-taken", detail))
    if roles.count("image") <= most:
        return
    code = "too-many" if most else "not-taken"
    limit = f"at most {most} source{'s' if most > 1 else ''}" if most else "no sources"
    raise InvalidRequestError(FieldError("/sources", code, f"{model.title} takes {limit}"))


def source_faults(
    operation: Operation, model: ModelCard, sources: Sequence[SourceRef]
) -> tuple[FieldError, ...]:
    """Return an error for each source of a known size that the model cannot use, by pointer.

    A larger source is made smaller, except to be upscaled. None is made larger.
    """
    rules = rules_of_a_call(model.sources, passthrough=operation.passthrough)
    shrinks = _shrinks(operation)
    faults = (
        _size_fault(model, rules, index, source, shrinks=shrinks)
        for index, source in enumerate(sources)
        if source.role not in ("mask", "audio")
    )
    return tuple(fault for fault in faults if fault)


def scaling_warnings(
    operation: Operation, model: ModelCard, image: ImageRequest
) -> tuple[str, ...]:
    """Return a sentence for each source of a known size that is made smaller for the model."""
    rules = rules_of_a_call(model.sources, passthrough=operation.passthrough)
    if not _shrinks(operation):
        return ()
    return tuple(
        f"The {'source' if source.role == 'image' else source.role.replace('_', ' ')} has "
        f"{source.width} x {source.height} pixels: it is scaled to {most} for {model.title}."
        for source in image.sources
        if source.role not in ("mask", "audio")
        and source.width is not None
        and source.height is not None
        and (most := _passed(source.width, source.height, rules))
    )


def _shrinks(operation: Operation) -> bool:
    return not operation.id.startswith("upscale.")


def _passed(width: int, height: int, rules: SourceRules) -> str | None:
    """Return the limit that a picture passes, in words; None if it passes none."""
    if rules.max_side is not None and max(width, height) > rules.max_side:
        return f"at most {rules.max_side} pixels a side"
    if rules.max_pixels is not None and width * height > rules.max_pixels:
        return f"at most {rules.max_pixels} pixels"
    return None


def _size_fault(
    model: ModelCard, rules: SourceRules, index: int, source: SourceRef, *, shrinks: bool
) -> FieldError | None:
    if source.width is None or source.height is None:
        return None
    pointer = f"/sources/{index}" if source.role == "image" else f"/{source.role}"
    size = f"It has {source.width} x {source.height} pixels"
    if min(source.width, source.height) < rules.min_side:
        detail = f"{size}; {model.title} takes sides from {rules.min_side} pixels"
        return FieldError(pointer, "source-too-small", detail)
    if shrinks:
        return None
    if max(source.width, source.height) > (rules.max_side or 0):
        detail = f"{size}; {model.title} takes sides up to {rules.max_side} pixels"
        return FieldError(pointer, "source-too-large", detail)
    if rules.max_pixels is not None and source.width * source.height > rules.max_pixels:
        detail = f"{size}; {model.title} takes up to {rules.max_pixels} pixels in all"
        return FieldError(pointer, "source-too-large", detail)
    return None


def _parse(operation: Operation, name: str, value: Scalar) -> OptionValue | FieldError:
    if name not in operation.options:
        detail = f"{operation.id} takes {', '.join(operation.options) or 'no inputs'}"
        return FieldError(f"/input/{name}", "unknown-field", detail)
    return operation.options[name].read(name, value)


def _missing(operation: Operation, values: Mapping[str, Scalar]) -> Iterator[FieldError]:
    for name, option in operation.options.items():
        if option.required and name not in values:
            yield FieldError(f"/input/{name}", "required", option.description)


def _none_of(operation: Operation, present: Collection[str]) -> Iterator[FieldError]:
    """Yield an error if an operation needs one of several inputs and none is present."""
    if operation.one_of and not set(present) & set(operation.one_of):
        detail = f"Give at least one of {', '.join(operation.one_of)}"
        yield FieldError("/input", "required", detail)


def _file_errors(operation: Operation, roles: Collection[Role]) -> Iterator[FieldError]:
    for role in roles:
        if role not in operation.files:
            field = _FIELDS.get(role, role)
            yield FieldError(f"/{field}", "not-taken", f"{operation.id} takes no {field}")
    for role, need in operation.files.items():
        if need == "required" and role not in roles:
            field = _FIELDS.get(role, role)
            yield FieldError(f"/{field}", "required", f"{operation.id} needs {field}")


def _outside(
    operation: Operation, model: ModelCard, name: str, value: OptionValue
) -> FieldError | None:
    limits = model.options[name]
    if limits.choices is not None and str(value) not in limits.choices:
        detail = f"{model.title} takes {', '.join(limits.choices)}"
        return FieldError(f"/input/{name}", "not-a-choice", detail)
    if limits.min is None and limits.max is None:
        return None
    is_text = operation.options[name].type == "text"
    number = Decimal(len(str(value)) if is_text else str(value))
    low, high = limits.min or operation.options[name].min, limits.max or operation.options[name].max
    if Decimal(str(low)) <= number <= Decimal(str(high)):
        return None
    unit = " characters" if is_text else ""
    detail = f"{model.title} takes {low} to {high}{unit}"
    return FieldError(f"/input/{name}", "out-of-range", detail)
