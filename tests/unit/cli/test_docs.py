"""The documentation names commands and options that exist, and every command."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from studio_cli.main import commands

ROOT = Path(__file__).parents[3]
PAGES = (
    "docs/cli.md",
    "docs/deploy.md",
    "docs/money.md",
    "docs/api.md",
    "docs/runbook.md",
    "README.md",
)
_MENTION = re.compile(r"(?m)^studio .+$|`studio [^`]+`")


def known() -> dict[tuple[str, ...], set[str]]:
    """Return the options of each command by its words."""
    found: dict[tuple[str, ...], set[str]] = {}

    def walk(command: object, words: tuple[str, ...]) -> None:
        children = getattr(command, "commands", None)
        if children:
            for name, child in children.items():
                walk(child, (*words, name))
        else:
            params = getattr(command, "params", [])
            found[words] = {"--help"}.union(*(set(one.opts + one.secondary_opts) for one in params))

    walk(typer.main.get_command(commands), ())
    return found


def mentioned(page: str) -> Iterator[list[str]]:
    """Yield the words of each command that a page mentions, with each of its alternatives."""
    for mention in _MENTION.findall((ROOT / page).read_text(encoding="utf-8")):
        words = shlex.split(mention.strip("`"), comments=True)[1:]
        group, alternatives = words[0], words[1].split("|") if len(words) > 1 else []
        if len(alternatives) > 1:
            yield from ([group, one, *words[2:]] for one in alternatives)
        else:
            yield words


@pytest.mark.parametrize("page", PAGES)
def test_every_command_and_option_of_a_page_exists(page: str) -> None:
    commands_ = known()
    for words in mentioned(page):
        if words[0] == "COMMAND":
            continue
        name = next((tuple(words[:n]) for n in (3, 2, 1) if tuple(words[:n]) in commands_), None)
        assert name, f"{page}: studio {' '.join(words)}"
        used = {word for word in words if word.startswith("--")}
        assert used <= commands_[name], f"{page}: {used - commands_[name]} of {name}"


def test_every_command_is_documented() -> None:
    written = {tuple(words[:n]) for words in mentioned("docs/cli.md") for n in (1, 2, 3)}
    assert known().keys() - written == {("demo",)}
