"""Serializers of operations: inputs, models, phases and the schema of the job body."""

import copy
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, get_args

from studio.domain.jobs import progress, words
from studio.domain.operations.model import Need, Operation, Option
from studio.domain.operations.presets import PRESETS
from studio.domain.operations.values import Role

if TYPE_CHECKING:
    from studio.api.service import responses

Schema = dict[str, Any]

_JSON_TYPES = {
    "integer": "integer",
    "number": "number",
    "text": "string",
    "word": "string",
    "flag": "boolean",
}


def operation(value: Operation, models: Mapping[str, Sequence[str]]) -> "responses.Operation":
    """Return an operation; ``models`` names the models that support it, by provider."""
    labels = words.labels_of(value.id)
    return {
        "id": value.id,
        "studio": value.studio,
        "title": value.title,
        "description": value.description,
        "produces": value.produces,
        "async": True,
        "prompt": value.prompt or "none",
        "mask": value.files.get("mask", "none"),
        "inputs": [*_files(value), *_options(value)],
        "one_of": list(value.one_of),
        "providers": list(models),
        "models": {provider: list(ids) for provider, ids in models.items()},
        "phases": [
            {
                "id": stage,
                "label": labels[stage],
                "step_label": words.step_label(labels[stage]),
                "from": low,
                "to": high,
            }
            for stage, (low, high) in progress.BANDS.items()
        ],
    }


def operations(
    values: Iterable[Operation], models_of: Callable[[str], Mapping[str, Sequence[str]]]
) -> "responses.OperationList":
    """Return all operations; ``models_of`` finds the models of one, by provider."""
    return {"data": [operation(value, models_of(value.id)) for value in values]}


def detailed_operation(
    value: Operation, models: Mapping[str, Sequence[str]], job: Schema
) -> "responses.OperationDetail":
    """Return an operation with the schema of its job body; ``job`` is that of all job bodies."""
    return {**operation(value, models), "schema": _schema_of(value, job)}


def _files(value: Operation) -> "Iterator[responses.OperationInput]":
    for role, need in value.files.items():
        yield {"name": _field(role), "kind": "file", "need": need}


def _options(value: Operation) -> "Iterator[responses.OperationInput]":
    for name, option in value.options.items():
        need: Need = "required" if option.required else "optional"
        yield {"name": f"input.{name}", "kind": option.type, "need": need}


def _schema_of(value: Operation, job: Schema) -> Schema:
    """Narrow the schema of all job bodies to those of one operation."""
    schema = copy.deepcopy(job)
    narrowed = [schema, schema["$defs"]["ItemBody"]]
    for body in narrowed:
        properties = body["properties"]
        for role in get_args(Role):
            if role not in value.files:
                del properties[_field(role)]
        if value.prompt is None:
            del properties["prompt"]
        if value.options:
            properties["input"] = _input(value)
        else:
            del properties["input"]
    schema["properties"]["operation"] = {"const": value.id}
    schema["title"] = value.title
    schema["required"] = ["operation"]
    if "preset" in value.options:
        described = "; ".join(f"{name}: {preset}" for name, preset in PRESETS.items())
        for body in narrowed:
            body["properties"]["input"]["properties"]["preset"]["description"] += f". {described}"
    return schema


def _input(value: Operation) -> Schema:
    required = [name for name, option in value.options.items() if option.required]
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": {name: _option(option) for name, option in value.options.items()},
        **({"required": required} if required else {}),
    }


def _option(option: Option) -> Schema:
    schema: Schema = {"type": _JSON_TYPES[option.type], "description": option.description}
    if option.choices:
        whole = option.type == "integer"
        schema["enum"] = [int(choice) if whole else choice for choice in option.choices]
    low, high = ("minLength", "maxLength") if option.type == "text" else ("minimum", "maximum")
    for name, bound in ((low, option.min), (high, option.max)):
        if bound is not None:
            schema[name] = float(bound) if option.type == "number" else int(bound)
    return schema


def _field(role: str) -> str:
    return "sources" if role == "image" else role
