"""Adapter of Google Gemini: one POST of images and text returns an image among its parts.

The API has no field for a mask, an operation or a size in pixels. The text names the operation;
a size is an aspect ratio and a size class. A lost response cannot be read again. Contract:
google-genai 3.3.0, ``models.generate_content`` of the API's version v1.
"""

import base64
import math
from collections.abc import Iterator, Mapping
from typing import Literal, TypeGuard

from studio.domain.provider_calls.instructions import words
from studio.domain.provider_calls.model import Generated, ProviderOutcome, ProviderRequest, Refused
from studio.money import UNKNOWN, Cost
from studio.providers.gemini.errors import MODERATION, refusal
from studio.providers.shared.base import SyncProvider
from studio.providers.shared.base64_data import decode_base64
from studio.providers.shared.http import HttpResponse, send
from studio.providers.shared.identifiers import identifier
from studio.providers.shared.json_body import json_objects, parse_json

_ASPECT_RATIOS = (
    "1:1", "2:3", "3:2", "3:4", "4:3", "4:5", "5:4", "9:16", "16:9", "21:9",
    "1:4", "4:1", "1:8", "8:1",
)  # fmt: skip
# Upper limits in pixels between one size class and the next, which has about four times as many.
_CLASSES = ((2**19, "512"), (2**21, "1K"), (2**23, "2K"))
_LARGEST = "4K"
# The field is a signed number of 32 bits (google.ai.generativelanguage v1, GenerationConfig).
_SEEDS = 2**31

_SENTENCES = {
    "moderation": "Gemini's moderation refused the picture",
    "no_image": "Gemini answered without a picture",
}


class GeminiProvider(SyncProvider):
    """Adapter of the Gemini API for one account."""

    vendor = "Gemini"

    def submit(self, request: ProviderRequest) -> ProviderOutcome:
        """Return one image, or why there is none."""
        key = self._credentials.api_key
        response = send(
            self._client,
            "POST",
            f"{self._base_url}/v1/models/{request.model}:generateContent",
            {"x-goog-api-key": key, "Accept": "application/json"},
            secret=key,
            read_timeout=self._card.read_timeout_seconds,
            content={"json": _body(request)},
        )
        if not isinstance(response, HttpResponse):
            return response
        return self._picture(response, request) if response.status < 400 else refusal(response)

    def _picture(self, response: HttpResponse, request: ProviderRequest) -> Generated | Refused:
        """Return the image of a response without an error status; its cost is the tokens used."""
        document = parse_json(response.body)
        if document is None:
            return Refused("bad_answer", "Gemini's answer could not be read.", UNKNOWN)
        cost = self._cost(document.get("usageMetadata"), request.model)
        call = identifier(document.get("responseId"))
        text = next(_pictures(document), None)
        if text is None:
            return _without_picture(document, cost, call)
        data = decode_base64(text)
        if data is None:
            return Refused("bad_answer", "Gemini's picture is not valid base64.", cost, call)
        return Generated(data, cost, call, seed=_seed(request))

    def _cost(self, usage: object, model: str) -> Cost:
        """Return the price of the tokens; thoughts are billed as text.

        If the details report image tokens, all other output is text. If they report none, all
        output that is not reported as text costs the image rate.
        """
        card = self._card.models.get(model)
        if card is None or not isinstance(usage, dict):
            return UNKNOWN
        read, made = usage.get("promptTokenCount"), usage.get("candidatesTokenCount", 0)
        thought = usage.get("thoughtsTokenCount", 0)
        if not (_is_count(read) and _is_count(made) and _is_count(thought)):
            return UNKNOWN
        shown = min(_tokens_of(usage.get("promptTokensDetails"), "IMAGE"), read)
        details = usage.get("candidatesTokensDetails")
        drawn = min(_tokens_of(details, "IMAGE"), made)
        drawn = drawn or max(made - _tokens_of(details, "TEXT"), 0)
        return card.cost_of_tokens(
            text_in=read - shown,
            image_in=shown,
            image_out=drawn,
            text_out=made - drawn + thought,
        )


def _body(request: ProviderRequest) -> dict[str, object]:
    """Return the request body: the images in order, then the text."""
    pictures: list[dict[str, object]] = [
        {
            "inlineData": {
                "mimeType": source.media_type,
                "data": base64.b64encode(source.data).decode(),
            }
        }
        for source in request.sources
    ]
    config: dict[str, object] = {
        "responseModalities": ["IMAGE"],
        "imageConfig": {
            "aspectRatio": _aspect_ratio(request.width, request.height),
            "imageSize": _size_class(request.width * request.height),
        },
    }
    seed = _seed(request)
    if seed is not None:
        config["seed"] = seed
    return {
        "contents": [{"role": "user", "parts": [*pictures, {"text": words(request)}]}],
        "generationConfig": config,
    }


def _seed(request: ProviderRequest) -> int | None:
    """Return the seed within the range of the API."""
    return None if request.seed is None else request.seed % _SEEDS


def _aspect_ratio(width: int, height: int) -> str:
    """Return the nearest aspect ratio on offer; the sizes of the models only approximate it."""

    def distance(ratio: str) -> float:
        across, _, down = ratio.partition(":")
        return abs(math.log(width * int(down) / (height * int(across))))

    return min(_ASPECT_RATIOS, key=distance)


def _size_class(pixels: int) -> str:
    """Return the size class that holds so many pixels."""
    return next((name for limit, name in _CLASSES if pixels < limit), _LARGEST)


def _pictures(document: Mapping[str, object]) -> Iterator[str]:
    """Yield the base64 of each image, except of drafts, which are marked as thoughts."""
    for candidate in json_objects(document.get("candidates")):
        for content in json_objects([candidate.get("content")]):
            for part in json_objects(content.get("parts")):
                if part.get("thought") is True:
                    continue
                for blob in json_objects([part.get("inlineData")]):
                    kind, data = blob.get("mimeType"), blob.get("data")
                    if str(kind).startswith("image/") and isinstance(data, str) and data:
                        yield data


def _without_picture(document: Mapping[str, object], cost: Cost, call: str | None) -> Refused:
    """Return why a response has no image."""
    for feedback in json_objects([document.get("promptFeedback")]):
        if feedback.get("blockReason"):
            return _refused("moderation", feedback["blockReason"], cost, call)
    reasons = (one.get("finishReason") for one in json_objects(document.get("candidates")))
    reason = next(reasons, None)
    return _refused("moderation" if str(reason) in MODERATION else "no_image", reason, cost, call)


def _refused(
    kind: Literal["moderation", "no_image"], reason: object, cost: Cost, call: str | None
) -> Refused:
    details = identifier(reason)
    return Refused(
        kind, f"{_SENTENCES[kind]} ({details})." if details else f"{_SENTENCES[kind]}.", cost, call
    )


def _tokens_of(details: object, modality: str) -> int:
    """Return how many tokens of a modality the details report."""
    counts = (
        entry.get("tokenCount")
        for entry in json_objects(details)
        if entry.get("modality") == modality
    )
    return sum(count for count in counts if _is_count(count))


def _is_count(value: object) -> TypeGuard[int]:
    return type(value) is int and value >= 0
