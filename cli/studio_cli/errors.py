"""What can go wrong for somebody at a terminal.

CliError           one clear line and what to do next
└── ApiError       the API refused: its problem document, field by field
    └── SignedOutError  the API did not accept the token
"""

from collections.abc import Sequence
from dataclasses import dataclass


class CliError(Exception):
    """A failure that the person at the terminal can understand and act on.

    Attributes:
        message: What happened, in one line or a few.
        next_step: What to do about it; None where the message already says so.
    """

    def __init__(self, message: str, next_step: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.next_step = next_step


@dataclass(frozen=True, slots=True)
class WrongField:
    """One field that the API refused: RFC 6901 pointer and the reason."""

    pointer: str
    detail: str


class ApiError(CliError):
    """The API answered with an error.

    Attributes:
        status: HTTP status.
        code: The problem's machine code; empty where the answer was no problem document.
    """

    def __init__(
        self,
        *,
        status: int,
        title: str,
        detail: str = "",
        code: str = "",
        fields: Sequence[WrongField] = (),
        next_step: str | None = None,
    ) -> None:
        lines = [f"{title}: {detail}" if detail else title]
        lines += [f"  {field.pointer}: {field.detail}" for field in fields]
        super().__init__("\n".join(lines), next_step)
        self.status = status
        self.code = code
        self.fields = tuple(fields)


class SignedOutError(ApiError):
    """The API did not accept the token (401)."""
