"""Output to the terminal. Every text that a command prints goes through ``printable``."""

import json
import sys
import unicodedata
from typing import Any

import typer
from rich.console import Console
from rich.text import Text

PIPE_WIDTH = 200
"""Columns for a file or a pipe, so that its tables are not folded."""

_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_BREAKS = frozenset("\t\n\v\f\r\x1c\x1d\x1e\x1f\x85\u2028\u2029")
# They shape letters and emoji, and move nothing on the screen.
_JOINERS = frozenset("\u200c\u200d")


def printable(text: str) -> str:
    """Return a text as one line without characters that a terminal obeys.

    A tab or a line break becomes a space. Any other control, format or direction character and a
    lone surrogate become U+FFFD, so that it stays visible that something was there.
    """
    if text.isprintable():
        return text
    return "".join(map(_shown, text.replace("\r\n", "\n")))


def _shown(character: str) -> str:
    if character in _BREAKS:
        return " "
    return "\ufffd" if is_hidden(character) else character


def is_hidden(character: str) -> bool:
    """Return whether a terminal may obey a character instead of showing it."""
    return unicodedata.category(character) in _HIDDEN and character not in _JOINERS


class PrintableConsole(Console):
    """A console whose texts are printable: each string that it prints or lays out is."""

    def render_str(self, text: str, **options: Any) -> Text:  # noqa: ANN401 - those of rich
        """Return the text of a string, which is printable."""
        return super().render_str(printable(text), **options)


def new_console() -> Console:
    """Return a console that prints labels and prompts as text, not as markup."""
    width = None if sys.stdout.isatty() else PIPE_WIDTH
    return PrintableConsole(markup=False, highlight=False, width=width)


def styled(text: str, style: str = "", *, cut: bool = False) -> Text:
    """Return a printable text with a style; ``cut`` ends it with "…" where the space ends."""
    return Text(printable(text), style=style, no_wrap=cut, overflow="ellipsis" if cut else None)


def done(console: Console, text: str) -> None:
    """Print that a step is done."""
    console.print(Text.assemble(("✓ ", "green"), printable(text)), soft_wrap=True)


def say(text: str) -> None:
    """Print one line as it is, however long."""
    typer.echo(printable(text))


def say_error(text: str, colour: str | None = None) -> None:
    """Print one line on the error stream."""
    shown = printable(text)
    typer.echo(typer.style(shown, fg=colour) if colour else shown, err=True)


def say_json(document: object) -> None:
    """Print a document as JSON; hidden characters are escaped, so it stays the same document."""
    text = json.dumps(document, indent=2, ensure_ascii=False)
    typer.echo("".join(one if one == "\n" or not is_hidden(one) else _escape(one) for one in text))


def _escape(character: str) -> str:
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at] << 8 | units[at + 1]:04x}" for at in range(0, len(units), 2))
