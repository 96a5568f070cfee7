"""Adapters: a paid call with an image of 1 MB compared with a bare round trip of the same bytes.

The call builds the request, reads the answer, hashes the image and stores it in memory. The bare
round trip sends the same request over the same client and reads the same answer. The excess over 1
is the adapter's own work.
"""

import base64
import json
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
from botocore.credentials import ReadOnlyCredentials

from benchmarks.measure import Figure, ratio, seconds
from studio.adapters.web.guarded_http import GuardedClient
from studio.domain.catalogue.catalogue import provider_card
from studio.domain.catalogue.orderable import default_model
from studio.domain.jobs.staged_result import StagedResult
from studio.domain.provider_calls.model import Credentials, Generated, ProviderRequest
from studio.ports.provider import Provider
from studio.providers.bedrock.adapter import BedrockProvider
from studio.providers.gemini.adapter import GeminiProvider
from studio.providers.openai.adapter import OpenAIProvider
from studio.providers.runware.adapter import RunwareProvider
from studio.providers.stability.adapter import StabilityProvider
from tests.support.fakes.edges import FakeBlobStore

ROUNDS = 61
PICTURE = os.urandom(1_000_000)
_BASE64 = base64.b64encode(PICTURE).decode()
_ID = "7a1f3c5e-0000-4000-8000-000000000001"

_ANSWERS: dict[str, tuple[str, bytes]] = {
    "openai": (
        "application/json",
        json.dumps({"data": [{"b64_json": _BASE64}], "usage": {}}).encode(),
    ),
    "gemini": (
        "application/json",
        json.dumps(
            {
                "candidates": [
                    {
                        "content": {
                            "parts": [{"inlineData": {"mimeType": "image/png", "data": _BASE64}}]
                        },
                        "finishReason": "STOP",
                    }
                ]
            }
        ).encode(),
    ),
    "runware": (
        "application/json",
        json.dumps({"data": [{"taskUUID": _ID, "imageBase64Data": _BASE64, "cost": 0.1}]}).encode(),
    ),
    "bedrock": (
        "application/json",
        json.dumps({"images": [_BASE64], "seeds": [1], "finish_reasons": [None]}).encode(),
    ),
    "stability": ("image/png", PICTURE),
}


def measure() -> list[Figure]:
    """Measure each adapter whose answer carries the image."""
    return [_figure(provider) for provider in _ANSWERS]


def _figure(provider: str) -> Figure:
    media_type, answer = _ANSWERS[provider]
    with _server(media_type, answer) as (url, sent), httpx.Client(trust_env=False) as client:
        adapter, store = _adapter(provider, url, client), FakeBlobStore()
        card = provider_card(provider)
        request = ProviderRequest(
            _ID, str(default_model(card, "generate", "standard")), "a house", 1024, 1024
        )

        def call() -> float:
            store.blobs.clear()
            return seconds(lambda: _call(adapter, request, store))

        def bare() -> float:
            path, headers, body = sent[-1]
            return seconds(lambda: client.post(url + path, content=body, headers=headers).content)

        call()
        measured = ratio(ROUNDS, call, bare)
    return Figure(
        goal="adapters",
        what=f"a call of {provider} with an image of 1 MB / a bare round trip of its bytes",
        value=measured.median,
        note=measured.spread,
    )


def _call(adapter: Provider, request: ProviderRequest, store: FakeBlobStore) -> None:
    answer = adapter.submit(request)
    if not isinstance(answer, Generated):
        raise TypeError(f"the adapter could not read the answer: {answer}")
    digest = sha256(answer.data).hexdigest()
    store.put_if_absent(f"staging/{digest}", answer.data, StagedResult.of(answer).to_metadata())


def _adapter(provider: str, url: str, client: httpx.Client) -> Provider:
    account, card = Credentials("sk-benchmark", url), provider_card(provider)
    match provider:
        case "openai":
            return OpenAIProvider(account, card, client, GuardedClient)
        case "gemini":
            return GeminiProvider(account, card, client, GuardedClient)
        case "runware":
            return RunwareProvider(account, card, client, GuardedClient)
        case "stability":
            return StabilityProvider(account, card, client, GuardedClient)
    role = ReadOnlyCredentials("AKIDBENCHMARK", "secret", None)
    return BedrockProvider(account, card, client, GuardedClient, "us-west-2", lambda: role)


Sent = tuple[str, dict[str, str], bytes]


@contextmanager
def _server(media_type: str, answer: bytes) -> Iterator[tuple[str, list[Sent]]]:
    """Run a server with one answer; yield its address and the requests it receives."""
    sent: list[Sent] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            sent[:] = [(self.path, {"content-type": self.headers["content-type"]}, body)]
            self.send_response(200)
            self.send_header("content-type", media_type)
            self.send_header("finish-reason", "SUCCESS")
            self.send_header("content-length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *args: object) -> None:
            """Stay silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", sent
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
