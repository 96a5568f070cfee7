"""Endpoints of the Stability AI stand-in, the parts that their forms take, and their prices."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO

from PIL import Image

from tests.support.stand_ins.forms import Part
from tests.support.stand_ins.pictures import is_picture

Check = Callable[[Part], bool]

CREDIT = 10_000
SD3_CREDITS = {
    "sd3.5-large": Decimal("6.5"), "sd3.5-large-turbo": Decimal(4),
    "sd3.5-medium": Decimal("3.5"), "sd3.5-flash": Decimal("2.5"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An endpoint.

    Attributes:
        credits: Price of a call; of sd3 the model decides.
        takes: A check for each part that it knows.
        needs: Parts that must be there.
        queued: It answers with an id.
        makes: Media type of what it answers.
    """

    credits: Decimal
    takes: Mapping[str, Check]
    needs: tuple[str, ...]
    queued: bool = False
    makes: str = "image"


def _plain(part: Part) -> bool:
    return part.filename is None and part.media_type is None


def _text(part: Part) -> bool:
    return _plain(part) and 1 <= len(part.text) <= 10_000


def _text_or_none(part: Part) -> bool:
    return _plain(part) and len(part.text) <= 10_000


def _integer(low: int, high: int) -> Check:
    return lambda part: (
        _plain(part)
        and re.fullmatch(r"-?\d+", part.text) is not None
        and low <= int(part.text) <= high
    )


def _number(low: str, high: str) -> Check:
    return lambda part: (
        _plain(part)
        and re.fullmatch(r"\d+(\.\d+)?", part.text) is not None
        and Decimal(low) <= Decimal(part.text) <= Decimal(high)
    )


def _word(*words: str) -> Check:
    return lambda part: _plain(part) and part.text in words


def _image(
    *,
    least: int = 4_096,
    most: int | None = 9_437_184,
    sides: tuple[int, int] = (64, 100_000),
    stretch: float | None = 2.5,
) -> Check:
    def check(part: Part) -> bool:
        size = _size(part)
        if size is None:
            return False
        short, long = sorted(size)
        return (
            sides[0] <= short
            and long <= sides[1]
            and least <= short * long <= (most or short * long)
            and long <= (stretch or long) * short
        )

    return check


def _size(part: Part) -> tuple[int, int] | None:
    """Return the size of a file that is a whole picture of its type, else None."""
    if not part.filename or part.media_type not in ("image/png", "image/jpeg", "image/webp"):
        return None
    if not is_picture(part.data, part.media_type):
        return None
    with Image.open(BytesIO(part.data)) as image:
        return image.size


_PROMPT: Mapping[str, Check] = {"prompt": _text}
_NEGATIVE: Mapping[str, Check] = {"negative_prompt": _text_or_none}
_SEED: Mapping[str, Check] = {"seed": _integer(0, 4_294_967_294)}
_FORMAT: Mapping[str, Check] = {"output_format": _word("png", "jpeg", "webp")}
_MADE = {**_SEED, **_FORMAT}
_SAID = {**_PROMPT, **_NEGATIVE, **_MADE}
_STYLE: Mapping[str, Check] = {
    "style_preset": _word(
        "enhance", "anime", "photographic", "digital-art", "comic-book", "fantasy-art",
        "line-art", "analog-film", "neon-punk", "isometric", "low-poly", "origami",
        "modeling-compound", "cinematic", "3d-model", "pixel-art", "tile-texture",
    )
}  # fmt: skip
_RATIO: Mapping[str, Check] = {
    "aspect_ratio": _word("21:9", "16:9", "3:2", "5:4", "1:1", "4:5", "2:3", "9:16", "9:21")
}
_SHOWN: Mapping[str, Check] = {"image": _image()}
_FRACTION = _number("0", "1")
_GENERATED = {**_SAID, **_STYLE, **_RATIO}
_EDITED = {**_SAID, **_STYLE, **_SHOWN}
_GUIDED = {**_EDITED, "control_strength": _FRACTION}
_SIDES = ("left", "right", "up", "down")

