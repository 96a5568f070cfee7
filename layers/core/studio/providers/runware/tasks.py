"""Tasks for Runware: one JSON object per operation, with images as data URIs.

Source: runware-sdk 1.8.0 and the vendor's model pages (read 2026-11-20).
"""

import base64
from collections.abc import Mapping
from typing import Final

from studio.domain.operations.values import Role
from studio.domain.provider_calls.model import ProviderRequest
from studio.domain.provider_calls.source_file import SourceFile

INFERENCE: Final = "imageInference"
# Operations with their own type of task, which takes no prompt.
_OWN_TASKS: Final[Mapping[str, tuple[str, dict[str, object]]]] = {
    "edit.remove_background": ("removeBackground", {}),
    "upscale.fast": ("upscale", {"upscaleFactor": 4}),
}
TASKS: Final = frozenset({INFERENCE, *(name for name, _ in _OWN_TASKS.values())})
"""The types of tasks that make an image."""

_SIDES: Final = {"up": "top", "right": "right", "down": "bottom", "left": "left"}
_STEP: Final = 64
# The service requires a prompt for every inference, and the caller may leave it out here.
_OUTPAINT_WORDS: Final = "more of the same scene"


def task_of(request: ProviderRequest, task_id: str) -> dict[str, object]:
    """Return the task for one PNG in the response.

    The service extends images in steps of 64 pixels. So the size of the source image and the
    extension of each side are rounded up to a multiple of 64.
    """
    own = _OWN_TASKS.get(request.operation)
    kind, fields = own or (INFERENCE, _inference(request))
    return {
        "taskType": kind,
        "taskUUID": task_id,
        "model": request.model,
        "outputType": "base64Data",
        "outputFormat": "PNG",
        "includeCost": True,
        "deliveryMethod": "sync",
        **fields,
        **({"inputs": _inputs(request)} if request.sources else {}),
    }


def _inference(request: ProviderRequest) -> dict[str, object]:
    optional = {
        "negativePrompt": request.negative_prompt,
        "seed": request.seed,
        "steps": request.steps,
        "CFGScale": None if request.guidance is None else float(request.guidance),
        "strength": None if request.strength is None else float(request.strength),
    }
    return {
        "positivePrompt": request.prompt,
        "width": request.width,
        "height": request.height,
        "numberResults": 1,
        "safety": {"checkContent": True},
        **{name: value for name, value in optional.items() if value is not None},
        **(_extension(request) if request.operation == "edit.outpaint" else {}),
    }


def _extension(request: ProviderRequest) -> dict[str, object]:
    """Return the pixels to add at each side, and the size of the result."""
    sides = {_SIDES[name]: _round_up(int(request.options.get(name, 0))) for name in _SIDES}
    source = request.sources[0]
    return {
        "positivePrompt": request.prompt or _OUTPAINT_WORDS,
        "outpaint": sides,
        "width": _round_up(source.width) + sides["left"] + sides["right"],
        "height": _round_up(source.height) + sides["top"] + sides["bottom"],
    }


def _inputs(request: ProviderRequest) -> dict[str, object]:
    """Return the files by their names in the operation's task."""
    if request.operation in _OWN_TASKS:
        return {"image": _data_uri(request.sources[0])}
    if request.operation == "edit.general":
        return {"referenceImages": [_data_uri(image) for image in request.images]}
    fields: dict[str, Role] = {"seedImage": "image", "maskImage": "mask"}
    found = {field: request.source(role) for field, role in fields.items()}
    return {field: _data_uri(source) for field, source in found.items() if source}


def _data_uri(source: SourceFile) -> str:
    return f"data:{source.media_type};base64,{base64.b64encode(source.data).decode()}"


def _round_up(pixels: int) -> int:
    return -(-pixels // _STEP) * _STEP
