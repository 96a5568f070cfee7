"""Sentences for texts that do not match the pattern of their field."""

import re

_ID = re.compile(r"\^(\w{3}_)\[")

WORDS = {
    r"^#[0-9a-fA-F]{6}$": "Use a colour in hexadecimal digits, such as #ffffff.",
    r"^[a-z0-9][a-z0-9_-]{0,39}$": (
        "Use 1 to 40 lower-case letters, digits, hyphens and underscores, such as desktop."
        " Begin with a letter or digit."
    ),
    r"^[^\x00-\x1f\x7f]+$": "Use one line without control characters.",
    r"^[^\s\x00-\x1f\x7f]([^\x00-\x1f\x7f]*[^\s\x00-\x1f\x7f])?$": (
        "Use one line without control characters, and no blank at its ends."
    ),
    r"^[0-9]{1,9}(\.[0-9]{1,6})?$": (
        "Use an amount in US dollars with at most six decimals, such as 0.50."
    ),
    r"^-?[0-9]{1,9}(\.[0-9]{1,9})?$": "Use a number with at most nine decimals, such as 7.5.",
    r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$": (
        "Use 1 to 64 letters of A to Z, digits, dots, hyphens and underscores, such as SKU-1042."
        " Begin with a letter or digit."
    ),
    r"^[a-z0-9][a-z0-9-]{0,63}$": (
        "Use 1 to 64 lower-case letters, digits and hyphens, such as product-on-white."
        " Begin with a letter or digit."
    ),
    r"^([a-z]{1,16}\.)?[a-z0-9][a-z0-9-]{0,63}$": (
        "Use the id of a template, such as instagram.story or our-story."
    ),
    r"^[0-9]{2,4}x[0-9]{2,4}$": "Use width x height in pixels, such as 1024x1024.",
    r"^[1-9][0-9]{0,3}:[1-9][0-9]{0,3}$": "Use a ratio of whole numbers, such as 16:9.",
    r"^[^@\s]{1,64}@[^@\s]+\.[^@\s]+$": "Use a mail address, such as ann@example.org.",
    r"^[0-9a-f]{64}$": "Use the 64 lower-case hexadecimal digits of a SHA-256.",
    r"^((job|batch)\.(\*|succeeded|partially_succeeded|failed|cancelled)"
    r"|upload\.(\*|quarantined))$": "Use the name of an event, such as job.succeeded or batch.*.",
}


def words_for(pattern: str) -> str | None:
    """Return what a text must look like, None for a pattern without a sentence."""
    prefix = _ID.match(pattern)
    if prefix:
        return f"Use an id that begins with {prefix[1]}."
    return WORDS.get(pattern)
