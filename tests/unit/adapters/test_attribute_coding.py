"""The coding of attributes is that of boto3, for the types that the studio stores."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from hypothesis import given
from hypothesis import strategies as st

from studio.adapters.dynamodb.base import decode, encode

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**37), 10**37) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(st.text(), VALUES))
def test_records_are_coded_as_boto3_codes_them(record: dict[str, object]) -> None:
    theirs = TypeSerializer()
    stored = {name: theirs.serialize(value) for name, value in record.items() if value is not None}

    assert encode(record) == stored
    assert decode(stored) == {name: value for name, value in record.items() if value is not None}
    for name, value in stored.items():
        assert decode({name: value})[name] == TypeDeserializer().deserialize(value)


@pytest.mark.parametrize("value", [1.5, Decimal("1.5"), b"bytes", {1}, datetime.now(UTC)])
def test_other_types_are_not_stored(value: object) -> None:
    with pytest.raises(TypeError, match=type(value).__name__):
        encode({"a": [value]})
