"""What is known of a tenant's provider keys without reading one."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from studio.domain.settings.model import ImageGenerationSettings

Configured = Literal["own", "stack", "none"]
"""Whose key the calls of a tenant use."""

Outcome = Literal["ok", "refused", "unreachable", "untested"]
"""What a test of a key says; ``untested``: the provider has no free call for it."""

SHOWN_CHARACTERS = 4
MIN_KEY_CHARACTERS = 12
MAX_KEY_BYTES = 4_096
"""A parameter of the standard tier holds no more."""


@dataclass(frozen=True, slots=True)
class KeyTest:
    """What a test of a key says; ``detail`` is a sentence without the key."""

    outcome: Outcome
    detail: str


@dataclass(frozen=True, slots=True)
class KeyRecord:
    """A stored key, without the key.

    Attributes:
        last_four: Its last four characters.
        stored_by: The user who stored it, ``operator`` for an operator of the stack.
        version: That of the parameter; a later key of the same parameter has a higher one.
    """

    last_four: str
    stored_at: datetime
    stored_by: str
    version: int


@dataclass(frozen=True, slots=True)
class ProviderAccess:
    """The providers that a tenant can use.

    Attributes:
        own: The tenant's own keys by provider.
        shared: The providers that the stack has a key of; None while that is not known.
        disabled: The providers that the tenant has switched off.
    """

    own: Mapping[str, KeyRecord]
    shared: frozenset[str] | None
    disabled: frozenset[str] = frozenset()

    def missing(self, providers: Collection[str]) -> frozenset[str]:
        """Return those of some providers that have no key.

        While the keys of the stack are not known, none is missing: the call itself finds out.
        """
        if self.shared is None:
            return frozenset()
        return frozenset(providers) - self.shared - self.own.keys()

    def configured(self, provider: str) -> Configured:
        """Return whose key the calls to a provider use, where it needs a key."""
        if provider in self.own:
            return "own"
        return "none" if self.missing((provider,)) else "stack"


@dataclass(frozen=True, slots=True)
class AccountSetup:
    """What an account has set up for its orders, read in one call."""

    images: ImageGenerationSettings
    access: ProviderAccess


def last_four(key: str) -> str:
    """Return what is shown of a key; nothing of one that is too short."""
    return key[-SHOWN_CHARACTERS:] if len(key) >= MIN_KEY_CHARACTERS else ""
