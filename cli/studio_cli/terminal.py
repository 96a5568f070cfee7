"""Output to the terminal."""

import sys

from rich.console import Console
from rich.text import Text

PIPE_WIDTH = 200
"""Columns for a file or a pipe, so that its tables are not folded."""


def new_console() -> Console:
    """Return a console that prints labels and prompts as text, not as markup."""
    width = None if sys.stdout.isatty() else PIPE_WIDTH
    return Console(markup=False, highlight=False, width=width)


def done(console: Console, text: str) -> None:
    """Print that a step is done."""
    console.print(Text("✓ ", style="green") + Text(text), soft_wrap=True)
