"""Signature Version 4 computed by hand, after the algorithm that AWS publishes.

It shares nothing with botocore, which makes the signatures that it judges.
"""

import hashlib
import hmac
import re
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from tests.support.stand_ins.server import Recorded

ALGORITHM = "AWS4-HMAC-SHA256"
_SKEW = timedelta(minutes=5)
_STAMP = "%Y%m%dT%H%M%SZ"
_HEADER = re.compile(
    rf"{ALGORITHM} Credential=(?P<key>[^/]+)/(?P<day>\d{{8}})/(?P<region>[^/]+)/(?P<service>[^/]+)"
    r"/aws4_request, SignedHeaders=(?P<signed>[a-z0-9;-]+), Signature=(?P<signature>[0-9a-f]{64})"
)
_MUST_BE_SIGNED = {"host", "content-type", "x-amz-date"}


def signature(
    request: Recorded, signed: list[str], secret: str, region: str, service: str
) -> tuple[str, str]:
    """Return the SHA-256 of the canonical request, and the signature, both in hex."""
    # The path is encoded once more, as for every service but S3.
    lines = [
        request.method,
        quote(request.path, safe="/-_.~"),
        "",
        *(f"{name}:{' '.join(request.headers[name].split())}" for name in signed),
        "",
        ";".join(signed),
        _sha256(request.body),
    ]
    digest = _sha256("\n".join(lines).encode())
    stamp = request.headers["x-amz-date"]
    scope = f"{stamp[:8]}/{region}/{service}/aws4_request"
    key = f"AWS4{secret}".encode()
    for word in scope.split("/"):
        key = _mac(key, word)
    return digest, _mac(key, f"{ALGORITHM}\n{stamp}\n{scope}\n{digest}").hex()


def refused_type(
    request: Recorded, *, access_key: str, secret: str, token: str | None, region: str, service: str
) -> str | None:
    """Return the type of error with which AWS refuses a request for its signature, if it does."""
    header = request.headers.get("authorization")
    if header is None:
        return "MissingAuthenticationTokenException"
    found = _HEADER.fullmatch(header)
    if found is None:
        return "IncompleteSignatureException"
    if found["key"] != access_key or request.headers.get("x-amz-security-token") != token:
        return "UnrecognizedClientException"
    signed = found["signed"].split(";")
    wanted = _MUST_BE_SIGNED | ({"x-amz-security-token"} if token else set())
    here = (
        wanted <= set(signed) <= request.headers.keys()
        and signed == sorted(signed)
        and (found["region"], found["service"]) == (region, service)
        and _is_now(request.headers["x-amz-date"])
        and request.headers["x-amz-date"].startswith(found["day"])
    )
    if here and signature(request, signed, secret, region, service)[1] == found["signature"]:
        return None
    return "InvalidSignatureException"


def _is_now(stamp: str) -> bool:
    try:
        at = datetime.strptime(stamp, _STAMP).replace(tzinfo=UTC)
    except ValueError:
        return False
    return abs(at - datetime.now(UTC)) <= _SKEW


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _mac(key: bytes, text: str) -> bytes:
    return hmac.digest(key, text.encode(), "sha256")
