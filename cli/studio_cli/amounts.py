"""How amounts are shown to people."""

from decimal import Decimal

from studio_cli.wire import Cost


def dollars(amount: str | Decimal | None) -> str:
    """Write a decimal amount with at least two places; an unknown one is never shown as zero."""
    if amount is None:
        return "unknown"
    value = Decimal(amount).normalize()
    places = max(2, -int(value.as_tuple().exponent))
    return f"${value:.{places}f}"


def with_basis(cost: Cost | None) -> str:
    """Write a cost and how it is known."""
    if cost is None:
        return "-"
    if cost["amount"] is None:
        return "unknown"
    return f"{dollars(cost['amount'])} ({cost.get('basis', 'unknown')})"
