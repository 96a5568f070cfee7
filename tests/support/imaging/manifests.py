"""C2PA manifest stores (JUMBF and CBOR), built byte by byte, and files that carry them."""

import struct
from typing import Any

from tests.support.imaging.media import a_box, an_mp4
from tests.support.imaging.rare_pngs import with_chunk
from tests.support.imaging.samples import file_of, quadrants

IN_BOXES = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")


def superbox(kind: bytes, label: bytes | None, *content: bytes) -> bytes:
    described = kind + bytes.fromhex("00110010800000aa00389b71")
    described += b"\x00" if label is None else b"\x03" + label + b"\x00"
    return a_box(b"jumb", a_box(b"jumd", described) + b"".join(content))


def as_cbor(value: Any) -> bytes:
    match value:
        case int():
            return bytes([0x1A]) + struct.pack(">I", value)
        case bytes():
            return bytes([0x59]) + struct.pack(">H", len(value)) + value
        case str():
            return bytes([0x79]) + struct.pack(">H", len(value.encode())) + value.encode()
        case list():
            return bytes([0x80 + len(value)]) + b"".join(map(as_cbor, value))
        case dict():
            pairs = (as_cbor(key) + as_cbor(entry) for key, entry in value.items())
            return bytes([0xA0 + len(value)]) + b"".join(pairs)
    raise TypeError(value)


def a_manifest(label: str, claim: bytes) -> bytes:
    signature = superbox(b"c2cs", b"c2pa.signature", a_box(b"cbor", b"\x40"))
    claimed = superbox(b"c2cl", b"c2pa.claim", a_box(b"cbor", claim))
    return superbox(
        b"c2ma", label.encode(), superbox(b"c2as", b"c2pa.assertions"), claimed, signature
    )


def a_store(*manifests: bytes) -> bytes:
    return superbox(b"c2pa", b"c2pa", *manifests)


NEWER = {"claim_generator_info": {"name": "Painter", "version": "2.1"}, "instanceID": "x"}
OLDER = {"alg": "sha256", "claim_generator": "Painter/1.0 lib/0.3", "hash": b"\x00" * 300}
STORE = a_store(
    a_manifest("urn:c2pa:old", as_cbor(OLDER)), a_manifest("urn:c2pa:new", as_cbor(NEWER))
)


def segments(box: bytes, number: bytes = b"\x00\x07", step: int = 65_000) -> bytes:
    """Segments of ISO 19566-5, D.2: mark, number of box and part, head of the box, content."""
    found = b""
    for part, start in enumerate(range(8, len(box), step), 1):
        content = b"JP" + number + struct.pack(">I", part) + box[:8] + box[start : start + step]
        found += b"\xff\xeb" + struct.pack(">H", 2 + len(content)) + content
    return found


def in_jpeg(store: bytes, step: int = 65_000) -> bytes:
    plain = file_of(quadrants(16, 16), "JPEG")
    return plain[:2] + segments(store, step=step) + plain[2:]


def in_png(store: bytes) -> bytes:
    return with_chunk(file_of(quadrants(16, 16), "PNG"), b"caBX", store)


def in_webp(store: bytes) -> bytes:
    plain = file_of(quadrants(16, 16), "WEBP", xmp=b"<odd>")
    chunk = b"C2PA" + struct.pack("<I", len(store)) + store + bytes(len(store) % 2)
    return plain[:4] + struct.pack("<I", len(plain) - 8 + len(chunk)) + plain[8:] + chunk


def uuid_box(store: bytes, purpose: bytes = b"manifest") -> bytes:
    return a_box(b"uuid", IN_BOXES + bytes(4) + purpose + b"\x00" + bytes(8) + store)


def in_avif(store: bytes) -> bytes:
    return file_of(quadrants(16, 16), "AVIF") + uuid_box(store)


def in_mp4(store: bytes) -> bytes:
    plain = an_mp4(64, 64, 1000)
    head = plain.index(b"moov") - 4
    return plain[:head] + uuid_box(store) + plain[head:]
