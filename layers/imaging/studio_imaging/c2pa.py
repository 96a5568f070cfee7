"""Find the C2PA manifest store that a file carries (Content Credentials), and whom it names.

Nothing is verified here: no signature, no hash, no certificate. What is told is that a manifest is
there and what it says of itself, so that nobody re-encodes the file without knowing: the manifest
is bound to the very bytes of the file, and any copy made of the pixels has none.

Sources: C2PA Technical Specification 2.1, sections 10 (claims) and 11 (manifests) and appendix A
(places in each file format); ISO 19566-5 (JUMBF: boxes, and their segments in a JPEG).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from studio_imaging import cbor
from studio_imaging.boxes import boxes
from studio_imaging.parts import Part, jpeg_segments, png_chunks, webp_chunks

# Far more than a sound file has, and few enough to be walked through in a moment.
_MOST_PARTS: Final = 65_536
_MOST_MANIFESTS: Final = 1_024
_MOST_CLAIM_BYTES: Final = 1024 * 1024
_LONGEST_TEXT: Final = 200

# Type of a JUMBF superbox: four letters and this.
_TYPE_TAIL: Final = bytes.fromhex("00110010800000aa00389b71")
_STORE: Final = b"c2pa" + _TYPE_TAIL
_MANIFESTS: Final = frozenset({b"c2ma" + _TYPE_TAIL, b"c2um" + _TYPE_TAIL})
_CLAIM: Final = b"c2cl" + _TYPE_TAIL
_HAS_LABEL: Final = 2

_IN_BOXES: Final = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")
_PURPOSE: Final = b"manifest\x00"


@dataclass(frozen=True, slots=True)
class Manifest:
    """A manifest store found in a file, unverified.

    Attributes:
        size: Bytes of the store.
        label: Name of the active manifest; None when it cannot be read.
        generator: Software that says it made the claim, as ``name/version``; None when it cannot
            be read.
    """

    size: int
    label: str | None
    generator: str | None


def find_manifest(data: bytes) -> Manifest | None:
    """Look for a manifest store in a JPEG, PNG, WebP, AVIF or MP4 file.

    Returns:
        What was found; None in a file without one, or of another type.
    """
    store = _store(data)
    if not store:
        return None
    label, claim = _active(store)
    return Manifest(len(store), label, None if claim is None else _generator(claim))


def _store(data: bytes) -> bytes | None:
    if data.startswith(b"\xff\xd8"):
        return _in_jpeg(data)
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return _first(data, png_chunks(data), b"caBX")
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return _first(data, webp_chunks(data), b"C2PA")
    if data[4:8] == b"ftyp":
        return _in_boxes(data)
    return None


def _first(data: bytes, parts: Iterator[Part], wanted: bytes) -> bytes | None:
    bounded = islice(parts, _MOST_PARTS)
    return next((data[start:end] for name, start, end in bounded if name == wanted), None)


def _in_jpeg(data: bytes) -> bytes | None:
    """Join the segments of the first JUMBF box that is a manifest store.

    Each segment says to which box it belongs, which part of it it is, and repeats the box's head.
    """
    parts: dict[bytes, list[bytes]] = {}
    for name, start, end in islice(jpeg_segments(data), _MOST_PARTS):
        content = data[start:end] if name == b"\xff\xeb" else b""
        if content.startswith(b"JP") and content[12:16] == b"jumb":
            head = 16 if content[8:12] == b"\x00\x00\x00\x01" else 8
            box = parts.setdefault(content[2:4], [])
            box.append(content[8 + head :] if box else content[8:])
    for box in parts.values():
        store = b"".join(box)
        if _STORE in store[:64]:
            return store
    return None


def _in_boxes(data: bytes) -> bytes | None:
    """A box of a type of its own: version and flags, purpose, an offset, and then the store."""
    for kind, start, end in islice(boxes(data, 0, len(data)), _MOST_PARTS):
        if kind == b"uuid" and data[start : start + 16] == _IN_BOXES:
            purpose = start + 20
            if data[purpose : purpose + len(_PURPOSE)] == _PURPOSE:
                return data[purpose + len(_PURPOSE) + 8 : end]
    return None


def _active(store: bytes) -> tuple[str | None, bytes | None]:
    """Label and claim of the active manifest, which is the last one."""
    outer = next(boxes(store, 0, len(store)), (b"", 0, 0))
    label: str | None = None
    claim: bytes | None = None
    for kind, start, end in islice(boxes(store, *outer[1:]), _MOST_MANIFESTS):
        described = _described(store, start, end) if kind == b"jumb" else None
        if described is not None and described[0] in _MANIFESTS:
            label = described[1]
            claim = _claim(store, start, end)
    return label, claim


def _claim(store: bytes, start: int, end: int) -> bytes | None:
    for kind, at, stop in islice(boxes(store, start, end), _MOST_MANIFESTS):
        described = _described(store, at, stop) if kind == b"jumb" else None
        if described is not None and described[0] == _CLAIM:
            for name, first, last in islice(boxes(store, at, stop), _MOST_MANIFESTS):
                if name == b"cbor" and last - first <= _MOST_CLAIM_BYTES:
                    return store[first:last]
    return None


def _described(store: bytes, start: int, end: int) -> tuple[bytes, str | None] | None:
    """Type and label of a superbox, from the description box that it begins with."""
    kind, at, stop = next(boxes(store, start, end), (b"", 0, 0))
    if kind != b"jumd" or stop - at < 17:
        return None
    label = None
    if store[at + 16] & _HAS_LABEL:
        label = _plain(store[at + 17 : stop].split(b"\x00", 1)[0].decode(errors="replace"))
    return store[at : at + 16], label


def _generator(claim: bytes) -> str | None:
    """Name and version from the claim: a text in the first version, a map in the second."""
    try:
        found = cbor.read(claim)
    except ValueError:
        return None
    if not isinstance(found, dict):
        return None
    text, info = found.get("claim_generator"), found.get("claim_generator_info")
    if isinstance(info, list) and info:
        info = info[0]
    if isinstance(info, dict) and isinstance(info.get("name"), str):
        version = info.get("version")
        text = f"{info['name']}/{version}" if isinstance(version, str) else info["name"]
    return _plain(text) if isinstance(text, str) and text else None


def _plain(text: str) -> str:
    """A stranger's words, short and without control characters."""
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in text[:_LONGEST_TEXT])
