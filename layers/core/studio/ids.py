"""Identifiers: ULIDs with a prefix that says what they name."""

import re
from datetime import datetime
from hashlib import sha256
from typing import Literal

Prefix = Literal[
    "job", "ast", "evt", "whk", "dlv", "imp", "bat", "upl", "dwn", "pgr", "ptm", "cnt"
]  # fmt: skip

# What people name themselves. It becomes part of keys, so no separators.
RECIPE_ID = re.compile(r"^[a-z0-9][a-z0-9-]{0,63}$")
# Those that come with the studio begin with the name of a platform and a point.
TEMPLATE_ID = re.compile(r"^([a-z]{1,16}\.)?[a-z0-9][a-z0-9-]{0,63}$")
FOLDER_NAME = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")

_DIGITS = "0123456789" + "ABCDEFGHJKMNPQRSTVWXYZ"
_TENANT = re.compile(r"[A-Za-z0-9_-]{1,64}")
_ULID = re.compile(r"[0-7][0-9A-HJKMNP-TV-Z]{25}")


def new_id(prefix: Prefix, at: datetime) -> str:
    """Return a new id whose order is the order of ``at``."""
    # Imported late: it costs a cold start 30 ms, and only what is created needs an id.
    from ulid import ULID

    return f"{prefix}_{ULID.from_datetime(at)}"


def derived_id(prefix: Prefix, at: datetime, seed: str) -> str:
    """Return the id that ``at`` and ``seed`` alone decide: a repeat gets the same one."""
    from ulid import ULID

    milliseconds = int(at.timestamp() * 1000).to_bytes(6)
    return f"{prefix}_{ULID(milliseconds + sha256(seed.encode()).digest()[:10])}"


def id_bound(prefix: Prefix, at: datetime, rest: Literal["0", "Z"]) -> str:
    """Return the first (``0``) or the last (``Z``) id of this kind of the millisecond ``at``."""
    milliseconds = int(at.timestamp() * 1000)
    time = "".join(_DIGITS[milliseconds >> shift & 31] for shift in range(45, -1, -5))
    return f"{prefix}_{time}{rest * 16}"


def is_id(prefix: Prefix, text: str) -> bool:
    """Tell whether ``text`` has the shape of an id of this kind."""
    head, _, tail = text.partition("_")
    return head == prefix and _ULID.fullmatch(tail) is not None


def is_tenant(text: str) -> bool:
    """Tell whether ``text`` may be a tenant: it becomes part of keys, so no separators."""
    return _TENANT.fullmatch(text) is not None
