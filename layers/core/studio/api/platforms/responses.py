"""Shapes of answers about platforms, for the contract."""

from studio.api.http.responses import Answer
from studio.domain.platforms.model import Basis, Certainty, FileType, FormatKind, PlatformId, Shape


class Shares(Answer):
    """Margins as decimal text: of the height at top and bottom, of the width left and right."""

    top: str
    bottom: str
    left: str
    right: str


class Margins(Answer):
    """Margins in pixels of the format's size."""

    top: int
    bottom: int
    left: int
    right: int


class SafeZone(Answer):
    """What to keep free; of a circle, everything outside of it. ``basis`` is who says so."""

    shape: Shape
    basis: Basis
    percent: Shares
    pixels: Margins


class Format(Answer):
    """A place of a platform that shows a picture; ``types`` begin with the preferred one.

    ``certainty`` is of size, ratio and types: A official or without contradiction, B widely
    repeated, C uncertain. ``max_bytes`` is null where no limit is published.
    """

    id: str
    platform: PlatformId
    name: str
    kind: FormatKind
    width: int
    height: int
    aspect_ratio: str
    types: list[FileType]
    max_bytes: int | None
    safe_zone: SafeZone
    certainty: Certainty
    note: str | None


class FormatList(Answer):
    """All formats of a platform."""

    data: list[Format]


class Preset(Answer):
    """A set of formats to make together."""

    id: str
    name: str
    about: str
    format_ids: list[str]


class PresetList(Answer):
    """All presets that a platform has a part in."""

    data: list[Preset]


class Platform(Answer):
    """A social platform; ``checked_at`` is a year and a month."""

    id: PlatformId
    name: str
    checked_at: str
    format_ids: list[str]
    preset_ids: list[str]


class PlatformDetail(Platform):
    """A platform with all that is known of it."""

    source: str
    formats: list[Format]
    presets: list[Preset]


class PlatformList(Answer):
    """All platforms."""

    data: list[Platform]
