"""The platforms, read from ``formats.json`` in this folder.

Platforms change these figures often. An update edits that file and its month of the check.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from studio.domain.platforms.model import WHOLE, Format, Platform, PlatformId, Preset, Safe
from studio.errors import FieldError, InvalidRequestError, NotFoundError


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All platforms.

    Attributes:
        presets: All presets; each platform has one of its formats that are no ads.
        source, checked_at: What the data was checked against, and in which month.
    """

    platforms: Mapping[str, Platform]
    formats: Mapping[str, Format]
    presets: Mapping[str, Preset]
    source: str
    checked_at: str


@lru_cache(maxsize=1)
def catalogue() -> Catalogue:
    """Return all platforms, formats and presets."""
    # Imported late: it loads tempfile and zipfile, which only requests for formats need.
    from importlib.resources import files

    text = files("studio.domain.platforms").joinpath("formats.json").read_text(encoding="utf-8")
    document = json.loads(text, parse_float=Decimal)
    platforms = {one["id"]: _platform(one) for one in document["platforms"]}
    formats = {each.id: each for one in platforms.values() for each in one.formats}
    presets = [_preset(one, formats) for one in document["presets"]]
    presets += map(_organic, platforms.values())
    return Catalogue(
        platforms=platforms,
        formats=formats,
        presets={preset.id: preset for preset in presets},
        source=document["source"],
        checked_at=document["checked_at"],
    )


def platform_of(platform_id: str) -> Platform:
    """Return a platform.

    Raises:
        NotFoundError: there is no platform of this id.
    """
    found = catalogue().platforms.get(platform_id)
    if found is None:
        raise NotFoundError(f"no such platform; known: {', '.join(catalogue().platforms)}")
    return found


def format_of(format_id: str, platform: Platform | None = None) -> Format:
    """Return a format, of one platform if that is given.

    Raises:
        NotFoundError: there is no format of this id.
    """
    found = catalogue().formats.get(format_id)
    if found is None or (platform is not None and found not in platform.formats):
        known = catalogue().formats if platform is None else [one.id for one in platform.formats]
        raise NotFoundError(f"no such format{_meant(format_id, known)}")
    return found


def platform_of_format(format_id: str | None) -> PlatformId | None:
    """Return the platform of a format; None for no format or an unknown one."""
    found = catalogue().formats.get(format_id) if format_id else None
    return found.platform if found else None


def presets_of(platform: Platform) -> tuple[Preset, ...]:
    """Return the presets that hold formats of a platform, the platform's own preset first."""
    own = catalogue().presets[platform.id]
    others = (preset for preset in catalogue().presets.values() if preset != own)
    return own, *(preset for preset in others if set(preset.formats) & set(platform.formats))


def expand(names: Sequence[str]) -> tuple[Format, ...]:
    """Return the formats of format and preset names, each once, in order.

    Raises:
        InvalidRequestError: names every unknown name by its place in the list (``/0``).
    """
    found: dict[str, Format] = {}
    wrong: list[FieldError] = []
    for place, name in enumerate(names):
        formats = _named(name)
        if not formats:
            wrong.append(FieldError(f"/{place}", "format-unknown", _unknown(name)))
        found |= {each.id: each for each in formats}
    if wrong:
        raise InvalidRequestError(*wrong)
    return tuple(found.values())


def _named(name: str) -> tuple[Format, ...]:
    known = catalogue()
    if name in known.formats:
        return (known.formats[name],)
    return known.presets[name].formats if name in known.presets else ()


def _unknown(name: str) -> str:
    known = catalogue()
    return f"no format or preset {name!r}{_meant(name, [*known.presets, *known.formats])}"


def _meant(name: str, known: Mapping[str, Format] | Sequence[str]) -> str:
    """Return a hint with the known ids that are similar to a wrong one."""
    # Imported late: only an error needs it.
    from difflib import get_close_matches

    near = get_close_matches(name.casefold(), known, n=3)
    return f"; did you mean {' or '.join(near)}?" if near else "; GET /v1/platforms lists them"


def _platform(document: dict[str, Any]) -> Platform:
    formats = (_format(document["id"], one) for one in document["formats"])
    return Platform(document["id"], document["name"], tuple(formats))


def _format(platform: Any, document: dict[str, Any]) -> Format:  # noqa: ANN401 - from JSON
    margins = {edge: int(percent * WHOLE // 100) for edge, percent in document["safe"].items()}
    return Format(
        id=document["id"],
        platform=platform,
        name=document["name"],
        width=document["width"],
        height=document["height"],
        ratio=document["ratio"],
        kind=document["kind"],
        types=tuple(document["types"]),
        max_bytes=document["max_bytes"],
        safe=Safe(**margins, shape=document["shape"], basis=document["safe_basis"]),
        certainty=document["certainty"],
        note=document.get("note"),
    )


def _preset(document: dict[str, Any], formats: Mapping[str, Format]) -> Preset:
    members = tuple(formats[name] for name in document["formats"])
    return Preset(document["id"], document["name"], document["about"], members)


def _organic(platform: Platform) -> Preset:
    """Return the preset of a platform's formats without ads."""
    members = tuple(each for each in platform.formats if each.kind == "organic")
    about = f"Everything on {platform.name} but ads."
    return Preset(platform.id, platform.name, about, members)
