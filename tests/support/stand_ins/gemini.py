"""Stand-in for the Gemini API's ``generateContent``, built from its documented contract.

Whatever is answered with 200 is billed by the tokens that it tells, blocked prompts included:
whether the service does so is not documented.
"""

import base64
import json
import math
import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from email.utils import format_datetime
from itertools import count
from typing import Any, ClassVar

from tests.support.stand_ins.gemini_fields import (
    MAX_BODY,
    MODELS,
    camel,
    pictures,
    prompt,
    wrong_field,
)
from tests.support.stand_ins.pictures import huge_png, png
from tests.support.stand_ins.server import (
    CUTS,
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

_PATH = re.compile(r"/v1(?:beta)?/models/([\w.-]+):generateContent")
_RPC = "type.googleapis.com/google.rpc."

# Pixels of the class 1K by aspect ratio; the next classes are two and four times as wide.
_PIXELS = {
    "1:1": (1024, 1024), "2:3": (848, 1264), "3:2": (1264, 848), "3:4": (896, 1200),
    "4:3": (1200, 896), "4:5": (928, 1152), "5:4": (1152, 928), "9:16": (768, 1376),
    "16:9": (1376, 768), "21:9": (1584, 672), "1:4": (512, 2064), "4:1": (2064, 512),
    "1:8": (352, 2928), "8:1": (2928, 352),
}  # fmt: skip
_PIXELS_25 = {
    "1:1": (1024, 1024), "2:3": (832, 1248), "3:2": (1248, 832), "3:4": (864, 1184),
    "4:3": (1184, 864), "4:5": (896, 1152), "5:4": (1152, 896), "9:16": (768, 1344),
    "16:9": (1344, 768), "21:9": (1536, 672),
}  # fmt: skip
_FACTOR = {"512": Decimal("0.5"), "1K": Decimal(1), "2K": Decimal(2), "4K": Decimal(4)}

# Tokens of a picture by class, and micro-dollars for a token of input, text out and picture out.
_TOKENS: dict[str, dict[str, int]] = {
    "gemini-nano-banana-2.1": {"1K": 1120, "2K": 1680, "4K": 3780},
    "gemini-3-pro-image": {"1K": 1120, "2K": 1120, "4K": 2000},
    "gemini-3.1-flash-lite-image": {"1K": 1120},
    "gemini-3.1-flash-image": {"512": 747, "1K": 1120, "2K": 1680, "4K": 2520},
    "gemini-2.5-flash-image": {"1K": 1290},
}
_RATES: dict[str, tuple[str, str, int]] = {
    "gemini-nano-banana-2.1": ("1.5", "7.5", 30),
    "gemini-3-pro-image": ("2", "12", 120),
    "gemini-3.1-flash-lite-image": ("0.25", "1.5", 30),
    "gemini-3.1-flash-image": ("0.5", "3", 60),
    "gemini-2.5-flash-image": ("0.3", "2.5", 30),
}
# What a picture to start from counts, and what a call thinks.
_SHOWN = {"gemini-3-pro-image": 560}
_SHOWN_USUAL, _THOUGHT = 1120, 210

# name -> status, status word, details
_REFUSALS: dict[str, tuple[int, str, tuple[dict[str, Any], ...]]] = {
    "bad-request": (400, "INVALID_ARGUMENT", ()),
    "auth": (400, "INVALID_ARGUMENT", (
        {"@type": _RPC + "ErrorInfo", "reason": "API_KEY_INVALID", "domain": "googleapis.com"},
    )),
    "billing": (400, "FAILED_PRECONDITION", ()),
    "auth-401": (401, "UNAUTHENTICATED", ()),
    "payment": (402, "FAILED_PRECONDITION", ()),
    "permission": (403, "PERMISSION_DENIED", ()),
    "gone": (404, "NOT_FOUND", ()),
    "gone-wrapped": (404, "NOT_FOUND", ()),
    "timeout": (408, "DEADLINE_EXCEEDED", ()),
    "too-large": (413, "INVALID_ARGUMENT", ()),
    "unprocessable": (422, "INVALID_ARGUMENT", ()),
    "rate-limit": (429, "RESOURCE_EXHAUSTED", (
        {"@type": _RPC + "QuotaFailure", "violations": [{"quotaId": "ImagesPerMinute-PaidTier"}]},
        {"@type": _RPC + "RetryInfo", "retryDelay": "1s"},
    )),
    "rate-limit-fraction": (429, "RESOURCE_EXHAUSTED", (
        {"@type": _RPC + "RetryInfo", "retryDelay": "16.4s"},
    )),
    "rate-limit-wrapped": (429, "RESOURCE_EXHAUSTED", (
        {"@type": _RPC + "RetryInfo", "retryDelay": "3s"},
    )),
    "rate-limit-header": (429, "RESOURCE_EXHAUSTED", ()),
    "rate-limit-date": (429, "RESOURCE_EXHAUSTED", ()),
    "rate-limit-bare": (429, "RESOURCE_EXHAUSTED", ()),
    "quota": (429, "RESOURCE_EXHAUSTED", (
        {"@type": _RPC + "QuotaFailure", "violations": [{"quotaId": "RequestsPerDay-FreeTier"}]},
        {"@type": _RPC + "RetryInfo", "retryDelay": "40s"},
    )),
    "credits": (429, "RESOURCE_EXHAUSTED", ()),
    "server-error": (500, "INTERNAL", ()),
    "unavailable": (503, "UNAVAILABLE", ()),
    "deadline": (504, "DEADLINE_EXCEEDED", ()),
}  # fmt: skip
_MESSAGES = {"credits": "Your prepayment credits are depleted."}

# Answers without a picture: the reason to block the prompt, or to finish.
_BLOCKED = {
    "moderated": "SAFETY",
    "moderated-list": "PROHIBITED_CONTENT",
    "moderated-other": "OTHER",
}
_FINISHED = {
    "moderated-picture": "IMAGE_SAFETY",
    "moderated-recitation": "IMAGE_RECITATION",
    "no-image": "NO_IMAGE",
    "cut-short": "MAX_TOKENS",
    "escalation": "ESCALATION",
}
_PAID = frozenset(_BLOCKED) | frozenset(_FINISHED) | {
    "success", "several", "only-draft", "refused-in-words", "null-image", "no-usage", "no-details",
    "garbage", "html", "wrong-type", "invalid-base64", "truncated-image", "huge-image",
    "slow", "cut", "cut-body", *GATEWAY,
}  # fmt: skip


class GeminiStandIn(StandIn):
    """``/v1/models/{model}:generateContent``, one turn, no streams."""

    scenarios = frozenset(_REFUSALS) | _PAID | {"redirect"}
    base_path = ""
    paths: ClassVar = {f"/v1/models/{model}:generateContent": JSON for model in MODELS}

    def __init__(self, api_key: str = "sk-stand-in", port: int = 0) -> None:
        super().__init__(api_key, port)
        self._numbers = count(1)

    def answer(self, request: Recorded) -> Reply:
        found = _PATH.fullmatch(request.path)
        if request.method != "POST" or found is None:
            return html_reply(404)
        wrong = self._unwelcome(request, found[1])
        if wrong is not None:
            return wrong
        model, body = found[1], camel(request.json())
        field = wrong_field(model, body)
        if field is not None:
            return _error(400, "INVALID_ARGUMENT", (_violation(field),))
        scenario = self.next_scenario(prompt(body))
        if scenario.name not in self.scenarios:
            return _error(501, "UNIMPLEMENTED", ())
        if scenario.name not in _PAID:
            return self._refuse(scenario.name)
        call = f"call{next(self._numbers):06d}"
        usage = _usage(model, body, scenario.name)
        with self.lock:
            self.paid.append(PaidCall(call, prompt(body), model, _bill(model, usage)))
        return _draw(body, model, usage, call, scenario)

    def _unwelcome(self, request: Recorded, model: str) -> Reply | None:
        """Refuse what is wrong before its fields are looked at."""
        key = request.headers.get("x-goog-api-key")
        refused = {
            "auth-401": "authorization" in request.headers,
            "permission": key is None,
            "auth": key != self.api_key,
            "gone": model not in MODELS,
        }
        for name, wrong in refused.items():
            if wrong:
                return self._refuse(name)
        if request.media_type != JSON:
            return _error(415, "INVALID_ARGUMENT", ())
        whole = len(request.body) <= MAX_BODY and isinstance(_document(request), dict)
        return None if whole else _error(400, "INVALID_ARGUMENT", ())

    def _refuse(self, name: str) -> Reply:
        if name == "redirect":
            return Reply(307, b"", {"location": "http://127.0.0.1:9/elsewhere"})
        status, word, details = _REFUSALS[name]
        if name == "bad-request":
            details = (_violation("generationConfig.imageConfig.imageSize"),)
        if name == "auth":
            text = f"API key not valid: {self.api_key}. Please pass a valid API key."
        else:
            text = _MESSAGES.get(name, f"Refused. Key: {self.api_key}")
        reply = _error(status, word, details, text, _waits(name))
        if name.endswith("-wrapped"):
            return Reply(status, b"[" + reply.body + b"\n]\n", reply.headers)
        return reply


def _document(request: Recorded) -> object:
    try:
        document: object = request.json()
    except ValueError:
        return None
    return document


def _waits(name: str) -> dict[str, str]:
    soon = datetime.now(UTC) + timedelta(seconds=30)
    return {
        "rate-limit-header": {"retry-after": "7"},
        "rate-limit-date": {"retry-after": format_datetime(soon, usegmt=True)},
    }.get(name, {})


def _violation(field: str) -> dict[str, Any]:
    return {"@type": _RPC + "BadRequest", "fieldViolations": [{"field": field, "description": "?"}]}


def _error(
    status: int,
    word: str,
    details: tuple[dict[str, Any], ...],
    message: str = "Refused.",
    headers: dict[str, str] | None = None,
) -> Reply:
    error: dict[str, Any] = {"code": status, "message": message, "status": word}
    if details:
        error["details"] = list(details)
    return json_reply({"error": error}, status, headers)


def _wish(body: dict[str, Any]) -> tuple[str, str]:
    image = body.get("generationConfig", {}).get("imageConfig", {})
    return image.get("aspectRatio", "1:1"), image.get("imageSize", "1K")


def drawn_size(model: str, ratio: str, size: str) -> tuple[int, int]:
    """Return the pixels of a picture."""
    table = _PIXELS_25 if model.startswith("gemini-2.5") else _PIXELS
    width, height = table[ratio]
    return int(width * _FACTOR[size]), int(height * _FACTOR[size])


def _usage(model: str, body: dict[str, Any], name: str) -> dict[str, Any]:
    text = len(prompt(body).encode()) // 4 + 1
    shown = _SHOWN.get(model, _SHOWN_USUAL) * len(pictures(body))
    details = [{"modality": "TEXT", "tokenCount": text}]
    if shown:
        details.append({"modality": "IMAGE", "tokenCount": shown})
    usage: dict[str, Any] = {
        "promptTokenCount": text + shown,
        "promptTokensDetails": details,
        "totalTokenCount": text + shown,
    }
    if name in _BLOCKED:
        return usage
    drawn = 0 if name in {*_FINISHED, "refused-in-words"} else _TOKENS[model][_wish(body)[1]]
    said = 12 if name in ("several", "refused-in-words") else 0
    return usage | {
        "candidatesTokenCount": drawn + said,
        # The service names the pictures here and leaves the rest to be counted.
        "candidatesTokensDetails": [{"modality": "IMAGE", "tokenCount": drawn}] if drawn
        else [{"modality": "TEXT", "tokenCount": said}],
        "thoughtsTokenCount": _THOUGHT,
        "totalTokenCount": text + shown + drawn + said + _THOUGHT,
    }  # fmt: skip


def _bill(model: str, usage: dict[str, Any]) -> int:
    """Price the tokens, as the ledger of the account does."""
    read, said, picture = _RATES[model]
    details = usage.get("candidatesTokensDetails", [])
    drawn = sum(entry["tokenCount"] for entry in details if entry["modality"] == "IMAGE")
    text = usage.get("candidatesTokenCount", 0) - drawn + usage.get("thoughtsTokenCount", 0)
    total: Decimal = (
        usage["promptTokenCount"] * Decimal(read) + text * Decimal(said) + drawn * picture
    )
    return math.ceil(total)


def _draw(
    body: dict[str, Any], model: str, usage: dict[str, Any], call: str, scenario: Scenario
) -> Reply:
    """Play an answer to a call that is billed."""
    name = scenario.name
    if name == "garbage":
        return Reply(200, b'{"candidates": [{"content": {', {"content-type": JSON})
    if name == "html":
        return html_reply(200)
    if name in GATEWAY:
        return html_reply(GATEWAY[name])
    answer: dict[str, Any] = {"usageMetadata": usage, "modelVersion": model, "responseId": call}
    if name in _BLOCKED:
        answer["promptFeedback"] = {"blockReason": _BLOCKED[name]}
    elif name in _FINISHED:
        answer["candidates"] = [{"finishReason": _FINISHED[name], "index": 0}]
    else:
        picture = png(*drawn_size(model, *_wish(body)), prompt(body))
        if name == "wrong-type":
            return Reply(200, picture, {"content-type": "image/png"})
        parts = _parts(name, picture)
        candidate = {"content": {"role": "model", "parts": parts}, "finishReason": "STOP"}
        answer["candidates"] = [candidate]
    if name == "no-usage":
        del answer["usageMetadata"]
    if name == "no-details":
        usage.pop("candidatesTokensDetails")
    sent = {"content-type": JSON}
    return Reply(200, json.dumps(answer).encode(), sent, wait=scenario.argument, cut=CUTS.get(name))


def _parts(name: str, picture: bytes) -> list[dict[str, Any]]:
    if name == "truncated-image":
        picture = picture[: len(picture) // 2]
    if name == "huge-image":
        picture = huge_png()
    text = base64.b64encode(picture).decode()
    if name == "invalid-base64":
        text = "*" + text
    draft = base64.b64encode(png(64, 64, "draft")).decode()
    thought: dict[str, Any] = {
        "thought": True,
        "inlineData": {"mimeType": "image/png", "data": draft},
    }
    final: dict[str, Any] = {
        "inlineData": {"mimeType": "image/png", "data": text},
        "thoughtSignature": "c2ln",
    }
    return {
        "several": [{"text": "Here it is."}, thought, final, final],
        "only-draft": [thought],
        "refused-in-words": [{"text": "I would rather not draw that."}],
        "null-image": [{"inlineData": {"mimeType": "image/png", "data": ""}}],
    }.get(name, [final])
