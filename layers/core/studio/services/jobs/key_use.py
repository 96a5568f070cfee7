"""The Idempotency-Key of a request that starts work."""

from dataclasses import dataclass
from datetime import timedelta

KEY_KEPT = timedelta(hours=48)
"""How long a key gets its first answer again."""


@dataclass(frozen=True, slots=True)
class KeyUse:
    """A caller's key on one route, with the hash of the canonical body."""

    scope: str
    key: str
    body_hash: str
