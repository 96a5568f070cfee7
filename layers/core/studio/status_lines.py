"""Keeping of the status of an answer whose headers the HTTP library does not read.

A wrong length, an unknown transfer coding or a line without a colon makes the library refuse the
whole answer. The status came before, and it counts.
"""

import re
from typing import Final

_LINE: Final = re.compile(rb"HTTP/1\.[01] ([2-5][0-9]{2})[ \r\n]")
_LENGTH: Final = 32


class StatusLine:
    """The beginning of the answer to the last request on a connection."""

    def __init__(self) -> None:
        self._begin = b""

    def sent(self) -> None:
        """Forget the last answer, because a request is sent."""
        self._begin = b""

    def received(self, data: bytes) -> None:
        """Keep the beginning of an answer."""
        if len(self._begin) < _LENGTH:
            self._begin += data[:_LENGTH]

    @property
    def status(self) -> int | None:
        """HTTP status of the answer, None if it did not come."""
        found = _LINE.match(self._begin)
        return int(found[1]) if found else None
