"""Checks of videos and 3D models by their content; no frame or mesh is decoded.

Sources: ISO/IEC 14496-12 (MP4 boxes), glTF 2.0 section 4.4 (GLB).
"""

import json
import struct
from dataclasses import dataclass
from typing import Final

from studio_imaging.boxes import boxes
from studio_imaging.errors import ImageRejectedError

_JSON_CHUNK: Final = 0x4E4F534A
_LONGEST_SIDE: Final = 16_384


@dataclass(frozen=True, slots=True)
class VideoFacts:
    """Size of a video in pixels and its length in milliseconds."""

    width: int
    height: int
    duration_ms: int


def check_video(data: bytes) -> VideoFacts:
    """Return size and length of an MP4 file.

    Raises:
        ImageRejectedError: The file is not a complete MP4 file.
    """
    try:
        found = _video_facts(data)
    except (struct.error, IndexError, ZeroDivisionError) as error:
        raise ImageRejectedError("video-invalid", _refusal(data, "MP4 video")) from error
    if found is None:
        raise ImageRejectedError("video-invalid", _refusal(data, "MP4 video"))
    return found


def check_model(data: bytes) -> None:
    """Check that a file is a binary glTF file.

    Raises:
        ImageRejectedError: The file is not a complete GLB file.
    """
    if not _is_model(data):
        raise ImageRejectedError("model-invalid", _refusal(data, "GLB model"))


def _is_model(data: bytes) -> bool:
    if len(data) < 20:
        return False
    magic, version, length, size, kind = struct.unpack_from("<4sIIII", data)
    if (magic, version, kind) != (b"glTF", 2, _JSON_CHUNK) or length != len(data):
        return False
    try:
        document = json.loads(data[20 : 20 + size])
    except ValueError:
        return False
    return isinstance(document, dict) and "asset" in document


def _refusal(data: bytes, wanted: str) -> str:
    from studio_imaging.naming import named

    found = named(data)
    if found.endswith(wanted):
        return f"the file is not a complete {wanted}"
    return f"the file is {found}, not a complete {wanted}"


def _video_facts(data: bytes) -> VideoFacts | None:
    top = {kind: (start, end) for kind, start, end in boxes(data, 0, len(data))}
    if not {b"ftyp", b"moov", b"mdat"} <= top.keys():
        return None
    duration, size = 0, (0, 0)
    for kind, start, end in boxes(data, *top[b"moov"]):
        if kind == b"mvhd":
            duration = _duration_ms(data, start)
        elif kind == b"trak":
            inner = {name: (at, stop) for name, at, stop in boxes(data, start, end)}
            size = max(size, _track_size(data, *inner[b"tkhd"]) if b"tkhd" in inner else (0, 0))
    if not (0 < size[0] <= _LONGEST_SIDE and 0 < size[1] <= _LONGEST_SIDE and duration):
        return None
    return VideoFacts(*size, duration)


def _duration_ms(data: bytes, at: int) -> int:
    """Return the duration in a movie header (14496-12, 8.2.2)."""
    if data[at] == 1:
        scale, duration = struct.unpack_from(">IQ", data, at + 20)
    else:
        scale, duration = struct.unpack_from(">II", data, at + 12)
    return int(duration * 1000 // scale)


def _track_size(data: bytes, start: int, end: int) -> tuple[int, int]:
    """Return width and height in a track header (8.3.2), 16.16 fixed point; 0 for sound."""
    width, height = struct.unpack_from(">II", data, end - 8)
    return width >> 16, height >> 16
