"""Requests to Runware: from text, from an image, and each edit with the task that it becomes."""

from dataclasses import replace

from studio.domain.provider_calls.model import ProviderRequest
from studio.domain.provider_calls.source_file import SourceFile
from tests.support.stand_ins.pictures import png
from tests.support.vendors.stand_in_requests import data_uri

TASK = "5f0c4c9e-6a0c-4a63-9a5e-3b1f4f3c0a11"
KEY = "rw-planted-0123456789"
_SMALL_LAMP = SourceFile(png(40, 30, "lamp"), "image/png", 40, 30)
FROM_TEXT = ProviderRequest(TASK, "runware:101@1", "a red house by the sea", 128, 192)
FROM_IMAGE = replace(FROM_TEXT, sources=(_SMALL_LAMP,), strength="0.55")

LAMP = SourceFile(png(100, 130, "lamp"), "image/png", 100, 130)
MASK = SourceFile(png(100, 130, "mask"), "image/png", 100, 130, "mask")
WORDS = ProviderRequest(TASK, "runware:102@1", "a red house", 128, 192, sources=(LAMP,))

INPAINT = replace(
    WORDS, operation="edit.inpaint", sources=(LAMP, MASK), seed=7, steps=30, guidance="3.5"
)
OUTPAINT = replace(
    WORDS, operation="edit.outpaint", options={"left": 1, "right": 64, "up": 65, "down": 0}
)
REMOVE_BACKGROUND = replace(
    WORDS, model="runware:109@1", operation="edit.remove_background", prompt=""
)
UPSCALE = replace(WORDS, model="runware:504@1", operation="upscale.fast", prompt="")
KONTEXT = replace(WORDS, model="runware:106@1", operation="edit.general", seed=7, steps=30)
KONTEXT_PRO = replace(
    WORDS, model="bfl:3@1", operation="edit.general", seed=7, width=1024, height=1024
)

_URI, _MASK_URI = data_uri(LAMP.data), data_uri(MASK.data)
_COMMON = {
    "taskUUID": TASK,
    "outputType": "base64Data",
    "outputFormat": "PNG",
    "includeCost": True,
    "deliveryMethod": "sync",
}
_INFERENCE = _COMMON | {
    "taskType": "imageInference",
    "positivePrompt": "a red house",
    "numberResults": 1,
    "safety": {"checkContent": True},
}

# Each request, its task, and the size of its result.
EDITS: tuple[tuple[ProviderRequest, dict[str, object], tuple[int, int]], ...] = (
    (
        INPAINT,
        _INFERENCE | {
            "model": "runware:102@1", "width": 128, "height": 192,
            "seed": 7, "steps": 30, "CFGScale": 3.5,
            "inputs": {"seedImage": _URI, "maskImage": _MASK_URI},
        },
        (128, 192),
    ),
    (
        # 100 x 130 pixels count as 128 x 192, 1 and 65 more as 64 and 128.
        OUTPAINT,
        _INFERENCE | {
            "model": "runware:102@1", "width": 256, "height": 320,
            "outpaint": {"top": 128, "right": 64, "bottom": 0, "left": 64},
            "inputs": {"seedImage": _URI},
        },
        (256, 320),
    ),
    (
        REMOVE_BACKGROUND,
        _COMMON | {
            "taskType": "removeBackground", "model": "runware:109@1", "inputs": {"image": _URI},
        },
        (100, 130),
    ),
    (
        UPSCALE,
        _COMMON | {
            "taskType": "upscale", "model": "runware:504@1", "upscaleFactor": 4,
            "inputs": {"image": _URI},
        },
        (400, 520),
    ),
    (
        KONTEXT,
        _INFERENCE | {
            "model": "runware:106@1", "width": 128, "height": 192, "seed": 7, "steps": 30,
            "inputs": {"referenceImages": [_URI]},
        },
        (128, 192),
    ),
    (
        KONTEXT_PRO,
        _INFERENCE | {
            "model": "bfl:3@1", "width": 1024, "height": 1024, "seed": 7,
            "inputs": {"referenceImages": [_URI]},
        },
        (1024, 1024),
    ),
)  # fmt: skip
IDS = [f"{request.operation}-{request.model}" for request, _, _ in EDITS]
