"""Text that fits its line and holds only what the built-in font can show."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio_imaging.typography import font, printable, wrap


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain words", "plain words"),
        ("  two\n\tlines\x00 and\u200b gaps ", "two lines and gaps"),
        ("Caf\u00e9 Z\u00fcrich", "Cafe Zurich"),
        ("Stra\u00dfe \u2013 \u00d8l", "Strasse - Ol"),
        ("a \U0001f600 b", "a b"),
        ("\u732b\u304c", ""),
        ("", ""),
    ],
)
def test_only_what_the_font_can_show_is_kept(text: str, shown: str) -> None:
    assert printable(text) == shown


def test_a_short_text_is_one_line() -> None:
    assert wrap("sea", 20, 500, 2) == ["sea"]
    assert wrap("", 20, 500, 2) == []


def test_a_long_text_breaks_at_spaces() -> None:
    lines = wrap("one two three four five six", 20, 110, 4)

    assert len(lines) > 1
    assert " ".join(lines) == "one two three four five six"


def test_a_text_that_does_not_fit_ends_with_an_ellipsis() -> None:
    lines = wrap("word " * 60, 20, 200, 2)

    assert len(lines) == 2
    assert lines[1].endswith("word\u2026")
    assert not lines[0].endswith("\u2026")


def test_a_word_longer_than_a_line_is_broken() -> None:
    lines = wrap("x" * 100, 20, 200, 3)

    assert len(lines) == 3
    assert len(lines[0]) > 5


@given(
    text=st.text(alphabet="abcdefgh ,.", max_size=300),
    size=st.integers(8, 48),
    width=st.integers(60, 700),
    lines=st.integers(1, 4),
)
def test_no_line_is_ever_wider_than_its_room(text: str, size: int, width: int, lines: int) -> None:
    shown = printable(text)

    wrapped = wrap(shown, size, width, lines)

    assert len(wrapped) <= lines
    assert all(font(size).getlength(line) <= width for line in wrapped if len(line) > 2)
    assert bool(wrapped) == bool(shown)
