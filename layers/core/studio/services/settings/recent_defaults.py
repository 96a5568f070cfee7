"""Defaults of orders from stored settings, read at most every few seconds for a tenant."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from studio.domain.jobs.model import OrderDefaults
from studio.domain.settings.model import ImageGenerationSettings

KEPT_SECONDS = 5
_MOST_TENANTS = 1_000


@dataclass(slots=True)
class RecentDefaults:
    """The stored settings of tenants, kept while a function is warm.

    Most orders of a busy tenant then need no read. A change reaches the other copies of the
    function within five seconds.

    Attributes:
        read: Reads the settings of a tenant.
        clock: Seconds of a clock that never goes back.
    """

    read: Callable[[str], ImageGenerationSettings]
    clock: Callable[[], float] = time.monotonic
    _known: dict[str, tuple[OrderDefaults, float]] = field(default_factory=dict)

    def __call__(self, tenant: str) -> OrderDefaults:
        """Return what the settings of a tenant give an order."""
        at = self.clock()
        found = self._known.get(tenant)
        if found is None or found[1] <= at:
            if len(self._known) >= _MOST_TENANTS:
                self._known.clear()
            found = (self.read(tenant).order_defaults, at + KEPT_SECONDS)
            self._known[tenant] = found
        return found[0]

    def forget(self, tenant: str) -> None:
        """Have the settings of a tenant read again."""
        self._known.pop(tenant, None)
