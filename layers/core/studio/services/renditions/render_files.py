"""Files of an image: the studio's orders, made by ``studio_imaging``."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from studio.domain.assets.model import MEDIA_TYPES, SourceType, StoredImage
from studio.domain.renditions.model import Focus, Kind, Rendition, RenditionSpec
from studio.domain.renditions.rules import rules_of
from studio_imaging.decode import SourceFacts
from studio_imaging.encode import EncodedImage
from studio_imaging.formats import OutputFormat
from studio_imaging.renditions.make import Made, make
from studio_imaging.renditions.plan import Rendition as Wanted
from studio_imaging.safe import Safe

if TYPE_CHECKING:
    from studio.domain.platforms.model import Format

# Formats that keep sharp edges and transparency, the better one first.
_FOR_GRAPHICS: tuple[OutputFormat, ...] = ("png", "webp")


@dataclass(frozen=True, slots=True)
class RenderedFile:
    """A file and its facts; it has no bytes if it could not be made."""

    rendition: Rendition
    encoded: EncodedImage | None


@dataclass(frozen=True, slots=True)
class RenderedFiles:
    """All files of an image, in the order of the request, and its thumbnail."""

    files: tuple[RenderedFile, ...]
    thumbnail: EncodedImage
    source: SourceFacts


def render_files(
    data: bytes,
    specs: Sequence[RenditionSpec],
    *,
    source_type: SourceType | None,
    xmp: bytes | None,
) -> RenderedFiles:
    """Return files of an image, made with one decode.

    The keys of the files are empty; the caller sets them.

    Raises:
        ImageRejectedError: the bytes are no usable image.
    """
    made = make(data, [_wanted(spec, xmp) for spec in specs], threads=2)
    marked = source_type if xmp else None
    files = (_file(spec, one, marked) for spec, one in zip(specs, made.made, strict=True))
    return RenderedFiles(tuple(files), made.thumbnail, made.source)


def stored(encoded: EncodedImage, key: str) -> StoredImage:
    """Return the facts of a file with its key."""
    return StoredImage(
        key=key,
        media_type=MEDIA_TYPES[encoded.format],
        bytes=len(encoded.data),
        width=encoded.width,
        height=encoded.height,
        sha256=encoded.sha256,
    )


def _wanted(spec: RenditionSpec, xmp: bytes | None) -> Wanted:
    platform_format = _format(spec)
    photos, graphics = _types(platform_format)
    return Wanted(
        name=spec.name,
        format=spec.format or photos,
        for_graphics=None if spec.format else graphics,
        quality=spec.quality,
        width=spec.width,
        height=spec.height,
        fit=spec.framing.fit,
        focus=spec.framing.focus,
        safe=_safe(platform_format),
        max_bytes=spec.max_bytes,
        background=_rgb(spec.framing.background),
        xmp=xmp,
    )


def _file(spec: RenditionSpec, made: Made, marked_as: str | None) -> RenderedFile:
    kind: Kind = "export" if spec.export else "rendition"
    if made.image is None:
        return RenderedFile(Rendition(kind, spec, None, problem=made.problem), None)
    file, target = stored(made.image, ""), _format(spec)
    focus_point = made.focus
    rendition = Rendition(
        kind=kind,
        spec=spec,
        file=file,
        quality=made.quality,
        window=made.window,
        enlarged=made.enlarged,
        focus=Focus(focus_point.x, focus_point.y, focus_point.score, focus_point.method)
        if focus_point
        else None,
    )
    if target is None:
        return RenderedFile(rendition, made.image)
    rules = rules_of(
        target,
        file,
        enlarged=made.enlarged,
        focus_in_safe=made.focus_in_safe if safe_zone(spec) else None,
        marked_as=marked_as,
    )
    return RenderedFile(replace(rendition, rules=rules), made.image)


def _format(spec: RenditionSpec) -> "Format | None":
    if not spec.export:
        return None
    # Only exports need the platforms.
    from studio.domain.platforms.catalogue import catalogue

    return catalogue().formats[spec.export]


def _types(target: "Format | None") -> tuple[OutputFormat, OutputFormat | None]:
    """Return the type for photographs, and one for graphics if that is better."""
    taken = target.types if target else ("webp",)
    if "jpg" not in taken:
        return "webp", None
    return "jpg", next((kind for kind in _FOR_GRAPHICS if kind in taken), None)


def safe_zone(spec: RenditionSpec) -> Safe | None:
    """Return the area of a file that its platform covers; None if that is not known."""
    target = _format(spec)
    if target is None or (target.safe.basis == "none" and target.safe.shape == "rect"):
        return None
    return _safe(target)


def _safe(target: "Format | None") -> Safe:
    if target is None:
        return Safe()
    from studio.domain.platforms.model import WHOLE

    zone = target.safe
    return Safe(
        top=zone.top / WHOLE,
        bottom=zone.bottom / WHOLE,
        left=zone.left / WHOLE,
        right=zone.right / WHOLE,
        circle=zone.shape == "circle",
    )


def _rgb(colour: str) -> tuple[int, int, int]:
    red, green, blue = bytes.fromhex(colour.removeprefix("#"))
    return red, green, blue
