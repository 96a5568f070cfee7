"""Recognition of images, videos and 3D models by their bytes, and of files that are complete.

A server can claim a wrong media type or a wrong length. Sources: PNG specification 5.2, ISO/IEC
10918-1 annex B (JPEG), GIF89a 27, RFC 9649 2.4 (WebP), ISO/IEC 14496-12 4.2 (MP4, AVIF), glTF 2.0
4.4.
"""

from collections.abc import Callable, Mapping
from typing import Final

_STARTS: Final = (
    b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"RIFF", b"glTF", b"BM",
    b"II*\0", b"MM\0*", b"\0\0\0\x0cJXL ", b"\xff\x0a", b"\x1aE\xdf\xa3",
)  # fmt: skip
_PNG_END: Final = b"IEND\xaeB`\x82"
_BOX: Final = 8


def is_media(data: bytes) -> bool:
    """Return whether the bytes begin like an image, a video or a 3D model."""
    return data.startswith(_STARTS) or data[4:8] == b"ftyp"


def is_whole(data: bytes) -> bool:
    """Return whether the bytes are a file of a known format up to its very end."""
    if data[4:8] == b"ftyp":
        return _boxes_end(data)
    return any(data.startswith(start) and ends(data) for start, ends in _ENDS.items())


def _boxes_end(data: bytes) -> bool:
    """Return whether the boxes of an ISO media file fill it exactly."""
    at = 0
    while at + _BOX <= len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        if size == 1:
            size = int.from_bytes(data[at + 8 : at + 16], "big")
        if size < _BOX:
            return False
        at += size
    return at == len(data)


_ENDS: Final[Mapping[bytes, Callable[[bytes], bool]]] = {
    b"\x89PNG\r\n\x1a\n": lambda data: data.endswith(_PNG_END),
    b"\xff\xd8\xff": lambda data: data.endswith(b"\xff\xd9"),
    b"GIF8": lambda data: data.endswith(b";"),
    b"RIFF": lambda data: int.from_bytes(data[4:8], "little") + 8 <= len(data),
    b"glTF": lambda data: 0 < int.from_bytes(data[8:12], "little") <= len(data),
}
