"""The image of a provider's result, its thumbnail, and its ordered files."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha256

from studio.domain.jobs.image_spec import ImageSpec
from studio.domain.jobs.provenance import rights_of, source_type_of
from studio.domain.operations.presets import PRESETS
from studio.domain.renditions.model import (
    CONTACT_SHEET,
    PREVIEW,
    UNSURE_CROP,
    Framing,
    Kind,
    Rendition,
    RenditionSpec,
)
from studio.services.renditions.render_files import RenderedFile, render_files, safe_zone, stored
from studio_imaging import xmp
from studio_imaging.c2pa import find_manifest
from studio_imaging.decode import SourceFacts
from studio_imaging.encode import EncodedImage
from studio_imaging.errors import PacketTooLargeError
from studio_imaging.formats import sniff

# The lowest acceptable quality; an image that is still too large exceeds its limit.
_LOWEST_QUALITY = 30
# The longest side of a WebP (RFC 9649); all types have the same bound.
_LONGEST_SIDE = 16_383
# The thumbnail shows the first file; an image that is passed on is shown completely.
_WHOLE = RenditionSpec("whole", 256, 256, "webp", framing=Framing("inside"))


@dataclass(frozen=True, slots=True)
class RenderedImage:
    """An image and everything that was made with it.

    Attributes:
        files: Its further files; their keys are still empty.
        signed_by: The signer of the provider's file, which is then among the files.
        notes: Remarks for the caller, in sentences.
    """

    image: EncodedImage
    thumbnail: EncodedImage
    files: tuple[RenderedFile, ...]
    signed_by: str | None
    notes: tuple[str, ...]


def render_image(spec: ImageSpec, data: bytes) -> RenderedImage:
    """Return the image and the files of an order, made with one decode.

    Raises:
        ImageRejectedError: the bytes are no usable image.
    """
    packet, notes = _packet(spec)
    kept = _is_unchanged(spec, data)
    first = _WHOLE if kept else main_of(spec)
    specs = (first, *spec.output.renditions)
    rendered = render_files(data, specs, source_type=source_type_of(spec), xmp=packet)
    main, *files = rendered.files
    image = _unchanged(data, rendered.source) if kept else main.encoded
    if image is None:
        notes = (*notes, f"No file of at most {spec.output.max_bytes} bytes could be made.")
        image = _at_lowest_quality(spec, data, packet)
    notes = (*notes, *_unsure(rendered.files))
    manifest = find_manifest(data)
    original = _unchanged(data, rendered.source) if manifest else None
    return RenderedImage(
        image=image,
        thumbnail=rendered.thumbnail,
        files=(
            *files,
            *(_previews(files) if spec.output.safe_zones else ()),
            *(_contact_sheet(spec, files) if spec.output.contact_sheet else ()),
            *((_extra_file("original", "original", original),) if original else ()),
        ),
        signed_by=(manifest.generator or "unnamed") if manifest else None,
        notes=notes,
    )


def _unsure(files: Sequence[RenderedFile]) -> Iterator[str]:
    """Yield a note about crops around a point that was guessed."""
    names = [file.rendition.name for file in files if file.rendition.is_guess]
    if names:
        yield UNSURE_CROP.format(", ".join(names))


def _is_unchanged(spec: ImageSpec, data: bytes) -> bool:
    """Tell whether an image is passed on unchanged."""
    fits = spec.output.max_bytes is None or len(data) <= spec.output.max_bytes
    written = spec.output.embed_recipe or any(rights_of(spec))
    as_it_is = spec.width is None and not written and fits
    return spec.operation == "social.optimize" and as_it_is and sniff(data) == spec.output_format


def main_of(spec: ImageSpec) -> RenditionSpec:
    """Return the image itself as a file to make."""
    preset = PRESETS.get(str(spec.options.get("preset")))
    # An image without an ordered size has a bound, too.
    longest = (preset.longest_side if preset else None) or _LONGEST_SIDE
    side = longest if spec.width is None else None
    inside = replace(spec.output.framing, fit="inside")
    return RenditionSpec(
        name="image",
        width=side or spec.width,
        height=side or spec.height,
        format=spec.output_format,
        quality=spec.output_quality,
        max_bytes=spec.output.max_bytes,
        framing=inside if side else spec.output.framing,
    )


def _at_lowest_quality(spec: ImageSpec, data: bytes, packet: bytes | None) -> EncodedImage:
    """Return the image at the lowest quality; it may be paid, so there must be one."""
    quality = min(_LOWEST_QUALITY, spec.output_quality)
    low = replace(main_of(spec), max_bytes=None, quality=quality)
    (file,) = render_files(data, [low], source_type=None, xmp=packet).files
    if file.encoded is None:
        raise LookupError(f"an image without a limit was refused: {file.rendition.problem}")
    return file.encoded


def _packet(spec: ImageSpec) -> tuple[bytes | None, tuple[str, ...]]:
    """Return the metadata of the files, and a note about what does not fit."""
    source_type = source_type_of(spec)
    recipe = _recipe(spec) if spec.output.embed_recipe else None
    creator, notice = rights_of(spec)
    if not (source_type or recipe or creator or notice):
        return None, ()
    rights = partial(xmp.packet, source_type, creator=creator, notice=notice)
    description = spec.title or spec.label
    try:
        return rights(description=description, recipe=recipe), ()
    except PacketTooLargeError:
        note = "The recipe is too long to be written into a file: only the asset has it."
        return (rights() if source_type or creator or notice else None), (note,)


def _recipe(spec: ImageSpec) -> dict[str, object]:
    members = {
        "operation": spec.operation,
        "provider": spec.provider,
        "model": spec.model,
        "prompt": spec.prompt,
        "negative_prompt": spec.negative_prompt,
        "seed": spec.seed,
        "steps": spec.steps,
        "guidance": spec.guidance,
        "strength": spec.strength,
        "quality": spec.quality,
        "input": dict(spec.options) or None,
    }
    return {name: value for name, value in members.items() if value is not None}


def _unchanged(data: bytes, source: SourceFacts) -> EncodedImage | None:
    """Return a file unchanged; None for a type that is read but not written."""
    if source.format == "gif":
        return None
    digest = sha256(data).hexdigest()
    return EncodedImage(data, source.format, source.width, source.height, digest)


def _extra_file(name: str, kind: Kind, file: EncodedImage) -> RenderedFile:
    """Return a file that was not ordered by its name."""
    spec = RenditionSpec(name, format=file.format)
    return RenderedFile(Rendition(kind, spec, stored(file, "")), file)


def _previews(files: Sequence[RenderedFile]) -> Iterator[RenderedFile]:
    """Return a preview of the covered area for each export with a known one."""
    # Imported late, like the contact sheet: few orders need them.
    from studio_imaging.renditions.overlay import preview

    for file in files:
        zone = safe_zone(file.rendition.spec)
        if file.encoded and zone:
            yield _extra_file(
                f"{file.rendition.name}{PREVIEW}",
                "preview",
                preview(file.encoded.data, zone, file.encoded.format),
            )


def _contact_sheet(spec: ImageSpec, files: Sequence[RenderedFile]) -> Iterator[RenderedFile]:
    from studio_imaging.contact_sheet import Tile, compose

    tiles = [
        Tile(file.encoded.data, *_captions(file.rendition, file.encoded))
        for file in files
        if file.encoded
    ]
    if tiles:
        page = compose(tiles, title=spec.title or spec.label or "Contact sheet")
        yield _extra_file(CONTACT_SHEET, "contact_sheet", page)


def _captions(made: Rendition, file: EncodedImage) -> tuple[str, str]:
    """Return a file's caption and size; platforms share format names, so the size names them."""
    size = f"{file.width}x{file.height}"
    if made.spec.export is None:
        return made.name, size
    from studio.domain.platforms.catalogue import catalogue, format_of

    target = format_of(made.spec.export)
    return target.name, f"{catalogue().platforms[target.platform].name}, {size}"
