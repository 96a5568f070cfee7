"""Together behind the router: one path for all requests, and the image in base64."""

from collections.abc import Mapping

from studio.domain.provider_calls.model import ProviderRequest
from studio.providers.huggingface.calls import (
    DialectRequest,
    DialectResult,
    Failed,
    Image,
    data_uri,
    size,
    tuning,
)
from studio.providers.shared.http import HttpResponse
from studio.providers.shared.images import are_texts, first_image
from studio.providers.shared.json_body import json_objects, parse_json


def build_request(request: ProviderRequest, route: Mapping[str, str]) -> DialectRequest:
    """Return the request; an edit has a size as well."""
    tuned = tuning(request)
    if "num_inference_steps" in tuned:
        tuned["steps"] = tuned.pop("num_inference_steps")
    body: dict[str, object] = {
        "model": route["id"],
        "prompt": request.prompt,
        "response_format": "base64",
        **size(request),
        **tuned,
    }
    if request.images:
        body[route["image"]] = data_uri(request.images[0])
    return DialectRequest("/v1/images/generations", body)


def parse_response(response: HttpResponse) -> DialectResult:
    """Return the first entry that has an image."""
    document = parse_json(response.body)
    if document is None:
        return Failed("bad_answer", "Together's answer could not be read.")
    entries = list(json_objects(document.get("data")))
    texts = [entry.get(name) for name in ("b64_json", "url") for entry in entries]
    content = first_image(texts)
    if content is not None:
        return Image(content)
    if are_texts(texts):
        return Failed("bad_answer", "Together's image is not valid base64.", made=True)
    return Failed("no_image", "Together answered without an image.")
