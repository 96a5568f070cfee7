"""Meaning of Gemini's errors, by status and by the details that Google's APIs add.

Contract: the error model of Google's APIs (google.rpc.Status with ErrorInfo, RetryInfo,
QuotaFailure and BadRequest) and the reasons of google-genai 3.3.0.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from studio.clock import utc_now
from studio.domain.provider_calls.model import ErrorKind, OutcomeUnknown, Refused, Throttled
from studio.providers.shared.http import GATEWAY_STATUSES, HttpResponse
from studio.providers.shared.identifiers import identifier
from studio.providers.shared.json_body import json_objects, parse_json
from studio.providers.shared.retry_after import parse_retry_after

MODERATION = frozenset({
    "SAFETY", "PROHIBITED_CONTENT", "BLOCKLIST", "SPII", "IMAGE_SAFETY",
    "IMAGE_PROHIBITED_CONTENT", "RECITATION", "IMAGE_RECITATION", "MODEL_ARMOR",
})  # fmt: skip
"""Finish reasons that mean moderation: the content of the image is the reason."""

_STATUSES: dict[int, ErrorKind] = {
    401: "auth",
    402: "credits",
    403: "permission",
    404: "model_gone",
    408: "transient",
    429: "rate_limit",
}
_SENTENCES: dict[ErrorKind, str] = {
    "auth": "Gemini does not accept the stored key.",
    "permission": "The Gemini project may not use this model.",
    "validation": "Gemini does not accept the request",
    "credits": "The Gemini project has no billing or no credit left, or its region is not served.",
    "model_gone": "Gemini does not offer this model any more.",
}
_DETAIL = "type.googleapis.com/google.rpc."


def refusal(response: HttpResponse) -> Refused | Throttled | OutcomeUnknown:
    """Return what an error response means."""
    error = _error(response.body)
    if not error and response.status in GATEWAY_STATUSES:
        return OutcomeUnknown("Gemini may be at work, but a gateway answered in its place.")
    kind = _kind(response.status, error)
    if kind == "rate_limit":
        wait = _retry_delay(error) or response.retry_after
        return Throttled("rate_limit", "Gemini asks to slow down.", wait)
    if kind == "transient":
        wait = _retry_delay(error) or response.retry_after
        return Throttled("transient", f"Gemini failed for now (HTTP {response.status}).", wait)
    message = _SENTENCES[kind]
    if kind == "validation":
        named = (identifier(field) for field in (_wrong_field(error), error.get("status")))
        details = ", ".join(word for word in named if word) or f"HTTP {response.status}"
        message = f"{message} ({details})."
    return Refused(kind, message)


def _error(body: bytes) -> Mapping[str, Any]:
    """Return the error object of a body."""
    error = (parse_json(body) or {}).get("error")
    return error if isinstance(error, dict) else {}


def _kind(status: int, error: Mapping[str, Any]) -> ErrorKind:
    """Return the kind of an error, by a known detail if there is one, else by its status."""
    message = str(error.get("message", "")).lower()
    reasons = [str(detail.get("reason")) for detail in _details(error, "ErrorInfo")]
    if status == 400 and ("API_KEY_INVALID" in reasons or "api key" in message):
        return "auth"
    if error.get("status") == "FAILED_PRECONDITION":
        return "credits"
    if status == 429 and (_without_free_tier(error) or "credits" in message):
        return "credits"
    if status >= 500:
        return "transient"
    return _STATUSES.get(status, "validation")


def _without_free_tier(error: Mapping[str, Any]) -> bool:
    """Return whether the quota is of the free tier, which has no images, so waiting is useless."""
    failures = _details(error, "QuotaFailure")
    quotas = [one for failure in failures for one in json_objects(failure.get("violations"))]
    return any("FreeTier" in str(quota.get("quotaId")) for quota in quotas)


def _retry_delay(error: Mapping[str, Any]) -> int | None:
    """Return the wait that the details give ("17s"), in whole seconds."""
    for detail in _details(error, "RetryInfo"):
        seconds = str(detail.get("retryDelay")).removesuffix("s")
        return parse_retry_after({"retry-after": seconds}, utc_now())
    return None


def _wrong_field(error: Mapping[str, Any]) -> str | None:
    """Return the first invalid field in the details, as a dotted path."""
    for detail in _details(error, "BadRequest"):
        for violation in json_objects(detail.get("fieldViolations")):
            return str(violation.get("field")).replace("[", ".").replace("]", "")
    return None


def _details(error: Mapping[str, Any], name: str) -> Iterator[dict[str, Any]]:
    for detail in json_objects(error.get("details")):
        if detail.get("@type") == _DETAIL + name:
            yield detail
