"""The page about tables lists the columns and limits that the code has."""

from studio.domain.batches.members import MAX_CELL, MEMBERS
from studio.domain.batches.table import MAX_BYTES, MAX_COLUMNS, MAX_ROWS
from tools.table_columns import PAGE, columns, written


def test_the_page_lists_the_columns() -> None:
    text = PAGE.read_text()

    assert written(text) == text, "run: python -m tools.table_columns"
    assert columns().count("\n") == len(MEMBERS) + 2


def test_the_page_has_the_limits() -> None:
    text = PAGE.read_text()

    assert f"| size of the file | {MAX_BYTES // 2**20} MiB |" in text
    assert f"| rows | {MAX_ROWS:,} |" in text
    assert f"| columns | {MAX_COLUMNS:,} |" in text
    assert f"| characters of any other cell | {MAX_CELL} |" in text
    for name, said in {
        "prompt": "characters of a prompt",
        "negative_prompt": "characters of `negative_prompt`",
        "search_prompt": "characters of a text input, such as `search_prompt`",
    }.items():
        assert f"| {said} | {MEMBERS[name].longest:,} |" in text
    assert MEMBERS["mask"].longest == MEMBERS["formats"].longest == 2_000
    assert MEMBERS["source"].longest == 8_000
