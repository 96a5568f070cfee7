"""The Idempotency-Key of a request that starts work."""

from datetime import timedelta
from typing import NamedTuple

KEY_KEPT = timedelta(hours=48)
"""How long a key gets its first answer again."""


class KeyUse(NamedTuple):
    """A caller's key on one route, with the hash of the canonical body."""

    scope: str
    key: str
    body_hash: str
