"""Meaning of OpenAI's errors, by their code if that is known, else by their status."""

from studio.domain.provider_calls.model import ErrorKind, OutcomeUnknown, Refused, Throttled
from studio.providers.shared.http import GATEWAY_STATUSES, HttpResponse
from studio.providers.shared.identifiers import identifier
from studio.providers.shared.json_body import parse_json

_MODERATION = ("moderation_blocked", "content_policy_violation")
_CREDITS = ("insufficient_quota", "billing_hard_limit_reached")
_TRANSIENT_STATUS = (408, 409)

_SENTENCES: dict[ErrorKind, str] = {
    "auth": "OpenAI does not accept the stored key.",
    "permission": "The OpenAI account may not use this model: organisation, project or region.",
    "validation": "OpenAI does not accept the request",
    "moderation": "OpenAI's moderation refused the image",
    "credits": "The OpenAI account has no credit left or has reached its spending limit.",
    "model_gone": "OpenAI does not offer this model to the account any more.",
}


def refusal(response: HttpResponse) -> Refused | Throttled | OutcomeUnknown:
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
