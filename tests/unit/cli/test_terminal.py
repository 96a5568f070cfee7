"""What reaches the terminal."""

import ast
import io
import json
from pathlib import Path

import pytest
from rich.table import Table

import studio_cli
from studio_cli.terminal import PrintableConsole, done, printable, say, say_json, styled
from tests.support.cli.hostile import HOSTILE, controls

CLI = Path(studio_cli.__file__).parent
WRITERS = frozenset({"print", "Text", "Console", "Table", "echo", "secho", "from_markup"})


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a red bicycle", "a red bicycle"),
        ("grün 商品写真 \u00a0", "grün 商品写真 \u00a0"),
        ("\U0001f468\u200d\U0001f469", "\U0001f468\u200d\U0001f469"),
        ("\u0646\u200c\u0645", "\u0646\u200c\u0645"),
        ("two\r\nlines\tand\u2028more\x85", "two lines and more "),
        ("\x1b[31mred", "\ufffd[31mred"),
        ("\x9b31mred", "\ufffd31mred"),
        ("\x1b]8;;https://evil.test\x07here", "\ufffd]8;;https://evil.test\ufffdhere"),
        ("a\bb\x7fc\x00d", "a\ufffdb\ufffdc\ufffdd"),
        ("gpj.\u202eexe", "gpj.\ufffdexe"),
        ("\u2066a\u2069\u200e\u200f\u061c", "\ufffda" + "\ufffd" * 4),
        ("\ud800", "\ufffd"),
        ("\U000e0041\ufeff\u200b\u00ad", "\ufffd" * 4),
    ],
)
def test_a_text_is_one_line_that_no_terminal_obeys(text: str, shown: str) -> None:
    assert printable(text) == shown
    assert printable(shown) == shown


def test_no_character_passes_that_a_terminal_may_obey() -> None:
    passed = {one for code in (*range(0x10000), *range(0xE0000, 0xE0200))
              for one in controls(printable(chr(code)))}  # fmt: skip
    assert passed == {"\u200c", "\u200d"}


def test_every_way_to_print_is_printable(capsys: pytest.CaptureFixture[str]) -> None:
    said = io.StringIO()
    console = PrintableConsole(file=said, markup=False, width=200)
    table = Table(HOSTILE)
    table.add_row(HOSTILE)
    console.print(HOSTILE, table, styled(HOSTILE, "red"), styled(HOSTILE, cut=True))
    done(console, HOSTILE)
    say(HOSTILE)
    output = said.getvalue() + capsys.readouterr().out
    assert controls(output) == []
    assert output.count("evil") == 7
    output.encode()


def test_json_stays_the_same_document(capsys: pytest.CaptureFixture[str]) -> None:
    document = {"prompt": HOSTILE, HOSTILE: ["grün \u2028 ok"]}
    say_json(document)
    output = capsys.readouterr().out
    assert controls(output) == []
    assert "grün" in output
    assert json.loads(output) == document


@pytest.mark.parametrize("path", sorted(CLI.glob("*.py")), ids=lambda path: path.stem)
def test_no_module_prints_past_the_function_that_makes_texts_printable(path: Path) -> None:
    if path.stem in ("terminal", "tables"):
        return
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            called = node.func
            name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
            by_console = isinstance(called, ast.Attribute) and name == "print"
            grid = isinstance(called, ast.Attribute) and name == "grid"
            assert by_console or grid or name not in WRITERS, f"line {node.lineno}: {name}"
