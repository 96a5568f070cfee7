"""Stand-in for the Amazon Bedrock runtime with Stability AI's models, from its documented contract.

It checks the signature of each request, and bills each picture that it draws.
"""

import base64
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from io import BytesIO
from itertools import count
from math import isqrt
from typing import Any, ClassVar
from urllib.parse import quote, unquote

from PIL import Image

from tests.support.stand_ins.bedrock_fields import ENDPOINTS, picture_of, wrong_field
from tests.support.stand_ins.pictures import huge_png, png
from tests.support.stand_ins.server import (
    CUTS,
    JSON,
    PaidCall,
    Recorded,
    Reply,
    Scenario,
    StandIn,
    html_reply,
    json_reply,
)
from tests.support.stand_ins.sigv4 import refused_type

ACCESS_KEY = "AKIDSTANDIN"
REGION = "us-west-2"
_MAX_BODY = 25_000_000
_UPSCALED = 4_200_000

_SIZES = {
    "21:9": (1536, 640), "16:9": (1344, 768), "3:2": (1216, 832), "5:4": (1088, 896),
    "1:1": (1024, 1024), "4:5": (896, 1088), "2:3": (832, 1216), "9:16": (768, 1344),
    "9:21": (640, 1536),
}  # fmt: skip

# name -> status, type, message
_REFUSALS: dict[str, tuple[int, str | None, str]] = {
    "bad-request": (400, "ValidationException", "#/seed: expected type: Integer"),
    "gone-400": (400, "ValidationException", "The provided model identifier is invalid."),
    "moderated": (400, "ValidationException", "This was blocked by our content filters."),
    "service-quota": (400, "ServiceQuotaExceededException", "Too much."),
    "auth": (403, "UnrecognizedClientException", "The security token is invalid."),
    "signature": (403, "InvalidSignatureException", "The signature does not match."),
    "expired": (403, "ExpiredTokenException", "The security token has expired."),
    "permission": (403, "AccessDeniedException", "You do not have access to the model."),
    "forbidden-bare": (403, None, "Forbidden"),
    "gone": (404, "ResourceNotFoundException", "The model has reached the end of its life."),
    "timeout": (408, "ModelTimeoutException", "The model took too long."),
    "too-large": (413, None, "Too large."),
    "unprocessable": (422, None, "Unprocessable."),
    "model-error": (424, "ModelErrorException", "The model failed."),
    "rate-limit": (429, "ThrottlingException", "Too many requests."),
    "rate-limit-date": (429, "ThrottlingException", "Too many requests."),
    "rate-limit-bare": (429, "ThrottlingException", "Too many requests."),
    "not-ready": (429, "ModelNotReadyException", "The model is not ready."),
    "server-error": (500, "InternalServerException", "It failed."),
    "unavailable": (503, "ServiceUnavailableException", "Busy."),
}
_KEPT_BACK = {
    "filtered-prompt": "Filter reason: prompt",
    "filtered-input": "Filter reason: input image",
    "filtered-output": "Filter reason: output image",
    "filtered-oddly": "Filter reason: something new",
    "inference-error": "Inference error",
    "odd-reason": "Whatever",
}
_EMPTY = {"no-image", "null-image"}
_PAID = {
    "success", "several", "no-seed", "garbage", "html", "wrong-type", "invalid-base64",
    "truncated-image", "huge-image", "slow", "cut", "cut-body", "gateway-timeout",
}  # fmt: skip


