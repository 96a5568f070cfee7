"""A source file as a provider gets it."""

from dataclasses import dataclass

from studio.domain.operations.values import Role


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A checked source file; an image is upright, in sRGB and without metadata.

    ``width`` and ``height`` are in pixels, 0 for audio. ``note`` is a remark of its preparation.
    """

    data: bytes
    media_type: str
    width: int
    height: int
    role: Role = "image"
    note: str | None = None
