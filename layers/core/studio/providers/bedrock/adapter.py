"""Amazon Bedrock with the models of Stability AI: one signed POST, answered with base64.

There is no key: requests are signed with the function's own role. A lost answer cannot be asked
for again, and there is no idempotency key: a repeat pays twice. Contract: botocore 1.44.5,
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
    Generated,
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
from studio.providers.shared.base64_data import decode_base64
from studio.providers.shared.http import HttpResponse, SendResult, send
from studio.providers.shared.identifiers import identifier
from studio.providers.shared.json_body import parse_json

# Reasons for which the service keeps a picture back, and what they speak of.
_FILTERS = {
    "Filter reason: prompt": "prompt",
    "Filter reason: input image": "input image",
    "Filter reason: output image": "result",
}


class BedrockProvider(SyncProvider):
    """The runtime API for the account that this process runs in.

    Args:
        credentials: Where the API is, if not at the public address; there is no key.
        card: What is known of the service.
        client: Client to send with.
        region: AWS region to ask.
        keys: Returns the keys to sign with, None if there are none; BotoCoreError if they could
            not be read.
    """

    vendor = "Amazon Bedrock"

    def __init__(
        self,
        credentials: Credentials,
        card: ProviderCard,
        client: httpx.Client,
        region: str,
        keys: Callable[[], ReadOnlyCredentials | None] = role_keys,
    ) -> None:
        regional = replace(card, base_url=str(card.base_url).format(region=region))
        super().__init__(credentials, regional, client)
        self._region = region
        self._keys = keys

    def submit(self, request: ProviderRequest) -> ProviderOutcome:
        """Ask for one PNG and wait for it."""
        answer = self._invoke(request)
        if not isinstance(answer, HttpResponse):
            return answer
        if answer.status < 400:
            return self._picture(answer, request)
        return _refusal(answer)

    def _invoke(self, request: ProviderRequest) -> SendResult:
        try:
            keys = self._keys()
        except BotoCoreError:
            return Throttled("transient", "The keys of the function's role could not be read.")
        if keys is None:
            return Refused("auth", "The function has no AWS role to sign with.")
        # The id is encoded here: its colon would go out as it is.
        url = f"{self._base_url}/model/{quote(request.model, safe='')}/invoke"
        if not _is_address(url):
            return Refused("validation", "The base URL stored for Amazon Bedrock is not usable.")
        body = json.dumps(body_of(request)).encode()
        return send(
            self._client,
            "POST",
            url,
            signed_headers(url, body, keys, self._region),
            # Of what is sent only the session's token is a secret; refusals quote it.
            secret=keys.token or "",
            read_timeout=self._card.read_timeout_seconds,
            content={"content": body},
        )

    def _picture(self, answer: HttpResponse, request: ProviderRequest) -> Generated | Refused:
        """Read an answer that is no refusal, so the call may be paid whatever is in it."""
        document, call_id = parse_json(answer.body), _call_id(answer)
        if document is None or not answer.ok:
            return Refused("bad_answer", SENTENCES["bad_answer"], UNKNOWN, call_id)
        kept_back = _kept_back(_first(document.get("finish_reasons")), call_id)
        if kept_back is not None:
            return kept_back
        image = _first(document.get("images"))
        if not isinstance(image, str) or not image:
            return Refused("no_image", f"{SENTENCES['no_image']}.", UNKNOWN, call_id)
        cost = self._price(request)
        data = decode_base64(image)
        if data is None:
            message = "Amazon Bedrock's picture is not valid base64."
            return Refused("bad_answer", message, cost, call_id)
        seed = _first(document.get("seeds"))
        return Generated(data, cost, call_id, seed=seed if type(seed) is int else None)

    def _price(self, request: ProviderRequest) -> Cost:
        card = self._card.models[request.model]
        return card.prices.of_call(request.width, request.height, request.options)


def _is_address(url: str) -> bool:
    """Tell whether there is a host to sign for."""
    try:
        return bool(httpx.URL(url).host)
    except httpx.InvalidURL:
        return False


def _kept_back(reason: object, call_id: str | None) -> Refused | None:
    """Read why there is no picture, None where nothing was wrong.

    Whether such a call is charged is not published.
    """
    if reason is None:
        return None
    if isinstance(reason, str) and reason.startswith("Filter"):
        named = _FILTERS.get(reason)
        message = SENTENCES["moderation"] + (f" ({named})." if named else ".")
        return Refused("moderation", message, UNKNOWN, call_id)
    said = " (Inference error)." if reason == "Inference error" else "."
    return Refused("no_image", SENTENCES["no_image"] + said, UNKNOWN, call_id)


def _first(values: object) -> object:
    """Return the first value of a list, None where there is none: calls make one picture."""
    return values[0] if isinstance(values, list) and values else None


def _call_id(answer: HttpResponse) -> str | None:
    return identifier(answer.headers.get("x-amzn-requestid"))


def _refusal(answer: HttpResponse) -> Refused | Throttled | OutcomeUnknown:
    """Read an answer with the status of an error."""
    document = parse_json(answer.body) or {}
    name = error_type(answer.headers.get("x-amzn-errortype"))
    kind = classify(name, answer.status, document.get("message"))
    if kind == "lost":
        return OutcomeUnknown(SENTENCES["lost"])
    said = f"{SENTENCES[kind].removesuffix('.')} ({identifier(name) or f'HTTP {answer.status}'})."
    if kind == "rate_limit":
        return Throttled("rate_limit", said, answer.retry_after)
    if kind == "transient":
        return Throttled("transient", said, answer.retry_after)
    return Refused(kind, said, None, _call_id(answer))
