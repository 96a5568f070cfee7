"""The form that Stability AI gets for each operation."""

from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO

import httpx
import pytest
from PIL import Image

from studio.adapters.web.guarded_http import GuardedClient
from studio.domain.catalogue.catalogue import provider_card
from studio.domain.operations.table import operation_of
from studio.domain.provider_calls.model import (
    Credentials,
    Generated,
    Pending,
    ProviderOutcome,
    ProviderRequest,
)
from studio.money import Cost
from studio.providers.stability.adapter import StabilityProvider
from tests.support.imaging.media import a_glb
from tests.support.stand_ins.server import Recorded
from tests.support.stand_ins.stability import StabilityStandIn
from tests.support.vendors.stability_requests import (
    BEACH,
    CONSERVATIVE,
    CREATIVE,
    FAST,
    FULL,
    KEY,
    LAMP,
    MODEL_3D,
    RELIGHT,
    REQUESTS,
    WORDLESS,
    WORDS,
    Case,
)

CARD = provider_card("stability")


@pytest.fixture
def stand_in() -> Iterator[StabilityStandIn]:
    with StabilityStandIn(KEY) as server:
        yield server


@pytest.fixture
def provider(stand_in: StabilityStandIn, client: httpx.Client) -> StabilityProvider:
    return StabilityProvider(Credentials(KEY, stand_in.base_url), CARD, client, GuardedClient)


def parts(request: Recorded) -> tuple[dict[str, str], list[tuple[str, str | None, bytes]]]:
    """Return the text fields of a form, and its files."""
    form = request.form()
    fields = [part for part in form if part.filename is None]
    assert len({part.name for part in form}) == len(form)
    assert {part.media_type for part in fields} <= {None}
    files = [(part.name, part.media_type, part.data) for part in form if part.filename]
    return {part.name: part.text for part in fields}, files


def finished(provider: StabilityProvider, outcome: ProviderOutcome) -> ProviderOutcome:
    """Ask for a queued picture until it is there, or seen not to come."""
    for _ in range(5):
        if not isinstance(outcome, Pending):
            break
        outcome = provider.poll(outcome.handle)
    return outcome


@pytest.mark.parametrize(
    "wanted", REQUESTS, ids=[f"{wanted.request.model}-{len(wanted.files)}" for wanted in REQUESTS]
)
def test_each_model_is_sent_what_it_takes_and_costs_its_price(
    stand_in: StabilityStandIn, provider: StabilityProvider, wanted: Case
) -> None:
    outcome = finished(provider, provider.submit(wanted.request))
    assert isinstance(outcome, Generated)
    if wanted.size is None:
        assert outcome.data == a_glb()
    else:
        with Image.open(BytesIO(outcome.data)) as image:
            assert (image.format, image.size) == ("PNG", wanted.size)
    (call,) = stand_in.paid
    assert outcome.cost == Cost(call.micros, "priced", "stability-2026-11-20")
    assert outcome.seed == (None if wanted.size is None else wanted.request.seed or 4711)

    sent = stand_in.requests[0]
    assert (sent.method, sent.path) == ("POST", f"/v2beta/{wanted.path}")
    assert parts(sent) == (
        wanted.fields,
        [
            (name, source.media_type, source.data)
            for name, source in zip(wanted.files, wanted.request.sources, strict=True)
        ],
    )


def test_each_model_and_each_input_of_the_catalogue_is_tried() -> None:
    assert {wanted.request.model for wanted in REQUESTS} == set(CARD.models)
    for wanted in REQUESTS:
        card = CARD.models[wanted.request.model]
        assert card.operations == (wanted.request.operation,)
        assert set(wanted.request.options) == set(card.options)
        assert set(card.options) <= set(operation_of(wanted.request.operation).options)
        roles = {source.role for source in wanted.request.sources}
        assert roles == set(card.sources.roles) or wanted.request.operation == "generate"


