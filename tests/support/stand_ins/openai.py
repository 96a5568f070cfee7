"""Stand-in for the OpenAI images API, built from its documented contract.

It refuses what the service refuses, and bills what the service bills: everything from the moment
it starts to draw, whether or not the answer arrives.
"""

import base64
import json
import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from email.utils import format_datetime
from itertools import count
from typing import Any, ClassVar

from tests.support.stand_ins.openai_edits import input_tokens, read_edit
from tests.support.stand_ins.pictures import huge_png, png
from tests.support.stand_ins.server import (
    CUTS,
    FORM,
    GATEWAY,
    JSON,
    PaidCall,
    Recorded,
    Reply,
    Scenario,
    StandIn,
    html_reply,
    json_reply,
)

_FREE_SIZE = {
    "gpt-image-2", "gpt-image-2-2026-04-21",
    "gpt-image-2.5-flare", "gpt-image-2.5-flare-2026-09-08",
    "gpt-image-2.5-sunburst", "gpt-image-2.5-sunburst-2026-09-08",
    "gpt-image-2.6-flare", "gpt-image-2.6-sunburst",
}  # fmt: skip
_FIXED_SIZE = {"gpt-image-1.5", "gpt-image-1-mini", "chatgpt-image-latest"}
_GONE = {"gpt-image-1", "dall-e-2", "dall-e-3"}
_SIZES = {"auto", "1024x1024", "1536x1024", "1024x1536"}

# Output tokens of a 1024x1024 picture. A longer one costs 0.77 of them (1.47 on the old models),
# one above two megapixels 1.89.
_TOKENS = {"low": 196, "medium": 1756, "high": 7024}
_TOKENS_25 = {"low": 196, "medium": 439, "high": 1756, "xhigh": 3122, "max": 7024}
_TOKENS_OLD = {"low": 272, "medium": 1056, "high": 4150}

# Micro-dollars for a token of text in, picture in and picture out, where they are not the usual.
_RATES: dict[str, tuple[int, int | Decimal, int]] = {
    "gpt-image-1.5": (5, 8, 32),
    "gpt-image-1-mini": (2, Decimal("2.5"), 8),
}
_USUAL_RATES = (5, 8, 30)

_STRINGS = {"prompt", "model", "size", "quality", "background", "output_format", "moderation",
            "complexity", "safety_identifier", "user"}  # fmt: skip
_NUMBERS = {"n": (1, 10), "output_compression": (0, 100), "partial_images": (0, 3)}
_WORDS = {
    "background": {"transparent", "opaque", "auto"},
    "output_format": {"png", "webp", "jpeg"},
    "moderation": {"auto", "low"},
    "complexity": {"low", "medium", "high"},
}

# name -> status, type, code, param
_REFUSALS: dict[str, tuple[int, str, str | None, str | None]] = {
    "bad-request": (400, "invalid_request_error", "invalid_value", "size"),
    "moderated": (400, "image_generation_user_error", "moderation_blocked", None),
    "moderated-old": (400, "invalid_request_error", "content_policy_violation", None),
    "billing-limit": (400, "invalid_request_error", "billing_hard_limit_reached", None),
    "gone-400": (400, "invalid_request_error", "invalid_value", "model"),
    "auth": (401, "invalid_request_error", "invalid_api_key", None),
    "payment": (402, "invalid_request_error", None, None),
    "permission": (403, "invalid_request_error", None, None),
    "gone-bare": (404, "invalid_request_error", None, None),
    "gone": (404, "invalid_request_error", "model_not_found", None),
    "timeout": (408, "server_error", None, None),
    "conflict": (409, "invalid_request_error", None, None),
    "too-large": (413, "invalid_request_error", None, None),
    "unprocessable": (422, "invalid_request_error", "invalid_value", "prompt"),
    "rate-limit": (429, "requests", "rate_limit_exceeded", None),
    "rate-limit-date": (429, "requests", "rate_limit_exceeded", None),
    "rate-limit-ms": (429, "requests", "rate_limit_exceeded", None),
    "rate-limit-bare": (429, "requests", "rate_limit_exceeded", None),
    "quota": (429, "insufficient_quota", "insufficient_quota", None),
    "server-error": (500, "server_error", None, None),
    "unavailable": (503, "server_error", None, None),
}
_PAID = {
    "success", "several", "no-usage", "no-image", "null-image", "garbage", "html", "wrong-type",
    "invalid-base64", "truncated-image", "huge-image", "slow", "cut", "cut-body",
    *GATEWAY,
}  # fmt: skip


