"""The built-in provider's other operations: a call to ``studio_imaging`` for each request.

This module reads the request; ``studio_imaging`` processes the pixels.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Protocol

from studio.domain.operations.values import Role
from studio.domain.provider_calls.model import ProviderRequest
from studio_imaging.operations import control
from studio_imaging.operations.general import edit
from studio_imaging.operations.inpaint import inpaint
from studio_imaging.operations.outpaint import outpaint
from studio_imaging.operations.recolor import search_recolor
from studio_imaging.operations.relight import Direction, Light, relight, replace_background
from studio_imaging.operations.remove_background import (
    UNSURE_BELOW,
    remove_background,
    removed_background,
)
from studio_imaging.operations.transfer import transfer_style
from studio_imaging.operations.upscale import (
    upscale_conservative,
    upscale_creative,
    upscale_fast,
)

Operation = Callable[[ProviderRequest, int], bytes]
"""Returns the file of a request with a seed."""

_UNSURE = (
    "The outline is not clear (confidence {:.2f} of 1): "
    "a model of a provider cuts out such an image better"
)
_SIDES = ("left", "right", "up", "down")
_DIRECTIONS: Mapping[str, Direction] = MappingProxyType(
    {"left": "left", "right": "right", "above": "above", "below": "below"}
)


def perform(request: ProviderRequest, seed: int) -> tuple[bytes, str | None]:
    """Return the file that a request asks for, and a remark for the caller.

    Raises:
        KeyError: the operation is not in ``OPERATIONS``.
        ImageRejectedError: a file is too large, of another type, or broken.
        OperationRefusedError: the operation is impossible for this image or this prompt.
    """
    if request.operation == "edit.remove_background":
        data, confidence = removed_background(_image(request))
        return data, None if confidence >= UNSURE_BELOW else _UNSURE.format(confidence)
    return OPERATIONS[request.operation](request, seed), None


def _file(request: ProviderRequest, role: Role) -> bytes | None:
    source = request.source(role)
    return None if source is None else source.data


def _image(request: ProviderRequest) -> bytes:
    return request.images[0].data


def _number(request: ProviderRequest, name: str, otherwise: str) -> float:
    return float(request.options.get(name, otherwise))


def _pixels(request: ProviderRequest, name: str) -> int:
    return int(request.options.get(name, 0))


def _remove_background(request: ProviderRequest, _: int) -> bytes:
    return remove_background(_image(request))


def _inpaint(request: ProviderRequest, _: int) -> bytes:
    mask = _file(request, "mask")
    if mask is None:
        raise LookupError("edit.inpaint is planned with a mask only")
    return inpaint(_image(request), mask, grow=_pixels(request, "grow_mask"))


def _outpaint(request: ProviderRequest, _: int) -> bytes:
    sides = {side: _pixels(request, side) for side in _SIDES}
    return outpaint(_image(request), **sides)


def _search_recolor(request: ProviderRequest, _: int) -> bytes:
    return search_recolor(
        _image(request),
        request.prompt,
        str(request.options.get("search_prompt", "")),
        mask=_file(request, "mask"),
        grow=_pixels(request, "grow_mask"),
    )


def _replace_background_relight(request: ProviderRequest, seed: int) -> bytes:
    lamp, background = _file(request, "lighting"), _file(request, "background")
    stays = bool(request.options.get("keep_background"))
    # A relight without a direction still needs a visible light.
    side = request.options.get("light_direction", "above" if stays and lamp is None else "")
    light = Light(_DIRECTIONS.get(str(side)), _number(request, "light_strength", "0.5"), lamp)
    if stays:
        return relight(_image(request), light)
    return replace_background(
        _image(request), request.prompt, seed=seed, light=light, background=background
    )


def _general(request: ProviderRequest, _: int) -> bytes:
    return edit(_image(request), request.prompt, mask=_file(request, "mask"))


def _fast(request: ProviderRequest, _: int) -> bytes:
    return upscale_fast(_image(request))


def _conservative(request: ProviderRequest, _: int) -> bytes:
    return upscale_conservative(_image(request), creativity=_number(request, "creativity", "0.2"))


def _creative(request: ProviderRequest, _: int) -> bytes:
    return upscale_creative(_image(request), creativity=_number(request, "creativity", "0.35"))


class _Drawing(Protocol):
    def __call__(
        self, picture: bytes, prompt: str, /, *, seed: int, strength: float, width: int, height: int
    ) -> bytes: ...


def _guided(draw: _Drawing) -> Operation:
    def guided(request: ProviderRequest, seed: int) -> bytes:
        return draw(
            _image(request),
            request.prompt,
            seed=seed,
            strength=_number(request, "control_strength", "0.7"),
            width=request.width,
            height=request.height,
        )

    return guided


def _style_transfer(request: ProviderRequest, _: int) -> bytes:
    style = _file(request, "style_image")
    if style is None:
        raise LookupError("control.style_transfer is planned with a style image only")
    return transfer_style(
        _image(request),
        style,
        strength=_number(request, "control_strength", "0.8"),
        fidelity=_number(request, "composition_fidelity", "0.6"),
    )


OPERATIONS: Mapping[str, Operation] = MappingProxyType(
    {
        "edit.remove_background": _remove_background,
        "edit.inpaint": _inpaint,
        "edit.outpaint": _outpaint,
        "edit.search_recolor": _search_recolor,
        "edit.replace_background_relight": _replace_background_relight,
        "edit.general": _general,
        "upscale.fast": _fast,
        "upscale.conservative": _conservative,
        "upscale.creative": _creative,
        "control.sketch": _guided(control.from_sketch),
        "control.structure": _guided(control.from_structure),
        "control.style": _guided(control.in_style),
        "control.style_transfer": _style_transfer,
    }
)
