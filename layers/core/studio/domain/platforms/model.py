"""A platform, its formats, and sets of formats that are made together."""

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
    """What is to be kept free at each edge of a format.

    Attributes:
        top, bottom: In ten-thousandths of the height (so 14 % is 1400).
        left, right: In ten-thousandths of the width.
        shape: ``circle`` where the picture is shown round: what lies within it is seen.
        basis: Who says so: ``documented`` by the platform; ``reported`` by guides, or following
            from a known crop; ``working``: a margin of our own, which nobody documents.
    """

    top: int = 0
    bottom: int = 0
    left: int = 0
    right: int = 0
    shape: Shape = "rect"
    basis: Basis = "none"


@dataclass(frozen=True, slots=True)
class Format:
    """A place of a platform that shows a picture.

    Attributes:
        width, height: Exact size in pixels.
        ratio: As people call it, such as ``1.91:1``; the exact one is of the sides.
        types: Files that are taken, the preferred first.
        max_bytes: Of a file; None where no limit is published.
        certainty: Of size, ratio and types: ``A`` official or without contradiction, ``B``
            widely repeated, ``C`` uncertain.
        note: What else is known, in a sentence or two.
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
    """A platform and its formats, in the order in which people meet them."""

    id: PlatformId
    name: str
    formats: tuple[Format, ...]


@dataclass(frozen=True, slots=True)
class Preset:
    """A set of formats that are made together, under a name."""

    id: str
    name: str
    about: str
    formats: tuple[Format, ...]
