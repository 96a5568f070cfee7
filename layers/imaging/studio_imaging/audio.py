"""Sound files for images that speak: checked by their content and not changed."""

from typing import Final

from studio_imaging.errors import ImageRejectedError

MAX_BYTES: Final = 15_000_000
"""Largest file that the models accept (WaveSpeed model pages, 2026-11-20)."""

_SECOND_BYTES: Final = frozenset({0xFB, 0xF3, 0xF2, 0xFA})


def check_audio(data: bytes) -> str:
    """Return the media type of a WAV or MP3 file.

    Raises:
        ImageRejectedError: The file is neither, or too large.
    """
    if len(data) > MAX_BYTES:
        detail = f"the file has {len(data)} bytes, the limit is {MAX_BYTES}"
        raise ImageRejectedError("image-too-large", detail)
    if data[:4] == b"RIFF" and data[8:12] == b"WAVE":
        return "audio/wav"
    if data[:3] == b"ID3" or (data[:1] == b"\xff" and data[1:2] and data[1] in _SECOND_BYTES):
        return "audio/mpeg"
    from studio_imaging.naming import named

    detail = f"the file is {named(data)}, neither WAV nor MP3"
    raise ImageRejectedError("audio-type-unsupported", detail)
