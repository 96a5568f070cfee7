"""Names of contents and slots: the id of a slot holds the id of its content."""

import re

CONTENT_ID = re.compile(r"^cnt_[0-7][0-9A-HJKMNP-TV-Z]{25}$")
SLOT_ID = re.compile(r"^img_([0-7][0-9A-HJKMNP-TV-Z]{25})_([1-9][0-9]{0,3})$")


def slot_id(content_id: str, number: int) -> str:
    """Return the id of a slot."""
    return f"img_{content_id.removeprefix('cnt_')}_{number}"


def slot_named(text: str) -> tuple[str, int] | None:
    """Return the content and the number that the id of a slot names, None for another text."""
    match = SLOT_ID.fullmatch(text)
    return (f"cnt_{match[1]}", int(match[2])) if match else None