class OpenAIStandIn(StandIn):
    """``/v1/images/generations`` and ``/v1/images/edits``, one picture or several, no streams."""

    scenarios = frozenset(_REFUSALS) | _PAID | {"redirect"}
    base_path = "/v1"
    paths: ClassVar = {"/v1/images/generations": JSON, "/v1/images/edits": FORM}

    def __init__(self, api_key: str = "sk-stand-in", port: int = 0) -> None:
        super().__init__(api_key, port)
        self._numbers = count(1)

    def answer(self, request: Recorded) -> Reply:
        request_id = f"req_{next(self._numbers):06d}"
        parsed = self._read(request)
        if isinstance(parsed, Reply):
            return _identified(parsed, request_id)
        body, pictures = parsed
        scenario = self.next_scenario(body["prompt"])
        if scenario.name not in self.scenarios:
            return _identified(_error(501, "stand_in", "no_such_scenario", None), request_id)
        if scenario.name in _PAID:
            with self.lock:
                micros = _bill(body["model"], _usage(body, pictures))
                self.paid.append(PaidCall(request_id, body["prompt"], body["model"], micros))
            return _identified(_draw(body, pictures, scenario), request_id)
        return _identified(self._refuse(scenario.name), request_id)

    def _read(self, request: Recorded) -> tuple[dict[str, Any], list[bytes]] | Reply:
        """Return what is asked for and the pictures to start from, or the service's refusal."""
        status = self.refused_status(request)
        if status is not None:
            plain = _error(status, "invalid_request_error", None, None)
            return self._refuse("auth") if status == 401 else plain
        parsed = read_edit(request.form()) if request.media_type == FORM else (request.json(), [])
        if isinstance(parsed, str):
            return _error(400, "invalid_request_error", "invalid_value", parsed)
        body = parsed[0]
        if not isinstance(body, dict):
            return _error(400, "invalid_request_error", None, None)
        if body.get("model") in _GONE:
            return self._refuse("gone")
        wrong = _wrong_field(body)
        if wrong is not None:
            return _error(400, "invalid_request_error", "invalid_value", wrong)
        return parsed

    def _refuse(self, name: str) -> Reply:
        if name == "redirect":
            return Reply(307, b"", {"location": "http://127.0.0.1:9/elsewhere"})
        # The real service quotes the key in its message, only shortened.
        extra: dict[str, Any] = {"message": f"Refused. Key: {self.api_key}"}
        if name == "moderated":
            extra["moderation_details"] = {"moderation_stage": "input", "categories": ["violence"]}
        if name == "unavailable":
            extra["estimated_time"] = 20
        return _error(*_REFUSALS[name], headers=_waits(name), **extra)


def _waits(name: str) -> dict[str, str]:
    soon = datetime.now(UTC) + timedelta(seconds=30)
    return {
        "rate-limit": {"retry-after": "1"},
        "rate-limit-date": {"retry-after": format_datetime(soon, usegmt=True)},
        "rate-limit-ms": {"retry-after-ms": "1500", "retry-after": "9"},
    }.get(name, {})


def _wrong_field(body: dict[str, Any]) -> str | None:
    """Name the first field that the service would not take."""
    for name, value in body.items():
        if name in _STRINGS:
            fine = isinstance(value, str) and value in _WORDS.get(name, {value})
        elif name in _NUMBERS:
            low, high = _NUMBERS[name]
            fine = type(value) is int and low <= value <= high
        else:
            fine = name == "stream" and value is False
        if not fine:
            return name
    model, size = body.get("model"), body.get("size", "auto")
    checks = {
        "model": model not in _FREE_SIZE | _FIXED_SIZE,
        "prompt": not 1 <= len(body.get("prompt", "")) <= 32_000,
        "quality": body.get("quality", "auto") not in {"auto", *_tokens(str(model))},
        "size": not _offers(str(model), size),
        "output_compression": "output_compression" in body
        and body.get("output_format", "png") == "png",
    }
    return next((name for name, wrong in checks.items() if wrong), None)


