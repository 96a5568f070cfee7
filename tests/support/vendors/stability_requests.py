"""Requests to Stability AI: one for each model, with each input that the model takes."""

from dataclasses import dataclass, replace
from typing import Any

from studio.domain.provider_calls.model import ProviderRequest
from studio.domain.provider_calls.source_file import SourceFile
from tests.support.imaging.masks import mask
from tests.support.stand_ins.pictures import png

LAMP = SourceFile(png(80, 64, "lamp"), "image/png", 80, 64)
MASK = mask(80, 64, (10, 10, 40, 40))
CHAIR = SourceFile(png(64, 80, "chair"), "image/png", 64, 80, "style_image")
BEACH = SourceFile(png(96, 64, "beach"), "image/png", 96, 64, "background")
DUSK = SourceFile(png(64, 64, "dusk"), "image/png", 64, 64, "lighting")

KEY = "sk-planted-0123456789"

WORDS = ProviderRequest(
    request_id="5f0c4c9e-6a0c-4a63-9a5e-3b1f4f3c0a11",
    model="core",
    prompt="a red house by the sea, naïve style",
    width=1344,
    height=768,
)
FULL = replace(WORDS, negative_prompt="rain", seed=7, options={"style_preset": "anime"})
_SAID = {"prompt": WORDS.prompt, "negative_prompt": "rain", "seed": "7", "output_format": "png"}
_STYLED = {**_SAID, "style_preset": "anime"}


@dataclass(frozen=True, slots=True)
class Case:
    """A request and its form.

    Attributes:
        path: Where it goes, below ``/v2beta/``.
        fields: Text parts of its form.
        files: Names of its files, in the order of its sources.
        size: Pixels of the stand-in's picture, None where there is none.
    """

    request: ProviderRequest
    path: str
    fields: dict[str, str]
    files: tuple[str, ...] = ()
    size: tuple[int, int] | None = (80, 64)


def _edit(model: str, operation: str, **changes: Any) -> ProviderRequest:
    return replace(FULL, **{"model": model, "operation": operation, "sources": (LAMP,), **changes})


WORDLESS: dict[str, Any] = {"prompt": "", "negative_prompt": None, "seed": None, "options": {}}
INPAINT = _edit(
    "inpaint", "edit.inpaint", sources=(LAMP, MASK),
    options={"grow_mask": 12, "style_preset": "anime"},
)  # fmt: skip
RELIGHT = _edit(
    "replace-background-and-relight", "edit.replace_background_relight",
    sources=(LAMP, BEACH, DUSK),
    options={
        "foreground_prompt": "a lamp", "light_direction": "above", "light_strength": "0.4",
        "preserve_subject": "0.7", "background_depth": "0", "keep_background": False,
    },
)  # fmt: skip
CREATIVE = _edit(
    "upscale-creative", "upscale.creative", options={"creativity": "0.1", "style_preset": "anime"}
)
CONSERVATIVE = _edit("upscale-conservative", "upscale.conservative", options={"creativity": "0.5"})
FAST = _edit("upscale-fast", "upscale.fast", **WORDLESS)
MODEL_3D = _edit(
    "stable-fast-3d", "transform.image_to_3d",
    **{**WORDLESS, "options": {
        "texture_resolution": 2048, "foreground_ratio": "0.85", "remesh": "quad",
        "vertex_count": -1,
    }},
)  # fmt: skip

