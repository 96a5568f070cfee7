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
    Image,
    Queued,
    data_uri,
    path_of,
    size,
    tuning,
)
from studio.providers.huggingface.refusals import run_failure
from studio.providers.shared.http import HttpResponse, SendResult
from studio.providers.shared.identifiers import identifier
from studio.providers.shared.images import find_image, first_image, image_in_body
from studio.providers.shared.json_body import json_objects, parse_json
from studio.providers.shared.stated_errors import as_stated, stated_error

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
    if not document.get("response_url"):
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
    stated = parse_json(status.body) or {}
    if "status" not in stated:
        return as_stated(status, stated) or Queued(path)
    if stated["status"] != "COMPLETED":
        return Queued(path)
    return _polled_result(get(path + _QUEUE), path)


def _polled_result(response: SendResult, path: str) -> SendResult | DialectResult:
    """Return the result of a completed call, or why the run failed."""
    if not isinstance(response, HttpResponse):
        return response
    document = parse_json(response.body)
    if response.status in (400, 422):
        return run_failure("fal", document or {})
    if not response.ok:
        return response
    if document is None:
        content = image_in_body(response.body)
        return Queued(path) if content is None else Image(content)
    result = _result(document, None)
    failed = isinstance(result, Failed) and not result.run and stated_error(document)
    return run_failure("fal", document) if failed else result


def _result(document: Mapping[str, object], call_id: str | None) -> DialectResult:
    """Return the image of a result; the safety check replaces an image with a black one."""
    if document.get("has_nsfw_concepts") == [True]:
        message = "fal's safety check blacked the image out."
        return Failed("moderation", message, call_id=call_id, run=True)
    images = document.get("images")
    urls = first_image(image.get("url") for image in json_objects(images))
    content = urls or find_image(images)
    if content is not None:
        seed = document.get("seed")
        return Image(content, call_id, seed if type(seed) is int else None)
    return Failed("no_image", "fal answered without an image.", call_id=call_id)
