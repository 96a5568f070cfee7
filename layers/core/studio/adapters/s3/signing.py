"""Signed URLs that stay the same for minutes (Signature Version 4 in the query).

botocore signs as of now, so each of its URLs differs from the one before. These are signed as of
the start of an interval: an answer with them keeps its ETag, and a browser its copy of the file.
"""

import hmac
from datetime import datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from botocore.credentials import ReadOnlyCredentials

INTERVAL_SECONDS = 300
"""A URL changes once in so many seconds, and is valid for so much longer than was asked for."""

_ALGORITHM = "AWS4-HMAC-SHA256"


def signed_url(
    address: str,
    parameters: dict[str, str],
    *,
    keys: "ReadOnlyCredentials",
    region: str,
    at: datetime,
    seconds: int,
) -> str:
    """Return a URL that reads an object for at least ``seconds`` from ``at`` on.

    Args:
        address: URL of the object, with its path encoded as on the wire.
        parameters: What else the query says.
        keys: Keys to sign with.
        region: AWS region of the bucket.
        at: The time, in UTC.
        seconds: How long the URL is valid at least.
    """
    start = at - timedelta(seconds=int(at.timestamp()) % INTERVAL_SECONDS)
    time = start.strftime("%Y%m%dT%H%M%SZ")
    scope = f"{time[:8]}/{region}/s3/aws4_request"
    query = {
        **parameters,
        "X-Amz-Algorithm": _ALGORITHM,
        "X-Amz-Credential": f"{keys.access_key}/{scope}",
        "X-Amz-Date": time,
        "X-Amz-Expires": str(seconds + INTERVAL_SECONDS),
        "X-Amz-SignedHeaders": "host",
    }
    if keys.token:
        query["X-Amz-Security-Token"] = keys.token
    text = "&".join(f"{name}={quote(value, safe='-_.~')}" for name, value in sorted(query.items()))
    host, path = address.partition("://")[2].split("/", 1)
    request = f"GET\n/{path}\n{text}\nhost:{host}\n\nhost\nUNSIGNED-PAYLOAD"
    signed = f"{_ALGORITHM}\n{time}\n{scope}\n{sha256(request.encode()).hexdigest()}"
    key = _signing_key(keys.secret_key, scope)
    return f"{address}?{text}&X-Amz-Signature={hmac.digest(key, signed.encode(), sha256).hex()}"


@lru_cache(maxsize=2)
def _signing_key(secret: str, scope: str) -> bytes:
    """Return the key of a day."""
    key = f"AWS4{secret}".encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), sha256)
    return key