_GENERATE: Mapping[str, Endpoint] = {
    "generate/ultra": Endpoint(
        Decimal(8),
        {**_GENERATED, "image": _image(sides=(64, 16_384)), "strength": _FRACTION},
        ("prompt",),
    ),
    "generate/core": Endpoint(Decimal(3), _GENERATED, ("prompt",)),
    "generate/sd3": Endpoint(
        SD3_CREDITS["sd3.5-large"],
        {
            **_GENERATED, **_SHOWN, "strength": _FRACTION, "model": _word(*SD3_CREDITS),
            "mode": _word("text-to-image", "image-to-image"), "cfg_scale": _number("1", "10"),
        },
        ("prompt",),
    ),
}  # fmt: skip
_EDIT: Mapping[str, Endpoint] = {
    "edit/inpaint": Endpoint(
        Decimal(5), {**_EDITED, "mask": _image(), "grow_mask": _integer(0, 100)},
        ("image", "prompt"),
    ),
    "edit/outpaint": Endpoint(
        Decimal(4),
        {
            **dict.fromkeys(_SIDES, _integer(0, 2_000)), **_SHOWN, **_PROMPT, **_MADE, **_STYLE,
            "creativity": _FRACTION,
        },
        ("image",),
    ),
    "edit/search-and-replace": Endpoint(
        Decimal(5), {**_EDITED, "search_prompt": _text, "grow_mask": _integer(0, 20)},
        ("image", "prompt", "search_prompt"),
    ),
    "edit/search-and-recolor": Endpoint(
        Decimal(5), {**_EDITED, "select_prompt": _text, "grow_mask": _integer(0, 20)},
        ("image", "prompt", "select_prompt"),
    ),
    "edit/remove-background": Endpoint(
        Decimal(5), {"image": _image(most=4_194_304), "output_format": _word("png", "webp")},
        ("image",),
    ),
    "edit/replace-background-and-relight": Endpoint(
        Decimal(8),
        {
            "subject_image": _image(), "background_prompt": _text,
            "background_reference": _image(), "foreground_prompt": _text,
            **_NEGATIVE, **_MADE, "preserve_original_subject": _FRACTION,
            "original_background_depth": _FRACTION,
            "keep_original_background": _word("true", "false"),
            "light_source_direction": _word("left", "right", "above", "below"),
            "light_reference": _image(), "light_source_strength": _FRACTION,
        },
        ("subject_image",),
        queued=True,
    ),
}  # fmt: skip
_UPSCALE: Mapping[str, Endpoint] = {
    "upscale/fast": Endpoint(
        Decimal(2),
        {
            "image": _image(least=1_024, most=1_048_576, sides=(32, 1_536), stretch=None),
            **_FORMAT,
        },
        ("image",),
    ),
    "upscale/conservative": Endpoint(
        Decimal(40), {**_SAID, **_SHOWN, "creativity": _number("0.2", "0.5")}, ("image", "prompt")
    ),
    "upscale/creative": Endpoint(
        Decimal(60),
        {
            **_SAID, **_STYLE, "image": _image(most=1_048_576),
            "creativity": _number("0.1", "0.5"),
        },
        ("image", "prompt"),
        queued=True,
    ),
}  # fmt: skip
_CONTROL: Mapping[str, Endpoint] = {
    "control/sketch": Endpoint(Decimal(5), _GUIDED, ("image", "prompt")),
    "control/structure": Endpoint(Decimal(5), _GUIDED, ("image", "prompt")),
    "control/style": Endpoint(
        Decimal(5), {**_EDITED, **_RATIO, "fidelity": _FRACTION}, ("image", "prompt")
    ),
    "control/style-transfer": Endpoint(
        Decimal(8),
        {
            **_SAID, "init_image": _image(sides=(64, 16_383)),
            "style_image": _image(sides=(64, 16_383)), "style_strength": _FRACTION,
            "composition_fidelity": _FRACTION, "change_strength": _number("0.1", "1"),
        },
        ("init_image", "style_image"),
    ),
}  # fmt: skip
_FAST_3D = Endpoint(
    Decimal(10),
    {
        "image": _image(most=4_194_304, stretch=None),
        "texture_resolution": _word("512", "1024", "2048"),
        "foreground_ratio": _number("0.1", "1"), "remesh": _word("none", "triangle", "quad"),
        "vertex_count": _integer(-1, 20_000),
    },
    ("image",),
    makes="model/gltf-binary",
)  # fmt: skip

ENDPOINTS: Mapping[str, Endpoint] = {
    **{
        f"/v2beta/stable-image/{name}": endpoint
        for name, endpoint in {**_GENERATE, **_EDIT, **_UPSCALE, **_CONTROL}.items()
    },
    "/v2beta/3d/stable-fast-3d": _FAST_3D,
}


def wrong_part(path: str, form: Sequence[Part]) -> str | None:
    """Name the first part that the endpoint would not take, or that it misses."""
    endpoint, seen = ENDPOINTS[path], dict[str, str]()
    for part in form:
        takes = endpoint.takes.get(part.name)
        if takes is None or part.name in seen or not takes(part):
            return part.name
        seen[part.name] = part.text if part.filename is None else ""
    missing = next((name for name in endpoint.needs if name not in seen), None)
    return missing or _does_not_belong(path.rpartition("/")[2], seen)


def _does_not_belong(name: str, seen: Mapping[str, str]) -> str | None:
    """Name a part that another one forbids or asks for."""
    given = seen.keys()
    backdrop = {"background_prompt", "background_reference"}
    light = {"light_source_direction", "light_reference"}
    from_image = seen.get("mode") == "image-to-image"
    wrong: Mapping[str, Mapping[str, bool]] = {
        "ultra": {
            "strength": "image" in given and "strength" not in given,
            "image": "strength" in given and "image" not in given,
        },
        "sd3": {
            "image": from_image != ("image" in given),
            "strength": from_image != ("strength" in given),
            "aspect_ratio": from_image and "aspect_ratio" in given,
        },
        "outpaint": {"left": not any(int(seen.get(side, 0)) for side in _SIDES)},
        "replace-background-and-relight": {
            "background_prompt": not given & backdrop,
            "light_source_strength": "light_source_strength" in given and not given & light,
        },
    }
    return next((part for part, is_wrong in wrong.get(name, {}).items() if is_wrong), None)
