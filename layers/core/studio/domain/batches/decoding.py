"""Text of a table's bytes: UTF-8, UTF-16 or UTF-32, with any number of marks, or Windows-1252."""

import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, BOM_UTF32_BE, BOM_UTF32_LE
from itertools import islice

from studio.domain.batches.table_error import TableError

_MARK = "\N{BYTE ORDER MARK}"
# The mark of UTF-8 that an editor read as Latin-1 and saved as UTF-8, once and twice.
_MARKS = (_MARK, "\u00ef\u00bb\u00bf", "\u00c3\u00af\u00c2\u00bb\u00c2\u00bf")
# UTF-32 goes first: its mark begins with the one of UTF-16.
_MARKED = {
    BOM_UTF32_LE: "utf-32-le",
    BOM_UTF32_BE: "utf-32-be",
    BOM_UTF16_LE: "utf-16-le",
    BOM_UTF16_BE: "utf-16-be",
}
WINDOWS_1252 = "windows-1252"
_UNITS = {"utf-32-le": 4, "utf-32-be": 4, "utf-16-le": 2, "utf-16-be": 2}
# Enough bytes to see which half of the units of UTF-16 is empty.
_SAMPLE = 64
# Words of a warning: so many, and so many characters on both sides of what is looked for.
_WORDS, _BESIDE = 3, 15
_LETTERS = re.compile(r"[^\W_]*")
_ACCENTED = re.compile(r"[^\x00-\x7f\s]")
# What UTF-8 looks like when it is read as Windows-1252 and saved again, and lost characters.
_MISREAD = re.compile(
    "\u00c3[\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u20ac\u2013-\u2122]"
    "|\u00e2\u20ac.|\u00c2[\u00a1-\u00aa\u00ac-\u00ba\u00bc-\u00bf]|\ufffd"
)


def decoded(data: bytes) -> tuple[str, str]:
    """Return the text of a file, without the marks at its beginning, and its encoding.

    Raises:
        TableError: its bytes are of another encoding.
    """
    encoding = _encoding(data)
    whole = len(data) - len(data) % _UNITS.get(encoding, 1)
    if not data[whole:].strip(b"\x00\t\n\r\x1a "):
        # Old systems append single bytes, whatever the encoding.
        data = data[:whole]
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        text, encoding = _of_no_unicode(data, encoding, error.start)
    while text.startswith(_MARKS):
        for mark in _MARKS:
            text = text.removeprefix(mark)
    return text, encoding


def encoding_warnings(text: str, encoding: str) -> tuple[str, ...]:
    """Return what a person should look at: a guessed encoding, and text that is no longer whole."""
    if encoding == WINDOWS_1252:
        words = _quoted(_ACCENTED, text)
        return (f"the file was read as Windows-1252: {words}; if that is wrong, save it as UTF-8",)
    if words := _quoted(_MISREAD, text):
        return (f"the file has text that was read in a wrong encoding before: {words}",)
    return ()


def _of_no_unicode(data: bytes, encoding: str, wrong: int) -> tuple[str, str]:
    if encoding != "utf-8":
        raise TableError("wrong-encoding", "the file is not whole UTF-16 or UTF-32") from None
    if not data.startswith(BOM_UTF8):
        # Most tables are UTF-8, so what guesses is loaded for the others only.
        from studio.domain.batches.windows_1252 import windows_1252

        text = windows_1252(data)
        if text is not None:
            return text, WINDOWS_1252
    where = len(re.findall(rb"\r\n|\r|\n", data[:wrong])) + 1
    detail = f"the file is not UTF-8 and may be of several encodings: see its line {where}"
    raise TableError("wrong-encoding", f"{detail}; save it as UTF-8") from None


def _quoted(pattern: re.Pattern[str], text: str) -> str:
    """Return the first different words around matches of a pattern, in quotes."""
    found: dict[str, None] = {}
    for match in islice(pattern.finditer(text), 1000):
        found[_word_around(text, *match.span())] = None
        if len(found) == _WORDS:
            break
    return ", ".join(f'"{word}"' for word in found)


def _word_around(text: str, first: int, last: int) -> str:
    before = _LETTERS.match(text[max(first - _BESIDE, 0) : first][::-1])
    behind = _LETTERS.match(text, last, last + _BESIDE)
    return f"{before[0][::-1] if before else ''}{text[first:last]}{behind[0] if behind else ''}"


def _encoding(data: bytes) -> str:
    for mark, encoding in _MARKED.items():
        if data.startswith(mark):
            return encoding
    sample = data[:_SAMPLE]
    if len(sample) >= 4:
        if sample[1::2].count(0) > len(sample) // 4 and 0 not in sample[0::2]:
            return "utf-16-le"
        if sample[0::2].count(0) > len(sample) // 4 and 0 not in sample[1::2]:
            return "utf-16-be"
    return "utf-8"
