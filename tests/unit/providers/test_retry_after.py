"""How long the headers of a response ask to wait."""

from datetime import UTC, datetime
from decimal import Decimal

import httpx
import pytest

from studio.providers.shared.retry_after import bounded_wait, parse_retry_after

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
        ({"retry-after": "17s"}, 17),
        ({"retry-after": "1500 ms"}, 2),
        ({"retry-after": "30, 60"}, 30),
        ({"retry-after": "2026-11-20T12:00:45Z"}, 45),
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


@pytest.mark.parametrize(
    ("seconds", "wait"),
    [(Decimal("1.2"), 2), (Decimal("1e999999"), 600), (0, 1), (-3, 1), (55, 55), (999_999, 600)],
)
def test_a_wait_is_between_1_and_600_seconds(seconds: Decimal | int, wait: int) -> None:
    assert bounded_wait(seconds) == wait
