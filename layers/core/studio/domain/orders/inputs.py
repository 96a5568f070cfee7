"""What an order says to its operation, checked: files, words and the operation's own inputs."""

from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal

from studio.domain.catalogue.catalogue import ModelCard
from studio.domain.operations.model import Operation, Scalar
from studio.domain.operations.presets import OWN_INPUTS
from studio.domain.operations.values import OptionValue, Role
from studio.errors import FieldError, InvalidRequestError

_FIELDS: Mapping[Role, str] = {"image": "sources"}


def check_inputs(
    operation: Operation,
    values: Mapping[str, Scalar],
    roles: Collection[Role],
    *,
    has_prompt: bool,
) -> dict[str, OptionValue]:
    """Return an operation's own inputs as requests carry them.

    Args:
        operation: What is to be done.
        values: As the caller gave them.
        roles: What the given files are for.
        has_prompt: Whether words were given.

    Raises:
        InvalidRequestError: names every wrong or missing input, as seen from the image.
    """
    read: dict[str, OptionValue] = {}
    wrong = list(_wrong_files(operation, roles))
    for name, value in values.items():
        if name not in operation.options:
            detail = f"{operation.id} takes {', '.join(operation.options) or 'no inputs'}"
            wrong.append(FieldError(f"/input/{name}", "unknown-field", detail))
            continue
        found = operation.options[name].read(name, value)
        if isinstance(found, FieldError):
            wrong.append(found)
        else:
            read[name] = found
    for name, option in operation.options.items():
        if option.required and name not in values:
            wrong.append(FieldError(f"/input/{name}", "required", option.description))
    if operation.one_of and not wrong:
        given = {*roles, *(name for name, value in read.items() if value)}
        if has_prompt:
            given.add("prompt")
        if not given & set(operation.one_of):
            detail = f"Give at least one of {', '.join(operation.one_of)}"
            wrong.append(FieldError("/input", "required", detail))
    if wrong:
        raise InvalidRequestError(*wrong)
    return read


def for_model(
    operation: Operation, model: ModelCard, options: Mapping[str, OptionValue]
) -> tuple[dict[str, OptionValue], tuple[str, ...]]:
    """Return the inputs that a model takes, and the names of those that it does not.

    Raises:
        InvalidRequestError: a value is outside the model's own limits.
    """
    kept = {name: of for name, of in options.items() if model.limits_of(name, operation.id)}
    own = {name: value for name, value in options.items() if name in OWN_INPUTS}
    wrong = [
        error for name, value in kept.items() if (error := _outside(operation, model, name, value))
    ]
    if wrong:
        raise InvalidRequestError(*wrong)
    return kept | own, tuple(name for name in options if name not in kept | own)


def _wrong_files(operation: Operation, roles: Collection[Role]) -> Iterator[FieldError]:
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
