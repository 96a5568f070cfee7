"""Cells that no spreadsheet takes for a formula, and the text they were made of.

The guard is an apostrophe. It stands wherever a spreadsheet may see the start of a cell. Some take
any of several characters for the end of a cell, whatever the file says. A text that has such an
apostrophe of its own gets one more, so the guard can be taken off again without a loss.
"""

import re

BLANKS = (
    "\x00\t\n\x0b\x0c\r\x1a\x1c\x1d\x1e\x1f\x20\x85\xa0\xad\u061c\u1680\u180e"
    "\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u200b\u200c\u200d\u200e\u200f"
    "\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u202f\u205f\u2060\u2061\u2062\u2063\u2064"
    "\u2066\u2067\u2068\u2069\u3000\ufeff"
)
"""Characters that show nothing at the edge of a cell: blanks, marks of direction, Ctrl-Z, NUL."""

# The signs that begin a formula: as ASCII, full-width and small, and the minus sign.
_SIGNS = re.escape("=+@\uff1d\uff0b\uff0d\uff20\ufe62\ufe63\ufe66\ufe6b\u2212-")
_ENDS = ",;|\t\r\n"
_SKIPPED = re.escape(BLANKS) + "'\""
# Behind an end, what is skipped has no other end: each character is looked at once.
_INNER = "".join(re.escape(character) for character in BLANKS if character not in _ENDS) + "'\""
_FIRST = rf"(?=[{_SKIPPED}]*[{_SIGNS}\t\r\n])"
_LATER = rf"(?=[{_INNER}]*[{_SIGNS}])"
_FORMULA = re.compile(rf"^{_FIRST}|(?<=[{_ENDS}]){_LATER}")
_GUARDED = re.compile(rf"^'{_FIRST}|(?<=[{_ENDS}])'{_LATER}")


def escape_formula(cell: str) -> str:
    """Return a cell that no spreadsheet computes: an apostrophe stands before the sign."""
    return _FORMULA.sub("'", cell)


def unescape_formula(cell: str) -> str:
    """Return what ``escape_formula`` was given."""
    return _GUARDED.sub("", cell)
