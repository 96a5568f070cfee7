"""Hugging Face's own inference: JSON in the request, the image's bytes in the response."""

from collections.abc import Mapping

from studio.domain.provider_calls.model import ProviderRequest
from studio.providers.huggingface.calls import (
    DialectRequest,
    DialectResult,
    Failed,
    Image,
    base64_text,
    size,
    tuning,
)
from studio.providers.shared.http import HttpResponse
from studio.providers.shared.images import image_in_body
from studio.providers.shared.json_body import parse_json


def build_request(request: ProviderRequest, route: Mapping[str, str]) -> DialectRequest:
    """Return the request: the prompt is the input, or the source image with a prompt parameter."""
    inputs, parameters = request.prompt, {**size(request), **tuning(request)}
    if request.images:
        inputs = base64_text(request.images[0])
        parameters = {"prompt": request.prompt, "target_size": size(request), **tuning(request)}
    body = {"inputs": inputs, "parameters": parameters}
    return DialectRequest(f"/models/{route['id']}", body, {"Accept": "image/png"})


def parse_response(response: HttpResponse) -> DialectResult:
    """Return the image if the media type, or the body itself, is an image's."""
    content = image_in_body(response.body)
    if content is not None:
        return Image(content)
    typed = response.headers.get("content-type", "").startswith("image/")
    if not typed or parse_json(response.body) is not None:
        return Failed("bad_answer", "Hugging Face answered with something else than an image.")
    if not response.body:
        return Failed("no_image", "Hugging Face answered without an image.")
    return Image(response.body)
