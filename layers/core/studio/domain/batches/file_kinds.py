"""Files that people send in place of a CSV file, told by their first bytes."""

import re

_KINDS = (
    (rb"PK\x03\x04", "a workbook or zip file"),
    (rb"\xd0\xcf\x11\xe0", "a workbook of an old Excel"),
    (rb"%PDF-", "a PDF"),
    (rb"\x1f\x8b", "a compressed file"),
    (rb"\x89PNG|\xff\xd8\xff|GIF8|RIFF....WEBP", "a picture"),
    (rb"\{\\rtf", "a text document (RTF)"),
    (rb"\s*<(?:!doctype|html|table|\?xml)", "an HTML or XML file, which some programs name .xls"),
    (rb'\s*(?:\[\s*)?\{\s*(?:"[^"\r\n]*"\s*:|\})|\s*\[\s*\]', "JSON"),
)
_PATTERNS = tuple((re.compile(begin, re.IGNORECASE | re.DOTALL), kind) for begin, kind in _KINDS)


def kind_of_file(data: bytes) -> str | None:
    """Return what a file is that is no table; None if it may be one."""
    data = data.removeprefix(b"\xef\xbb\xbf")
    return next((kind for begin, kind in _PATTERNS if begin.match(data)), None)
