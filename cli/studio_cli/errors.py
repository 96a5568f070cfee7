"""The errors of the command line.

CliError           a message and the next step
└── ApiError       the API refuses a request: its problem document, field by field
    └── SignedOutError  the API does not accept the token
"""

from collections.abc import Sequence
from dataclasses import dataclass

from studio_cli.terminal import printable


class CliError(Exception):
    """A failure that the user can act on.

    Attributes:
        message: What happened, in one line or a few.
        next_step: What to do next; None if the message already says it.
    """

    def __init__(self, message: str, next_step: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.next_step = next_step


@dataclass(frozen=True, slots=True)
class WrongField:
    """One field that the API refuses: its RFC 6901 pointer and the reason."""

    pointer: str
    detail: str


class ApiError(CliError):
    """The API answers with an error.

    Attributes:
        status: HTTP status.
        code: Code of the problem; empty if the answer is not a problem document.
        fields: The fields that are wrong.
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
        lines = [printable(f"{title}: {detail}" if detail else title)]
        lines += [printable(f"  {field.pointer}: {field.detail}") for field in fields]
        super().__init__("\n".join(lines), next_step)
        self.status = status
        self.code = code
        self.fields = tuple(fields)


class SignedOutError(ApiError):
    """The API does not accept the token (401)."""
