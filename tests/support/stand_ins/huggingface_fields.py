"""Requests of the providers behind Hugging Face's router: routes, and the fields of each body."""

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from tests.support.stand_ins.pictures import is_picture
from tests.support.stand_ins.server import Recorded

Task = Literal["words", "picture"]

# Models by what their provider calls them, and what they start from.
MODELS: Mapping[str, Mapping[str, Task]] = {
    "hf-inference": {
        "black-forest-labs/FLUX.1-dev": "words",
        "black-forest-labs/FLUX.1-schnell": "words",
        "black-forest-labs/FLUX.1-Kontext-dev": "picture",
    },
    "fal-ai": {
        "fal-ai/flux/dev": "words",
        "fal-ai/flux/schnell": "words",
        "fal-ai/flux-kontext/dev": "picture",
    },
    "together": {
        "black-forest-labs/FLUX.1-schnell": "words",
        "black-forest-labs/FLUX.1-kontext-dev": "picture",
    },
    "replicate": {
        "black-forest-labs/flux-dev": "words",
        "black-forest-labs/flux-schnell": "words",
        "black-forest-labs/flux-kontext-dev": "picture",
        "stability-ai/sdxl:7762fd07": "words",
    },
}
QUEUE = "?_subdomain=queue"
_HF = re.compile(r"/hf-inference/models/(.+)")
_FAL = re.compile(r"/fal-ai/([^?]+?)(\?_subdomain=queue)?")
_REPLICATE = re.compile(r"/replicate/v1/models/([^/]+/[^/]+)/predictions")

_NUMBERS = {
    "num_inference_steps": (1, 50),
    "steps": (1, 50),
    "seed": (0, 2**63 - 1),
    "width": (64, 2048),
    "height": (64, 2048),
    "n": (1, 4),
}
_TUNING = {"negative_prompt", "num_inference_steps", "guidance_scale", "seed"}
_PICTURES = ("image/png", "image/jpeg", "image/webp")


@dataclass(frozen=True, slots=True)
class Route:
    """A model at a provider; ``queue``: the call is only to be taken."""

    dialect: str
    model: str
    task: Task
    queue: bool = False


@dataclass(frozen=True, slots=True)
class ParsedRequest:
    """A call that is right in every field."""

    prompt: str
    size: tuple[int, int] | None
    seed: int | None
    picture: bytes | None


def route_of(request: Recorded) -> Route | None:
    """Return the model that a POST is for, None where the router has no such route."""
    path, found = request.path, None
    if found := _HF.fullmatch(path):
        return _route("hf-inference", found[1])
    if found := _FAL.fullmatch(path):
        return _route("fal-ai", found[1], queue=bool(found[2]))
    if found := _REPLICATE.fullmatch(path):
        return _route("replicate", found[1])
    document = request.json()
    if path == "/replicate/v1/predictions":
        named = [name for name in MODELS["replicate"] if ":" in name]
        version = str(document.get("version"))
        return next((_route("replicate", it) for it in named if it.endswith(":" + version)), None)
    if path == "/together/v1/images/generations":
        return _route("together", str(document.get("model")))
    return None


def _route(dialect: str, model: str, *, queue: bool = False) -> Route | None:
    task = MODELS[dialect].get(model)
    if task is None or (dialect == "fal-ai" and queue != (task == "picture")):
        return None
    return Route(dialect, model, task, queue)


def parse_request_body(route: Route, document: dict[str, Any]) -> ParsedRequest | str:
    """Return what a body asks for, or the field that its provider would not take."""
    match route.dialect:
        case "hf-inference":
            return _hf_inference(route.task, document)
        case "fal-ai":
            pictures = {"image_url", "image_urls"} if route.task == "picture" else set()
            return _flat(document, {"prompt", "image_size", *_TUNING, *pictures}, route.task)
        case "together":
            return _together(document, route.task)
    fields = {"input", "version"} if ":" in route.model else {"input"}
    if set(document) != fields:
        return str(min(set(document) ^ fields))
    pictures = {"image", "images", "input_image", "input_images"}
    known = {"prompt", "width", "height", *_TUNING, *(pictures if route.task == "picture" else ())}
    return _flat(document["input"], known, route.task)


def _hf_inference(task: Task, document: dict[str, Any]) -> ParsedRequest | str:
    if set(document) != {"inputs", "parameters"} or not isinstance(document["parameters"], dict):
        return "inputs"
    given = document["parameters"]
    if task == "words":
        flat = {"prompt": document["inputs"], **given}
        known = {"prompt", "width", "height", "scheduler", *_TUNING}
        return "parameters.prompt" if "prompt" in given else _flat(flat, known, task)
    picture = _decoded(document["inputs"])
    if picture is None or not any(is_picture(picture, kind) for kind in _PICTURES):
        return "inputs"
    known = {"prompt", "target_size", *_TUNING} - {"seed"}
    parsed = _flat(given, known, "words")
    return (
        parsed
        if isinstance(parsed, str)
        else ParsedRequest(parsed.prompt, parsed.size, None, picture)
    )


def _together(document: dict[str, Any], task: Task) -> ParsedRequest | str:
    pictures = {"image_url"} if task == "picture" else set()
    tuning = {"negative_prompt", "steps", "guidance_scale", "seed"}
    if document.get("response_format") != "base64":
        return "response_format"
    rest = {name: value for name, value in document.items() if name != "response_format"}
    return _flat(rest, {"model", "prompt", "width", "height", "n", *tuning, *pictures}, task)


def _flat(fields: object, known: set[str], task: Task) -> ParsedRequest | str:
    """Judge fields that lie side by side."""
    if not isinstance(fields, dict):
        return "input"
    for name, value in fields.items():
        if name not in known or not _fits(name, value):
            return str(name)
    if not fields.get("prompt"):
        return "prompt"
    pictures = [_uri(fields[name]) for name in fields if name in _PICTURE_FIELDS]
    if task == "picture" and not pictures:
        return "image_url"
    given = fields.get("image_size") or fields.get("target_size") or fields
    size = (given["width"], given["height"]) if "width" in given and "height" in given else None
    return ParsedRequest(
        fields["prompt"], size, fields.get("seed"), pictures[0] if pictures else None
    )


_PICTURE_FIELDS = {"image", "images", "input_image", "input_images", "image_url", "image_urls"}


def _fits(name: str, value: Any) -> bool:
    if name in _NUMBERS:
        low, high = _NUMBERS[name]
        return type(value) is int and low <= value <= high
    if name == "guidance_scale":
        return type(value) in (int, float) and 0 <= value <= 20
    if name in ("image_size", "target_size"):
        sides = ("width", "height")
        return isinstance(value, dict) and set(value) == set(sides) and all(
            _fits(side, value[side]) for side in sides
        )  # fmt: skip
    if name in _PICTURE_FIELDS:
        plural = isinstance(value, list)
        return plural == name.endswith("s") and bool(value) and _uri(value) is not None
    return isinstance(value, str)


def _uri(value: Any) -> bytes | None:
    """Return the picture of a data URI that says its real type; of a list, the first one's."""
    first = value[0] if isinstance(value, list) else value
    kind, _, text = str(first).partition(";base64,")
    data, media_type = _decoded(text), kind.removeprefix("data:")
    known = kind.startswith("data:") and media_type in _PICTURES
    return data if known and data is not None and is_picture(data, media_type) else None


def _decoded(text: object) -> bytes | None:
    try:
        return base64.b64decode(str(text), validate=True)
    except ValueError:
        return None
