"""Answers of the API whose texts try to control the terminal."""

import unicodedata
from typing import Any

HOSTILE = (
    "\x1b[2J\x1b]0;title\x07\x9b31m\u202eevil\u2066\x00\x7f\b\ud800\U000e0041\ufeff\r\n\x85\u2028x"
)
_KINDS = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
# The command line reads these itself.
_READ = frozenset(
    {
        "status", "state", "stage", "until", "at", "url", "content", "sha256", "next_cursor",
        "amount", "reserved", "settled", "released", "held", "reservation_used", "media_type",
        "job_id", "import_id", "recipe_id", "shape",
    }
)  # fmt: skip


def hostile(document: Any, member: str = "") -> Any:
    """Return a document whose texts end in controls, but for the members that are read."""
    if isinstance(document, dict):
        return {name: hostile(value, name) for name, value in document.items()}
    if isinstance(document, list | tuple):
        return [hostile(value, member) for value in document]
    read = member in _READ or member.endswith(("_at", "_url"))
    return document + HOSTILE if isinstance(document, str) and not read else document


def controls(text: str) -> list[str]:
    """Return the characters of an output that a terminal may obey."""
    return [one for one in text if unicodedata.category(one) in _KINDS and one != "\n"]
