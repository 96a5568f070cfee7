"""Reading of JSON objects, which one bad value does not make unreadable."""

from decimal import Decimal

import pytest

from studio.providers.shared.json_body import json_objects, parse_json


def test_amounts_are_read_without_a_float() -> None:
    assert parse_json(b'{"cost": 0.0013}') == {"cost": Decimal("0.0013")}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b'{"data": [',
        b"[]",
        b"[7]",
        b"null",
        b"\xff",
        b'"word"',
        b'"https://a.b/ c"',
        b"[" * 100_000,
    ],
)
def test_what_is_no_json_object_is_none(body: bytes) -> None:
    assert parse_json(body) is None


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (b'{"a": NaN, "b": 1}', None),
        (b'{"a": -Infinity, "b": 1}', None),
        (b'{"a": ' + b"9" * 5_000 + b', "b": 1}', None),
        (b'{"a": 1e99999999999999999999, "b": 1}', None),
        (b'{"a": "caf\xe9", "b": 1}', "caf\N{REPLACEMENT CHARACTER}"),
        (b'{"a": "two\nlines", "b": 1}', "two\nlines"),
        (b'\xef\xbb\xbf{"a": null, "b": 1}', None),
        (b'[{"a": null, "b": 2}, {"b": 1}]', None),
        (b'{"a": null, "b": 2}\n{"b": 1}\n', None),
        (b'data: {"a": [1]}\n\nevent: x\ndata: {"a": [2], "b": 1}\n\ndata: [DONE]\n', [1, 2]),
        (b'{"a": null, "b": 1} and more', None),
        (b'"{\\"a\\": null, \\"b\\": 1}"', None),
    ],
)
def test_a_bad_value_leaves_the_others_readable(body: bytes, value: object) -> None:
    assert parse_json(body) == {"a": value, "b": 1}


def test_a_sentence_is_a_message() -> None:
    assert parse_json(b'"Too many requests"') == {"message": "Too many requests"}
    assert parse_json(b'"' + b"aGk= " * 200 + b'"') is None


@pytest.mark.parametrize("value", [None, 7, "many", {"a": 1}, [], [7, None, "a", [{}]]])
def test_a_value_without_objects_yields_nothing(value: object) -> None:
    assert list(json_objects(value)) == []


def test_the_objects_of_a_list_keep_their_order() -> None:
    assert list(json_objects([{"a": 1}, 7, {"a": 2}])) == [{"a": 1}, {"a": 2}]
