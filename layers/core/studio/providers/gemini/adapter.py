"""Adapter of Google Gemini: one POST of images and text returns an image among its parts.

The API has no field for a mask, an operation or a size in pixels. The text names the operation;
a size is an aspect ratio and a size class. A lost response cannot be read again. Contract:
google-genai 3.3.0, ``models.generate_content`` of the API's version v1.
"""

import base64
import math
import re
from collections.abc import Iterator, Mapping
from typing import Literal

from studio.domain.provider_calls.instructions import words
from studio.domain.provider_calls.model import (
    OutcomeUnknown,
    ProviderOutcome,
    ProviderRequest,
    Refused,
    Throttled,
)
from studio.money import UNKNOWN, Cost
from studio.providers.gemini.errors import MODERATION, refusal
from studio.providers.gemini.usage import read_tokens
from studio.providers.shared.base import SyncProvider
from studio.providers.shared.http import HttpResponse, send
from studio.providers.shared.identifiers import identifier
from studio.providers.shared.images import Address, are_texts, image_in_body
from studio.providers.shared.json_body import json_objects, parse_json
from studio.providers.shared.token_usage import price_of_tokens

_ASPECT_RATIOS = (
    "1:1", "2:3", "3:2", "3:4", "4:3", "4:5", "5:4", "9:16", "16:9", "21:9",
    "1:4", "4:1", "1:8", "8:1",
)  # fmt: skip
# Upper limits in pixels between one size class and the next, which has about four times as many.
_CLASSES = ((2**19, "512"), (2**21, "1K"), (2**23, "2K"))
_LARGEST = "4K"
# The field is a signed number of 32 bits (google.ai.generativelanguage v1, GenerationConfig).
_SEEDS = 2**31

# An image in the words of the model: a ``data:`` URI, or a link of Markdown.
_LINKED = re.compile(
    r"(data:image/[a-z0-9.+-]+;base64,[A-Za-z0-9+/=_-]+)|!\[[^\]]*\]\(\s*(https?://[^)\s]+)"
)

_SENTENCES = {
    "moderation": "Gemini's moderation refused the image",
    "no_image": "Gemini answered without an image",
}


class GeminiProvider(SyncProvider):
    """Adapter of the Gemini API for one account."""

    vendor = "Gemini"

    def submit(self, request: ProviderRequest) -> ProviderOutcome:
        """Return one image, Pending if the service sends its URL, or why there is none."""
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
        if response.redirects:
            return self._redirected(response)
        return self._answer(response, request) if response.ok else refusal(response)

    def _answer(self, response: HttpResponse, request: ProviderRequest) -> ProviderOutcome:
        """Return the image of a success, whose cost is the tokens used, or why there is none."""
        document = parse_json(response.body)
        if document is None and image_in_body(response.body) is None:
            return Refused("bad_answer", "Gemini's answer could not be read.", UNKNOWN)
        told = document or {}
        call, texts = identifier(told.get("responseId")), list(_pictures(told))
        cost = self._price(told.get("usageMetadata"), request, made=False)
        content = self._content(response, told, texts, cost)
        if content is None and not are_texts(texts):
            return _without_image(told, cost, call)
        cost = self._price(told.get("usageMetadata"), request, made=True)
        if content is None:
            return Refused("bad_answer", "Gemini's image is not valid base64.", cost, call)
        if isinstance(content, bytes | Address):
            return self._made(content, cost, call, _seed(request))
        return content

    def _refusal(self, response: HttpResponse) -> Refused | Throttled | OutcomeUnknown:
        """Return what an error response means."""
        return refusal(response)

    def _price(self, usage: object, request: ProviderRequest, *, made: bool) -> Cost:
        """Return the price of the tokens; UNKNOWN for an image whose tokens do not add up."""
        card, sources = self._card.models.get(request.model), bool(request.sources)
        return price_of_tokens(card, read_tokens(usage), made=made, sources=sources)


def _body(request: ProviderRequest) -> dict[str, object]:
    """Return the request body: the images in order, then the text."""
    images: list[dict[str, object]] = [
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
        "contents": [{"role": "user", "parts": [*images, {"text": words(request)}]}],
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


def _pictures(document: Mapping[str, object]) -> Iterator[object]:
    """Yield the base64 or the URL of each image; drafts, which are marked as thoughts, come last.

    The members have camel case or snake case, as in the vendor's own clients.
    """
    parts = [
        part for candidate in json_objects(document.get("candidates")) for part in _parts(candidate)
    ]
    yield from (_image(part) for part in parts if part.get("thought") is not True)
    yield from (_image(part) for part in parts if part.get("thought") is True)


def _parts(candidate: dict[str, object]) -> Iterator[dict[str, object]]:
    """Yield the parts of a candidate; gateways unwrap them or the list around them."""
    for holder in (*_objects(candidate.get("content")), candidate):
        yield from _objects(holder.get("parts"))


def _objects(value: object) -> Iterator[dict[str, object]]:
    """Yield the JSON objects of a list, or the one that is in its place."""
    return json_objects(value if isinstance(value, list) else [value])


def _image(part: Mapping[str, object]) -> object:
    """Return the text of an image in a part, else the part."""
    for blob in json_objects([part.get("inlineData"), part.get("inline_data")]):
        if str(blob.get("mimeType") or blob.get("mime_type")).startswith("image/"):
            return blob.get("data") or part
    said = part.get("text")
    linked = _LINKED.search(said) if isinstance(said, str) else None
    return part if linked is None else linked[1] or linked[2]


def _without_image(document: Mapping[str, object], cost: Cost, call: str | None) -> Refused:
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
