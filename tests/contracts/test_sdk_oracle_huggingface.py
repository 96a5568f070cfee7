"""Our requests to Hugging Face's router compared with those of the vendor's own SDK.

The SDK is huggingface_hub 1.16.1: 2.4.0, which the contract was read from, needs a newer click
than the SAM CLI takes. It has no base URL for routed providers, so its constants are changed.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from io import BytesIO
from typing import Any

import httpx
import pytest
from huggingface_hub import ImageToImageTargetSize, InferenceClient, constants
from huggingface_hub.errors import HfHubHTTPError
from huggingface_hub.hf_api import InferenceProviderMapping
from huggingface_hub.inference._providers import PROVIDERS, _common, hf_inference
from PIL import Image

from studio.domain.provider_calls.model import (
    Generated,
    Pending,
    ProviderRequest,
    Refused,
    Throttled,
)
from studio.providers.huggingface.calls import data_uri
from tests.support.stand_ins.huggingface import HuggingFaceStandIn
from tests.support.stand_ins.huggingface_fields import QUEUE
from tests.support.stand_ins.server import Recorded, Reply
from tests.support.vendors.huggingface_requests import CARD, KEY, LAMP, adapter, edit, words

COMPARED_HEADERS = ("authorization", "accept", "content-type", "prefer", "x-hf-bill-to")
IMAGE, JSON = "image/png", "application/json"
ROUTED = ("fal-ai", "together", "replicate")

# What may differ, and why. The SDK asks for a PNG also where JSON comes; we say what we read.
AGREED_HEADERS: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "hf-inference": {},
    **{dialect: {"accept": (JSON, IMAGE)} for dialect in ROUTED},
}
# Fields of an edit that only the SDK sends: it cannot know which one a model reads, and gives the
# picture under every name; our catalogue names the one.
ONLY_THEIRS = {
    "fal-ai": {"image_urls"},
    "together": set[str](),
    "replicate": {"image", "images", "input_images"},
    "hf-inference": set[str](),
}


class _Recording(HuggingFaceStandIn):
    """Answers the SDK's questions to the queue, which it asks without the provider's prefix.

    It adds the prefix on the router's own host only; so that is what it would send there.
    """

    def answer(self, request: Recorded) -> Reply:
        bare = request.method == "GET" and request.path.startswith("/fal-ai/flux-kontext/")
        path = f"/fal-ai{request.path}" if bare else request.path
        return super().answer(replace(request, path=path))


@pytest.fixture
def routed(monkeypatch: pytest.MonkeyPatch) -> Callable[[HuggingFaceStandIn, ProviderRequest], str]:
    """Point the SDK at a stand-in; returns the id of the hub for a model."""

    def point(server: HuggingFaceStandIn, wanted: ProviderRequest) -> str:
        route = CARD.models[wanted.model].route
        dialect, task = route["dialect"], "image-to-image" if wanted.images else "text-to-image"
        hub = wanted.model.removeprefix(f"{dialect}/")
        monkeypatch.setattr(constants, "INFERENCE_PROXY_TEMPLATE", server.base_url + "/{provider}")
        if dialect == "hf-inference":
            helper = PROVIDERS["hf-inference"][task]
            monkeypatch.setattr(helper, "base_url", f"{server.base_url}/hf-inference")
            monkeypatch.setattr(hf_inference, "_check_supported_task", lambda *_: None)
        mapping = InferenceProviderMapping(  # type: ignore[no-untyped-call]
            provider=dialect, hf_model_id=hub, providerId=route["id"], status="live", task=task
        )
        known = _common.HARDCODED_MODEL_INFERENCE_MAPPING
        monkeypatch.setitem(known, dialect, {hub: mapping})
        return hub

    return point


def _sdk(wanted: ProviderRequest, hub: str) -> Image.Image:
    """Say the same in the words of the SDK."""
    dialect: Any = CARD.models[wanted.model].route["dialect"]
    client = InferenceClient(provider=dialect, api_key=KEY, timeout=20)
    said: dict[str, Any] = {
        "model": hub,
        "negative_prompt": wanted.negative_prompt,
        "num_inference_steps": wanted.steps,
        "guidance_scale": None if wanted.guidance is None else float(wanted.guidance),
    }
    if wanted.seed is not None:
        said["seed"] = wanted.seed
    sides = {"width": wanted.width, "height": wanted.height}
    if not wanted.images:
        return client.text_to_image(wanted.prompt, **(said | sides))
    if dialect == "hf-inference":
        said["target_size"] = ImageToImageTargetSize(width=wanted.width, height=wanted.height)
        return client.image_to_image(LAMP.data, prompt=wanted.prompt, **said)
    if dialect == "together":
        # The SDK has no argument for a size that Together reads: these go through as they are.
        said |= sides
    # Of mere bytes the SDK says that they are a JPEG; a data URI it sends as it is.
    return client.image_to_image(data_uri(LAMP), prompt=wanted.prompt, **said)


def _headers(request: Recorded) -> dict[str, str | None]:
    return {name: request.headers.get(name) for name in COMPARED_HEADERS}


def _body(request: Recorded, without: set[str]) -> Any:
    """Return a decoded body less some fields, which lie flat or under ``input``."""
    document = request.json()
    flat = document.get("input", document)
    for name in without & set(flat):
        del flat[name]
    return document


def _tuned(wanted: ProviderRequest) -> ProviderRequest:
    return replace(wanted, negative_prompt="rain", steps=4, guidance="3.5", seed=7)


@pytest.mark.parametrize(
    "wanted",
    [
        *[_tuned(words(dialect)) for dialect in AGREED_HEADERS],
        *[_tuned(edit(dialect)) for dialect in ROUTED],
        # Its own machines take no seed for an edit.
        replace(_tuned(edit("hf-inference")), seed=None),
    ],
    ids=lambda wanted: f"{wanted.operation}-{wanted.model.partition('/')[0]}",
)
def test_the_same_request(
    wanted: ProviderRequest, routed: Callable[[HuggingFaceStandIn, ProviderRequest], str]
) -> None:
    dialect = wanted.model.partition("/")[0]
    with _Recording(KEY) as server, httpx.Client(trust_env=False) as client:
        provider = adapter(server, client)
        mine = provider.submit(wanted)
        if isinstance(mine, Pending):
            mine = provider.poll(mine.handle)
        ours = [it for it in server.requests if not it.path.startswith("/files/")]
        server.requests.clear()
        picture = _sdk(wanted, routed(server, wanted))
        theirs = [it for it in server.requests if not it.path.startswith("/files/")]

    post, official = ours[0], theirs[0]
    differing = {
        name: (said, _headers(official)[name])
        for name, said in _headers(post).items()
        if said != _headers(official)[name]
    }
    assert differing == AGREED_HEADERS[dialect]
    assert (post.method, post.path) == (official.method, official.path)
    extra = ONLY_THEIRS[dialect] if wanted.images else set()
    assert extra <= set(official.json().get("input", official.json()))
    assert _body(post, set()) == _body(official, extra)
    assert isinstance(mine, Generated)
    with Image.open(BytesIO(mine.data)) as image:
        assert (image.size, image.tobytes()) == (picture.size, picture.tobytes())


def test_the_same_questions_to_the_queue(
    routed: Callable[[HuggingFaceStandIn, ProviderRequest], str],
) -> None:
    wanted = edit("fal-ai")
    with _Recording(KEY) as server, httpx.Client(trust_env=False) as client:
        provider = adapter(server, client)
        taken = provider.submit(wanted)
        assert isinstance(taken, Pending)
        provider.poll(taken.handle)
        ours = [it.path for it in server.requests if it.method == "GET"]
        mine = server.paid[0].request_id
        server.requests.clear()
        _sdk(wanted, routed(server, wanted))
        theirs = [it.path for it in server.requests if it.method == "GET"]
        other = server.paid[1].request_id

    assert [path.replace(mine, "ID") for path in ours[:2]] == [
        f"/fal-ai{path.replace(other, 'ID')}" for path in theirs[:2]
    ]
    assert ours[0].endswith(f"/status{QUEUE}")


@pytest.mark.parametrize("dialect", AGREED_HEADERS)
@pytest.mark.parametrize(
    ("scenario", "status", "kind"),
    [
        ("auth", 401, "auth"),
        ("payment", 402, "credits"),
        ("permission", 403, "permission"),
        ("gone", 404, "model_gone"),
        ("bad-request", 400, "validation"),
        ("unprocessable", 422, "validation"),
        ("rate-limit", 429, "rate_limit"),
        ("loading", 503, "transient"),
        ("server-error", 500, "transient"),
    ],
)
def test_the_same_refusal(
    scenario: str,
    status: int,
    kind: str,
    dialect: str,
    routed: Callable[[HuggingFaceStandIn, ProviderRequest], str],
) -> None:
    wanted = words(dialect)
    with _Recording(KEY) as server, httpx.Client(trust_env=False) as client:
        server.script([scenario, scenario])
        mine = adapter(server, client).submit(wanted)
        with pytest.raises(HfHubHTTPError) as caught:
            _sdk(wanted, routed(server, wanted))
        assert len(server.requests) == 2
    assert isinstance(mine, Refused | Throttled)
    assert mine.kind == kind
    assert caught.value.response.status_code == status
