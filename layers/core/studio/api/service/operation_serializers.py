"""Documents about operations: what each takes, who offers it, and the schema of its job body."""

import copy
from collections.abc import Mapping, Sequence
from typing import Any, get_args

from studio.api.http.serializers import Document
from studio.domain.jobs import progress
from studio.domain.operations.model import Operation, Option
from studio.domain.operations.presets import PRESETS
from studio.domain.operations.values import Role

Schema = dict[str, Any]

_JSON_TYPES = {
    "integer": "integer",
    "number": "number",
    "text": "string",
    "word": "string",
    "flag": "boolean",
}


def operation(value: Operation, models: Mapping[str, Sequence[str]]) -> Document:
    """An operation; ``models`` are those that do it, by provider."""
    return {
        "id": value.id,
        "studio": value.studio,
        "title": value.title,
        "description": value.description,
        "produces": value.produces,
        "async": True,
        "prompt": value.prompt or "none",
        "mask": value.files.get("mask", "none"),
        "inputs": [
            *(
                {"name": _field(role), "kind": "file", "need": need}
                for role, need in value.files.items()
            ),
            *(
                {
                    "name": f"input.{name}",
                    "kind": option.type,
                    "need": "required" if option.required else "optional",
                }
                for name, option in value.options.items()
            ),
        ],
        "one_of": list(value.one_of),
        "providers": list(models),
        "models": {provider: list(ids) for provider, ids in models.items()},
        "phases": [
            {
                "id": stage,
                "label": progress.LABELS[stage],
                "step_label": progress.STEP_LABELS[stage],
                "from": low,
                "to": high,
            }
            for stage, (low, high) in progress.BANDS.items()
        ],
    }


def schema_of(value: Operation, job: Schema) -> Schema:
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
