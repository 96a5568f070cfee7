"""Reading of base64 in every form in which services send it."""

import base64
import binascii
import re
from typing import Final
from urllib.parse import unquote

_DATA_URI: Final = re.compile(
    r"((data:|image/)[^,]{0,200};\s*)?base64\s*,|data:[^,]{0,200},", re.IGNORECASE
)
_URL_SAFE: Final = str.maketrans("-_", "+/")
# Byte order marks and other characters of no width.
_INVISIBLE: Final = dict.fromkeys((0xFEFF, 0x200B, 0x200C, 0x200D, 0x2060))
# A text that was quoted or escaped twice.
_QUOTED: Final = re.compile(r"b?(['\"])(.*)\1", re.DOTALL)
_ESCAPES: Final = (("\\r", ""), ("\\n", ""), ("\\/", "/"))


def decode_base64(text: str) -> bytes | None:
    """Return the decoded bytes, or None if the text is empty or not base64.

    The text may be a ``data:`` URI, have white space in it, lack its padding, or use the URL-safe
    alphabet. The scheme of the URI may be missing. The text may be quoted, escaped or
    percent-encoded once more.
    """
    text = _unquoted(text if text.isascii() else text.translate(_INVISIBLE))
    uri = _DATA_URI.match(text)
    if uri:
        text = text[uri.end() :]
    text = unquote(text) if "%" in text else text
    plain = "".join(text.split()).translate(_URL_SAFE).rstrip("=")
    try:
        return base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True) or None
    except (binascii.Error, ValueError):
        return None


def _unquoted(text: str) -> str:
    """Return a text without the quotes around it and the escapes inside."""
    text = text.strip()
    quoted = _QUOTED.fullmatch(text) if text.endswith(("'", '"')) else None
    text = quoted[2] if quoted else text
    if "\\" in text:
        for escape, plain in _ESCAPES:
            text = text.replace(escape, plain)
    return text
