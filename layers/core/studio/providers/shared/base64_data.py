"""Reading of base64 in every form in which services send it."""

import base64
import binascii
import re
from typing import Final
from urllib.parse import unquote

from studio.content_codings import unpack
from studio.media_files import is_media

_DATA_URI: Final = re.compile(
    r"((data:|image/)[^,]{0,200};\s*)?base64\s*[,:]|data:[^,]{0,200},", re.IGNORECASE
)
_URL_SAFE: Final = str.maketrans("-_", "+/")
# Byte order marks and other characters of no width.
_INVISIBLE: Final = dict.fromkeys((0xFEFF, 0x200B, 0x200C, 0x200D, 0x2060))
_SOFT_BREAK: Final = re.compile(r"=\r?\n")
_GZIP_MAGIC: Final = b"\x1f\x8b\x08"
_MOST_BYTES: Final = 64 * 1024 * 1024
# Digits that show the format of a file.
_HEAD: Final = 64
# A text that was quoted or escaped twice.
_QUOTED: Final = re.compile(r"b?(['\"])(.*)\1", re.DOTALL)
_ESCAPES: Final = (("\\r", ""), ("\\n", ""), ("\\/", "/"))


def decode_base64(text: str) -> bytes | None:
    """Return the decoded bytes, or None if the text is empty or not base64.

    The text may be a ``data:`` URI, have white space in it, lack its padding, or use the URL-safe
    alphabet. The scheme of the URI may be missing. The text may be quoted, escaped or
    percent-encoded once more. A file in hexadecimal digits is read as well, and one that was packed
    or encoded twice.
    """
    text = _unquoted(text if text.isascii() else text.translate(_INVISIBLE))
    data = _hexadecimal(text) or _decoded(text)
    if data is None or is_media(data):
        return data
    if data.startswith(_GZIP_MAGIC):
        return unpack(data, "", _MOST_BYTES)
    again = _decoded(data.decode()) if data.isascii() else None
    return again if again is not None and is_media(again) else data


def _decoded(text: str) -> bytes | None:
    uri = _DATA_URI.match(text)
    if uri:
        text = text[uri.end() :]
    text = unquote(text) if "%" in text else text
    text = _SOFT_BREAK.sub("", text).replace("=3D", "=")
    plain = _without_spaces(text.strip()).translate(_URL_SAFE).rstrip("=")
    try:
        return base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True) or None
    except (binascii.Error, ValueError):
        return None


def _hexadecimal(text: str) -> bytes | None:
    """Return the file that a text of hexadecimal digits is, None if it is none."""
    digits = text[2:] if text.startswith(("0x", "\\x")) else text
    try:
        return bytes.fromhex(digits) if is_media(bytes.fromhex(digits[:_HEAD])) else None
    except ValueError:
        return None


def _without_spaces(text: str) -> str:
    """Return a text without white space; spaces at odd places were plus signs in a form."""
    lines = text.split(" ")
    of_a_form = len(lines) > 1 and (len(set(map(len, lines[:-1]))) > 1 or len(lines[0]) % 4)
    if of_a_form and not any(space in text for space in "\t\r\n"):
        text = text.replace(" ", "+")
    return "".join(text.split())


def _unquoted(text: str) -> str:
    """Return a text without the quotes around it and the escapes inside."""
    text = text.strip(" \t\r\n\0")
    quoted = _QUOTED.fullmatch(text) if text.endswith(("'", '"')) else None
    text = quoted[2] if quoted else text
    if "\\" in text:
        for escape, plain in _ESCAPES:
            text = text.replace(escape, plain)
    return text
