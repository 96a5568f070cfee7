"""Faults of an answer on its way, for the stand-ins of all vendors.

Each function takes an answer and returns it as it is delivered.
"""

import base64
import gzip
import json
import zlib
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from tests.support.stand_ins.server import JSON, RESULTS, Recorded, Reply, StandIn

_MEDIA = (b"\x89PNG", b"glTF")
Delivery = Callable[[Reply], Reply]


def coded(reply: Reply, body: bytes, codings: str) -> Reply:
    """Return an answer with another body and the header that names its codings."""
    return replace(reply, body=body, headers={**reply.headers, "content-encoding": codings})


def packed(reply: Reply) -> Reply:
    return coded(reply, gzip.compress(reply.body), "gzip")


def packed_twice(reply: Reply) -> Reply:
    return coded(reply, gzip.compress(gzip.compress(reply.body)), "gzip, x-gzip")


def packed_silently(reply: Reply) -> Reply:
    return replace(reply, body=gzip.compress(reply.body))


def deflated(reply: Reply) -> Reply:
    return coded(reply, zlib.compress(reply.body), "deflate")


def deflated_without_header(reply: Reply) -> Reply:
    return coded(reply, zlib.compress(reply.body, wbits=-15), "deflate")


def mislabelled(codings: str) -> Delivery:
    """Return the delivery of plain bodies that are said to be coded."""
    return lambda reply: coded(reply, reply.body, codings)


def damaged(reply: Reply) -> Reply:
    """Deliver the first half of a packed body, as a complete one."""
    whole = gzip.compress(reply.body)
    return coded(reply, whole[: len(whole) // 2], "gzip")


def broken_off(reply: Reply) -> Reply:
    return replace(reply, cut="half")


def too_short(reply: Reply) -> Reply:
    """Deliver the whole body, of which the header promises more."""
    return replace(reply, missing=100)


READABLE: dict[str, Delivery] = {
    "packed": packed,
    "packed-twice": packed_twice,
    "packed-silently": packed_silently,
    "deflated": deflated,
    "deflated-without-header": deflated_without_header,
    "plain-as-gzip": mislabelled("gzip"),
    "plain-as-deflate": mislabelled("deflate"),
    "plain-as-br": mislabelled("br"),
    "plain-as-aws-chunked": mislabelled("aws-chunked"),
    "too-short": too_short,
}
"""Deliveries that lose nothing of an answer."""
WRONG_HEADERS: dict[str, tuple[str, str]] = {
    "length-of-letters": ("content-length", "abc"),
    "length-below-zero": ("content-length", "-1"),
    "two-lengths": ("content-length", "1000001"),
    "gzip-chunked": ("transfer-encoding", "gzip, chunked"),
    "identity": ("transfer-encoding", "identity"),
    "no-colon": ("x-a", "b\r\na line without a colon"),
}
"""Headers that the HTTP library refuses an answer for."""


def with_header(name: str, value: str) -> Delivery:
    """Return the delivery of answers with one more header."""
    return lambda reply: replace(reply, headers={**reply.headers, name: value})


LOSSY: dict[str, Delivery] = {
    "damaged": damaged,
    "broken-off": broken_off,
}
"""Deliveries that lose a part of the body."""
HEADLESS: dict[str, Delivery] = {key: with_header(*header) for key, header in WRONG_HEADERS.items()}
"""Deliveries that lose the headers and the body."""


def with_pictures(
    stand_in: StandIn, change: Callable[[bytes], str], member: str | None = None
) -> Delivery:
    """Return the delivery of answers whose pictures have another form.

    Args:
        stand_in: Where the answers come from, and the results that they name by a URL.
        change: Returns the new text of a picture.
        member: New name of the member with a picture, None for the same.
    """

    def changed(value: Any) -> Any:
        if isinstance(value, list):
            return [changed(one) for one in value]
        if isinstance(value, dict):
            return dict(entry(name, one) for name, one in value.items())
        data = _picture(stand_in, value)
        return value if data is None else change(data)

    def entry(name: str, value: Any) -> tuple[str, Any]:
        is_picture = _picture(stand_in, value) is not None
        return (member or name) if is_picture else name, changed(value)

    def deliver(reply: Reply) -> Reply:
        if not reply.body.startswith(_MEDIA):
            return _json(reply, changed)
        document = {member or "image": change(reply.body), "seed": reply.headers.get("seed")}
        headers = {**reply.headers, "content-type": JSON}
        return replace(reply, body=json.dumps(document).encode(), headers=headers)

    return deliver


def as_text(stand_in: StandIn, change: Callable[[bytes], str]) -> Delivery:
    """Return the delivery of answers with a picture as nothing but the text of that picture.

    Other answers stay as they are.
    """

    def deliver(reply: Reply) -> Reply:
        if reply.body.startswith(_MEDIA):
            return replace(reply, body=change(reply.body).encode())
        found: list[bytes] = []

        def keep(data: bytes) -> str:
            found.append(data)
            return ""

        with_pictures(stand_in, keep)(reply)
        return replace(reply, body=change(found[0]).encode()) if found else reply

    return deliver


def _picture(stand_in: StandIn, value: object) -> bytes | None:
    """Return the bytes of a picture in base64 or at a URL of the stand-in, None for other texts."""
    if not isinstance(value, str):
        return None
    url = urlsplit(value)
    if url.scheme == "http" and url.path.startswith(RESULTS):
        return stand_in.answer(Recorded("GET", url.path, {}, b"")).body
    try:
        data = base64.b64decode(value, validate=True)
    except ValueError:
        return None
    return data if data.startswith(_MEDIA) else None


def with_usage(change: Callable[[dict[str, Any]], dict[str, Any]]) -> Delivery:
    """Return the delivery of answers that report another usage or another charge."""

    def changed(value: Any) -> Any:
        if isinstance(value, list):
            return [changed(one) for one in value]
        if not isinstance(value, dict):
            return value
        usage = {name: one for name, one in value.items() if name in ("usage", "usageMetadata")}
        if usage:
            return {**value, **{name: change(one) for name, one in usage.items()}}
        if "cost" in value:
            rest = {name: one for name, one in value.items() if name != "cost"}
            return {**rest, **change({"cost": value["cost"]})}
        return {name: changed(one) for name, one in value.items()}

    return lambda reply: _json(reply, changed)


def _json(reply: Reply, change: Callable[[Any], Any]) -> Reply:
    if not reply.headers.get("content-type", "").startswith(JSON):
        return reply
    try:
        document = json.loads(reply.body)
    except ValueError:
        return reply
    return replace(reply, body=json.dumps(change(document)).encode())
