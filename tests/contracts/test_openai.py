"""The fields and the files that OpenAI gets for each request."""

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
from studio.providers.openai.adapter import OpenAIProvider
from tests.support.imaging.masks import mask
from tests.support.stand_ins.openai import OpenAIStandIn
from tests.support.stand_ins.pictures import png
from tests.support.stand_ins.server import Recorded
from tests.support.vendors.openai import OPENAI
from tests.support.vendors.openai_requests import EDIT, KEY, LAMP, REQUEST

CARD = provider_card("openai")


@pytest.fixture
def stand_in() -> Iterator[OpenAIStandIn]:
    with OpenAIStandIn(KEY) as server:
        yield server


@pytest.fixture
def provider(stand_in: OpenAIStandIn, client: httpx.Client) -> OpenAIProvider:
    return OpenAIProvider(Credentials(KEY, stand_in.base_url), CARD, client, GuardedClient)


def test_only_the_fields_that_are_given_are_sent(
    stand_in: OpenAIStandIn, provider: OpenAIProvider
) -> None:
    full = {
        "model": "gpt-image-2",
        "prompt": "a red house by the sea",
        "size": "1024x1024",
        "quality": "low",
        "output_format": "png",
    }
    provider.submit(REQUEST)
    provider.submit(replace(REQUEST, quality=None, seed=7, steps=20, negative_prompt="rain"))
    assert [request.json() for request in stand_in.requests] == [
        full,
        {name: value for name, value in full.items() if name != "quality"},
    ]


def test_one_image_to_start_from_is_sent_as_a_form(
    stand_in: OpenAIStandIn, provider: OpenAIProvider
) -> None:
    provider.submit(EDIT)
    (request,) = stand_in.requests
    assert (request.method, request.path) == ("POST", "/v1/images/edits")
    assert _parts(request) == {
        ("model", None, None, b"gpt-image-2"),
        ("prompt", None, None, b"a red house by the sea"),
        ("size", None, None, b"1024x1024"),
        ("quality", None, None, b"low"),
        ("output_format", None, None, b"png"),
        ("image", "source-1.png", "image/png", LAMP.data),
    }


def test_several_images_share_a_name_and_keep_their_order(
    stand_in: OpenAIStandIn, provider: OpenAIProvider
) -> None:
    buffer = BytesIO()
    Image.new("RGB", (30, 40), "teal").save(buffer, "JPEG")
    jpeg = SourceFile(buffer.getvalue(), "image/jpeg", 30, 40)
    outcome = provider.submit(replace(EDIT, quality=None, sources=(jpeg, LAMP, jpeg)))
    assert isinstance(outcome, Generated)
    files = [part for part in stand_in.requests[0].form() if part.filename]
    assert [(part.name, part.filename, part.data) for part in files] == [
        ("image[]", "source-1.jpeg", jpeg.data),
        ("image[]", "source-2.png", LAMP.data),
        ("image[]", "source-3.jpeg", jpeg.data),
    ]
    assert "quality" not in {part.name for part in stand_in.requests[0].form()}


def test_a_mask_is_sent_with_alpha_where_it_was_white(
    stand_in: OpenAIStandIn, provider: OpenAIProvider
) -> None:
    sources = (LAMP, mask(40, 30, (10, 5, 20, 15)))
    outcome = provider.submit(replace(EDIT, operation="edit.inpaint", sources=sources))
    assert isinstance(outcome, Generated)
    assert outcome.cost == OPENAI.examples["edit"].cost
    files = {part.name: part for part in stand_in.requests[0].form() if part.filename}
    assert set(files) == {"image", "mask"}
    assert (files["mask"].filename, files["mask"].media_type) == ("mask.png", "image/png")
    with Image.open(BytesIO(files["mask"].data)) as sent:
        alpha = sent.getchannel("A")
    assert (alpha.getpixel((10, 5)), alpha.getpixel((19, 14))) == (0, 0)
    assert (alpha.getpixel((9, 5)), alpha.getpixel((20, 14))) == (255, 255)


def test_a_mask_that_is_none_of_ours_is_not_sent(
    stand_in: OpenAIStandIn, provider: OpenAIProvider
) -> None:
    wrong = replace(LAMP, role="mask")
    outcome = provider.submit(replace(EDIT, operation="edit.inpaint", sources=(LAMP, wrong)))
    assert isinstance(outcome, Refused)
    assert (outcome.kind, outcome.cost) == ("validation", None)
    assert not stand_in.requests


def test_operations_without_a_field_are_said_in_words(
    stand_in: OpenAIStandIn, provider: OpenAIProvider
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
    forms = [request.form() for request in stand_in.requests]
    prompts = [part.text for form in forms for part in form if part.name == "prompt"]
    assert "find: a cat. Replace it with: a dog." in prompts[0]
    assert "find: a cat. Recolour it: blue." in prompts[1]
    assert "The background is the second picture." in prompts[2]
    assert [part.data for part in forms[2] if part.filename] == [LAMP.data, beach.data]


def _parts(request: Recorded) -> set[tuple[str, str | None, str | None, bytes]]:
    form = request.form()
    parts = {(part.name, part.filename, part.media_type, part.data) for part in form}
    assert len(parts) == len(form)
    return parts
