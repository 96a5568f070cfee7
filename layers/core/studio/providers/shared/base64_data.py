"""Reading of base64 in every form in which services send it."""

import base64
import binascii
import re
from typing import Final
from urllib.parse import unquote

_DATA_URI: Final = re.compile(r"\s*(data:|image/)[^,]{0,200};\s*base64\s*,", re.IGNORECASE)
_URL_SAFE: Final = str.maketrans("-_", "+/")


def decode_base64(text: str) -> bytes | None:
    """Return the decoded bytes, or None if the text is empty or not base64.

    The text may be a ``data:`` URI, have white space in it, lack its padding, or use the URL-safe
    alphabet. The scheme of the URI may be missing.
    """
    uri = _DATA_URI.match(text)
    if uri:
        text = text[uri.end() :]
        text = unquote(text) if "%" in text else text
    plain = "".join(text.split()).translate(_URL_SAFE).rstrip("=")
    try:
        return base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True) or None
    except (binascii.Error, ValueError):
        return None
