"""Requests to Stability AI: an endpoint for each operation, and a form for each call.

Names are those of the vendor's OpenAPI document of v2beta (checked 2026-11-20).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from studio.domain.operations.values import OptionValue
from studio.domain.provider_calls.model import ProviderRequest
from studio.providers.shared.http import FormFile
from studio.providers.shared.stability_facts import STRENGTH, UPSCALE_WORDS, nearest_ratio

# Relighting requires a background prompt, which has no effect on a background that is kept.
_SAME_BACKGROUND: Final = "the same background"
# The service reads 0 as "any seed". This one makes a caller's 0 repeatable.
_SEED_FOR_ZERO: Final = 4_294_967_294


@dataclass(frozen=True, slots=True)
class Endpoint:
    """The endpoint of an operation and its field names.

    Attributes:
        path: Path below the base URL.
        names: The service's names of inputs and files that the studio calls otherwise.
        words: Default prompt; empty where the service needs none.
        accept: Media type of the response.
        queued: Whether the response is an id to poll with.
        shaped: Whether it takes an aspect ratio.
    """

    path: str
    names: Mapping[str, str] = field(default_factory=dict)
    words: str = ""
    accept: str = "image/*"
    queued: bool = False
    shaped: bool = False


_IMAGE: Final = "/v2beta/stable-image"
_ENDPOINTS: Final[Mapping[str, Endpoint]] = {
    "edit.inpaint": Endpoint(f"{_IMAGE}/edit/inpaint"),
    "edit.outpaint": Endpoint(f"{_IMAGE}/edit/outpaint"),
    "edit.search_replace": Endpoint(f"{_IMAGE}/edit/search-and-replace"),
    "edit.search_recolor": Endpoint(
        f"{_IMAGE}/edit/search-and-recolor", {"search_prompt": "select_prompt"}
    ),
    "edit.remove_background": Endpoint(f"{_IMAGE}/edit/remove-background"),
    "edit.replace_background_relight": Endpoint(
        f"{_IMAGE}/edit/replace-background-and-relight",
        {
            "image": "subject_image",
            "prompt": "background_prompt",
            "background": "background_reference",
            "lighting": "light_reference",
            "light_direction": "light_source_direction",
            "light_strength": "light_source_strength",
            "preserve_subject": "preserve_original_subject",
            "background_depth": "original_background_depth",
            "keep_background": "keep_original_background",
        },
        queued=True,
    ),
    "upscale.fast": Endpoint(f"{_IMAGE}/upscale/fast"),
    "upscale.conservative": Endpoint(f"{_IMAGE}/upscale/conservative", words=UPSCALE_WORDS),
    "upscale.creative": Endpoint(f"{_IMAGE}/upscale/creative", words=UPSCALE_WORDS, queued=True),
    "control.sketch": Endpoint(f"{_IMAGE}/control/sketch"),
    "control.structure": Endpoint(f"{_IMAGE}/control/structure"),
    "control.style": Endpoint(
        f"{_IMAGE}/control/style", {"control_strength": "fidelity"}, shaped=True
    ),
    "control.style_transfer": Endpoint(
        f"{_IMAGE}/control/style-transfer",
        {"image": "init_image", "control_strength": "style_strength"},
    ),
    "transform.image_to_3d": Endpoint("/v2beta/3d/stable-fast-3d", accept="model/gltf-binary"),
}


def endpoint_of(request: ProviderRequest) -> Endpoint:
    """Return the endpoint of a request."""
    if request.operation != "generate":
        return _ENDPOINTS[request.operation]
    family = "sd3" if _is_sd3(request) else request.model
    # An sd3 model with a source image takes the aspect ratio of that image.
    return Endpoint(f"{_IMAGE}/generate/{family}", shaped=not (family == "sd3" and request.sources))


def fields_of(request: ProviderRequest) -> dict[str, str]:
    """Return the text fields of a request's form."""
    endpoint = endpoint_of(request)
    fields = dict(_words(request, endpoint))
    fields |= {endpoint.names.get(name, name): _text(of) for name, of in request.options.items()}
    if request.seed is not None:
        fields["seed"] = str(request.seed or _SEED_FOR_ZERO)
    if endpoint.accept.startswith("image/"):
        fields["output_format"] = "png"
    if endpoint.shaped:
        fields["aspect_ratio"] = nearest_ratio(request.width, request.height)
    if request.operation == "generate":
        fields |= _generation(request)
    return fields


def files_of(request: ProviderRequest) -> list[FormFile]:
    """Return the files of a request's form; a mask is white where the image changes, as ours."""
    names = endpoint_of(request).names
    return [
        FormFile(
            names.get(source.role, source.role),
            f"{source.role}.{source.media_type.removeprefix('image/')}",
            source.data,
            source.media_type,
        )
        for source in request.sources
    ]


def _words(request: ProviderRequest, endpoint: Endpoint) -> Iterator[tuple[str, str]]:
    prompt = request.prompt or endpoint.words or _background_words(request)
    if prompt:
        yield endpoint.names.get("prompt", "prompt"), prompt
    if request.negative_prompt:
        yield "negative_prompt", request.negative_prompt


def _background_words(request: ProviderRequest) -> str:
    kept = request.options.get("keep_background") and request.source("background") is None
    return _SAME_BACKGROUND if kept else ""


def _generation(request: ProviderRequest) -> dict[str, str]:
    fields = {"strength": request.strength or STRENGTH} if request.sources else {}
    if _is_sd3(request):
        fields["model"] = request.model
        fields["mode"] = "image-to-image" if request.sources else "text-to-image"
        if request.guidance is not None:
            fields["cfg_scale"] = request.guidance
    return fields


def _is_sd3(request: ProviderRequest) -> bool:
    return request.model.startswith("sd3")


def _text(value: OptionValue) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
