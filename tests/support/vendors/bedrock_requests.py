"""Requests to Amazon Bedrock: one for each model, with each input that the model takes."""

from dataclasses import replace

from botocore.credentials import ReadOnlyCredentials

from studio.domain.provider_calls.model import ProviderRequest
from studio.domain.provider_calls.source_file import SourceFile
from tests.support.stand_ins.bedrock import ACCESS_KEY
from tests.support.stand_ins.pictures import png

SECRET = "planted-aws-secret-0123456789"
TOKEN = "planted-session-token-0123456789"
KEYS = ReadOnlyCredentials(ACCESS_KEY, SECRET, TOKEN)

LAMP = SourceFile(png(80, 64, "lamp"), "image/png", 80, 64)
CHAIR = SourceFile(png(64, 80, "chair"), "image/png", 64, 80, "style_image")
MASK = SourceFile(png(80, 64, "mask"), "image/png", 80, 64, "mask")

WORDS = ProviderRequest(
    request_id="5f0c4c9e-6a0c-4a63-9a5e-3b1f4f3c0a11",
    model="stability.stable-image-core-v1:1",
    prompt="a red house by the sea, naïve style",
    width=1344,
    height=768,
)
FULL = replace(WORDS, negative_prompt="rain", seed=7)
_SAID = {"prompt": WORDS.prompt, "negative_prompt": "rain", "seed": 7}
_PNG: dict[str, object] = {"output_format": "png"}


def service(model: str, operation: str, **changes: object) -> ProviderRequest:
    """Return a request to one of the services for a picture."""
    given = {"model": f"us.stability.{model}-v1:0", "operation": operation, "sources": (LAMP,)}
    return replace(FULL, **{**given, **changes})  # type: ignore[arg-type]


SEEDED = replace(
    FULL, model="stability.sd3-5-large-v1:0", sources=(LAMP,), strength="0.55", width=1024
)
INPAINT = service(
    "stable-image-inpaint", "edit.inpaint", sources=(LAMP, MASK),
    options={"grow_mask": 12, "style_preset": "anime"},
)  # fmt: skip
BARE = {"prompt": "", "negative_prompt": None, "seed": None}

# Each request, and the members of its document that are no files.
REQUESTS: tuple[tuple[ProviderRequest, dict[str, object]], ...] = (
    (FULL, {**_SAID, **_PNG, "aspect_ratio": "16:9"}),
    (
        replace(FULL, model="stability.stable-image-ultra-v1:1", width=640, height=1536),
        {**_SAID, **_PNG, "aspect_ratio": "9:21"},
    ),
    (
        replace(FULL, model="stability.sd3-5-large-v1:0", width=896, height=1088),
        {**_SAID, **_PNG, "aspect_ratio": "4:5"},
    ),
    (SEEDED, {**_SAID, **_PNG, "mode": "image-to-image", "strength": 0.55}),
    (INPAINT, {**_SAID, **_PNG, "grow_mask": 12, "style_preset": "anime"}),
    (
        service(
            "stable-outpaint", "edit.outpaint", negative_prompt=None,
            options={
                "left": 64, "right": 0, "up": 7, "down": 2000, "creativity": "0.5",
                "style_preset": "anime",
            },
        ),
        {
            "prompt": WORDS.prompt, "seed": 7, **_PNG, "left": 64, "right": 0, "up": 7,
            "down": 2000, "creativity": 0.5, "style_preset": "anime",
        },
    ),
    (
        service(
            "stable-image-search-replace", "edit.search_replace",
            options={"search_prompt": "a lamp", "grow_mask": 20, "style_preset": "anime"},
        ),
        {**_SAID, **_PNG, "search_prompt": "a lamp", "grow_mask": 20, "style_preset": "anime"},
    ),
    (
        service(
            "stable-image-search-recolor", "edit.search_recolor",
            options={"search_prompt": "a lamp", "grow_mask": 3, "style_preset": "anime"},
        ),
        {**_SAID, **_PNG, "select_prompt": "a lamp", "grow_mask": 3, "style_preset": "anime"},
    ),
    (service("stable-image-remove-background", "edit.remove_background", **BARE), _PNG),
    (service("stable-fast-upscale", "upscale.fast", **BARE), _PNG),
    (
        service(
            "stable-conservative-upscale", "upscale.conservative", options={"creativity": "0.2"}
        ),
        {**_SAID, **_PNG, "creativity": 0.2},
    ),
    (
        service(
            "stable-creative-upscale", "upscale.creative",
            options={"creativity": "0.35", "style_preset": "anime"},
        ),
        {**_SAID, **_PNG, "creativity": 0.35, "style_preset": "anime"},
    ),
    *(
        (
            service(
                f"stable-image-control-{name}", f"control.{name}",
                options={"control_strength": "0.7", "style_preset": "anime"},
            ),
            {**_SAID, **_PNG, "control_strength": 0.7, "style_preset": "anime"},
        )
        for name in ("sketch", "structure")
    ),
    (
        service(
            "stable-image-style-guide", "control.style", width=832, height=1216,
            options={"control_strength": "1", "style_preset": "anime"},
        ),
        {**_SAID, **_PNG, "aspect_ratio": "2:3", "fidelity": 1.0, "style_preset": "anime"},
    ),
    (
        service(
            "stable-style-transfer", "control.style_transfer", sources=(LAMP, CHAIR),
            options={
                "control_strength": "0.8", "composition_fidelity": "0.9", "change_strength": "0.1",
            },
        ),
        {
            **_SAID, **_PNG, "style_strength": 0.8, "composition_fidelity": 0.9,
            "change_strength": 0.1,
        },
    ),
)  # fmt: skip