class BedrockStandIn(StandIn):
    """``POST /model/{id}/invoke`` for the models of ``bedrock_fields``.

    ``api_key`` is the secret key of the one account, ``token`` its session's token if any.
    """

    scenarios = frozenset(_REFUSALS) | _KEPT_BACK.keys() | _EMPTY | _PAID | {"redirect"}
    base_path = ""
    paths: ClassVar = {f"/model/{quote(model, safe='')}/invoke": JSON for model in ENDPOINTS}

    def __init__(
        self, api_key: str = "aws-stand-in", port: int = 0, token: str | None = None
    ) -> None:
        super().__init__(api_key, port)
        self.token = token
        self._numbers = count(1)

    def unsigned(self, request: Recorded) -> str | None:
        """Return the error type of a request whose signature is not ours, else None."""
        return refused_type(
            request,
            access_key=ACCESS_KEY,
            secret=self.api_key,
            token=self.token,
            region=REGION,
            service="bedrock",
        )

    def answer(self, request: Recorded) -> Reply:
        call_id = f"0b5e1f00-0000-4000-8000-{next(self._numbers):012d}"
        reply = self._judge(request) or self._invoke(request, call_id)
        return replace(reply, headers={**reply.headers, "x-amzn-RequestId": call_id})

    def _judge(self, request: Recorded) -> Reply | None:
        """Return what the service would refuse a request with."""
        lost = self._misdirected(request)
        if lost:
            return lost
        unsigned = self.unsigned(request)
        if unsigned:
            # What the signature should have been over is quoted, the token included.
            return _error(403, unsigned, f"Refused. Token: {self.token}")
        if request.media_type != JSON or request.headers.get("accept") != JSON:
            return _error(415, "ValidationException", "JSON only.")
        if len(request.body) > _MAX_BODY:
            return _refuse("too-large", "")
        return self._judge_body(request)

    def _misdirected(self, request: Recorded) -> Reply | None:
        if request.path not in self.paths:
            model = unquote(request.path.removeprefix("/model/").removesuffix("/invoke"))
            if "/" in model or not model:
                return _error(404, "UnknownOperationException", "No such operation.")
            return _refuse("gone-400", "")
        if request.method != "POST":
            return _error(405, "UnknownOperationException", "No such operation.")
        return None

    def _judge_body(self, request: Recorded) -> Reply | None:
        try:
            body = request.json()
        except ValueError:
            body = None
        if not isinstance(body, dict):
            return _error(400, "ValidationException", "Malformed input request.")
        wrong = wrong_field(_model(request), body)
        if wrong is None:
            return None
        return _error(400, "ValidationException", f"Malformed input request: #/{wrong}")

    def _invoke(self, request: Recorded, call_id: str) -> Reply:
        model, body = _model(request), request.json()
        prompt = body.get("prompt", "")
        scenario = self.next_scenario(prompt)
        name = scenario.name
        if name not in self.scenarios:
            return _error(501, "NoSuchScenarioException", "No such scenario.")
        if name == "redirect":
            return Reply(307, b"", {"location": "http://127.0.0.1:9/elsewhere"})
        if name in _REFUSALS:
            return _refuse(name, self.token or "")
        if name in _KEPT_BACK:
            return json_reply({"seeds": [0], "finish_reasons": [_KEPT_BACK[name]]})
        if name in _EMPTY:
            empty: dict[str, object] = {} if name == "no-image" else {"images": [None]}
            return json_reply({"seeds": [0], "finish_reasons": [None], **empty})
        with self.lock:
            self.paid.append(PaidCall(call_id, prompt, model, ENDPOINTS[model].micros))
        return _draw(model, body, scenario)


def _model(request: Recorded) -> str:
    return unquote(request.path.split("/")[2])


def _draw(model: str, body: dict[str, Any], scenario: Scenario) -> Reply:
    """Play an answer to a call that is billed."""
    name = scenario.name
    if name == "garbage":
        return Reply(200, b'{"seeds": [1], "images": [', {"content-type": JSON})
    if name in ("html", "gateway-timeout"):
        return html_reply(200 if name == "html" else 504)
    picture = _picture(model, body)
    if name == "wrong-type":
        return Reply(200, picture, {"content-type": "image/png"})
    if name == "truncated-image":
        picture = picture[: len(picture) // 2]
    if name == "huge-image":
        picture = huge_png()
    text = base64.b64encode(picture).decode()
    if name == "invalid-base64":
        text = "*" + text
    answer = {
        "seeds": [body.get("seed") or 4711],
        "finish_reasons": [None],
        "images": [text, "AAAA"] if name == "several" else [text],
    }
    if name == "no-seed":
        del answer["seeds"]
    content = json.dumps(answer).encode()
    return Reply(200, content, {"content-type": JSON}, wait=scenario.argument, cut=CUTS.get(name))


def _picture(model: str, body: dict[str, Any]) -> bytes:
    """Return a PNG of the size that the service would give it."""
    subject = body.get("prompt", model)
    source = picture_of(body.get("image") or body.get("init_image"))
    if "aspect_ratio" in body or source is None:
        return png(*_SIZES[body.get("aspect_ratio", "1:1")], subject)
    if "remove-background" in model:
        return _cutout(source)
    width, height = source.size
    wider, higher = (
        sum(body.get(side, 0) for side in sides) for sides in (("left", "right"), ("up", "down"))
    )
    times = _times(model, width, height)
    return png(times * (width + wider), times * (height + higher), subject)


def _times(model: str, width: int, height: int) -> int:
    """Return how many times as wide the result is: four times, or up to about four megapixels."""
    if "upscale" not in model:
        return 1
    return 4 if "fast" in model else max(1, isqrt(_UPSCALED // (width * height)))


def _cutout(source: Image.Image) -> bytes:
    """Return the picture with its left half gone."""
    left = source.convert("RGBA")
    left.paste((0, 0, 0, 0), (0, 0, source.width // 2, source.height))
    buffer = BytesIO()
    left.save(buffer, "PNG")
    return buffer.getvalue()


def _refuse(name: str, said: str) -> Reply:
    status, kind, message = _REFUSALS[name]
    soon = datetime.now(UTC) + timedelta(seconds=30)
    waits = {
        "rate-limit": {"retry-after": "3"},
        "rate-limit-date": {"retry-after": format_datetime(soon, usegmt=True)},
    }
    if kind is None:
        return html_reply(status)
    return _error(status, kind, f"{message} {said}", waits.get(name))


def _error(status: int, kind: str, message: str, headers: dict[str, str] | None = None) -> Reply:
    named = {"x-amzn-ErrorType": f"{kind}:http://internal.amazon.com/coral/", **(headers or {})}
    return json_reply({"message": message}, status, named)
