"""Response shapes of platforms."""

from typing_extensions import TypedDict

from studio.domain.platforms.model import Basis, Certainty, FileType, FormatKind, PlatformId, Shape


class Shares(TypedDict):
    """Margins in percent of the height (top, bottom) or width (left, right), as decimal text."""

    top: str
    bottom: str
    left: str
    right: str


class Margins(TypedDict):
    """Margins in pixels of the format."""

    top: int
    bottom: int
    left: int
    right: int


class SafeZone(TypedDict):
    """The margins to keep free of content; for a circle, everything outside of it.

    ``basis`` is the kind of source.
    """

    shape: Shape
    basis: Basis
    percent: Shares
    pixels: Margins


class Format(TypedDict):
    """An image format of a platform. ``types`` lists the preferred file type first.

    ``certainty`` rates size, ratio and types: A is official or undisputed, B is widely repeated,
    C is uncertain. ``max_bytes`` is null where the platform publishes no limit.
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


class FormatList(TypedDict):
    """All formats of a platform."""

    data: list[Format]


class Preset(TypedDict):
    """A named set of formats."""

    id: str
    name: str
    about: str
    format_ids: list[str]


class PresetList(TypedDict):
    """All presets that contain a format of a platform."""

    data: list[Preset]


class Platform(TypedDict):
    """A social platform. ``checked_at`` is a year and a month."""

    id: PlatformId
    name: str
    checked_at: str
    format_ids: list[str]
    preset_ids: list[str]


class PlatformDetail(Platform):
    """A platform with its formats and presets."""

    source: str
    formats: list[Format]
    presets: list[Preset]


class PlatformList(TypedDict):
    """All platforms."""

    data: list[Platform]
