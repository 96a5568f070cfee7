"""Adapter of OpenAI Images: one POST returns the image in base64 and the tokens used.

A text-to-image request is JSON to ``generations``. A request with source images is a form to
``edits``: a mask belongs to the first image, and the prompt describes everything else. A lost
response cannot be read again. There is no idempotency key, so a repeated request is paid twice.
Contract: openai Python SDK 3.51.0, types of ``images.generate`` and ``images.edit``.
"""

from collections.abc import Iterable, Mapping, Sequence

from studio.domain.provider_calls.instructions import words
from studio.domain.provider_calls.model import (
    OutcomeUnknown,
    ProviderOutcome,
    ProviderRequest,
    Refused,
    Throttled,
)
from studio.domain.provider_calls.source_file import SourceFile
from studio.money import UNKNOWN, Cost
from studio.providers.openai.errors import refusal
from studio.providers.openai.png_masks import transparent_where_white
from studio.providers.openai.usage import read_tokens
from studio.providers.shared.base import SyncProvider
from studio.providers.shared.http import (
    FormFile,
    HttpResponse,
    SendResult,
    post_form,
    post_json,
)
from studio.providers.shared.images import Address, are_texts, image_in_body
from studio.providers.shared.json_body import json_objects, parse_json
from studio.providers.shared.token_usage import price_of_tokens


class OpenAIProvider(SyncProvider):
    """Adapter of the images API for one account."""

    vendor = "OpenAI"

    def submit(self, request: ProviderRequest) -> ProviderOutcome:
        """Return one PNG, Pending if a gateway sends its URL, or why there is none."""
        response = self._edit(request) if request.sources else self._generate(request)
        if not isinstance(response, HttpResponse):
            return response
        if response.redirects:
            return self._redirected(response)
        return self._answer(response, request) if response.ok else self._refusal(response)

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

    def _answer(self, response: HttpResponse, request: ProviderRequest) -> ProviderOutcome:
        """Return the image of a success, which is paid, or the error inside it."""
        call, document = response.request_id, parse_json(response.body)
        if document is None and image_in_body(response.body) is None:
            return Refused("bad_answer", "OpenAI's answer could not be read.", UNKNOWN, call)
        told = document or {}
        entries = list(json_objects(told.get("data")))
        texts = [entry.get(name) for name in ("b64_json", "url") for entry in entries]
        cost = self._price(told.get("usage"), request, made=False)
        content = self._content(response, told, texts, cost)
        if content is None and not are_texts(texts):
            return Refused("no_image", "OpenAI answered without an image.", cost, call)
        cost = self._price(told.get("usage"), request, made=True)
        if content is None:
            return Refused("bad_answer", "OpenAI's image is not valid base64.", cost, call)
        if isinstance(content, bytes | Address):
            return self._made(content, cost, call, revised_prompt=_revised_prompt(entries))
        return content

    def _refusal(self, response: HttpResponse) -> Refused | Throttled | OutcomeUnknown:
        """Return what an error response means."""
        return refusal(response)

    def _price(self, usage: object, request: ProviderRequest, *, made: bool) -> Cost:
        """Return the price of the tokens; UNKNOWN for an image whose tokens do not add up."""
        card, sources = self._card.models.get(request.model), bool(request.sources)
        return price_of_tokens(card, read_tokens(usage), made=made, sources=sources)


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
    images = [source for source in sources if source.role != "mask"]
    field = "image" if len(images) == 1 else "image[]"
    parts = [
        FormFile(
            field,
            f"source-{number}.{source.media_type.removeprefix('image/')}",
            source.data,
            source.media_type,
        )
        for number, source in enumerate(images, 1)
    ]
    parts += [
        FormFile("mask", "mask.png", transparent_where_white(source.data), "image/png")
        for source in sources
        if source.role == "mask"
    ]
    return parts


def _revised_prompt(entries: Iterable[Mapping[str, object]]) -> str | None:
    """Return the prompt that the service used instead, None where it names none."""
    prompts = (entry.get("revised_prompt") for entry in entries)
    prompt = next((prompt for prompt in prompts if isinstance(prompt, str)), None)
    # A half of a surrogate pair could not be stored beside the image.
    return None if prompt is None else prompt.encode("utf-8", "replace").decode()
