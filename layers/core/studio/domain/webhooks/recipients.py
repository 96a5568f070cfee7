"""Recipients of mail: callers name an address, and only allowed domains get mail."""

from dataclasses import dataclass

from studio.errors import FieldError, InvalidRequestError


@dataclass(frozen=True, slots=True)
class Recipients:
    """Allowed mail domains in lower case; none if the stack sends no mail."""

    domains: frozenset[str]

    @classmethod
    def of(cls, sender: str | None, more: str | None) -> "Recipients":
        """Return the sender's own domain and those of ``more``, separated by commas."""
        if not sender:
            return cls(frozenset())
        named = [_domain(sender), *(more or "").lower().split(",")]
        return cls(frozenset(name.strip() for name in named if name.strip()))

    def takes(self, address: str) -> bool:
        """Tell whether mail may go to an address."""
        return _domain(address) in self.domains

    def check(self, address: str | None) -> None:
        """Check that mail may go to an address.

        Raises:
            InvalidRequestError: names ``/notify/email``.
        """
        if address is None or self.takes(address):
            return
        where = f"only to {', '.join(sorted(self.domains))}" if self.domains else "no mail"
        detail = f"This stack sends {where}"
        raise InvalidRequestError(FieldError("/notify/email", "not-allowed", detail))


def _domain(address: str) -> str:
    return address.rpartition("@")[2].rstrip("> ").lower()
