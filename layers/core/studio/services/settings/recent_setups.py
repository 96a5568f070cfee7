"""What accounts have set up for their orders, read at most every few seconds for a tenant."""

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from studio.domain.integrations.model import AccountSetup
from studio.domain.jobs.model import OrderDefaults

KEPT_SECONDS = 5
_MOST_TENANTS = 1_000


@dataclass(slots=True)
class RecentSetups:
    """KeyRegister and stored settings of tenants, kept while a function is warm.

    Most orders of a busy tenant then need no read. A change reaches the other copies of the
    function within five seconds.

    Attributes:
        read: Reads what a tenant has set up.
        clock: Seconds of a clock that never goes back.
    """

    read: Callable[[str], AccountSetup]
    clock: Callable[[], float] = time.monotonic
    _known: dict[str, tuple[AccountSetup, float]] = field(default_factory=dict)

    def of(self, tenant: str) -> AccountSetup:
        """Return what a tenant has set up."""
        at = self.clock()
        found = self._known.get(tenant)
        if found is None or found[1] <= at:
            if len(self._known) >= _MOST_TENANTS:
                self._known.clear()
            found = (self.read(tenant), at + KEPT_SECONDS)
            self._known[tenant] = found
        return found[0]

    def defaults(self, tenant: str) -> OrderDefaults:
        """Return what the settings of a tenant give an order."""
        return self.of(tenant).images.order_defaults

    def missing(self, tenant: str, providers: Collection[str]) -> frozenset[str]:
        """Return the providers that have no key, neither the tenant's own nor the stack's."""
        return self.of(tenant).access.missing(providers)

    def disabled(self, tenant: str, providers: Collection[str]) -> frozenset[str]:
        """Return the providers that the tenant has switched off."""
        return self.of(tenant).access.disabled.intersection(providers)

    def forget(self, tenant: str) -> None:
        """Have the setup of a tenant read again."""
        self._known.pop(tenant, None)
