"""How the CLI writes to the terminal."""

import sys

from rich.console import Console
from rich.text import Text

PIPE_WIDTH = 200
"""Columns where nobody looks: a file or a pipe must not have its tables folded."""


def new_console() -> Console:
    """Make a console that takes text as it is: labels and prompts are not markup."""
    width = None if sys.stdout.isatty() else PIPE_WIDTH
    return Console(markup=False, highlight=False, width=width)


def done(console: Console, text: str) -> None:
    """Say that a step is done."""
    console.print(Text("✓ ", style="green") + Text(text), soft_wrap=True)
