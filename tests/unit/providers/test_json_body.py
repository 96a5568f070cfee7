"""Strict reading of JSON objects."""

from decimal import Decimal

import pytest

from studio.providers.shared.json_body import json_objects, parse_json


def test_amounts_are_read_without_a_float() -> None:
    assert parse_json(b'{"cost": 0.0013}') == {"cost": Decimal("0.0013")}


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>", b'{"data": [', b"[]", b"null", b'{"a": NaN}', b"\xff", b"[" * 100_000],
)
def test_what_is_no_json_object_is_none(body: bytes) -> None:
    assert parse_json(body) is None


@pytest.mark.parametrize("value", [None, 7, "many", {"a": 1}, [], [7, None, "a", [{}]]])
def test_a_value_without_objects_yields_nothing(value: object) -> None:
    assert list(json_objects(value)) == []


def test_the_objects_of_a_list_keep_their_order() -> None:
    assert list(json_objects([{"a": 1}, 7, {"a": 2}])) == [{"a": 1}, {"a": 2}]
