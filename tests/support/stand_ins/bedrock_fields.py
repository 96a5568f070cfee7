"""Models of the Bedrock stand-in, the members that their documents take, and their prices."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from PIL import Image

from tests.support.stand_ins.checks import Check, integer, number


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A model.

    Attributes:
        micros: List price of a picture.
        takes: A check for each member of the document that it knows.
        needs: Members that must be there.
    """

    micros: int
    takes: Mapping[str, Check]
    needs: tuple[str, ...]


def _text(value: Any) -> bool:
    return isinstance(value, str) and 1 <= len(value) <= 10_000


def _word(*words: str) -> Check:
    return lambda value: value in words


def _image(
    *,
    most: int = 9_437_184,
    least: int = 4_096,
    sides: tuple[int, int] = (64, 16_383),
    stretch: float = 2.5,
) -> Check:
    def check(value: Any) -> bool:
        picture = picture_of(value)
        if picture is None:
            return False
        short, long = sorted(picture.size)
        return (
            sides[0] <= short
            and long <= sides[1]
            and least <= short * long <= most
            and long <= stretch * short
        )

    return check


def picture_of(value: object) -> Image.Image | None:
    """Read a picture in base64, without any prefix; None if it is none."""
    try:
        data = base64.b64decode(str(value), validate=True)
        image = Image.open(BytesIO(data))
        image.load()
    except (OSError, ValueError, SyntaxError):
        return None
    return image if image.format in ("PNG", "JPEG", "WEBP") else None


_STYLES = _word(
    "enhance", "anime", "photographic", "digital-art", "comic-book", "fantasy-art", "line-art",
    "analog-film", "neon-punk", "isometric", "low-poly", "origami", "modeling-compound",
    "cinematic", "3d-model", "pixel-art", "tile-texture",
)  # fmt: skip
_RATIO = {"aspect_ratio": _word("21:9", "16:9", "3:2", "5:4", "1:1", "4:5", "2:3", "9:16", "9:21")}
_FORMAT = {"output_format": _word("png", "jpeg")}
_SEED = {"seed": integer(0, 4_294_967_294)}
_WORDS: Mapping[str, Check] = {
    "prompt": _text, "negative_prompt": lambda value: value == "" or _text(value),
    **_SEED, **_FORMAT,
}  # fmt: skip
_STYLED = {**_WORDS, "style_preset": _STYLES}
_GUIDED = {**_STYLED, "image": _image(), "control_strength": number(0, 1)}
_SEARCHED = {**_STYLED, "image": _image(), "grow_mask": integer(0, 20)}

ENDPOINTS: Mapping[str, Endpoint] = {
    "stability.stable-image-core-v1:1": Endpoint(40_000, {**_WORDS, **_RATIO}, ("prompt",)),
    "stability.stable-image-ultra-v1:1": Endpoint(140_000, {**_WORDS, **_RATIO}, ("prompt",)),
    "stability.sd3-5-large-v1:0": Endpoint(
        80_000,
        {
            **_WORDS, **_RATIO, "mode": _word("text-to-image", "image-to-image"),
            "image": _image(), "strength": number(0, 1),
        },
        ("prompt",),
    ),
    "us.stability.stable-image-inpaint-v1:0": Endpoint(
        70_000,
        {**_STYLED, "image": _image(), "mask": _image(), "grow_mask": integer(0, 100)},
        ("image", "prompt"),
    ),
    "us.stability.stable-outpaint-v1:0": Endpoint(
        60_000,
        {
            **dict.fromkeys(("left", "right", "up", "down"), integer(0, 2_000)),
            "prompt": _text, "image": _image(), "creativity": number(0, 1),
            "style_preset": _STYLES, **_SEED, **_FORMAT,
        },
        ("image",),
    ),
    "us.stability.stable-image-search-replace-v1:0": Endpoint(
        70_000, {**_SEARCHED, "search_prompt": _text}, ("image", "prompt", "search_prompt")
    ),
    "us.stability.stable-image-search-recolor-v1:0": Endpoint(
        70_000, {**_SEARCHED, "select_prompt": _text}, ("image", "prompt", "select_prompt")
    ),
    "us.stability.stable-image-remove-background-v1:0": Endpoint(
        70_000, {"image": _image(most=4_194_304), **_FORMAT}, ("image",)
    ),
    "us.stability.stable-fast-upscale-v1:0": Endpoint(
        30_000,
        {"image": _image(most=1_048_576, least=1_024, sides=(32, 1_536), stretch=48), **_FORMAT},
        ("image",),
    ),
    "us.stability.stable-conservative-upscale-v1:0": Endpoint(
        400_000, {**_WORDS, "image": _image(), "creativity": number(0.2, 0.5)}, ("image", "prompt")
    ),
    "us.stability.stable-creative-upscale-v1:0": Endpoint(
        600_000,
        {**_STYLED, "image": _image(most=1_048_576), "creativity": number(0.1, 0.5)},
        ("image", "prompt"),
    ),
    "us.stability.stable-image-control-sketch-v1:0": Endpoint(
        70_000, _GUIDED, ("image", "prompt")
    ),
    "us.stability.stable-image-control-structure-v1:0": Endpoint(
        70_000, _GUIDED, ("image", "prompt")
    ),
    "us.stability.stable-image-style-guide-v1:0": Endpoint(
        70_000,
        {**_STYLED, **_RATIO, "image": _image(), "fidelity": number(0, 1)},
        ("image", "prompt"),
    ),
    "us.stability.stable-style-transfer-v1:0": Endpoint(
        80_000,
        {
            **_WORDS, "init_image": _image(), "style_image": _image(),
            "style_strength": number(0, 1), "composition_fidelity": number(0, 1),
            "change_strength": number(0.1, 1),
        },
        ("init_image", "style_image"),
    ),
}  # fmt: skip


def wrong_field(model: str, body: dict[str, Any]) -> str | None:
    """Name the first member that the model would not take, or that it misses."""
    endpoint = ENDPOINTS[model]
    for name, value in body.items():
        if name not in endpoint.takes or not endpoint.takes[name](value):
            return name
    missing = next((name for name in endpoint.needs if name not in body), None)
    return missing or _does_not_belong(model, body)


def _does_not_belong(model: str, body: dict[str, Any]) -> str | None:
    """Name a member that another one forbids or asks for."""
    if model == "us.stability.stable-outpaint-v1:0":
        return None if any(body.get(side) for side in ("left", "right", "up", "down")) else "left"
    from_image = {"image", "strength"}
    if body.get("mode") == "image-to-image":
        missing = sorted(from_image - body.keys())
        return missing[0] if missing else ("aspect_ratio" if "aspect_ratio" in body else None)
    if "mode" in endpoint_members(model):
        return next(iter(sorted(from_image & body.keys())), None)
    return None


def endpoint_members(model: str) -> set[str]:
    """Return the members that a model knows."""
    return set(ENDPOINTS[model].takes)
