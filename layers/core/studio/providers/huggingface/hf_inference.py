"""Hugging Face's own machines: JSON in, the picture's bytes out."""

from collections.abc import Mapping

from studio.domain.provider_calls.model import ProviderRequest
from studio.providers.huggingface.calls import Call, Failed, Found, Made, base64_text, size, tuning
from studio.providers.shared.http import HttpResponse


def call(request: ProviderRequest, route: Mapping[str, str]) -> Call:
    """Return the request: words are the input, or a picture with words among its parameters."""
    inputs, parameters = request.prompt, {**size(request), **tuning(request)}
    if request.images:
        inputs = base64_text(request.images[0])
        parameters = {"prompt": request.prompt, "target_size": size(request), **tuning(request)}
    body = {"inputs": inputs, "parameters": parameters}
    return Call(f"/models/{route['id']}", body, {"Accept": "image/png"})


def read(answer: HttpResponse) -> Found:
    """Take the bytes, if they are said to be a picture's."""
    if not answer.headers.get("content-type", "").startswith("image/"):
        return Failed("bad_answer", "Hugging Face answered with something else than a picture.")
    if not answer.body:
        return Failed("no_image", "Hugging Face answered without a picture.")
    return Made(answer.body)
