"""File names inside an archive: from a pattern, valid on every system, and unique.

A pattern is text with fields in braces, such as ``{platform}/{index:03}-{label}``. A slash makes
a folder. Source for what Windows forbids: Microsoft, "Naming Files, Paths, and Namespaces", read
2026-11-21.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from string import Formatter
from typing import Final

from studio.domain.assets.file_names import own_name
from studio.domain.downloads.model import AssetFile, Files
from studio.errors import FieldError, InvalidRequestError

DEFAULT: Final = "{index:03}-{label}"
DEFAULT_FOLDERS: Final = f"{DEFAULT}/{{rendition}}"
MAX_PATTERN = 200
MANIFEST: Final = "manifest.csv"

_NUMBERS: Final = ("index", "item", "width", "height")
_TEXTS: Final = (
    "asset_id", "job_id", "label", "title", "operation", "rendition", "platform", "date",
)  # fmt: skip
_WIDTH = re.compile(r"0?[1-9]")

_MAX_FOLDERS = 3
# UTF-8 bytes; with a number and an extension it is far below the 255 of file systems.
_LONGEST = 120
_SEPARATORS = "-_ ."
_FORBIDDEN = re.compile(r'[<>:"/\\|?*]')
_WITHOUT_SHAPE = frozenset({"Cc", "Cs", "Zl", "Zp"})
_TURNING = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})
_DEVICES = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])", re.IGNORECASE)

Value = str | int | None


@dataclass(frozen=True, slots=True)
class _Piece:
    """Text, and the field that follows it, if any."""

    text: str
    field: str | None
    width: str


@dataclass(frozen=True, slots=True)
class Pattern:
    """A parsed pattern: folders and name, each as pieces."""

    levels: tuple[tuple[_Piece, ...], ...]

    @classmethod
    def of(cls, text: str) -> "Pattern":
        """Return the parsed pattern.

        Raises:
            InvalidRequestError: an unknown field or a wrong form; the pointer is ``/naming``.
        """
        levels = text.split("/")
        if len(levels) > _MAX_FOLDERS + 1:
            raise _refusal("too-deep", f"A name has at most {_MAX_FOLDERS} folders before it")
        if not all(level.strip(_SEPARATORS) for level in levels):
            raise _refusal("malformed-pattern", "Each folder, and the name, need some text")
        return cls(tuple(tuple(_pieces(level)) for level in levels))

    def path(self, file: AssetFile, index: int) -> str:
        """Return a file's folders and name without extension; ``index`` is its asset's number."""
        values = _values(file, index)
        return "/".join(safe_name(_filled(level, values)) for level in self.levels)


class Names:
    """The names of one archive; they are unique even without case and accents."""

    def __init__(self) -> None:
        self._taken = {MANIFEST}

    def unique(self, path: str, extension: str) -> str:
        """Return the path with its extension, and with a number if the path is taken."""
        name, number = f"{path}.{extension}", 1
        while _folded(name) in self._taken:
            number += 1
            name = f"{path}-{number}.{extension}"
        self._taken.add(_folded(name))
        return name


def default_naming(files: Files) -> str:
    """Return the default pattern; with several files for each asset, each asset has a folder.

    The image itself has no rendition name and is called ``image`` there.
    """
    return DEFAULT if files == "image" else DEFAULT_FOLDERS


def safe_name(text: str) -> str:
    """Return a name that Windows, macOS and Linux take unchanged."""
    text = _FORBIDDEN.sub("-", "".join(map(_shown, text)))
    text = unicodedata.normalize("NFC", " ".join(text.split()))
    text = text.encode()[:_LONGEST].decode(errors="ignore")
    text = text.lstrip(_SEPARATORS).rstrip(" .") or "image"
    # Windows reserves device names with any extension; the archive's own list is reserved too.
    if _DEVICES.fullmatch(text.partition(".")[0].rstrip()) or _folded(text) == MANIFEST:
        return f"_{text}"
    return text


def _pieces(level: str) -> Iterator[_Piece]:
    try:
        parsed = list(Formatter().parse(level))
    except ValueError as error:
        raise _refusal("malformed-pattern", f"The pattern cannot be read: {error}") from None
    for text, field, width, conversion in parsed:
        if field is not None and field not in (*_NUMBERS, *_TEXTS):
            known = ", ".join((*_NUMBERS, *_TEXTS))
            detail = f"{{{field}}} is none of the fields {known}; the extension is always added"
            raise _refusal("unknown-field", detail)
        if conversion or (width and (field not in _NUMBERS or not _WIDTH.fullmatch(width))):
            detail = "Only a number takes something behind its name: its width, such as {index:03}"
            raise _refusal("malformed-pattern", detail)
        yield _Piece(text, field, width or "")


def _values(file: AssetFile, index: int) -> Mapping[str, Value]:
    asset, stored = file.asset, file.stored
    own = own_name(asset)
    return {
        "index": index,
        "item": asset.item,
        "width": stored.width or None,
        "height": stored.height or None,
        "asset_id": asset.asset_id,
        "job_id": asset.job_id,
        "label": asset.label or own,
        "title": own or asset.title,
        "operation": asset.operation,
        "rendition": file.rendition,
        "platform": file.platform,
        "date": f"{asset.created_at:%Y-%m-%d}",
    }


def _filled(level: tuple[_Piece, ...], values: Mapping[str, Value]) -> str:
    """Return pieces with their values; an empty value also removes the separator before it."""
    name = ""
    for piece in level:
        name += piece.text
        if piece.field is None:
            continue
        value = values[piece.field]
        if value in (None, ""):
            name = name[:-1] if name[-1:] in _SEPARATORS else name
        else:
            name += format(value, piece.width)
    return name


def _shown(character: str) -> str:
    """Return a printable character, a space for a blank one, and nothing for a direction mark."""
    if unicodedata.bidirectional(character) in _TURNING:
        return ""
    return " " if unicodedata.category(character) in _WITHOUT_SHAPE else character


def _folded(name: str) -> str:
    return unicodedata.normalize("NFD", unicodedata.normalize("NFD", name).casefold())


def _refusal(code: str, detail: str) -> InvalidRequestError:
    return InvalidRequestError(FieldError("/naming", code, detail))
