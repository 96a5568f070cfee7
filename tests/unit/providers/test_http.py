"""Reading headers, JSON, base64 and words of an answer that nobody can trust."""

from datetime import UTC, datetime
from decimal import Decimal

import httpx
import pytest

from studio.providers.shared.http import (
    decode_picture,
    identifier,
    parse_json,
    parse_retry_after,
    shared_client,
)

NOW = datetime(2026, 11, 20, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "7"}, 7),
        ({"retry-after": " 7 "}, 7),
        ({"retry-after": "1.2"}, 2),
        ({"retry-after": "0"}, 1),
        ({"retry-after": "86400"}, 600),
        ({"retry-after": "9" * 400}, 600),
        ({"retry-after-ms": "1500"}, 2),
        ({"retry-after-ms": "20", "retry-after": "9"}, 1),
        ({"retry-after-ms": "soon", "retry-after": "9"}, 9),
        ({"retry-after": "Fri, 20 Nov 2026 12:00:45 GMT"}, 45),
        ({"retry-after": "Fri, 20 Nov 2026 12:00:45 -0000"}, 45),
        ({"retry-after": "Fri, 20 Nov 2026 11:00:00 GMT"}, 1),
        ({"retry-after": "Sat, 21 Nov 2026 12:00:00 GMT"}, 600),
        ({"retry-after": "-5"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "²"}, None),
        ({"retry-after": "later"}, None),
        ({"retry-after": "Fri, 20 Nov 2026 12:00:45 +9999999999999999"}, None),
    ],
)
def test_how_long_to_wait(headers: dict[str, str], seconds: int | None) -> None:
    assert parse_retry_after(httpx.Headers(list(_raw(headers))), NOW) == seconds


def _raw(headers: dict[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.encode(), value.encode()) for name, value in headers.items()]


def test_amounts_are_read_without_a_float() -> None:
    assert parse_json(b'{"cost": 0.0013}') == {"cost": Decimal("0.0013")}


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>", b'{"data": [', b"[]", b"null", b'{"a": NaN}', b"\xff", b"[" * 100_000],
)
def test_what_is_no_json_object_is_none(body: bytes) -> None:
    assert parse_json(body) is None


def test_base64_is_read_strictly() -> None:
    assert decode_picture("aGk=") == b"hi"
    for wrong in ("*aGk=", "aGk", "aG k=", "aGké"):
        assert decode_picture(wrong) is None


def test_only_plain_words_are_shown() -> None:
    for word in ("req_000001", "invalid_value", "CFGScale", "gpt-image-2.5"):
        assert identifier(word) == word
    for other in ("", "a b", "https://x.example/?key=1", "naïve", "x" * 129, None, 7, "***"):
        assert identifier(other) is None


def test_the_client_is_made_once_and_trusts_no_environment() -> None:
    assert shared_client() is shared_client()
    assert shared_client().trust_env is False
