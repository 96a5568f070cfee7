"""Fields of a task that the Runware stand-in takes, and their limits."""

import base64
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Any
from uuid import UUID

from PIL import Image

from tests.support.stand_ins.pictures import is_picture

_COMMON = {
    "taskType", "taskUUID", "model", "outputType", "outputFormat", "outputQuality", "includeCost",
    "deliveryMethod", "ttl", "webhookURL", "uploadEndpoint", "inputs",
}  # fmt: skip
_IMAGE = {
    "positivePrompt", "negativePrompt", "width", "height", "steps", "CFGScale", "scheduler", "seed",
    "strength", "numberResults", "safety",
}  # fmt: skip
_FIELDS = {
    "imageInference": _COMMON | _IMAGE | {"outpaint"},
    "removeBackground": _COMMON | {"settings"},
    "upscale": _COMMON | {"upscaleFactor"},
    "getResponse": {"taskType", "taskUUID"},
}


@dataclass(frozen=True, slots=True)
class _Model:
    """A model.

    Attributes:
        inputs: Names of the pictures that it takes.
        needs: Fields without which there is nothing to do.
        without: Fields that other models of its task take.
    """

    task: str = "imageInference"
    inputs: tuple[str, ...] = ("seedImage",)
    needs: tuple[str, ...] = ()
    without: frozenset[str] = frozenset({"outpaint"})


_KONTEXT = _Model(inputs=("referenceImages",), without=frozenset({"outpaint", "strength"}))
_MODELS = {
    "runware:97@1": _Model(),
    "runware:100@1": _Model(),
    "runware:101@1": _Model(),
    "runware:102@1": _Model(
        inputs=("seedImage", "maskImage"), needs=("inputs",), without=frozenset()
    ),
    "runware:106@1": _KONTEXT,
    "bfl:3@1": replace(
        _KONTEXT,
        without=_KONTEXT.without | {"steps", "CFGScale", "negativePrompt", "scheduler"},
    ),
    "runware:109@1": _Model("removeBackground", ("image",), ("inputs",)),
    "runware:504@1": _Model("upscale", ("image",), ("inputs",)),
}
_SIDES = {"top", "right", "bottom", "left"}
_SIZES_OF_PRO = {
    (1024, 1024), (1568, 672), (1392, 752), (1248, 832), (1184, 880),
    (672, 1568), (752, 1392), (832, 1248), (880, 1184),
}  # fmt: skip
_WORDS: dict[str, set[object]] = {
    "outputType": {"URL", "base64Data", "dataURI"},
    "outputFormat": {"JPG", "PNG", "WEBP"},
    "deliveryMethod": {"sync", "async"},
    "upscaleFactor": {2, 4},
}
_NUMBERS = {
    "numberResults": (1, 20),
    "outputQuality": (20, 99),
    "ttl": (60, 10**9),
    "width": (128, 2048),
    "height": (128, 2048),
    "steps": (1, 100),
    "seed": (0, 2**63 - 1),
}
_FRACTIONS = {"CFGScale": 50, "strength": 1}
_KINDS: dict[str, type[object]] = {"includeCost": bool, "inputs": dict, "settings": dict}
_SEED_TYPES = ("image/png", "image/webp", "image/jpeg")


def wrong_field(task: dict[str, Any]) -> str | None:
    """Name the first field that the service would not take."""
    kind = str(task.get("taskType"))
    for name, value in task.items():
        if name not in _FIELDS.get(kind, _COMMON | _IMAGE) or not _fits(name, value):
            return name
    if not _is_uuid4(task.get("taskUUID")):
        return "taskUUID"
    if kind not in _FIELDS:
        return "taskType"
    return None if kind == "getResponse" else _wrong_for_model(task)


