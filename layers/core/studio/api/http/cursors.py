"""Opaque page cursors: the id to go on behind, signed for one list of one tenant.

A cursor is base64url of a 128-bit HMAC-SHA256 and the id. The signature covers route, tenant
and filters, so that a cursor of another list is refused like one that was tampered with.
"""

import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from hashlib import sha256

from studio.errors import InvalidCursorError

_MAC_BYTES = 16


def encode(key: bytes, scope: Sequence[str], after: str) -> str:
    """Make the cursor that goes on behind ``after``.

    Args:
        key: The signing key.
        scope: Route, tenant and filters of the list.
        after: Id of the last entry of the page.
    """
    signed = json.dumps([*scope, after]).encode()
    mac = hmac.digest(key, signed, sha256)[:_MAC_BYTES]
    return urlsafe_b64encode(mac + after.encode()).rstrip(b"=").decode()


def decode(key: bytes, scope: Sequence[str], cursor: str) -> str:
    """Return the id that a cursor goes on behind.

    Raises:
        InvalidCursorError: it was not made by ``encode`` for this list.
    """
    try:
        raw = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        after = raw[_MAC_BYTES:].decode()
    except ValueError as error:
        raise InvalidCursorError("the cursor is not one of this list") from error
    # Compared as written: several spellings of base64 read as the same bytes.
    if not hmac.compare_digest(cursor.encode(), encode(key, scope, after).encode()):
        raise InvalidCursorError("the cursor is not one of this list")
    return after
