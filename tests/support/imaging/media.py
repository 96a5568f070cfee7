"""Small files of other kinds than images, built byte by byte."""

import json
import struct


def an_mp4(width: int, height: int, duration_ms: int, version: int = 0) -> bytes:
    """An MP4 file of one video track; there are no frames in it."""
    if version:
        header = struct.pack(">B3xQQIQ", 1, 0, 0, 1000, duration_ms)
    else:
        header = struct.pack(">B3xIIII", 0, 0, 0, 1000, duration_ms)
    track = bytes(76) + struct.pack(">II", width << 16, height << 16)
    sound = bytes(76) + struct.pack(">II", 0, 0)
    moov = a_box(b"mvhd", header + bytes(80))
    moov += a_box(b"trak", a_box(b"tkhd", sound)) + a_box(b"trak", a_box(b"tkhd", track))
    return (
        a_box(b"ftyp", b"isom\x00\x00\x02\x00") + a_box(b"moov", moov) + a_box(b"mdat", bytes(64))
    )


def a_glb(document: object | None = None) -> bytes:
    """A binary glTF file with nothing in its scene."""
    text = json.dumps({"asset": {"version": "2.0"}} if document is None else document).encode()
    text += b" " * (-len(text) % 4)
    return b"glTF" + struct.pack("<IIII", 2, 20 + len(text), len(text), 0x4E4F534A) + text


def a_wav(seconds: int = 1) -> bytes:
    """Silence: 8 kHz, 8 bits, mono."""
    samples = b"\x80" * (8_000 * seconds)
    head = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, 8_000, 8_000, 1, 8)
    body = b"WAVE" + head + b"data" + struct.pack("<I", len(samples)) + samples
    return b"RIFF" + struct.pack("<I", len(body)) + body


def a_box(kind: bytes, content: bytes) -> bytes:
    """A box of an ISO media file (ISO 14496-12, 4.2)."""
    return struct.pack(">I", 8 + len(content)) + kind + content
