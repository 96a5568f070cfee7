"""Cells that no spreadsheet takes for a formula."""

import re

# A spreadsheet may take any of several characters for the end of a cell, whatever the file says.
_GUARDED = re.compile(r"(^|[,;\t\r\n])'(?=[=+\-@\t\r])")
_FORMULA = re.compile(r"(^|[,;\t\r\n])(?=[=+\-@])|^(?=[\t\r])")


def unescape_formula(cell: str) -> str:
    """Return what ``escape_formula`` was given."""
    return _GUARDED.sub(r"\1", cell)


def escape_formula(cell: str) -> str:
    """Return a cell that no spreadsheet computes: an apostrophe stands before the sign."""
    return _FORMULA.sub(r"\1'", cell)
