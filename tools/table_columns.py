"""The list of columns in docs/tables.md, made from the members that a table can give.

``python -m tools.table_columns`` writes it. A test fails if the page has another list.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "tables.md"
_BEGIN, _END = "<!-- columns -->\n", "<!-- /columns -->\n"
_KINDS = {
    "text": "text",
    "word": "text",
    "integer": "whole number",
    "decimal": "number",
    "dollars": "dollars",
    "flag": "yes or no",
    "size": "size",
    "ratio": "shape",
    "file": "file",
    "files": "files",
    "names": "list",
    "labels": "pairs",
    "renditions": "pairs",
}


def columns() -> str:
    """Return the list: a row per column, and the operations that its value is an input of."""
    sys.path.insert(0, str(ROOT / "layers" / "core"))
    from studio.domain.batches.members import MEMBERS
    from studio.domain.operations.table import OPERATIONS

    rows = [["column", "a cell holds", "meaning", "operations"], ["---"] * 4]
    for name, member in MEMBERS.items():
        options = [one.options[name] for one in OPERATIONS.values() if name in one.options]
        users = [one.id for one in OPERATIONS.values() if name in one.options or name in one.files]
        words = ", ".join(f"`{word}`" for word in options[0].choices) if options else ""
        limits = "" if member.low is None or words else f", {member.low} to {member.high}"
        rows.append(
            [
                f"`{name}`",
                f"{_KINDS[member.kind]}{limits}",
                f"{member.description}: {words}" if words else member.description,
                ", ".join(f"`{user}`" for user in users),
            ]
        )
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def written(text: str) -> str:
    """Return the text of the page with the current list."""
    before, rest = text.split(_BEGIN)
    return f"{before}{_BEGIN}{columns()}{_END}{rest.split(_END)[1]}"


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text()))
