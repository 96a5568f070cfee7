"""The parts and the size that Gemini gets for each request."""

import base64
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO

import httpx
import pytest
from PIL import Image

from studio.adapters.web.guarded_http import GuardedClient
from studio.domain.catalogue.catalogue import provider_card
from studio.domain.provider_calls.model import Credentials, Generated, Refused
from studio.domain.provider_calls.source_file import SourceFile
from studio.providers.gemini.adapter import GeminiProvider
from tests.support.stand_ins.gemini import GeminiStandIn
from tests.support.stand_ins.pictures import png
from tests.support.vendors.gemini_requests import EDIT, KEY, LAMP, REQUEST

CARD = provider_card("gemini")


@pytest.fixture
def stand_in() -> Iterator[GeminiStandIn]:
    with GeminiStandIn(KEY) as server:
        yield server


@pytest.fixture
def provider(stand_in: GeminiStandIn, client: httpx.Client) -> GeminiProvider:
    return GeminiProvider(Credentials(KEY, stand_in.base_url), CARD, client, GuardedClient)


def test_only_what_is_given_is_sent(stand_in: GeminiStandIn, provider: GeminiProvider) -> None:
    full = {
        "contents": [{"role": "user", "parts": [{"text": "a red house by the sea"}]}],
        "generationConfig": {
            "responseModalities": ["IMAGE"],
            "imageConfig": {"aspectRatio": "1:1", "imageSize": "1K"},
        },
    }
    provider.submit(replace(REQUEST, steps=20, negative_prompt="rain"))
    (request,) = stand_in.requests
    assert (request.method, request.path) == (
        "POST",
        "/v1/models/gemini-nano-banana-2.1:generateContent",
    )
    assert request.headers["x-goog-api-key"] == KEY
    assert "authorization" not in request.headers
    assert request.json() == full


@pytest.mark.parametrize(
    ("seed", "sent"), [(0, 0), (2**31 - 1, 2**31 - 1), (4_294_967_294, 2_147_483_646)]
)
def test_a_seed_is_sent_in_31_bits_and_told(
    stand_in: GeminiStandIn, provider: GeminiProvider, seed: int, sent: int
) -> None:
    outcome = provider.submit(replace(REQUEST, seed=seed))
    assert isinstance(outcome, Generated)
    assert outcome.seed == sent
    assert stand_in.requests[0].json()["generationConfig"]["seed"] == sent


def test_images_go_before_the_words_in_their_order(
    stand_in: GeminiStandIn, provider: GeminiProvider
) -> None:
    buffer = BytesIO()
    Image.new("RGB", (30, 40), "teal").save(buffer, "JPEG")
    jpeg = SourceFile(buffer.getvalue(), "image/jpeg", 30, 40)
    assert isinstance(provider.submit(replace(EDIT, sources=(jpeg, LAMP, jpeg, LAMP))), Generated)
    *pictures, text = stand_in.requests[0].json()["contents"][0]["parts"]
    assert text == {"text": EDIT.prompt}
    assert [part["inlineData"]["mimeType"] for part in pictures] == [
        "image/jpeg", "image/png", "image/jpeg", "image/png",
    ]  # fmt: skip
    assert [base64.b64decode(part["inlineData"]["data"]) for part in pictures] == [
        jpeg.data, LAMP.data, jpeg.data, LAMP.data,
    ]  # fmt: skip


def test_operations_other_than_generate_are_said_in_words(
    stand_in: GeminiStandIn, provider: GeminiProvider
) -> None:
    beach = replace(LAMP, role="background", data=png(30, 40, "beach"))
    cat = replace(EDIT, options={"search_prompt": "a cat"})
    asked = (
        replace(cat, operation="edit.search_replace", prompt="a dog"),
        replace(cat, operation="edit.search_recolor", prompt="blue"),
        replace(
            EDIT, operation="edit.replace_background_relight", prompt="", sources=(LAMP, beach)
        ),
    )
    for request in asked:
        assert isinstance(provider.submit(request), Generated)
    sent = [request.json()["contents"][0]["parts"] for request in stand_in.requests]
    assert "find: a cat. Replace it with: a dog." in sent[0][-1]["text"]
    assert "find: a cat. Recolour it: blue." in sent[1][-1]["text"]
    assert "The background is the second picture." in sent[2][-1]["text"]
    assert base64.b64decode(sent[2][1]["inlineData"]["data"]) == beach.data


@pytest.mark.parametrize("name", sorted(CARD.models))
def test_every_size_of_the_catalogue_is_one_that_is_made(
    provider: GeminiProvider, name: str
) -> None:
    """The shape and the class that are asked for give exactly the size that the studio expects."""
    sizes = CARD.models[name].sizes
    for width, height in sizes.near((1024, 1024)):
        if width * height > 2**21:
            continue  # The large ones are the same at two and four times the width.
        request = replace(REQUEST, model=name, width=width, height=height)
        outcome = provider.submit(request)
        assert isinstance(outcome, Generated)
        with Image.open(BytesIO(outcome.data)) as image:
            assert image.size == (width, height)


@pytest.mark.parametrize(
    ("size", "shape", "word"),
    [
        ((512, 512), "1:1", "512"),
        ((1696, 2528), "2:3", "2K"),
        ((2752, 1536), "16:9", "2K"),
        ((3168, 1344), "21:9", "2K"),
        ((4096, 4096), "1:1", "4K"),
        ((3072, 5504), "9:16", "4K"),
        ((6336, 2688), "21:9", "4K"),
        ((2928, 352), "8:1", "1K"),
    ],
)
def test_a_size_becomes_a_shape_and_a_class(
    stand_in: GeminiStandIn,
    provider: GeminiProvider,
    size: tuple[int, int],
    shape: str,
    word: str,
) -> None:
    stand_in.script(["server-error"])
    provider.submit(replace(REQUEST, width=size[0], height=size[1]))
    image = stand_in.requests[0].json()["generationConfig"]["imageConfig"]
    assert image == {"aspectRatio": shape, "imageSize": word}


def test_a_refused_part_is_named(provider: GeminiProvider) -> None:
    outcome = provider.submit(replace(REQUEST, prompt=""))
    assert isinstance(outcome, Refused)
    assert outcome.message.endswith("(contents.0.parts.0, INVALID_ARGUMENT).")
