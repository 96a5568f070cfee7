"""Adapter of OpenAI Images: one POST returns the image in base64 and the tokens used.

A text-to-image request is JSON to ``generations``. A request with source images is a form to
``edits``: a mask belongs to the first image, and the prompt describes everything else. A lost
response cannot be read again. There is no idempotency key, so a repeated request is paid twice.
Contract: openai Python SDK 3.51.0, types of ``images.generate`` and ``images.edit``.
"""

from collections.abc import Mapping, Sequence

from studio.domain.provider_calls.instructions import words
from studio.domain.provider_calls.model import (
    ErrorKind,
    Generated,
    OutcomeUnknown,
    ProviderOutcome,
    ProviderRequest,
    Refused,
    SourceFile,
    Throttled,
)
from studio.money import UNKNOWN, Cost
from studio.providers.openai.png_masks import transparent_where_white
from studio.providers.shared.base import SyncProvider
from studio.providers.shared.base64_data import decode_base64
from studio.providers.shared.http import (
    GATEWAY_STATUSES,
    FormFile,
    HttpResponse,
    SendResult,
    post_form,
    post_json,
)
from studio.providers.shared.identifiers import identifier
from studio.providers.shared.json_body import parse_json

_MODERATION = ("moderation_blocked", "content_policy_violation")
_CREDITS = ("insufficient_quota", "billing_hard_limit_reached")
_TRANSIENT_STATUS = (408, 409)

_SENTENCES: dict[ErrorKind, str] = {
    "auth": "OpenAI does not accept the stored key.",
    "permission": "The OpenAI account may not use this model: organisation, project or region.",
    "validation": "OpenAI does not accept the request",
    "moderation": "OpenAI's moderation refused the picture",
    "credits": "The OpenAI account has no credit left or has reached its spending limit.",
    "model_gone": "OpenAI does not offer this model to the account any more.",
}


class OpenAIProvider(SyncProvider):
    """Adapter of the images API for one account."""

    vendor = "OpenAI"

    def submit(self, request: ProviderRequest) -> ProviderOutcome:
        """Return one PNG, or why there is none."""
        response = self._edit(request) if request.sources else self._generate(request)
        if not isinstance(response, HttpResponse):
            return response
        if response.status < 400:
            return self._picture(response, request.model)
        return _refusal(response)

    def _generate(self, request: ProviderRequest) -> SendResult:
        return post_json(
            self._client,
            self._base_url + "/images/generations",
            api_key=self._credentials.api_key,
            payload=_fields(request),
            read_timeout=self._card.read_timeout_seconds,
        )

    def _edit(self, request: ProviderRequest) -> SendResult:
        try:
            files = _files(request.sources)
        except ValueError:
            return Refused("validation", "The mask is not a grey PNG of 8 bits.")
        return post_form(
            self._client,
            self._base_url + "/images/edits",
            api_key=self._credentials.api_key,
            fields=_fields(request),
            files=files,
            read_timeout=self._card.read_timeout_seconds,
        )

    def _picture(self, response: HttpResponse, model: str) -> Generated | Refused:
        """Return the image of a response without an error status; all of them are paid."""
        document = parse_json(response.body)
        if document is None:
            message = "OpenAI's answer could not be read."
            return Refused("bad_answer", message, UNKNOWN, response.request_id)
        cost = self._cost(document.get("usage"), model)
        image = _first_image(document.get("data"))
        if image is None:
            return Refused(
                "no_image", "OpenAI answered without a picture.", cost, response.request_id
            )
        data = decode_base64(str(image["b64_json"]))
        if data is None:
            message = "OpenAI's picture is not valid base64."
            return Refused("bad_answer", message, cost, response.request_id)
        revised = image.get("revised_prompt")
        return Generated(
            data=data,
            cost=cost,
            provider_request_id=response.request_id,
            revised_prompt=revised if isinstance(revised, str) else None,
        )

    def _cost(self, usage: object, model: str) -> Cost:
        """Return the price of the tokens; tokens not reported as text cost the image rate."""
        card = self._card.models.get(model)
        if card is None or not isinstance(usage, dict):
            return UNKNOWN
        tokens_in, tokens_out = _tokens(usage, "input_tokens"), _tokens(usage, "output_tokens")
        if tokens_in is None or tokens_out is None:
            return UNKNOWN
        text_in = _detail(usage, "input_tokens_details", tokens_in)
        text_out = _detail(usage, "output_tokens_details", tokens_out)
        return card.cost_of_tokens(
            text_in=text_in,
            image_in=tokens_in - text_in,
            image_out=tokens_out - text_out,
            text_out=text_out,
        )


