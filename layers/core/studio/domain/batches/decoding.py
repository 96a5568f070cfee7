"""Text of a table's bytes: UTF-8, UTF-16 or UTF-32, with any number of byte order marks."""

from codecs import BOM_UTF16_BE, BOM_UTF16_LE, BOM_UTF32_BE, BOM_UTF32_LE

from studio.domain.batches.table_error import TableError

_MARK = "\N{BYTE ORDER MARK}"
# The mark of UTF-8 that an editor read as Latin-1 and saved as UTF-8.
_MISREAD_MARK = "\u00ef\u00bb\u00bf"
# UTF-32 goes first: its mark begins with the one of UTF-16.
_MARKED = {
    BOM_UTF32_LE: "utf-32-le",
    BOM_UTF32_BE: "utf-32-be",
    BOM_UTF16_LE: "utf-16-le",
    BOM_UTF16_BE: "utf-16-be",
}
_UNITS = {"utf-32-le": 4, "utf-32-be": 4, "utf-16-le": 2, "utf-16-be": 2}
# Enough bytes to see which half of the units of UTF-16 is empty.
_SAMPLE = 64


def decoded(data: bytes) -> str:
    """Return the text of a file, without the marks at its beginning.

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
        where = data[: error.start].count(b"\n") + 1
        raise TableError(
            "wrong-encoding", f"the file is not UTF-8: see its line {where}; save it as UTF-8"
        ) from None
    while text.startswith((_MARK, _MISREAD_MARK)):
        text = text.removeprefix(_MARK).removeprefix(_MISREAD_MARK)
    return text


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
