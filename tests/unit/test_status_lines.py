"""Keeping of the status of an answer."""

import pytest

from studio.status_lines import StatusLine


@pytest.mark.parametrize(
    ("chunks", "status"),
    [
        ((b"HTTP/1.1 503 Busy\r\nA: b\r\n",), 503),
        ((b"HTTP/1.0 40", b"4\r\n"), 404),
        ((b"HTTP/1.1 100 Continue\r\n",), None),
        ((b"HTTP/1.1 50",), None),
        ((b"HTTP/1.1 5033 Busy",), None),
        ((b"<html>",), None),
        ((), None),
    ],
)
def test_the_status_is_in_the_first_line(chunks: tuple[bytes, ...], status: int | None) -> None:
    line = StatusLine()
    line.received(b"HTTP/1.1 200 OK\r\n")
    line.sent()
    for chunk in chunks:
        line.received(chunk)
    assert line.status == status
