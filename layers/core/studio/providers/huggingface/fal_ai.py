"""fal behind the router: pictures from words at once, from pictures through its queue.

The queue names its calls by the owner and the app of a model only, so where to ask is read from
its answer and not built from the model's id.
"""

from collections.abc import Mapping

from studio.domain.provider_calls.model import ProviderRequest
from studio.providers.huggingface.calls import (
    Call,
    Failed,
    Found,
    Get,
    Kept,
    Working,
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


def call(request: ProviderRequest, route: Mapping[str, str]) -> Call:
    """Return the request; an edited picture keeps the format of the one that it starts from."""
    body: dict[str, object] = {"prompt": request.prompt, **tuning(request)}
    if request.images:
        body[route["image"]] = data_uri(request.images[0])
        return Call(f"/{route['id']}{_QUEUE}", body)
    body["image_size"] = size(request)
    return Call(f"/{route['id']}", body)


def read(answer: HttpResponse) -> Found:
    """Read a result, or the queue's receipt."""
    document = parse_json(answer.body)
    if document is None:
        return Failed("bad_answer", "fal's answer could not be read.")
    if "response_url" not in document:
        return _result(document, answer.request_id)
    path, call_id = path_of(document["response_url"]), identifier(document.get("request_id"))
    if path is None:
        message = "fal took the call and did not say where to ask for it."
        return Failed("bad_answer", message, call_id=call_id)
    return Working(path, call_id)


def ask(get: Get, path: str) -> SendResult | Found:
    """Ask how a call of the queue stands and, once it is done, for its result."""
    status = get(f"{path}/status{_QUEUE}")
    if not isinstance(status, HttpResponse) or not status.ok:
        return status
    if (parse_json(status.body) or {}).get("status") != "COMPLETED":
        return Working(path)
    result = get(path + _QUEUE)
    if not isinstance(result, HttpResponse):
        return result
    document = parse_json(result.body)
    if result.status in (400, 422):
        return run_failure("fal", document or {})
    if not result.ok:
        return result
    return Working(path) if document is None else _result(document, None)


def _result(document: Mapping[str, object], call_id: str | None) -> Found:
    """Find the picture of a result; one that was judged unfit comes as a black one."""
    if document.get("has_nsfw_concepts") == [True]:
        return Failed("moderation", "fal's safety check blacked the picture out.", call_id=call_id)
    images = document.get("images")
    for image in images if isinstance(images, list) else ():
        url = image.get("url") if isinstance(image, dict) else None
        if isinstance(url, str) and url:
            seed = document.get("seed")
            return Kept(url, call_id, seed if type(seed) is int else None)
    return Failed("no_image", "fal answered without a picture.", call_id=call_id)
