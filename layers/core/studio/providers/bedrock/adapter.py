"""Adapter of Amazon Bedrock with Stability AI's models: one signed POST returns base64.

There is no key: the function's own role signs the requests. A lost response cannot be read again.
There is no idempotency key, so a repeated request is paid twice. Contract: botocore 1.44.5,
service model of bedrock-runtime, and the user guide's pages on the models.
"""

import json
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import quote

import httpx
from botocore.credentials import ReadOnlyCredentials
from botocore.exceptions import BotoCoreError

from studio.domain.catalogue.catalogue import ProviderCard
from studio.domain.provider_calls.model import (
    Credentials,
    OutcomeUnknown,
    ProviderOutcome,
    ProviderRequest,
    Refused,
    Throttled,
)
from studio.money import UNKNOWN, Cost
from studio.providers.bedrock.bodies import body_of
from studio.providers.bedrock.errors import SENTENCES, classify, error_type
from studio.providers.bedrock.signing import role_keys, signed_headers
from studio.providers.shared.base import SyncProvider
from studio.providers.shared.http import HttpResponse, SendResult, send
from studio.providers.shared.identifiers import identifier
from studio.providers.shared.images import Address, are_texts, image_in_body
from studio.providers.shared.json_body import parse_json
from studio.providers.shared.result_files import FetcherFactory
from studio.providers.shared.stability_facts import refused_by

# Reasons of the service's filter, and the part of the request that each is about.
_FILTERS = {
    "Filter reason: prompt": "prompt",
    "Filter reason: input image": "input image",
    "Filter reason: output image": "result",
}


class BedrockProvider(SyncProvider):
    """Adapter of the runtime API for the AWS account that this process runs in.

    Args:
        credentials: Base URL, None for the public one; the key is not used.
        card: The catalogue's facts about the service.
        client: HTTP client to send with.
        fetcher: Makes the client that fetches results from URLs.
        region: AWS region of the service.
        keys: Returns the keys to sign with, or None if there are none. It raises BotoCoreError
            if the keys cannot be read.
    """

    vendor = "Amazon Bedrock"

    def __init__(
        self,
        credentials: Credentials,
        card: ProviderCard,
        client: httpx.Client,
        fetcher: FetcherFactory,
        region: str,
        keys: Callable[[], ReadOnlyCredentials | None] = role_keys,
    ) -> None:
        regional = replace(card, base_url=str(card.base_url).format(region=region))
        super().__init__(credentials, regional, client, fetcher)
        self._region = region
        self._keys = keys

    def submit(self, request: ProviderRequest) -> ProviderOutcome:
        """Return one PNG, Pending if the service sends its URL, or why there is none."""
        response = self._invoke(request)
        if not isinstance(response, HttpResponse):
            return response
        if response.redirects:
            return self._redirected(response)
        return self._answer(response, request) if response.ok else self._refusal(response)

    def _invoke(self, request: ProviderRequest) -> SendResult:
        try:
            keys = self._keys()
        except BotoCoreError:
            return Throttled("transient", "The keys of the function's role could not be read.")
        if keys is None:
            return Refused("auth", "The function has no AWS role to sign with.")
        # The HTTP client would leave the colon of the id as it is.
        url = f"{self._base_url}/model/{quote(request.model, safe='')}/invoke"
        if not _is_address(url):
            return Refused("validation", "The base URL stored for Amazon Bedrock is not usable.")
        body = json.dumps(body_of(request)).encode()
        return send(
            self._client,
            "POST",
            url,
            signed_headers(url, body, keys, self._region),
            # The session token is the only secret in the request; error responses quote it.
            secret=keys.token or "",
            read_timeout=self._card.read_timeout_seconds,
            content={"content": body},
        )

    def _answer(self, response: HttpResponse, request: ProviderRequest) -> ProviderOutcome:
        """Return the image of a success, which is paid, or why there is none."""
        document, call_id = parse_json(response.body), response.request_id
        if document is None and image_in_body(response.body) is None:
            return Refused("bad_answer", SENTENCES["bad_answer"], UNKNOWN, call_id)
        told = document or {}
        filtered = _filtered(_first(told.get("finish_reasons")), call_id)
        if filtered is not None:
            return filtered
        images = told.get("images")
        texts = images if isinstance(images, list) else []
        content = self._content(response, told, texts)
        if isinstance(content, bytes | Address):
            seed = _first(told.get("seeds"))
            seed = seed if type(seed) is int else None
            return self._made(content, self._price(request), call_id, seed)
        if content is not None:
            return content
        return self._without_image(response, texts, request)

    def _without_image(
        self, response: HttpResponse, texts: list[object], request: ProviderRequest
    ) -> ProviderOutcome:
        """Return why a success has no image that can be read."""
        if error_type(response.headers.get("x-amzn-errortype")):
            return self._refusal(response)
        if are_texts(texts):
            message = "Amazon Bedrock's image is not valid base64."
            return Refused("bad_answer", message, self._price(request), response.request_id)
        return Refused("no_image", f"{SENTENCES['no_image']}.", UNKNOWN, response.request_id)

    def _refusal(self, response: HttpResponse) -> Refused | Throttled | OutcomeUnknown:
        """Return what an error response means."""
        document = parse_json(response.body) or {}
        name = error_type(response.headers.get("x-amzn-errortype"))
        kind = classify(name, response.status, document.get("message"))
        if kind == "lost":
            return OutcomeUnknown(SENTENCES["lost"])
        words = identifier(name) or f"HTTP {response.status}"
        message = f"{SENTENCES[kind].removesuffix('.')} ({words})."
        if kind in ("rate_limit", "transient"):
            return Throttled(kind, message, response.retry_after)
        return Refused(kind, message, None, response.request_id)

    def _price(self, request: ProviderRequest) -> Cost:
        card = self._card.models[request.model]
        return card.prices.of_call(request.width, request.height, request.options)


def _is_address(url: str) -> bool:
    """Return whether the URL has a host to sign for."""
    try:
        return bool(httpx.URL(url).host)
    except (httpx.InvalidURL, UnicodeError):
        return False


def _filtered(reason: object, call_id: str | None) -> Refused | None:
    """Return the refusal that a finish reason states, None if it states none.

    The vendor does not publish whether a filtered call is charged. A failed one made no image.
    """
    kind = refused_by(reason)
    if kind == "moderation":
        named = _FILTERS.get(str(reason))
        message = SENTENCES["moderation"] + (f" ({named})." if named else ".")
        return Refused("moderation", message, UNKNOWN, call_id)
    if reason == "Inference error":
        return Refused("no_image", f"{SENTENCES['no_image']} (Inference error).", None, call_id)
    return Refused("no_image", f"{SENTENCES['no_image']}.", UNKNOWN, call_id) if kind else None


def _first(values: object) -> object:
    """Return the first value of a list, None if there is none; a call makes one image."""
    return values[0] if isinstance(values, list) and values else None
