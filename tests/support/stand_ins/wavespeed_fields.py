"""Inputs that the models of the WaveSpeed stand-in take, and their limits."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from tests.support.stand_ins.checks import Check, integer, number

FILES: Final = {"image": "image", "mask_image": "image", "audio": "audio"}
TYPES: Final = {
    "image/png": "image",
    "image/jpeg": "image",
    "image/webp": "image",
    "audio/wav": "audio",
    # As the vendor's own SDK calls it.
    "audio/x-wav": "audio",
    "audio/mpeg": "audio",
}


@dataclass(frozen=True, slots=True)
class Model:
    """A model's fields, those that it cannot do without, and its price in micro-dollars.

    Attributes:
        defaults: What it echoes for fields that were not given.
        per_call: Of a picture.
        per_second: Of a video, by its resolution.
    """

    fields: Mapping[str, Check]
    required: tuple[str, ...] = ("prompt",)
    defaults: Mapping[str, object] = field(default_factory=dict)
    per_call: int = 20_000
    per_second: Mapping[str, int] | None = None


def _text(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= 3000


def _flag(value: Any) -> bool:
    return isinstance(value, bool)


def _one_of(*words: object) -> Check:
    return lambda value: type(value) in (int, str) and value in words


def _size(low: int, high: int) -> Check:
    def check(value: Any) -> bool:
        sides = value.split("*") if isinstance(value, str) else []
        return len(sides) == 2 and all(
            side.isdecimal() and low <= int(side) <= high for side in sides
        )

    return check


_RESULT: Final[Mapping[str, Check]] = {
    "enable_base64_output": _flag,
    "enable_sync_mode": _flag,
}
_SEED: Final = integer(-1, 2**31 - 1)
_FORMAT: Final = _one_of("jpeg", "png", "webp")
_QWEN: Final[Mapping[str, Check]] = {
    "prompt": _text, "seed": _SEED, "output_format": _FORMAT, **_RESULT,
}  # fmt: skip
_FLUX: Final[Mapping[str, Check]] = {
    **_QWEN,
    "image": _text,
    "mask_image": _text,
    "strength": number(0, 1),
    "size": _size(256, 1536),
    "num_inference_steps": integer(1, 50),
    "guidance_scale": number(1, 20),
    "num_images": integer(1, 4),
}
_IDEOGRAM: Final = Model(
    {
        "prompt": _text,
        "image": _text,
        "mask_image": _text,
        "style": _one_of("Auto", "General", "Realistic", "Design"),
        "aspect_ratio": _one_of("1:1", "16:9", "9:16", "4:3", "3:4"),
        "reference_images": lambda value: isinstance(value, list) and len(value) <= 3,
        "enable_base64_output": _flag,
    },
    defaults={"style": "Auto", "aspect_ratio": "1:1"},
    per_call=60_000,
)
_WAN: Final[Mapping[str, Check]] = {
    "prompt": _text,
    "image": _text,
    "audio": _text,
    "negative_prompt": _text,
    "resolution": _one_of("480p", "720p", "1080p"),
    "duration": _one_of(5, 10),
    "enable_prompt_expansion": _flag,
    "seed": _SEED,
}
_WAN_PRICES: Final = {"480p": 50_000, "720p": 100_000, "1080p": 150_000}
_AVATAR: Final = Model(
    {
        "image": _text,
        "audio": _text,
        "prompt": _text,
        "resolution": _one_of("480p", "720p"),
        "seed": _SEED,
    },
    required=("image", "audio"),
    defaults={"resolution": "480p", "seed": -1},
    per_second={"480p": 30_000, "720p": 60_000},
)
_SIZED: Final = {"size": "1024*1024", "seed": -1, "output_format": "jpeg"}

MODELS: Final[Mapping[str, Model]] = {
    "wavespeed-ai/flux-dev": Model(_FLUX, defaults={**_SIZED, "strength": 0.8}, per_call=12_000),
    "wavespeed-ai/flux-schnell": Model(_FLUX, defaults=_SIZED, per_call=3_000),
    "wavespeed-ai/qwen-image/text-to-image": Model(
        {**_QWEN, "size": _size(256, 1536)}, defaults=_SIZED
    ),
    "wavespeed-ai/qwen-image-2.0/text-to-image": Model(
        {**_QWEN, "size": _size(256, 4096)}, defaults=_SIZED
    ),
    "ideogram-ai/ideogram-v3-turbo": _IDEOGRAM,
    "ideogram-ai/ideogram-v3-balanced": _IDEOGRAM,
    "ideogram-ai/ideogram-v3-quality": _IDEOGRAM,
    "alibaba/wan-2.5/image-to-video": Model(
        _WAN,
        required=("image", "prompt"),
        defaults={"duration": 5, "resolution": "720p", "seed": -1},
        per_second=_WAN_PRICES,
    ),
    "alibaba/wan-2.5/image-to-video-fast": Model(
        {**_WAN, "duration": integer(3, 10)},
        required=("image", "prompt"),
        defaults={"duration": 5, "resolution": "720p", "seed": -1},
        per_second=_WAN_PRICES,
    ),
    "wavespeed-ai/hunyuan-avatar": _AVATAR,
    "wavespeed-ai/infinitetalk": Model(
        {**_AVATAR.fields, "mask_image": _text},
        _AVATAR.required,
        _AVATAR.defaults,
        per_second=_AVATAR.per_second,
    ),
}


def wrong_input(model: Model, body: Mapping[str, Any]) -> str | None:
    """Name the first field that a model would not take, or misses."""
    for name, value in body.items():
        if name not in model.fields or not model.fields[name](value):
            return name
    missing = next((name for name in model.required if name not in body), None)
    if missing is None and "mask_image" in body and "image" not in body:
        return "image"
    return missing


def wrong_ticket(body: Any) -> str | None:
    """Name the first field of an upload that the service would not take."""
    if not isinstance(body, dict):
        return "body"
    unknown = set(body) - {"filename", "size", "content_type"}
    checks: Mapping[str, bool] = {
        "filename": isinstance(body.get("filename"), str) and "." in body["filename"],
        "size": type(body.get("size")) is int and 0 < body["size"] <= 200 * 1024 * 1024,
        "content_type": body.get("content_type", "image/png") in TYPES,
    }
    wrong = [*unknown, *(name for name, right in checks.items() if not right)]
    return wrong[0] if wrong else None


def wrong_question(body: Any) -> str | None:
    """Name the first field of a question for past predictions that the service would not take."""
    if not isinstance(body, dict):
        return "body"
    checks: Mapping[str, Check] = {
        "page": integer(1, 10**6),
        "page_size": integer(1, 100),
        "model": _text,
        "status": _one_of("completed", "failed", "processing"),
        "created_after": _text,
        "created_before": _text,
        "include_inputs": _flag,
    }
    for name, value in body.items():
        if name not in checks or not checks[name](value):
            return str(name)
    return next((name for name in ("page", "page_size") if name not in body), None)
