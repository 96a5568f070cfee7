"""What all measurements share: a figure beside its limit, and ratios of things measured together.

Milliseconds belong to a machine and an hour. Two things done in turn, round after round, share
both, so only ratios of the same round are compared, and the median round counts.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median, quantiles


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table.

    Attributes:
        goal: ``G3`` to ``G8``.
        what: What was measured, in a few words.
        value: The measured figure.
        limit: The most that the goal allows; None where the line only explains another one.
        unit: What the figure counts; empty for a ratio.
        note: How it came about: the spread over the rounds, or the parts of a sum.
    """

    goal: str
    what: str
    value: float
    limit: float | None = None
    unit: str = ""
    note: str = ""

    @property
    def verdict(self) -> str:
        """Say whether the goal is met."""
        if self.limit is None:
            return ""
        return "met" if self.value <= self.limit else "missed"


def seconds(action: Callable[[], object]) -> float:
    """Return how long an action takes by the wall clock."""
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
        """Between which ratios the middle half of the rounds lies."""
        low, _, high = quantiles(self.rounds, n=4, method="inclusive")
        return f"middle half of {len(self.rounds)} rounds {low:.2f} to {high:.2f}"


def ratio(rounds: int, measured: Callable[[], float], reference: Callable[[], float]) -> Ratio:
    """Measure two things in turn and return measured / reference of each round.

    Args:
        rounds: How often; the order changes from round to round.
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
