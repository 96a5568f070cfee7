"""Checks of the members of a JSON body."""

from collections.abc import Callable
from typing import Any

Check = Callable[[Any], bool]


def integer(low: int, high: int) -> Check:
    """Return a check for a whole number between two bounds."""
    return lambda value: type(value) is int and low <= value <= high


def number(low: float, high: float) -> Check:
    """Return a check for a number between two bounds."""
    return lambda value: type(value) in (int, float) and low <= value <= high
