"""The cost line before an order, and the question whether to order."""

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import typer

from studio_cli.amounts import dollars
from studio_cli.client import Document, StudioClient
from studio_cli.downloads import maker
from studio_cli.errors import CliError
from studio_cli.terminal import say_error
from studio_cli.wire import Cost, Estimate

MAX_BYTES = 900_000
"""A larger body, such as one with a recording inside, is more than the API prices."""
_SHOWN_MAKERS = 2


@dataclass(frozen=True, slots=True)
class Price:
    """Cost of an order in words, and whether it is certainly free.

    Attributes:
        warnings: What the studio would change or refuse; shown before the question.
    """

    words: str
    free: bool
    warnings: tuple[str, ...] = ()


def price_job(client: StudioClient, body: Mapping[str, object]) -> Price:
    """Return the price of a job before it is ordered.

    Raises:
        ApiError: The API would refuse the job, too.
    """
    if len(json.dumps(body)) > MAX_BYTES:
        return Price("not known before the order, because a file is inside it", free=False)
    return price_of(client.estimate(body))


def price_of(estimate: Estimate) -> Price:
    """Return the price of an estimated job."""
    entries = estimate["per_item"]
    names = list(dict.fromkeys(maker(entry["provider"]) for entry in entries))
    more = len(names) - _SHOWN_MAKERS
    shown = ", ".join(names[:_SHOWN_MAKERS]) + (f" and {more} more" if more > 0 else "")
    most, likely = Decimal(estimate["held"]["amount"]), estimate["likely"]["amount"]
    price = price_of_sum(len(entries), most, estimate["held"]["unpriced"], by=shown)
    words = price.words
    if likely is not None and Decimal(likely) < most:
        words += f", likely {dollars(likely)}"
    return Price(words + _left(estimate), price.free, plain_warnings(estimate))


def plain_warnings(estimate: Estimate) -> tuple[str, ...]:
    """Return the warnings of an estimate of one job, without its number."""
    return tuple(warning.removeprefix("job 1: ") for warning in estimate["warnings"])


def price_of_sum(images: int, most: Decimal, unpriced: int, *, by: str = "") -> Price:
    """Return the price of images with a highest cost, some of which may have no known price."""
    count = f"{images} image{'' if images == 1 else 's'}" + (f" by {by}" if by else "")
    if not most and not unpriced:
        return Price(f"{count}, free", free=True)
    parts = [f"at most {dollars(most)}"] if most else []
    if unpriced:
        parts.append(f"{unpriced} of unknown price")
    return Price(f"{count}, {' and '.join(parts)}", free=False)


def price_of_import(checked: Document) -> Price:
    """Return the price of the valid rows of a checked table."""
    return price_of_estimate(checked["counts"]["images"], checked["estimate"])


def price_of_estimate(images: int, estimate: Document) -> Price:
    """Return the price of an estimated sum: of an import or of a batch."""
    return price_of_sum(images, Decimal(estimate["amount"]), estimate["unknown_images"])


def price_of_images(estimates: Sequence[Cost]) -> Price:
    """Return the price of images that have an estimate each."""
    known = [Decimal(one["amount"]) for one in estimates if one["amount"] is not None]
    return price_of_sum(len(estimates), sum(known, Decimal(0)), len(estimates) - len(known))


def agree(price: Price, yes: bool) -> None:
    """Print what an order costs and ask whether to order.

    There is no question if it is free, with ``--yes``, or without a terminal. Then the order goes
    out.

    Raises:
        CliError: The answer is no.
    """
    say_error(f"cost: {price.words}")
    if price.free or yes:
        return
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        say_error("There is no terminal to ask at, so the order goes out.")
        return
    for warning in price.warnings:
        say_error(f"warning: {warning}", "yellow")
    if not typer.confirm("Order it?", err=True):
        raise CliError("Nothing was ordered.")


def _left(estimate: Estimate) -> str:
    limit, committed = estimate["budget"]["limit"], estimate["budget"]["committed"]
    if limit is None or committed is None:
        return ""
    left = max(Decimal(limit["amount"]) - Decimal(committed["amount"]), Decimal(0))
    return f"; the month's limit leaves {dollars(left)}"
