"""Inputs of WaveSpeed's models.

The operation and the model's card decide the fields. Files are sent by their URLs.
"""

import math
from collections.abc import Mapping
from hashlib import sha256
from typing import Final
from uuid import UUID

from studio.domain.catalogue.catalogue import ModelCard
from studio.domain.catalogue.sizes import FixedSizes
from studio.domain.operations.values import OptionValue, Role
from studio.domain.provider_calls.model import ProviderRequest

_SEEDS: Final = 2**31
_RATIOS: Final = ((1, 1), (16, 9), (9, 16), (4, 3), (3, 4))
_FILE_FIELDS: Final[Mapping[Role, str]] = {
    "image": "image",
    "mask": "mask_image",
    "audio": "audio",
}
# There is no field for the camera: a sentence after the caller's prompt moves it.
MOTIONS: Final[Mapping[str, str]] = {
    "still": "The camera stands still.",
    "zoom-in": "The camera zooms in slowly.",
    "zoom-out": "The camera zooms out slowly.",
    "pan-left": "The camera pans slowly to the left.",
    "pan-right": "The camera pans slowly to the right.",
    "tilt-up": "The camera tilts up slowly.",
    "orbit": "The camera orbits slowly around the subject.",
}


def inputs(
    request: ProviderRequest, card: ModelCard, addresses: Mapping[Role, str]
) -> dict[str, object]:
    """Return the body of a call.

    Args:
        request: The request.
        card: Card of the model.
        addresses: URLs of the request's files at WaveSpeed, by role.
    """
    made = video(request) or _picture(request, card)
    optional = {
        "prompt": words(request) or None,
        "negative_prompt": request.negative_prompt,
        "seed": seed(request, card),
        "num_inference_steps": request.steps,
        "guidance_scale": None if request.guidance is None else float(request.guidance),
        "strength": None if request.strength is None else float(request.strength),
    }
    files = {_FILE_FIELDS[role]: address for role, address in addresses.items()}
    return {
        **{name: value for name, value in optional.items() if value is not None},
        **made,
        **files,
    }


def video(request: ProviderRequest) -> dict[str, OptionValue]:
    """Return the options that decide the price of a video; empty for an image."""
    given = request.options
    match request.operation:
        case "transform.image_to_video":
            return {
                "resolution": str(given.get("resolution", "720p")),
                "duration": int(given.get("duration", 5)),
            }
        case "transform.avatar":
            return {"resolution": str(given.get("resolution", "480p"))}
    return {}


def words(request: ProviderRequest) -> str:
    """Return the prompt, followed by the movement of the camera."""
    motion = request.options.get("motion_preset")
    if motion is None:
        return request.prompt
    return f"{request.prompt.rstrip(' .')}. {MOTIONS[str(motion)]}"


def seed(request: ProviderRequest, card: ModelCard) -> int | None:
    """Return the caller's seed, else one derived from our id; None if the model takes no seed.

    A derived seed identifies the call: the service takes no id of ours, but lists the inputs of
    past calls.
    """
    if not card.parameters.seed:
        return None
    number = UUID(request.request_id).int if request.seed is None else request.seed
    return number % _SEEDS


def digest(text: object) -> str:
    """Return a short hash of a prompt."""
    return sha256(str(text).encode()).hexdigest()[:16]


def _picture(request: ProviderRequest, card: ModelCard) -> dict[str, object]:
    """Return the size and the file format, or the aspect ratio for models with listed sizes."""
    if isinstance(card.sizes, FixedSizes):
        return {"aspect_ratio": _ratio(request.width, request.height)}
    return {"size": f"{request.width}*{request.height}", "output_format": "png"}


def _ratio(width: int, height: int) -> str:
    """Return the nearest aspect ratio on offer."""
    wanted = math.log(width / height)
    long, short = min(_RATIOS, key=lambda ratio: abs(math.log(ratio[0] / ratio[1]) - wanted))
    return f"{long}:{short}"
