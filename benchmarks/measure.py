"""Figures with their limits, and ratios of two measurements.

Milliseconds depend on the machine and on its load. Two actions in turn, round after round, share
both. So each round gives a ratio, and the median counts.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median, quantiles


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table.

    Attributes:
        goal: Name of the goal, such as ``G3``.
        what: What is measured.
        value: The figure.
        limit: The most that the goal allows; None if the line has no goal.
        unit: Unit of the figure; empty for a ratio.
        note: The spread over the rounds, or the parts of a sum.
    """

    goal: str
    what: str
    value: float
    limit: float | None = None
    unit: str = ""
    note: str = ""

    @property
    def verdict(self) -> str:
        """``met`` or ``missed``; empty without a limit."""
        if self.limit is None:
            return ""
        return "met" if self.value <= self.limit else "missed"


def seconds(action: Callable[[], object]) -> float:
    """Return the seconds of an action by the wall clock."""
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


@dataclass(frozen=True, slots=True)
class Ratio:
    """A ratio over several rounds."""

    rounds: tuple[float, ...]

    @property
    def median(self) -> float:
        """The figure that counts."""
        return median(self.rounds)

    @property
    def spread(self) -> str:
        """The range of the middle half of the rounds, as text."""
        low, _, high = quantiles(self.rounds, n=4, method="inclusive")
        return f"middle half of {len(self.rounds)} rounds {low:.2f} to {high:.2f}"


def ratio(rounds: int, measured: Callable[[], float], reference: Callable[[], float]) -> Ratio:
    """Return the ratio measured / reference of each round; both run in turn.

    Args:
        rounds: Number of rounds; the order changes from round to round.
        measured: Returns a duration.
        reference: Returns the duration to compare with.
    """
    found = []
    for number in range(rounds):
        if number % 2:
            below = reference()
            above = measured()
        else:
            above = measured()
            below = reference()
        found.append(above / below)
    return Ratio(tuple(found))
