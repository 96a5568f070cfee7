"""Creator and copyright notice that an image file states, in XMP, EXIF or IPTC.

Sources: IPTC Photo Metadata Standard 2023.2 (the same two properties in all three), CIPA DC-008
(EXIF tags 315 and 33432), IPTC-NAA IIM 4.2 (datasets 2:80 and 2:116 in a Photoshop resource block).
Nothing else of the metadata is read.
"""

import unicodedata
import warnings
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from typing import Final

from studio_imaging.formats import PARSER_ERRORS, plugin, sniff
from studio_imaging.parts import jpeg_segments
from studio_imaging.xmp import read_packet

MOST_CHARACTERS: Final = 300
"""A longer text is cut."""

# What Pillow raises for a broken block of EXIF.
_EXIF_ERRORS: Final = (*PARSER_ERRORS, AttributeError)
_ARTIST, _COPYRIGHT = 315, 33432
_PHOTOSHOP: Final = b"Photoshop 3.0\x00"
_BY_LINE, _NOTICE = 80, 116
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


@dataclass(frozen=True, slots=True)
class Rights:
    """Creator and copyright notice of an image; None for what is not stated."""

    creator: str | None = None
    copyright: str | None = None


def read_rights(data: bytes) -> Rights:
    """Return the creator and the notice of a file: those of XMP, else of EXIF, else of IPTC.

    A block that cannot be read states nothing. The statements are not verified.
    """
    found = (_from_xmp(data), _from_exif(data), _from_iptc(data))
    return Rights(
        creator=next((one.creator for one in found if one.creator), None),
        copyright=next((one.copyright for one in found if one.copyright), None),
    )


def _from_xmp(data: bytes) -> Rights:
    found = read_packet(data)
    return Rights(_clean(found.creator), _clean(found.copyright)) if found else Rights()


def _from_exif(data: bytes) -> Rights:
    kind = sniff(data)
    if kind is None:
        return Rights()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            exif = plugin(kind)(BytesIO(data)).getexif()
            return Rights(_exif_text(exif.get(_ARTIST)), _exif_text(exif.get(_COPYRIGHT)))
        except _EXIF_ERRORS:
            return Rights()


def _exif_text(value: object) -> str | None:
    """Return a text of EXIF; many cameras write UTF-8 where ASCII is due."""
    if not isinstance(value, str):
        return None
    with suppress(UnicodeError):
        value = value.encode("latin-1").decode()
    return _clean(value.strip("\x00").replace("\x00", "; "))


def _from_iptc(data: bytes) -> Rights:
    if sniff(data) != "jpg":
        return Rights()
    texts: dict[int, list[str]] = {_BY_LINE: [], _NOTICE: []}
    for name, start, end in jpeg_segments(data):
        if name == b"\xff\xed" and data.startswith(_PHOTOSHOP, start, end):
            for dataset, text in _datasets(data[start + len(_PHOTOSHOP) : end]):
                texts.get(dataset, []).append(text)
    return Rights(_clean("; ".join(texts[_BY_LINE])), _clean("; ".join(texts[_NOTICE])))


def _datasets(resources: bytes) -> Iterator[tuple[int, str]]:
    """Yield number and text of each dataset of record 2 in the block 0x0404."""
    at = 0
    while resources.startswith(b"8BIM", at):
        name_end = at + 7 + resources[at + 6] if at + 6 < len(resources) else len(resources)
        name_end += (name_end - at) % 2
        size = int.from_bytes(resources[name_end : name_end + 4], "big")
        start = name_end + 4
        if resources[at + 4 : at + 6] == b"\x04\x04":
            yield from _records(resources[start : start + size])
        at = start + size + size % 2


def _records(block: bytes) -> Iterator[tuple[int, str]]:
    at = 0
    while block.startswith(b"\x1c", at) and at + 5 <= len(block):
        size = int.from_bytes(block[at + 3 : at + 5], "big")
        if block[at + 1] == 2 and size < 0x8000:
            text = block[at + 5 : at + 5 + size]
            yield block[at + 2], _decoded(text)
        at += 5 + size


def _decoded(text: bytes) -> str:
    try:
        return text.decode()
    except UnicodeDecodeError:
        return text.decode("latin-1")


def _clean(text: str | None) -> str | None:
    """Return a text on one line, None if it shows nothing."""
    if text is None:
        return None
    shown = "".join(" " if unicodedata.category(one) in _UNSEEN else one for one in text)
    return " ".join(shown.split())[:MOST_CHARACTERS].strip(" ;") or None
