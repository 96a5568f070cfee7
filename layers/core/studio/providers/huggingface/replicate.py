"""Replicate behind the router: a prediction that is waited for, and asked for where that ends."""

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

_ENDED_BADLY = ("failed", "canceled", "aborted")


def call(request: ProviderRequest, route: Mapping[str, str]) -> Call:
    """Return the request; a model named with a version has a path and a field of its own."""
    wanted: dict[str, object] = {"prompt": request.prompt, **tuning(request)}
    if request.images:
        wanted[route["image"]] = data_uri(request.images[0])
    else:
        wanted |= size(request)
    waiting = {"Prefer": "wait"}
    name, _, version = route["id"].partition(":")
    if version:
        return Call("/v1/predictions", {"version": version, "input": wanted}, waiting)
    return Call(f"/v1/models/{name}/predictions", {"input": wanted}, waiting)


def read(answer: HttpResponse) -> Found:
    """Read a prediction as it stands."""
    document = parse_json(answer.body)
    if document is None:
        return Failed("bad_answer", "Replicate's answer could not be read.")
    urls = document.get("urls")
    path = path_of(urls.get("get")) if isinstance(urls, dict) else None
    return _prediction(document, path)


def ask(get: Get, path: str) -> SendResult | Found:
    """Ask how a prediction stands."""
    answer = get(path)
    if not isinstance(answer, HttpResponse) or not answer.ok:
        return answer
    document = parse_json(answer.body)
    return Working(path) if document is None else _prediction(document, path)


def _prediction(document: Mapping[str, object], path: str | None) -> Found:
    call_id, status = identifier(document.get("id")), document.get("status")
    if status in _ENDED_BADLY:
        return run_failure("Replicate", document, call_id)
    url = _first(document.get("output"))
    if url:
        return Kept(url, call_id, path=path)
    if status == "succeeded":
        return Failed("no_image", "Replicate answered without a picture.", call_id=call_id)
    if path is None:
        message = "Replicate took the call and did not say where to ask for it."
        return Failed("bad_answer", message, call_id=call_id)
    return Working(path, call_id)


def _first(output: object) -> str | None:
    """Return the address of the first picture: some models give one, some a list."""
    first = output[0] if isinstance(output, list) and output else output
    return first if isinstance(first, str) else None
