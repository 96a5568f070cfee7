"""What the catalogue says a model takes changes what is sent or drawn: nothing is ignored."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from io import BytesIO

import httpx
import pytest
from botocore.credentials import ReadOnlyCredentials
from PIL import Image, ImageDraw

from studio.adapters.web.guarded_http import GuardedClient
from studio.domain.catalogue.catalogue import ModelCard, provider_card
from studio.domain.catalogue.entries import provider_ids
from studio.domain.catalogue.limits import OptionLimits
from studio.domain.operations.model import Option
from studio.domain.operations.table import operation_of
from studio.domain.operations.values import OptionValue
from studio.domain.provider_calls.model import Credentials, ProviderRequest
from studio.domain.provider_calls.source_file import SourceFile
from studio.ports.provider import Provider
from studio.providers.bedrock.adapter import BedrockProvider
from studio.providers.builtin.adapter import BuiltinProvider
from studio.providers.gemini.adapter import GeminiProvider
from studio.providers.huggingface.adapter import HuggingFaceProvider
from studio.providers.openai.adapter import OpenAIProvider
from studio.providers.runware.adapter import RunwareProvider
from studio.providers.stability.adapter import StabilityProvider
from studio.providers.wavespeed.adapter import WaveSpeedProvider
from tests.support.fakes.web import FakeWeb

# Every line is covered by other tests, and tracing doubles the time of the built-in operations.
pytestmark = pytest.mark.untraced

SIDE = 320
KEYS = ReadOnlyCredentials("AKIDEXAMPLE", "not-a-real-one", None)
# What the built-in edits understand; any other model takes any words.
WORDS = {
    "edit.search_recolor": "blue",
    "edit.general": "brighter",
    "edit.replace_background_relight": "a green wall",
}
# Inputs that only mean something beside another.
BESIDE = {"light_strength": {"light_direction": "left"}}
TEXTS: list[OptionValue] = ["red", "a yellow lamp"]


def _png(picture: Image.Image) -> bytes:
    buffer = BytesIO()
    picture.save(buffer, "PNG")
    return buffer.getvalue()


def _files() -> dict[str, SourceFile]:
    ball = Image.new("RGB", (SIDE, SIDE), (245, 245, 240))
    ImageDraw.Draw(ball).ellipse((90, 90, 230, 230), fill=(200, 40, 40))
    mask = Image.new("L", (SIDE, SIDE), 0)
    mask.paste(255, (120, 120, 160, 160))
    slope = _png(Image.linear_gradient("L").resize((SIDE, SIDE)).convert("RGB"))
    return {
        "image": SourceFile(_png(ball), "image/png", SIDE, SIDE),
        "mask": SourceFile(_png(mask), "image/png", SIDE, SIDE, "mask"),
        "style_image": SourceFile(slope, "image/png", SIDE, SIDE, "style_image"),
        "background": SourceFile(slope, "image/png", SIDE, SIDE, "background"),
        "lighting": SourceFile(slope, "image/png", SIDE, SIDE, "lighting"),
        "audio": SourceFile(b"RIFF....WAVE", "audio/wav", 0, 0, "audio"),
    }


FILES = _files()


@dataclass
class Recorder:
    """Answers with a refusal, and keeps what it was asked."""

    asked: list[bytes] = field(default_factory=list)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        where = str(request.url)
        if where.endswith("/media/uploads"):
            name = "https://files.example/" + request.content.decode()[:40].split('"')[3]
            upload = {"method": "PUT", "url": name, "headers": {}}
            data = {"download_url": name, "upload": upload}
            return httpx.Response(200, json={"code": 200, "data": data})
        if request.method == "POST":
            kind = request.headers["content-type"].encode()
            boundary = kind.partition(b"boundary=")[2]
            body = request.content.replace(boundary, b"") if boundary else request.content
            self.asked.append(where.encode() + body)
        return httpx.Response(200 if request.method == "PUT" else 400, json={})


def _adapter(provider: str, client: httpx.Client) -> Provider:
    card, account = provider_card(provider), Credentials("key")
    adapters: dict[str, Callable[[], Provider]] = {
        "bedrock": lambda: BedrockProvider(
            account, card, client, GuardedClient, "us-west-2", lambda: KEYS
        ),
        "builtin": lambda: BuiltinProvider(card),
        "gemini": lambda: GeminiProvider(account, card, client, GuardedClient),
        "huggingface": lambda: HuggingFaceProvider(account, card, client, FakeWeb),
        "openai": lambda: OpenAIProvider(account, card, client, GuardedClient),
        "runware": lambda: RunwareProvider(account, card, client, GuardedClient),
        "stability": lambda: StabilityProvider(account, card, client, GuardedClient),
        "wavespeed": lambda: WaveSpeedProvider(account, card, client, FakeWeb),
    }
    return adapters[provider]()


def _least(model: ModelCard, operation_id: str) -> ProviderRequest:
    """The least that a request of an operation has to say."""
    operation = operation_of(operation_id)
    width, height = model.request_size(1024, 1024)
    options = {name: TEXTS[0] for name, option in operation.options.items() if option.required}
    if operation_id == "edit.outpaint":
        options["left"] = 64
    return ProviderRequest(
        request_id="5f0c4c9e-6a0c-4a63-9a5e-3b1f4f3c0a11",
        model=model.id,
        prompt=WORDS.get(operation_id, "a hat") if operation.prompt else "",
        width=width,
        height=height,
        quality=model.quality_word("standard"),
        sources=tuple(FILES[role] for role, need in operation.files.items() if need == "required"),
        operation=operation_id,
        options=options,
    )


def _two_values(option: Option, limits: OptionLimits) -> list[OptionValue]:
    """Values of an input that are far from each other."""
    choices = limits.choices or option.choices
    if choices:
        return [choices[0], choices[-1]]
    if option.type == "flag":
        return [True, False]
    if option.type == "text":
        return TEXTS
    low, high = limits.min or option.min, limits.max or option.max
    if option.type == "integer":
        return [int(str(low)), min(int(str(high)), 2 * int(str(low)) + 300)]
    return [str(low), str(high)]


def _claims(
    model: ModelCard, least: ProviderRequest
) -> Iterator[tuple[str, list[ProviderRequest]]]:
    """Each thing that a model is said to take, with requests that differ in nothing else."""
    operation = operation_of(least.operation)
    for name, option in operation.options.items():
        limits = model.limits_of(name, operation.id)
        if limits is None:
            continue
        given = {**least.options, **BESIDE.get(name, {})}
        values = _two_values(option, limits)
        yield name, [replace(least, options={**given, name: value}) for value in values]
    support = model.parameters
    if support.negative_prompt:
        yield "negative_prompt", [least, replace(least, negative_prompt="rain")]
    for role in model.sources.roles:
        if role in operation.files and FILES[role] not in least.sources and model.sources.max:
            yield role, [least, replace(least, sources=(*least.sources, FILES[role]))]
    if support.steps:
        yield "steps", [least, replace(least, steps=support.steps.min)]
    if support.guidance:
        yield "guidance", [least, replace(least, guidance=str(support.guidance.min))]
    if support.strength and model.sources.max:
        least = replace(least, sources=least.sources or (FILES["image"],))
        yield "strength", [replace(least, strength=strength) for strength in ("0.1", "0.9")]


@pytest.mark.parametrize("provider", provider_ids())
def test_nothing_that_a_model_is_said_to_take_is_ignored(provider: str) -> None:
    recorder = Recorder()
    ignored, checked = [], 0
    with httpx.Client(transport=httpx.MockTransport(recorder)) as client:
        adapter = _adapter(provider, client)
        for model in provider_card(provider).models.values():
            for operation in model.operations:
                for name, requests in _claims(model, _least(model, operation)):
                    results = []
                    for request in requests:
                        answer = adapter.submit(request)
                        results.append(recorder.asked.pop() if recorder.asked else repr(answer))
                    checked += 1
                    if results[0] == results[1]:
                        ignored.append(f"{model.id} {operation} {name}")
    assert checked > 5
    assert ignored == []
