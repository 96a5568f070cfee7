"""Iteration over open jobs, batches or runs, within the time of a sweep."""

import logging
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from typing import TypeVar

from studio.clock import Clock

logger = logging.getLogger(__name__)

_AT_ONCE = 100
# One function of 120 seconds sweeps deliveries, jobs, batches and runs of schedules.
LONGEST = timedelta(seconds=26)

Key = TypeVar("Key")


def iter_open(page: Callable[[int, Key | None], Sequence[Key]], now: Clock) -> Iterator[Key]:
    """Yield the keys of everything that has not ended, oldest first, until the time is up."""
    until = now() + LONGEST
    after: Key | None = None
    while True:
        found = page(_AT_ONCE, after)
        for key in found:
            if now() > until:
                logger.warning("the sweep took too long; the next one goes on")
                return
            yield key
        if len(found) < _AT_ONCE:
            return
        after = found[-1]
