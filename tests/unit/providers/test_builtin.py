"""The built-in provider behind the port."""

from dataclasses import replace
from io import BytesIO

import pytest
from PIL import Image

from studio.money import Cost
from studio.providers.builtin import BuiltinProvider
from studio.providers.catalogue import provider_card
from studio.providers.port import GenerateRequest

PROVIDER = BuiltinProvider(provider_card("builtin"))
REQUEST = GenerateRequest("req-1", "preview-1", "a red house by the sea", 96, 64)


def test_it_draws_a_png_of_the_size_asked_for_at_no_cost() -> None:
    answer = PROVIDER.submit(replace(REQUEST, seed=5))
    with Image.open(BytesIO(answer.data)) as image:
        assert (image.format, image.size) == ("PNG", (96, 64))
    assert answer.cost == Cost(0, "priced", "builtin-1")
    assert answer.seed == 5
    assert answer.provider_request_id == "req-1"


def test_the_prompt_gives_the_seed_where_none_is_given() -> None:
    first, again = PROVIDER.submit(REQUEST), PROVIDER.look_up(REQUEST)
    other = PROVIDER.submit(replace(REQUEST, prompt="a blue house by the sea"))

    assert first == again
    assert first.seed is not None
    assert 0 <= first.seed < 2**31
    assert first.seed != other.seed
    assert PROVIDER.submit(replace(REQUEST, seed=first.seed)).data == first.data


def test_no_call_is_ever_pending() -> None:
    with pytest.raises(LookupError):
        PROVIDER.poll("handle")
