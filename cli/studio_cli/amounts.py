"""Amounts of money as text."""

from decimal import Decimal

from studio_cli.wire import Cost


def dollars(amount: str | Decimal | None) -> str:
    """Return an amount with at least two decimal places; "unknown" if there is none."""
    if amount is None:
        return "unknown"
    value = Decimal(amount).normalize()
    places = max(2, -int(value.as_tuple().exponent))
    return f"${value:.{places}f}"


def with_unknown(amount: str | None, unknown: int) -> str:
    """Return an amount and the number of calls whose cost is unknown."""
    return dollars(amount) + (f" and {unknown} unknown" if unknown else "")


def with_basis(cost: Cost | None) -> str:
    """Return a cost and its basis; "-" if there is no cost."""
    if cost is None:
        return "-"
    if cost["amount"] is None:
        return "unknown"
    return f"{dollars(cost['amount'])} ({cost.get('basis', 'unknown')})"
