"""The C2PA manifest store of a file (Content Credentials), found but not verified.

No signature, hash or certificate is checked. The result is a hint that a manifest exists and which
software names itself in it. The manifest belongs to the exact bytes of the file, so a re-encoded
copy loses it.

Sources: C2PA Technical Specification 2.1, sections 10 (claims) and 11 (manifests) and appendix A
(file formats); ISO 19566-5 (JUMBF: boxes, and their segments in a JPEG).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from studio_imaging import cbor
from studio_imaging.boxes import boxes
from studio_imaging.parts import Part, jpeg_segments, png_chunks, webp_chunks

# Far more than a sound file has, and few enough to read in milliseconds.
_MOST_PARTS: Final = 65_536
_MOST_MANIFESTS: Final = 1_024
_MOST_CLAIM_BYTES: Final = 1024 * 1024
_LONGEST_TEXT: Final = 200

# The type of a JUMBF superbox is four letters and these bytes.
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
        size: Size of the store in bytes.
        label: Name of the active manifest; None if it cannot be read.
        generator: Software that made the claim, as ``name/version``; None if it cannot be read.
    """

    size: int
    label: str | None
    generator: str | None


def find_manifest(data: bytes) -> Manifest | None:
    """Return the manifest store of a JPEG, PNG, WebP, AVIF or MP4 file.

    Returns:
        The store; None if the file has none or is of another type.
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
    """Return the joined segments of the first JUMBF box that is a manifest store.

    Each segment has the number of its box and its own number, and repeats the head of the box.
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
    """Return the store from its own box type: version, flags, purpose, offset, then the store."""
    for kind, start, end in islice(boxes(data, 0, len(data)), _MOST_PARTS):
        if kind == b"uuid" and data[start : start + 16] == _IN_BOXES:
            purpose = start + 20
            if data[purpose : purpose + len(_PURPOSE)] == _PURPOSE:
                return data[purpose + len(_PURPOSE) + 8 : end]
    return None


def _active(store: bytes) -> tuple[str | None, bytes | None]:
    """Return label and claim of the active manifest, which is the last one."""
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
    """Return type and label of a superbox from its first box, the description box."""
    kind, at, stop = next(boxes(store, start, end), (b"", 0, 0))
    if kind != b"jumd" or stop - at < 17:
        return None
    label = None
    if store[at + 16] & _HAS_LABEL:
        label = _plain(store[at + 17 : stop].split(b"\x00", 1)[0].decode(errors="replace"))
    return store[at : at + 16], label


def _generator(claim: bytes) -> str | None:
    """Return name and version from the claim: a text in version 1, a map in version 2."""
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
    """Return untrusted text, cut and without control characters."""
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in text[:_LONGEST_TEXT])
