"""Source files that a body names."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from studio.domain.jobs.image_spec import SourceRef
from studio.domain.operations.values import Role
from studio.errors import FieldError, InvalidRequestError
from studio.services.orders.body import FilesBody, JobBody, SourceBody

ResolvedSources = Mapping[SourceBody, SourceRef]

_ROLES: tuple[Role, ...] = ("mask", "style_image", "background", "lighting", "audio")


def named_sources(body: JobBody) -> Iterator[tuple[str, SourceBody]]:
    """Yield each file that a body names, with its pointer."""
    yield from _named_files(body, "")
    for number, item in enumerate(body.items or ()):
        yield from _named_files(item, f"/items/{number}")


def files_of(own: FilesBody, common: FilesBody, sources: ResolvedSources) -> tuple[SourceRef, ...]:
    """Return the files of an image, its main source images first.

    Args:
        own: The image's own fields.
        common: The fields that hold where the image has none of its own.
        sources: The resolved files.
    """
    files = [sources[source] for source in own.sources or common.sources or ()]
    for role in _ROLES:
        source = getattr(own, role) or getattr(common, role)
        if source is not None:
            files.append(replace(sources[source], role=role))
    return tuple(files)


def refuse_inline(body: JobBody) -> None:
    """Check that a body to be saved holds no inline images.

    Raises:
        InvalidRequestError: names each inline image.
    """
    detail = "A saved request names images: upload this one and give its asset_id"
    inline = [
        FieldError(f"{pointer}/base64", "not-allowed", detail)
        for pointer, source in named_sources(body)
        if source.base64
    ]
    if inline:
        raise InvalidRequestError(*inline)


def _named_files(body: FilesBody, place: str) -> Iterator[tuple[str, SourceBody]]:
    for index, source in enumerate(body.sources or ()):
        yield f"{place}/sources/{index}", source
    for role in _ROLES:
        source = getattr(body, role)
        if source is not None:
            yield f"{place}/{role}", source
