"""A document has one entity tag: that of the answer and that of the change that is based on it."""

import pytest

from studio.api.http.messages import json_response
from studio.api.http.preconditions import answer_etag, document_etag


@pytest.mark.parametrize(
    "text", ["plain", "grün", "木のテーブル", "🪁", "half \ud83e of a pair", 'quotes " and \\']
)
def test_the_tag_of_a_document_is_that_of_its_answer(text: str) -> None:
    document = {"title": text, "labels": {text: "ü"}}

    assert document_etag(document) == answer_etag(json_response(document).body or "")