def _wrong_for_model(task: dict[str, Any]) -> str | None:
    """Name a field that the model of the task would not take, or that it misses."""
    model = _MODELS.get(task.get("model", ""))
    if model is None or model.task != task["taskType"]:
        return "model"
    for name in task:
        if name in model.without:
            return name
    missing = next((name for name in model.needs if name not in task), None)
    wrong = missing or (_wrong_inference(task) if task["taskType"] == "imageInference" else None)
    return wrong or _wrong_input(task, model)


def _wrong_inference(task: dict[str, Any]) -> str | None:
    size = task.get("width", 64), task.get("height", 64)
    of_pro = task["model"] == "bfl:3@1"
    checks = {
        "positivePrompt": not 2 <= len(task.get("positivePrompt", "")) <= 3000,
        "width": size not in _SIZES_OF_PRO if of_pro else size[0] % 64 != 0,
        "height": not of_pro and size[1] % 64 != 0,
        "strength": "strength" in task and "inputs" not in task,
    }
    return next((name for name, wrong in checks.items() if wrong), None)


def _wrong_input(task: dict[str, Any], model: _Model) -> str | None:
    """Name the input that the service would not take."""
    inputs = task.get("inputs", {})
    for name, value in inputs.items():
        pictures = value if name == "referenceImages" else [value]
        known = name in model.inputs and isinstance(pictures, list) and pictures
        if not known or any(input_picture(picture) is None for picture in pictures):
            return f"inputs.{name}"
    if "inputs" in task and not inputs:
        return "inputs"
    return _wrong_fill(task) if task["model"] == "runware:102@1" else None


def _wrong_fill(task: dict[str, Any]) -> str | None:
    """Name what keeps a picture from being filled: where the mask marks it, or beyond its edge."""
    inputs, sides = task["inputs"], task.get("outpaint")
    if "seedImage" not in inputs:
        return "inputs.seedImage"
    if (sides is None) == ("maskImage" not in inputs):
        return "inputs.maskImage"
    seed = _size(inputs["seedImage"])
    if sides is None:
        return None if _size(inputs["maskImage"]) == seed else "inputs.maskImage"
    inner = (
        task.get("width", 0) - sides.get("left", 0) - sides.get("right", 0),
        task.get("height", 0) - sides.get("top", 0) - sides.get("bottom", 0),
    )
    # The final size is that of the picture, brought to a step, with its sides.
    return None if inner == tuple(-(-side // 64) * 64 for side in seed) else "width"


def _size(uri: str) -> tuple[int, int]:
    with Image.open(BytesIO(input_picture(uri) or b"")) as image:
        return image.size


def input_picture(uri: object) -> bytes | None:
    """Return a picture to start from; None if it is no data URI of a real one.

    The service takes addresses and ids of uploads, too; we send neither.
    """
    kind, _, text = str(uri).partition(";base64,")
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError:
        return None
    media_type = kind.removeprefix("data:")
    known = kind.startswith("data:") and media_type in _SEED_TYPES
    return data if known and is_picture(data, media_type) else None


def seed_image(task: dict[str, Any]) -> bytes | None:
    """Return the picture that a task starts from."""
    return input_picture(task["inputs"]["seedImage"])


def _is_outpaint(value: object) -> bool:
    """Tell whether sides grow by steps, at least one of them."""
    if not isinstance(value, dict) or not set(value) <= _SIDES:
        return False
    steps = list(value.values())
    return any(steps) and all(type(step) is int and step >= 0 and step % 64 == 0 for step in steps)


def _fits(name: str, value: Any) -> bool:
    if name in _WORDS:
        return value in _WORDS[name]
    if name in _NUMBERS:
        low, high = _NUMBERS[name]
        return type(value) is int and low <= value <= high
    if name in _FRACTIONS:
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        return is_number and 0 <= value <= _FRACTIONS[name]
    if name == "outpaint":
        return _is_outpaint(value)
    if name == "safety":
        return isinstance(value, dict) and isinstance(value.get("checkContent"), bool)
    return isinstance(value, _KINDS.get(name, str))


def _is_uuid4(text: object) -> bool:
    try:
        return UUID(str(text)).version == 4
    except ValueError:
        return False