def _tokens(model: str) -> dict[str, int]:
    if model in _FIXED_SIZE:
        return _TOKENS_OLD
    return _TOKENS if model.startswith("gpt-image-2-") or model == "gpt-image-2" else _TOKENS_25


def _offers(model: str, size: str) -> bool:
    if size in _SIZES:
        return True
    sides = size.split("x")
    if model in _FIXED_SIZE or len(sides) != 2 or not all(side.isdecimal() for side in sides):
        return False
    short, long = sorted(map(int, sides))
    return (
        short % 16 == 0
        and long % 16 == 0
        and long <= min(3840, 3 * short)
        and 655_360 <= short * long <= 8_294_400
    )


def _draw(body: dict[str, Any], pictures: list[bytes], scenario: Scenario) -> Reply:
    """Play an answer to a call that is billed."""
    name = scenario.name
    if name == "garbage":
        return Reply(200, b'{"created": 1, "data": [', {"content-type": "application/json"})
    if name == "html":
        return html_reply(200)
    if name in GATEWAY:
        return html_reply(GATEWAY[name])
    width, height = _size(body)
    picture = png(width, height, body["prompt"])
    if name == "wrong-type":
        return Reply(200, picture, {"content-type": "image/png"})
    if name == "truncated-image":
        picture = picture[: len(picture) // 2]
    if name == "huge-image":
        picture = huge_png()
    text = base64.b64encode(picture).decode()
    entries: list[dict[str, str | None]] = [{"b64_json": text}]
    if name == "several":
        entries = [{"b64_json": None}, {"b64_json": text}, {"b64_json": text}]
    if name == "invalid-base64":
        entries = [{"b64_json": "*" + text}]
    if name in ("no-image", "null-image"):
        entries = [] if name == "no-image" else [{"b64_json": None}]
    answer = {
        "created": 1_795_000_000,
        "data": entries,
        "background": "opaque",
        "output_format": body.get("output_format", "png"),
        "quality": body.get("quality", "medium"),
        "size": f"{width}x{height}",
        "usage": _usage(body, pictures),
    }
    if name == "no-usage":
        del answer["usage"]
    sent = {"content-type": "application/json"}
    return Reply(200, json.dumps(answer).encode(), sent, wait=scenario.argument, cut=CUTS.get(name))


def _size(body: dict[str, Any]) -> tuple[int, int]:
    width, _, height = body.get("size", "auto").partition("x")
    return (int(width), int(height)) if height else (1024, 1024)


def _bill(model: str, usage: dict[str, Any]) -> int:
    """Price the tokens, as the ledger of the account does."""
    text, shown, drawn = _RATES.get(model, _USUAL_RATES)
    of_input = usage["input_tokens_details"]
    total: Decimal = (
        Decimal(of_input["text_tokens"]) * text
        + of_input["image_tokens"] * shown
        + usage["output_tokens"] * drawn
    )
    return math.ceil(total)


def _usage(body: dict[str, Any], pictures: list[bytes]) -> dict[str, Any]:
    width, height = _size(body)
    tokens = _tokens(body["model"])
    quality = body.get("quality", "medium")
    image = tokens["medium" if quality == "auto" else quality]
    if width * height > 2_000_000:
        image = image * 189 // 100
    elif width != height:
        image = image * (147 if body["model"] in _FIXED_SIZE else 77) // 100
    frames, shown = input_tokens(pictures)
    text = len(body["prompt"].encode()) // 4 + 1 + frames
    return {
        "input_tokens": text + shown,
        "input_tokens_details": {"image_tokens": shown, "text_tokens": text},
        "output_tokens": image,
        "output_tokens_details": {"image_tokens": image, "text_tokens": 0},
        "total_tokens": text + shown + image,
    }


def _error(
    status: int,
    error_type: str,
    code: str | None,
    param: str | None,
    headers: dict[str, str] | None = None,
    **extra: object,
) -> Reply:
    error = {"message": "Refused.", "type": error_type, "param": param, "code": code, **extra}
    return json_reply({"error": error}, status, headers)


def _identified(reply: Reply, request_id: str) -> Reply:
    return replace(reply, headers={**reply.headers, "x-request-id": request_id})