@pytest.mark.parametrize(
    ("request_", "accept"),
    [(WORDS, "image/*"), (FAST, "image/*"), (CREATIVE, "application/json"),
     (RELIGHT, "application/json"), (MODEL_3D, "model/gltf-binary")],
    ids=lambda value: value if isinstance(value, str) else value.model,
)  # fmt: skip
def test_the_answer_is_asked_for_as_bytes_or_as_an_id(
    stand_in: StabilityStandIn, provider: StabilityProvider, request_: ProviderRequest, accept: str
) -> None:
    provider.submit(request_)
    headers = stand_in.requests[0].headers
    assert headers["accept"] == accept
    assert headers["authorization"] == f"Bearer {KEY}"
    assert headers["content-type"].startswith("multipart/form-data; boundary=")


def test_only_what_is_given_is_sent(
    stand_in: StabilityStandIn, provider: StabilityProvider
) -> None:
    provider.submit(WORDS)
    assert parts(stand_in.requests[0]) == (
        {"prompt": WORDS.prompt, "aspect_ratio": "16:9", "output_format": "png"},
        [],
    )


@pytest.mark.parametrize("model", ["ultra", "sd3.5-large"])
def test_the_default_strength_is_four_fifths(
    stand_in: StabilityStandIn, provider: StabilityProvider, model: str
) -> None:
    assert isinstance(provider.submit(replace(FULL, model=model, sources=(LAMP,))), Generated)
    assert parts(stand_in.requests[0])[0]["strength"] == "0.8"


@pytest.mark.parametrize("wanted", [CONSERVATIVE, CREATIVE], ids=lambda wanted: str(wanted.model))
def test_an_upscale_without_words_gets_some(
    stand_in: StabilityStandIn, provider: StabilityProvider, wanted: ProviderRequest
) -> None:
    outcome = finished(provider, provider.submit(replace(wanted, **WORDLESS)))
    assert isinstance(outcome, Generated)
    assert "sharp" in parts(stand_in.requests[0])[0]["prompt"]


def test_a_change_of_light_needs_no_prompt(
    stand_in: StabilityStandIn, provider: StabilityProvider
) -> None:
    bare = replace(RELIGHT, **WORDLESS)
    kept = replace(bare, sources=(LAMP,), options={"keep_background": True})
    shown = replace(kept, sources=(LAMP, BEACH))
    assert isinstance(provider.submit(kept), Pending)
    assert isinstance(provider.submit(shown), Pending)
    of_kept, of_shown = (parts(request)[0] for request in stand_in.requests)
    assert of_kept == {
        "background_prompt": "the same background",
        "keep_original_background": "true",
        "output_format": "png",
    }
    assert of_shown == {"keep_original_background": "true", "output_format": "png"}


def test_seed_0_is_a_seed_like_others_and_not_any(
    stand_in: StabilityStandIn, provider: StabilityProvider
) -> None:
    outcome = provider.submit(replace(WORDS, seed=0))
    assert isinstance(outcome, Generated)
    assert outcome.seed == 4_294_967_294
    assert parts(stand_in.requests[0])[0]["seed"] == "4294967294"


@pytest.mark.parametrize(
    ("size", "ratio"),
    [
        ((1024, 1024), "1:1"), ((1216, 1216), "1:1"), ((1536, 640), "21:9"),
        ((1344, 768), "16:9"), ((1216, 832), "3:2"), ((1088, 896), "5:4"),
        ((896, 1088), "4:5"), ((832, 1216), "2:3"), ((768, 1344), "9:16"), ((640, 1536), "9:21"),
        ((1152, 1024), "5:4"),
    ],
)  # fmt: skip
def test_a_size_is_asked_for_as_the_nearest_format(
    stand_in: StabilityStandIn, provider: StabilityProvider, size: tuple[int, int], ratio: str
) -> None:
    width, height = size
    provider.submit(replace(WORDS, width=width, height=height))
    assert parts(stand_in.requests[0])[0]["aspect_ratio"] == ratio


def test_each_format_has_a_size_of_its_own_in_the_catalogue(
    stand_in: StabilityStandIn, provider: StabilityProvider
) -> None:
    for name in ("core", "ultra"):
        sizes = CARD.models[name].sizes
        assert len({*sizes.near((1, 1))}) == 9
        for width, height in sizes.near((1, 1)):
            provider.submit(replace(WORDS, model=name, width=width, height=height))
    ratios = [parts(request)[0]["aspect_ratio"] for request in stand_in.requests]
    assert len(set(ratios[:9])) == len(set(ratios[9:])) == 9