def _fields(request: ProviderRequest) -> dict[str, str]:
    """Return the members that both requests share."""
    fields = {
        "model": request.model,
        "prompt": words(request),
        "size": f"{request.width}x{request.height}",
        "output_format": "png",
    }
    if request.quality:
        fields["quality"] = request.quality
    return fields


def _files(sources: Sequence[SourceFile]) -> list[FormFile]:
    """Return the files as form parts: one image is ``image``, several are ``image[]``.

    Raises:
        ValueError: a mask is not a grey PNG of 8 bits.
    """
    pictures = [source for source in sources if source.role != "mask"]
    field = "image" if len(pictures) == 1 else "image[]"
    parts = [
        FormFile(
            field,
            f"source-{number}.{source.media_type.removeprefix('image/')}",
            source.data,
            source.media_type,
        )
        for number, source in enumerate(pictures, 1)
    ]
    parts += [
        FormFile("mask", "mask.png", transparent_where_white(source.data), "image/png")
        for source in sources
        if source.role == "mask"
    ]
    return parts


def _first_image(data: object) -> dict[str, object] | None:
    """Return the first entry that has an image, None if there is none."""
    for entry in data if isinstance(data, list) else ():
        if isinstance(entry, dict) and isinstance(entry.get("b64_json"), str) and entry["b64_json"]:
            return entry
    return None


def _detail(usage: Mapping[str, object], name: str, total: int) -> int:
    """Return how many of ``total`` tokens the details report as text."""
    details = usage.get(name)
    text = _tokens(details, "text_tokens") if isinstance(details, dict) else None
    return min(text or 0, total)


def _tokens(usage: Mapping[str, object], name: str) -> int | None:
    value = usage.get(name)
    return value if type(value) is int and value >= 0 else None


def _refusal(response: HttpResponse) -> Refused | Throttled | OutcomeUnknown:
    """Return what an error response means."""
    document = parse_json(response.body) or {}
    envelope = document.get("error")
    error: dict[str, object] = envelope if isinstance(envelope, dict) else {}
    if not error and response.status in GATEWAY_STATUSES:
        return OutcomeUnknown("OpenAI may be at work, but a gateway answered in its place.")
    code, param = identifier(error.get("code")), identifier(error.get("param"))
    kind = _kind(response.status, code, param, identifier(error.get("type")))
    if kind == "rate_limit":
        return Throttled("rate_limit", "OpenAI asks to slow down.", response.retry_after)
    if kind == "transient":
        message = f"OpenAI failed for now (HTTP {response.status})."
        return Throttled("transient", message, response.retry_after)
    message = _SENTENCES[kind]
    if kind == "validation":
        details = ", ".join(word for word in (param, code) if word) or f"HTTP {response.status}"
        message = f"{message} ({details})."
    if kind == "moderation":
        message += _moderation_details(error.get("moderation_details"))
    return Refused(kind, message, None, response.request_id)


def _kind(status: int, code: str | None, param: str | None, error_type: str | None) -> ErrorKind:
    """Return the kind of an error, by its code if that is known, else by its status."""
    if code in _MODERATION:
        return "moderation"
    if code in _CREDITS or error_type in _CREDITS or status == 402:
        return "credits"
    if status == 404 or code == "model_not_found" or (status == 400 and param == "model"):
        return "model_gone"
    if status in _TRANSIENT_STATUS or status >= 500:
        return "transient"
    by_status: dict[int, ErrorKind] = {401: "auth", 403: "permission", 429: "rate_limit"}
    return by_status.get(status, "validation")


def _moderation_details(reported: object) -> str:
    """Return the stage and the categories that the moderation reports, in brackets."""
    if not isinstance(reported, dict):
        return "."
    stage = identifier(reported.get("moderation_stage"))
    categories = reported.get("categories")
    named = [stage, *(map(identifier, categories) if isinstance(categories, list) else ())]
    details = ", ".join(word for word in named if word)
    return f" ({details})." if details else "."
