"""Requests to WaveSpeed, and the adapter that sends them."""

from dataclasses import replace

import httpx

from studio.adapters.web.guarded_http import GuardedClient
from studio.domain.catalogue.catalogue import provider_card
from studio.domain.provider_calls.model import Credentials, Pending, ProviderRequest
from studio.domain.provider_calls.source_file import SourceFile
from studio.money import Cost
from studio.providers.wavespeed.adapter import WaveSpeedProvider
from tests.support.imaging.masks import mask
from tests.support.imaging.media import a_wav
from tests.support.stand_ins.pictures import png
from tests.support.stand_ins.wavespeed import WaveSpeedStandIn

KEY = "ws-planted-0123456789"
CARD = provider_card("wavespeed")
ID = "5f0c4c9e-6a0c-4a63-9a5e-3b1f4f3c0a11"
# The lowest 31 bits of the id.
OWN_SEED = 0x4F3C0A11
VERSION = "wavespeed-2026-11-20"

LAMP = SourceFile(png(300, 320, "lamp"), "image/png", 300, 320)
MASK = mask(300, 320, (100, 100, 200, 200))
VOICE = SourceFile(a_wav(7), "audio/wav", 0, 0, "audio")

WORDS = ProviderRequest(ID, "wavespeed-ai/flux-dev", "a red house by the sea", 512, 256)
QWEN = replace(WORDS, model="wavespeed-ai/qwen-image/text-to-image")
IDEOGRAM = replace(WORDS, model="ideogram-ai/ideogram-v3-turbo", width=1312, height=736)
EDIT = replace(WORDS, operation="edit.general", sources=(LAMP,))
INPAINT = replace(WORDS, operation="edit.inpaint", sources=(LAMP, MASK))
IDEOGRAM_INPAINT = replace(INPAINT, model="ideogram-ai/ideogram-v3-quality", width=864, height=1152)
VIDEO = replace(
    WORDS,
    model="alibaba/wan-2.5/image-to-video",
    operation="transform.image_to_video",
    sources=(LAMP,),
)
AVATAR = replace(
    WORDS,
    model="wavespeed-ai/hunyuan-avatar",
    operation="transform.avatar",
    prompt="",
    sources=(LAMP, VOICE),
)
FLUX_PRICE = Cost(12_000, "priced", VERSION)


def adapter(server: WaveSpeedStandIn, client: httpx.Client) -> WaveSpeedProvider:
    """Return an adapter that may get results from the stand-in by both of its names."""
    fetcher = GuardedClient(trusted_hosts=frozenset({"127.0.0.1", "localhost"}))
    return WaveSpeedProvider(Credentials(KEY, server.base_url), CARD, client, lambda: fetcher)


def begun(provider: WaveSpeedProvider, wanted: ProviderRequest) -> str:
    """Send a request and return its handle."""
    answer = provider.submit(wanted)
    assert isinstance(answer, Pending), answer
    assert answer.wait_seconds == 2
    return answer.handle
