"""Secrets that commands take: from a prompt without echo or from a file, never as an argument."""

from pathlib import Path
from typing import Annotated

import typer

from studio_cli.errors import CliError

_MOST_BYTES = 10_000

FileOption = Annotated[
    Path | None,
    typer.Option(
        "--file", metavar="FILE", help="Read the key from a file. Without it there is a prompt."
    ),
]


def read_secret(file: Path | None, prompt: str) -> str:
    """Return a secret without white space around it.

    Raises:
        CliError: The file cannot be read as text or has more bytes than a key, or it is empty.
    """
    text = _text(file) if file else str(typer.prompt(prompt, hide_input=True))
    if not text.strip():
        raise CliError("The key is empty.")
    return text.strip()


def _text(file: Path) -> str:
    try:
        with file.open("rb") as opened:
            data = opened.read(_MOST_BYTES + 1)
        if len(data) > _MOST_BYTES:
            raise CliError(f"{file} is too large for a key.")
        return data.decode()
    except (OSError, UnicodeDecodeError) as error:
        raise CliError(f"{file} cannot be read as text.") from error
