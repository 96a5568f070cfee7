"""Requests to the models behind Hugging Face's router, and the adapter that sends them."""

from dataclasses import replace

import httpx

from studio.adapters.web.guarded_http import GuardedClient
from studio.domain.catalogue.catalogue import provider_card
from studio.domain.provider_calls.model import Credentials, ProviderRequest
from studio.domain.provider_calls.source_file import SourceFile
from studio.providers.huggingface.adapter import HuggingFaceProvider
from tests.support.stand_ins.huggingface import HuggingFaceStandIn
from tests.support.stand_ins.pictures import png

KEY = "hf_planted0123456789"
CARD = provider_card("huggingface")
LAMP = SourceFile(png(40, 30, "lamp"), "image/png", 40, 30)

WORDS = ProviderRequest(
    "5f0c4c9e-6a0c-4a63-9a5e-3b1f4f3c0a11",
    "fal-ai/black-forest-labs/FLUX.1-schnell",
    "a red house by the sea",
    256,
    320,
)
EDIT = replace(
    WORDS,
    model="fal-ai/black-forest-labs/FLUX.1-Kontext-dev",
    operation="edit.general",
    sources=(LAMP,),
)


def words(dialect: str) -> ProviderRequest:
    """Return a request for a picture from words, sent to a provider."""
    return replace(WORDS, model=f"{dialect}/black-forest-labs/FLUX.1-schnell")


def edit(dialect: str) -> ProviderRequest:
    """Return a request for an edited picture, sent to a provider."""
    return replace(EDIT, model=f"{dialect}/black-forest-labs/FLUX.1-Kontext-dev")


def adapter(
    server: HuggingFaceStandIn, client: httpx.Client, *, trusted: tuple[str, ...] = ("localhost",)
) -> HuggingFaceProvider:
    """Return the adapter for the stand-in's account, results being fetched as in the cloud."""
    fetcher = GuardedClient(trusted_hosts=frozenset(trusted))
    return HuggingFaceProvider(Credentials(KEY, server.base_url), CARD, client, lambda: fetcher)
