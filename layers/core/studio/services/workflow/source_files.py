"""Where the sources of an image are stored for its provider.

A picture of the studio that the model takes as it is stays where its asset is. Each other one is
prepared and written once beside the image's bytes, so that each attempt uses the same picture.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import cast

from studio.domain.assets.model import source_key
from studio.domain.catalogue.catalogue import SourceRules, resolve_model
from studio.domain.catalogue.sizes import Size
from studio.domain.jobs.model import ImageSpec, Item, SourceRef
from studio.domain.operations.values import Role
from studio.domain.provider_calls.model import SourceFile
from studio.errors import NotFoundError
from studio.ports.blobs import BlobStore

# One call carries up to four sources, and copies of them in its request, in 512 MB of memory.
# No picture that is made has a longer side, so a source gains nothing by one.
_MOST_BYTES = 12 * 1024 * 1024
_LONGEST_SIDE = 4096


def source_rules(spec: ImageSpec) -> SourceRules:
    """Return what the image's model takes, and no more than a call can carry."""
    model, _ = resolve_model(spec.provider, spec.model, spec.operation)
    rules = model.sources
    return replace(
        rules,
        max_bytes=min(rules.max_bytes, _MOST_BYTES),
        max_side=min(rules.max_side or _LONGEST_SIDE, _LONGEST_SIDE),
    )


def fits(source: SourceRef, rules: SourceRules) -> bool:
    """Tell whether a picture of ours can go to a model as it is stored."""
    if source.bytes is None or source.width is None or source.height is None:
        return False
    # A mask is made to measure, and sound is never ours.
    return (
        source.role not in ("mask", "audio")
        and sides_fit((source.width, source.height), rules)
        and source.bytes <= rules.max_bytes
        and source.media_type in rules.media_types
    )


def sides_fit(size: Size, rules: SourceRules) -> bool:
    """Tell whether a picture is neither larger nor smaller than a model takes."""
    return (
        (rules.max_side is None or max(size) <= rules.max_side)
        and (rules.max_pixels is None or size[0] * size[1] <= rules.max_pixels)
        and min(size) >= rules.min_side
    )


def collect(item: Item, blobs: BlobStore) -> tuple[SourceFile, ...] | None:
    """Read an image's sources, or return None if one of them still has to be prepared."""
    rules = source_rules(item.spec)
    try:
        return tuple(
            _stored(source, blobs)
            if fits(source, rules)
            else _prepared(item, index, source.role, blobs)
            for index, source in enumerate(item.spec.sources)
        )
    except NotFoundError:
        return None


def place_of(item: Item, index: int) -> str:
    """Return the key of a source of an image once it is prepared."""
    return source_key(item.tenant, item.job_id, item.number, index, item.switches)


def earlier_places(item: Item, index: int) -> Iterator[str]:
    """Name where the source may lie prepared for those that the image was taken from."""
    for switches in range(item.switches):
        yield source_key(item.tenant, item.job_id, item.number, index, switches)


def prepared_metadata(picture: SourceFile) -> dict[str, str]:
    """Return the metadata of a prepared picture."""
    return {
        "media-type": picture.media_type,
        "width": str(picture.width),
        "height": str(picture.height),
    }


def _stored(source: SourceRef, blobs: BlobStore) -> SourceFile:
    """Read a picture that fits, of which everything is known therefore."""
    data, _ = blobs.read(cast("str", source.key))
    return SourceFile(
        data,
        cast("str", source.media_type),
        cast("int", source.width),
        cast("int", source.height),
        source.role,
    )


def _prepared(item: Item, index: int, role: Role, blobs: BlobStore) -> SourceFile:
    data, metadata = blobs.read(place_of(item, index))
    width, height = int(metadata["width"]), int(metadata["height"])
    return SourceFile(data, metadata["media-type"], width, height, role)
