"""Text of Windows-1252, the encoding of old spreadsheets, where no other encoding is likely.

The bytes do not say which encoding they are of. So a file is read only if its characters stand
where the languages of Western Europe have them: letters in words, signs between words.
"""

import re

_CAPITALS = "\u00c0-\u00d6\u00d8-\u00dc\u0152\u0160\u0178\u017d"
_SMALL = "\u00df-\u00f6\u00f8-\u00ff\u0153\u0161\u017e"
_HIGH = _CAPITALS + _SMALL
_LETTER = f"A-Za-z{_HIGH}"
# Signs that may stand beside a letter with an accent.
_BESIDE = (
    "\u2018\u2019\u201a\u201c\u201d\u201e\u2013\u2014\u2026\u2039\u203a\u00ab\u00bb\u00a1\u00bf"
    "\u00ae\u2122\u00a9\u00b7\u00aa\u00ba\u00a0\u00b4"
)
_SIGN = rf"[^\x00-\x7f{_HIGH}{_BESIDE}]"
_OTHER = re.compile(
    # Letters of Iceland are those of Turkey in its own code page. The rest belongs to no language.
    "[\u00d0\u00de\u00dd\u00f0\u00fe\u00fd\u00ff\u0192\u02c6\u02dc\u2020\u2021\u2030\u00a4\u00a6"
    "\u00a8\u00af\u00b8]"
    # Scripts that are not Latin have runs of letters, and short words of nothing else.
    rf"|[{_HIGH}]{{3}}|(?<![{_LETTER}])[{_HIGH}]{{2}}(?![{_LETTER}])"
    # A capital behind a small letter is an accent of an old Mac.
    rf"|[a-z{_SMALL}][{_CAPITALS}]"
    # A sign in a word is a letter of an old Mac, of DOS, or of another code page.
    rf"|(?<=[A-Za-z]){_SIGN}(?=[A-Za-z])"
    "|(?<=[A-Za-z])[\u00a1\u00bf\u00ab\u00aa\u00ba\u00b4\u201a\u201e\u201c\u2018\u2122\u00ae\u00a9]"
    rf"(?=[A-Za-z])|\u20ac[A-Za-z]|[{_LETTER}][\u201a\u201e]|[\u201a\u201e](?![{_LETTER}0-9])"
    # The sharp s of DOS.
    "|[aeio]\u00e1e"
    # Letters beside signs, and signs beside signs, are pairs of bytes of one character.
    rf"|[{_HIGH}]{_SIGN}|{_SIGN}[{_HIGH}]|{_SIGN}{{2}}"
)
# In these places they may be letters of an old Mac or of DOS.
_DOUBTFUL = re.compile(
    "[\u0152\u0153\u0160\u0161\u0178\u017d\u017e]|(?<=[a-z])[\u2013\u2014\u201d\u00bb](?=[a-z])"
    '|\u2026(?=[a-z])|(?<=[a-z])\u00a0(?![^\\s,;|"])'
    "|(?<=[a-z])\u2019(?=[a-z])(?!(?:s|t|re|ve|ll|d|m|em|clock)\\b|[aeiouhy])"
)
# Letters of Windows-1252 that are signs in the encoding of an old Mac.
_SURE = re.compile("[a-z][\u00e0-\u00fc]|[\u00e0-\u00fc][a-z]")
_OPENED = (("\u201e", "[\u201c\u201d]"), ("\u201a", "[\u2018\u2019]"))
_UTF_8 = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")


def windows_1252(data: bytes) -> str | None:
    """Return the text of a file that is no UTF-8; None if it may be of another encoding too."""
    if _UTF_8.search(data) or (b"\r" in data and b"\n" not in data):
        # Both encodings in one file, or the line ends of an old Mac.
        return None
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        return None
    unopened = any(low in text and not re.search(closed, text) for low, closed in _OPENED)
    doubtful = _DOUBTFUL.search(text) and not _SURE.search(text)
    return None if unopened or doubtful or _OTHER.search(text) else text
