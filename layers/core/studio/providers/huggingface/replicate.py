"""Replicate behind the router: a prediction in the response, or polled if it takes longer."""

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
from studio.providers.shared.json_body import parse_json
from studio.providers.shared.stated_errors import as_stated

_ENDED_BADLY = ("failed", "canceled", "aborted")


def build_request(request: ProviderRequest, route: Mapping[str, str]) -> DialectRequest:
    """Return the request; a model with a version has another path and a ``version`` field."""
    wanted: dict[str, object] = {"prompt": request.prompt, **tuning(request)}
    if request.images:
        wanted[route["image"]] = data_uri(request.images[0])
    else:
        wanted |= size(request)
    waiting = {"Prefer": "wait"}
    name, _, version = route["id"].partition(":")
    if version:
        return DialectRequest("/v1/predictions", {"version": version, "input": wanted}, waiting)
    return DialectRequest(f"/v1/models/{name}/predictions", {"input": wanted}, waiting)


def parse_response(response: HttpResponse) -> DialectResult:
    """Return the state of a new prediction."""
    document = parse_json(response.body)
    if document is None:
        return Failed("bad_answer", "Replicate's answer could not be read.")
    urls = document.get("urls")
    path = path_of(urls.get("get")) if isinstance(urls, dict) else None
    return _prediction(document, path)


def poll(get: Get, path: str) -> SendResult | DialectResult:
    """Return the current state of a prediction."""
    response = get(path)
    if not isinstance(response, HttpResponse) or not response.ok:
        return response
    document = parse_json(response.body)
    if document is None:
        content = image_in_body(response.body)
        return Queued(path) if content is None else Image(content)
    prediction = _prediction(document, path)
    stated = None if "id" in document else as_stated(response, document)
    return stated if stated and isinstance(prediction, Queued) else prediction


def _prediction(document: Mapping[str, object], path: str | None) -> DialectResult:
    call_id, status = identifier(document.get("id")), document.get("status")
    if status in _ENDED_BADLY:
        return run_failure("Replicate", document, call_id)
    output = document.get("output")
    outputs = output if isinstance(output, list) else [output]
    content = first_image(outputs) or find_image(document)
    if content is not None:
        return Image(content, call_id, path=path)
    if status == "succeeded":
        return Failed("no_image", "Replicate answered without an image.", call_id=call_id)
    if path is None:
        message = "Replicate took the call and did not say where to ask for it."
        return Failed("bad_answer", message, call_id=call_id)
    return Queued(path, call_id)
