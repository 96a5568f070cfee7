"""Request bodies for Stability's models on Amazon Bedrock: a flat JSON document per operation.

Names and ranges are those of Stability's own API. Images are base64 without a prefix. Source:
Amazon Bedrock user guide, pages on Stability AI models (read 2026-11-20).
"""

import base64
from collections.abc import Mapping
from typing import Final

from studio.domain.operations.values import OptionValue
from studio.domain.provider_calls.model import ProviderRequest
from studio.providers.shared.stability_facts import STRENGTH, UPSCALE_WORDS, nearest_ratio

_SHAPED: Final = ("generate", "control.style")
_UPSCALES: Final = ("upscale.conservative", "upscale.creative")
_FRACTIONS: Final = ("creativity", "control_strength", "composition_fidelity", "change_strength")
# The service's names of inputs and files that the studio calls otherwise, by operation.
_NAMES: Final[Mapping[str, Mapping[str, str]]] = {
    "edit.search_recolor": {"search_prompt": "select_prompt"},
    "control.style": {"control_strength": "fidelity"},
    "control.style_transfer": {"control_strength": "style_strength", "image": "init_image"},
}


def body_of(request: ProviderRequest) -> dict[str, object]:
    """Return the body of a request for one PNG."""
    names = _NAMES.get(request.operation, {})
    return {
        **{
            names.get(source.role, source.role): base64.b64encode(source.data).decode()
            for source in request.sources
        },
        **_words(request),
        **{names.get(name, name): _number(name, of) for name, of in request.options.items()},
        **_shape(request),
        "output_format": "png",
    }


def _words(request: ProviderRequest) -> dict[str, object]:
    prompt = request.prompt or (UPSCALE_WORDS if request.operation in _UPSCALES else None)
    given = {
        "prompt": prompt,
        "negative_prompt": request.negative_prompt,
        "seed": request.seed,
    }
    return {name: value for name, value in given.items() if value is not None}


def _shape(request: ProviderRequest) -> dict[str, object]:
    """Return the members that decide the size: an aspect ratio, or image-to-image mode."""
    if request.operation == "generate" and request.sources:
        return {"mode": "image-to-image", "strength": float(request.strength or STRENGTH)}
    if request.operation in _SHAPED:
        return {"aspect_ratio": nearest_ratio(request.width, request.height)}
    return {}


def _number(name: str, value: OptionValue) -> OptionValue | float:
    return float(value) if name in _FRACTIONS else value
