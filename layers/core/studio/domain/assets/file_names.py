"""Names of files that users send: as people read them, as keys, and in headers.

Sources: RFC 6266 and RFC 8187 (names of downloads), Unicode Standard Annex 15 (normal forms).
"""

import re
import unicodedata
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, unquote

if TYPE_CHECKING:
    from studio.domain.assets.model import Asset

_LONGEST: Final = 255
_LONGEST_KEY: Final = 100
_NAMELESS: Final = "file"

_UNSAFE: Final = re.compile(r"[^A-Za-z0-9._-]+")
_EXTENSION: Final = re.compile(r"\.[A-Za-z0-9]{1,10}$")
_ENCODED: Final = re.compile(r"%[0-9A-Fa-f]{2}")
# Control characters, halves of pairs, and separators of lines and paragraphs.
_WITHOUT_SHAPE: Final = frozenset({"Cc", "Cs", "Zl", "Zp"})
# Marks that turn the direction of text, or that nothing shows. Joiners belong to emoji.
_UNSEEN: Final = re.compile(
    "[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)


def shown_name(name: str) -> str:
    """Return the name of a file as a title: one line, in NFC, without its folders.

    It has at most 255 UTF-8 bytes, and a longer name keeps its extension.
    """
    last = name.replace("\\", "/").rstrip("/").rpartition("/")[2]
    visible = _UNSEEN.sub("", "".join(map(_visible, last)))
    text = unicodedata.normalize("NFC", " ".join(visible.split()))
    return _cut(text, _LONGEST) if text.strip(". ") else _NAMELESS


def decoded_name(name: str) -> str:
    """Return a name whose characters are written as ``%E5``; another name stays as it is."""
    if not _ENCODED.search(name):
        return name
    try:
        return unquote(name, errors="strict")
    except UnicodeDecodeError:
        return name


def key_name(name: str) -> str:
    """Return the last part of a name as a valid part of a key, in ASCII.

    It has at most 100 characters, and it keeps the extension.
    """
    last = name.replace("\\", "/").rpartition("/")[2]
    extension = extension_of(last)
    stem = last.removesuffix(extension)
    safe = _UNSAFE.sub("-", stem)[-(_LONGEST_KEY - len(extension)) :].strip("-.")
    return f"{safe or _NAMELESS}{extension}"


def extension_of(name: str) -> str:
    """Return the extension of a name with its point; an empty text if it has none."""
    found = _EXTENSION.search(name)
    return found[0] if found else ""


def own_name(asset: "Asset") -> str | None:
    """Return the name of an uploaded file without its extension; None for other assets."""
    if asset.operation != "upload" or asset.title is None:
        return None
    return asset.title.removesuffix(extension_of(asset.title))


def content_disposition(name: str) -> str:
    """Return the header that has a browser save a file under a name (RFC 6266).

    A name that is not plain ASCII comes twice: in ASCII, and encoded for newer clients.
    """
    plain = key_name(name)
    header = f'attachment; filename="{plain}"'
    return header if plain == name else f"{header}; filename*=UTF-8''{quote(name, safe='')}"


def _visible(character: str) -> str:
    return " " if unicodedata.category(character) in _WITHOUT_SHAPE else character


def _cut(text: str, most: int) -> str:
    """Return a name of at most so many bytes, shortened before its extension."""
    if len(text.encode()) <= most:
        return text
    extension = extension_of(text)
    stem = text.removesuffix(extension).encode()[: most - len(extension)]
    return stem.decode(errors="ignore").rstrip() + extension
