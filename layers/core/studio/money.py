"""Amounts of money: integer micro-dollars inside, decimal strings on the wire, never a float."""

import re
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from typing import Final, Literal

MICROS_PER_DOLLAR = 1_000_000
CURRENCY: Final = "USD"

# Bounded and without an exponent, so that no text can cause much work.
_USD = re.compile(r"[0-9]{1,9}(\.[0-9]{1,6})?")

Basis = Literal["estimated", "reported", "priced", "unknown"]


@dataclass(frozen=True, slots=True)
class Cost:
    """Amount of a cost, and how it is known.

    Attributes:
        micros: Micro-dollars, or None exactly when ``basis`` is ``unknown``.
        basis: ``estimated`` before the call, ``reported`` by the provider, ``priced`` by our
            price table, or ``unknown``, which is never shown as zero.
        price_version: Version of the price table behind ``estimated`` and ``priced``.
    """

    micros: int | None
    basis: Basis
    price_version: str | None = None

    def __post_init__(self) -> None:
        if (self.micros is None) != (self.basis == "unknown"):
            raise ValueError("a cost is unknown exactly when it has no amount")

    @property
    def known_micros(self) -> int:
        """The amount that can be added up; an unknown cost adds nothing to a known sum."""
        return self.micros or 0


UNKNOWN = Cost(None, "unknown")


def micros_from_decimal(amount: Decimal) -> int:
    """Convert dollars to micro-dollars, rounding up so that no cost is lost."""
    return int((amount * MICROS_PER_DOLLAR).to_integral_value(rounding=ROUND_CEILING))


def parse_usd(text: str) -> int:
    """Read a decimal string of dollars ("0.04") as micro-dollars.

    Raises:
        ValueError: not up to nine digits with up to six places.
    """
    if not _USD.fullmatch(text):
        raise ValueError("an amount has at most nine digits and at most six places")
    return int(Decimal(text) * MICROS_PER_DOLLAR)


def format_usd(micros: int) -> str:
    """Write micro-dollars as a decimal string of dollars with six places."""
    sign = "-" if micros < 0 else ""
    dollars, rest = divmod(abs(micros), MICROS_PER_DOLLAR)
    return f"{sign}{dollars}.{rest:06d}"
