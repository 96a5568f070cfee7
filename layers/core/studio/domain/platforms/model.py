"""A platform, its formats, and presets of formats."""

from dataclasses import dataclass
from typing import Literal

PlatformId = Literal["instagram", "facebook", "x", "linkedin", "youtube", "pinterest", "tiktok"]
Certainty = Literal["A", "B", "C"]
Basis = Literal["documented", "reported", "working", "none"]
Shape = Literal["rect", "circle"]
FormatKind = Literal["organic", "ad"]
FileType = Literal["jpg", "png", "webp", "gif", "tiff", "bmp"]

WHOLE = 10_000
"""A whole side, in the unit of ``Safe``."""


@dataclass(frozen=True, slots=True)
class Safe:
    """The margins that a platform covers at each edge of a format.

    Attributes:
        top, bottom: In ten-thousandths of the height (so 14 % is 1400).
        left, right: In ten-thousandths of the width.
        shape: ``circle`` if the platform shows the circle within the image only.
        basis: Source of the margins. ``documented``: the platform. ``reported``: guides, or a
            known crop. ``working``: the studio's own margin, without a source.
    """

    top: int = 0
    bottom: int = 0
    left: int = 0
    right: int = 0
    shape: Shape = "rect"
    basis: Basis = "none"


@dataclass(frozen=True, slots=True)
class Format:
    """A place of a platform that shows an image.

    Attributes:
        width, height: Exact size in pixels.
        ratio: The usual name of the ratio, such as ``1.91:1``; the sides have the exact one.
        types: File types that the platform takes, the preferred first.
        max_bytes: Largest file in bytes; None if no limit is published.
        certainty: Of size, ratio and types: ``A`` official or without contradiction, ``B`` widely
            repeated, ``C`` uncertain.
        note: A remark, in a sentence or two.
    """

    id: str
    platform: PlatformId
    name: str
    width: int
    height: int
    ratio: str
    kind: FormatKind
    types: tuple[FileType, ...]
    max_bytes: int | None
    safe: Safe
    certainty: Certainty
    note: str | None


@dataclass(frozen=True, slots=True)
class Platform:
    """A platform and its formats, in the order of the documentation."""

    id: PlatformId
    name: str
    formats: tuple[Format, ...]


@dataclass(frozen=True, slots=True)
class Preset:
    """A named set of formats that are made together."""

    id: str
    name: str
    about: str
    formats: tuple[Format, ...]
