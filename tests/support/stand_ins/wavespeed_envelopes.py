"""Replies of the WaveSpeed stand-in: envelopes with a code beside the HTTP status."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

from tests.support.stand_ins.server import Reply, json_reply

_WORDS = {
    400: "invalid_request",
    401: "invalid_api_key",
    402: "insufficient_balance",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    413: "payload_too_large",
    415: "unsupported_media_type",
    422: "unprocessable",
    429: "rate_limited",
    500: "internal_error",
    501: "no_such_scenario",
    503: "unavailable",
    504: "upstream_timeout",
}
# name -> HTTP status, the envelope's code
REFUSALS = {
    "bad-request": (400, 400),
    "auth": (401, 401),
    "payment": (402, 402),
    "permission": (403, 403),
    "gone": (404, 404),
    "unprocessable": (422, 422),
    "rate-limit": (429, 429),
    "rate-limit-date": (429, 429),
    "rate-limit-bare": (429, 429),
    "server-error": (500, 500),
    "unavailable": (503, 503),
    "timeout": (504, 504),
    "refused-inside": (200, 400),
    "limited-inside": (200, 429),
}


def envelope(data: Mapping[str, Any]) -> Reply:
    return json_reply({"code": 200, "message": "success", "data": data})


def error(
    code: int, message: str, *, status: int | None = None, headers: dict[str, str] | None = None
) -> Reply:
    document = {"code": code, "message": message, "error_code": _WORDS[code]}
    return json_reply(document, status or code, headers)


def refuse(name: str, said: str) -> Reply:
    """Play a refusal."""
    status, code = REFUSALS[name]
    soon = datetime.now(UTC) + timedelta(seconds=30)
    headers = {
        "rate-limit": {"retry-after": "3"},
        "rate-limit-date": {"retry-after": format_datetime(soon, usegmt=True)},
    }.get(name)
    return error(code, f"Refused. {said}", status=status, headers=headers)
