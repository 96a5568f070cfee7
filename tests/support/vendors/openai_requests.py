"""Requests to OpenAI: from text alone, and from an image."""

from dataclasses import replace

from studio.domain.provider_calls.model import ProviderRequest
from studio.domain.provider_calls.source_file import SourceFile
from tests.support.stand_ins.pictures import png

KEY = "sk-planted-0123456789"
REQUEST = ProviderRequest(
    request_id="5f0c4c9e-6a0c-4a63-9a5e-3b1f4f3c0a11",
    model="gpt-image-2",
    prompt="a red house by the sea",
    width=1024,
    height=1024,
    quality="low",
)
LAMP = SourceFile(png(40, 30, "lamp"), "image/png", 40, 30)
EDIT = replace(REQUEST, sources=(LAMP,))
