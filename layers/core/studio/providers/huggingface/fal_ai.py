"""fal behind the router: text-to-image calls return the result, edits go through a queue.

The queue's paths contain only the owner and the app of a model. So the path to poll is read from
the response and not built from the model's id.
"""

from collections.abc import Mapping

from studio.domain.provider_calls.model import ProviderRequest
from studio.providers.huggingface.calls import (
    DialectRequest,
    DialectResult,
    Failed,
    Get,
    ImageUrl,
    Queued,
    data_uri,
    path_of,
    size,
    tuning,
)
from studio.providers.huggingface.refusals import run_failure
from studio.providers.shared.http import HttpResponse, SendResult
from studio.providers.shared.identifiers import identifier
from studio.providers.shared.json_body import parse_json

_QUEUE = "?_subdomain=queue"


def build_request(request: ProviderRequest, route: Mapping[str, str]) -> DialectRequest:
    """Return the request; an edited image keeps the aspect ratio of its source."""
    body: dict[str, object] = {"prompt": request.prompt, **tuning(request)}
    if request.images:
        body[route["image"]] = data_uri(request.images[0])
        return DialectRequest(f"/{route['id']}{_QUEUE}", body)
    body["image_size"] = size(request)
    return DialectRequest(f"/{route['id']}", body)


def parse_response(response: HttpResponse) -> DialectResult:
    """Return the result, or the path to poll of a queued call."""
    document = parse_json(response.body)
    if document is None:
        return Failed("bad_answer", "fal's answer could not be read.")
    if "response_url" not in document:
        return _result(document, response.request_id)
    path, call_id = path_of(document["response_url"]), identifier(document.get("request_id"))
    if path is None:
        message = "fal took the call and did not say where to ask for it."
        return Failed("bad_answer", message, call_id=call_id)
    return Queued(path, call_id)


def poll(get: Get, path: str) -> SendResult | DialectResult:
    """Return the status of a queued call and, once it is completed, its result."""
    status = get(f"{path}/status{_QUEUE}")
    if not isinstance(status, HttpResponse) or not status.ok:
        return status
    if (parse_json(status.body) or {}).get("status") != "COMPLETED":
        return Queued(path)
    result = get(path + _QUEUE)
    if not isinstance(result, HttpResponse):
        return result
    document = parse_json(result.body)
    if result.status in (400, 422):
        return run_failure("fal", document or {})
    if not result.ok:
        return result
    return Queued(path) if document is None else _result(document, None)


def _result(document: Mapping[str, object], call_id: str | None) -> DialectResult:
    """Return the image of a result; the safety check replaces an image with a black one."""
    if document.get("has_nsfw_concepts") == [True]:
        return Failed("moderation", "fal's safety check blacked the picture out.", call_id=call_id)
    images = document.get("images")
    for image in images if isinstance(images, list) else ():
        url = image.get("url") if isinstance(image, dict) else None
        if isinstance(url, str) and url:
            seed = document.get("seed")
            return ImageUrl(url, call_id, seed if type(seed) is int else None)
    return Failed("no_image", "fal answered without a picture.", call_id=call_id)
