"""Money: integers inside, decimals outside, unknown never zero."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.money import (
    UNKNOWN,
    Basis,
    Cost,
    format_usd,
    micros_from_decimal,
    parse_usd,
)


@pytest.mark.parametrize(
    ("text", "micros"),
    [("0", 0), ("0.04", 40_000), ("12", 12_000_000), ("0.000001", 1), ("1.50", 1_500_000)],
)
def test_dollars_are_read_as_micro_dollars(text: str, micros: int) -> None:
    assert parse_usd(text) == micros


@pytest.mark.parametrize(
    "text", ["", "abc", "-1", "0.0000001", "NaN", "Infinity", "1,5", "0x10", "-0.000001",
     "1e2", "0E-500000", "0E-299999999", "1_0", "٣", " 1", "1\n", "+1", ".5", "1.",
     "1" * 10, "0" * 5_000],
)  # fmt: skip
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="amount"):
        parse_usd(text)


@given(st.integers(min_value=0, max_value=10**15 - 1))
def test_an_amount_written_is_the_amount_read(micros: int) -> None:
    assert parse_usd(format_usd(micros)) == micros


def test_amounts_are_written_with_six_places_and_their_sign() -> None:
    assert format_usd(0) == "0.000000"
    assert format_usd(1_234_567) == "1.234567"
    assert format_usd(-40_000) == "-0.040000"
    assert format_usd(-1_500_000) == "-1.500000"


def test_a_price_finer_than_a_micro_dollar_is_rounded_up() -> None:
    assert micros_from_decimal(Decimal("0.00000013")) == 1
    assert micros_from_decimal(Decimal("0.053")) == 53_000


@pytest.mark.parametrize(("micros", "basis"), [(None, "priced"), (0, "unknown"), (5, "unknown")])
def test_a_cost_is_unknown_exactly_when_it_has_no_amount(micros: int | None, basis: Basis) -> None:
    with pytest.raises(ValueError, match="unknown exactly"):
        Cost(micros, basis)


def test_an_unknown_cost_adds_nothing_to_a_known_sum() -> None:
    assert UNKNOWN.known_micros == 0
    assert UNKNOWN.micros is None
    assert Cost(7, "reported").known_micros == 7
