"""Every pattern of a request body has a sentence that says what to write."""

import json
import re
from collections.abc import Iterator

import pytest

from studio.errors import InvalidRequestError
from studio.services.orders.body import JobBody
from studio.services.orders.pattern_words import WORDS, words_for
from studio.services.orders.reading import read
from tests.support.mock_aws.stack import ROOT

CONTRACT = json.loads((ROOT / "layers/core/studio/api/openapi.json").read_text())


def patterns(node: object) -> Iterator[str]:
    """Yield the patterns of a schema at any depth."""
    if isinstance(node, dict):
        if isinstance(node.get("pattern"), str):
            yield node["pattern"]
        for member in node.values():
            yield from patterns(member)
    elif isinstance(node, list):
        for member in node:
            yield from patterns(member)


EVERY = sorted(set(patterns(CONTRACT["components"]["schemas"])))


@pytest.mark.parametrize("pattern", EVERY)
def test_a_pattern_has_a_sentence_without_its_expression(pattern: str) -> None:
    words = words_for(pattern)

    assert words is not None
    assert words.endswith(".")
    assert not re.search(r"[\^$\[\]{}\\\\]", words)


def test_no_sentence_is_left_of_a_pattern_that_is_gone() -> None:
    assert set(WORDS) <= set(EVERY)


def test_a_wrong_size_is_told_in_words() -> None:
    with pytest.raises(InvalidRequestError) as refused:
        read(JobBody, '{"prompt": "a mug", "size": "huge"}')

    (field,) = refused.value.fields
    assert field.detail == "Use width x height in pixels, such as 1024x1024."