_GENERATE = (
    Case(
        FULL, "stable-image/generate/core",
        {**_STYLED, "aspect_ratio": "16:9"}, size=(1344, 768),
    ),
    Case(
        replace(FULL, model="ultra", width=640, height=1536), "stable-image/generate/ultra",
        {**_STYLED, "aspect_ratio": "9:21"}, size=(640, 1536),
    ),
    Case(
        replace(FULL, model="ultra", sources=(LAMP,), strength="0.3"),
        "stable-image/generate/ultra",
        {**_STYLED, "aspect_ratio": "16:9", "strength": "0.3"}, ("image",), (1344, 768),
    ),
    *(
        Case(
            replace(FULL, model=model, guidance="4.5", width=896, height=1088),
            "stable-image/generate/sd3",
            {
                **_STYLED, "aspect_ratio": "4:5", "model": model, "mode": "text-to-image",
                "cfg_scale": "4.5",
            },
            size=(896, 1088),
        )
        for model in ("sd3.5-large", "sd3.5-large-turbo", "sd3.5-medium", "sd3.5-flash")
    ),
    Case(
        replace(FULL, model="sd3.5-medium", sources=(LAMP,), strength="0.55"),
        "stable-image/generate/sd3",
        {**_STYLED, "model": "sd3.5-medium", "mode": "image-to-image", "strength": "0.55"},
        ("image",),
    ),
)  # fmt: skip
_EDITS = (
    Case(
        INPAINT, "stable-image/edit/inpaint", {**_STYLED, "grow_mask": "12"}, ("image", "mask")
    ),
    Case(
        _edit(
            "outpaint", "edit.outpaint", negative_prompt=None,
            options={
                "left": 64, "right": 0, "up": 7, "down": 2000, "creativity": "0.25",
                "style_preset": "anime",
            },
        ),
        "stable-image/edit/outpaint",
        {
            "prompt": WORDS.prompt, "seed": "7", "output_format": "png", "style_preset": "anime",
            "left": "64", "right": "0", "up": "7", "down": "2000", "creativity": "0.25",
        },
        ("image",), (144, 2071),
    ),
    Case(
        _edit(
            "search-and-replace", "edit.search_replace",
            options={"search_prompt": "a cat", "grow_mask": 20, "style_preset": "anime"},
        ),
        "stable-image/edit/search-and-replace",
        {**_STYLED, "search_prompt": "a cat", "grow_mask": "20"}, ("image",),
    ),
    Case(
        _edit(
            "search-and-recolor", "edit.search_recolor",
            options={"search_prompt": "a cat", "grow_mask": 0, "style_preset": "anime"},
        ),
        "stable-image/edit/search-and-recolor",
        {**_STYLED, "select_prompt": "a cat", "grow_mask": "0"}, ("image",),
    ),
    Case(
        _edit("remove-background", "edit.remove_background", **WORDLESS),
        "stable-image/edit/remove-background", {"output_format": "png"}, ("image",),
    ),
    Case(
        RELIGHT, "stable-image/edit/replace-background-and-relight",
        {
            "background_prompt": WORDS.prompt, "negative_prompt": "rain", "seed": "7",
            "output_format": "png", "foreground_prompt": "a lamp",
            "light_source_direction": "above", "light_source_strength": "0.4",
            "preserve_original_subject": "0.7", "original_background_depth": "0",
            "keep_original_background": "false",
        },
        ("subject_image", "background_reference", "light_reference"),
    ),
)  # fmt: skip
_OTHERS = (
    Case(FAST, "stable-image/upscale/fast", {"output_format": "png"}, ("image",), (320, 256)),
    Case(
        CONSERVATIVE, "stable-image/upscale/conservative", {**_SAID, "creativity": "0.5"},
        ("image",), (28 * 80, 28 * 64),
    ),
    Case(
        CREATIVE, "stable-image/upscale/creative", {**_STYLED, "creativity": "0.1"},
        ("image",), (28 * 80, 28 * 64),
    ),
    *(
        Case(
            _edit(
                f"control-{name}", f"control.{name}",
                options={"control_strength": "0.7", "style_preset": "anime"},
            ),
            f"stable-image/control/{name}", {**_STYLED, "control_strength": "0.7"}, ("image",),
        )
        for name in ("sketch", "structure")
    ),
    Case(
        _edit(
            "control-style", "control.style", width=832, height=1216,
            options={"control_strength": "1", "style_preset": "anime"},
        ),
        "stable-image/control/style", {**_STYLED, "fidelity": "1", "aspect_ratio": "2:3"},
        ("image",), (832, 1216),
    ),
    Case(
        _edit(
            "control-style-transfer", "control.style_transfer", sources=(LAMP, CHAIR),
            options={
                "control_strength": "0.8", "composition_fidelity": "0.9", "change_strength": "0.1",
            },
        ),
        "stable-image/control/style-transfer",
        {
            **_SAID, "style_strength": "0.8", "composition_fidelity": "0.9",
            "change_strength": "0.1",
        },
        ("init_image", "style_image"),
    ),
    Case(
        MODEL_3D, "3d/stable-fast-3d",
        {
            "texture_resolution": "2048", "foreground_ratio": "0.85", "remesh": "quad",
            "vertex_count": "-1",
        },
        ("image",), None,
    ),
)  # fmt: skip

REQUESTS = (*_GENERATE, *_EDITS, *_OTHERS)
