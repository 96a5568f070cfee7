"""The files to make, from the ``output`` member of a body."""

from collections.abc import Iterator

from studio.domain.orders.pointers import locate_errors
from studio.domain.platforms.catalogue import expand
from studio.domain.platforms.model import Format
from studio.domain.renditions.model import (
    CONTACT_SHEET,
    MAX_RENDITIONS,
    PREVIEW,
    Framing,
    Gravity,
    OutputPlan,
    RenditionSpec,
)
from studio.errors import FieldError, InvalidRequestError
from studio.services.orders.output_body import FramingBody, OutputBody, RenditionBody

# The decoder's limit; every format of a platform is smaller.
MAX_PIXELS = 50_000_000
# Names of files that every image may have by itself.
RESERVED = frozenset({"image", "thumbnail", "original", CONTACT_SHEET})
_QUALITY = 80
# The highest quality that an export with a size limit tries.
_EXPORT_QUALITY = 90


def output_plan(body: OutputBody) -> OutputPlan:
    """Return the files to make.

    Raises:
        InvalidRequestError: names the fields that do not go together, by pointer in the job's body.
    """
    renditions = [
        rendition_spec(one, f"/output/renditions/{index}", body)
        for index, one in enumerate(body.renditions or ())
    ]
    with locate_errors({"": "/output/formats"}):
        exports = [
            export_spec(one, body, body.quality, one.id) for one in expand(body.formats or ())
        ]
    wrong = list(_wrong(body, renditions, exports))
    if wrong:
        raise InvalidRequestError(*wrong)
    return OutputPlan(
        framing=framing(body, "centre"),
        max_bytes=body.max_bytes,
        renditions=(*renditions, *exports),
        safe_zones=body.safe_zones,
        contact_sheet=body.contact_sheet,
        embed_recipe=body.embed_recipe,
        keep_rights=body.keep_rights,
    )


def rendition_spec(
    body: RenditionBody, pointer: str, common: OutputBody | None = None
) -> RenditionSpec:
    """Return the file of a rendition body; ``common`` gives format and quality that it leaves out.

    Raises:
        InvalidRequestError: its name is reserved, or it is too large.
    """
    common = common or OutputBody()
    name = body.name or _name(body)
    with locate_errors({"": pointer}):
        _check_file(name, (body.width or 1) * (body.height or 1))
    return RenditionSpec(
        name=name,
        width=body.width,
        height=body.height,
        format=body.format or common.format or "webp",
        quality=body.quality or common.quality or _QUALITY,
        max_bytes=body.max_bytes,
        framing=framing(body, "smart"),
    )


def export_spec(target: Format, body: FramingBody, quality: int | None, name: str) -> RenditionSpec:
    """Return the file for a platform's format, with the framing of a body."""
    return RenditionSpec(
        name=name,
        width=target.width,
        height=target.height,
        quality=quality or _EXPORT_QUALITY,
        max_bytes=target.max_bytes,
        framing=framing(body, "smart"),
        export=target.id,
    )


def framing(body: FramingBody, gravity: Gravity) -> Framing:
    """Return the framing of a body; ``gravity`` is the default."""
    point = body.focal_point
    return Framing(
        fit=body.fit,
        gravity=body.gravity or gravity,
        focal_point=(point.x, point.y) if point else None,
        background=body.background.lower(),
    )


def _check_file(name: str, pixels: int) -> None:
    if name in RESERVED or name.endswith(PREVIEW):
        raise InvalidRequestError(FieldError("/name", "reserved", "Take another name"))
    if pixels > MAX_PIXELS:
        detail = f"A file has at most {MAX_PIXELS} pixels"
        raise InvalidRequestError(FieldError("/width", "out-of-range", detail))


def _name(body: RenditionBody) -> str:
    if body.width is None and body.height is None:
        return body.format or "copy"
    return f"{body.width or 'auto'}x{body.height or 'auto'}"


def _wrong(
    body: OutputBody, renditions: list[RenditionSpec], exports: list[RenditionSpec]
) -> Iterator[FieldError]:
    seen = {spec.name for spec in exports}
    for index, spec in enumerate(renditions):
        if spec.name in seen:
            detail = f"There is another file named {spec.name}; give this one another name"
            yield FieldError(f"/output/renditions/{index}/name", "duplicate", detail)
        seen.add(spec.name)
    if len(seen) > MAX_RENDITIONS:
        detail = f"At most {MAX_RENDITIONS} files are made of an image"
        yield FieldError("/output/formats", "too-many", detail)
    if body.safe_zones and not exports:
        detail = "Safe zones are those of formats: name some"
        yield FieldError("/output/safe_zones", "not-allowed", detail)
    if body.contact_sheet and not seen:
        detail = "A contact sheet shows renditions or formats: name some"
        yield FieldError("/output/contact_sheet", "not-allowed", detail)
