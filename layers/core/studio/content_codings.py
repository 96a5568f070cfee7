"""Unpacking of response bodies within a byte limit, whatever their headers claim.

Some servers pack a body that was not asked for packed, or do not name its coding. Some name a
coding that they did not apply. The bytes decide. Only codings of the standard library are
unpacked. Source: RFC 9110, 8.4.
"""

import zlib
from typing import Final

_GZIP_MAGIC: Final = b"\x1f\x8b\x08"
_GZIP: Final = 31
_ZLIB: Final = 15
_RAW_DEFLATE: Final = -15
# A body is packed once; two servers in a row may pack it twice.
_MOST_CODINGS: Final = 3
# Each member costs time, however short it is.
_MOST_MEMBERS: Final = 100
_CHUNK: Final = 64 * 1024


def packed_limit(limit: int) -> int:
    """Return how many bytes a body can have whose content has at most ``limit`` bytes."""
    return limit + limit // 1000 + 1024


def unpack(body: bytes, codings: str, limit: int) -> bytes:
    """Return a body without its content codings.

    Args:
        body: The body as it came; the end may be missing.
        codings: The header Content-Encoding, "" for none.
        limit: Bytes of the result that the caller takes. A longer result is cut one byte later,
            so that the caller notices.

    Returns:
        The unpacked bytes; of a damaged body those before the damage. A body that is not in the
        coding that its header names, or in an unknown one, is returned as it is.
    """
    most = packed_limit(limit)
    named = [name.strip().lower() for name in codings.split(",")]
    for name in [*reversed(named), "", ""][:_MOST_CODINGS]:
        if body.startswith(_GZIP_MAGIC):
            body = _gunzipped(body, most)
        elif name == "deflate":
            body = _inflated(body, most)
    return body[: limit + 1]


def _gunzipped(body: bytes, most: int) -> bytes:
    """Return the content of a gzip file, whose members are joined."""
    content, rest = b"", body
    for _ in range(_MOST_MEMBERS):
        if rest.startswith(_GZIP_MAGIC) and len(content) < most:
            more, rest, _ = _decompressed(rest, _GZIP, most - len(content))
            content += more
    return content


def _inflated(body: bytes, most: int) -> bytes:
    """Return the content of a deflated body, as it is if it is none.

    The format has a header, which many servers leave out. Without it, nearly every first byte is
    valid, so such a body counts only if it ends where its data ends.
    """
    content, _, _ = _decompressed(body, _ZLIB, most)
    if content:
        return content
    content, rest, whole = _decompressed(body, _RAW_DEFLATE, most)
    return content if content and not rest and (whole or len(content) == most) else body


def _decompressed(body: bytes, window: int, most: int) -> tuple[bytes, bytes, bool]:
    """Return up to ``most`` bytes of content, what follows its end, and whether the end is there.

    A body with a wrong checksum keeps its content.
    """
    unpacker = zlib.decompressobj(window)
    content = bytearray()
    for at in range(0, len(body), _CHUNK):
        held = body[at : at + _CHUNK]
        while held and len(content) < most and not unpacker.eof:
            before = unpacker.copy()
            try:
                content += unpacker.decompress(held, most - len(content))
            except zlib.error:
                content += _up_to_damage(before, held)
                return bytes(content[:most]), b"", False
            held = unpacker.unconsumed_tail
        if len(content) >= most or unpacker.eof:
            rest = unpacker.unused_data + body[at + _CHUNK :] if unpacker.eof else b""
            return bytes(content), rest, unpacker.eof
    return bytes(content), b"", False


def _up_to_damage(unpacker: "zlib._Decompress", held: bytes) -> bytes:
    """Return the content of damaged bytes before the damage."""
    content = bytearray()
    for at in range(len(held)):
        try:
            content += unpacker.decompress(held[at : at + 1])
        except zlib.error:
            break
    return bytes(content)
