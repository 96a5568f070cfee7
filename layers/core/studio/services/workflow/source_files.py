"""Source files of an image, ready for its provider.

An asset that the model takes unchanged is read from its own key. All others have prepared
copies, written once, so that every attempt uses the same file.
"""

from collections.abc import Iterator
from typing import cast

from studio.domain.assets.model import source_key
from studio.domain.catalogue.catalogue import planned_model
from studio.domain.catalogue.limits import SourceRules, rules_of_a_call
from studio.domain.catalogue.sizes import Size
from studio.domain.jobs.image_spec import ImageSpec, SourceRef
from studio.domain.jobs.model import Item
from studio.domain.operations.values import Role
from studio.domain.provider_calls.source_file import SourceFile
from studio.errors import NotFoundError
from studio.ports.blobs import BlobStore


def source_rules(spec: ImageSpec) -> SourceRules:
    """Return the limits of the image's model for sources, and those of a call."""
    model = planned_model(spec.provider, spec.model)
    return rules_of_a_call(model.sources, passthrough=model.process == "passthrough")


def fits(source: SourceRef, rules: SourceRules) -> bool:
    """Tell whether an asset's file can be sent to a model unchanged."""
    if source.bytes is None or source.width is None or source.height is None:
        return False
    # A mask always gets the image's size, and no asset is a recording.
    return (
        source.role not in ("mask", "audio")
        and sides_fit((source.width, source.height), rules)
        and source.bytes <= rules.max_bytes
        and source.media_type in rules.media_types
    )


def sides_fit(size: Size, rules: SourceRules) -> bool:
    """Tell whether an image's sides are within a model's limits."""
    return (
        (rules.max_side is None or max(size) <= rules.max_side)
        and (rules.max_pixels is None or size[0] * size[1] <= rules.max_pixels)
        and min(size) >= rules.min_side
    )


def collect(item: Item, blobs: BlobStore) -> tuple[SourceFile, ...] | None:
    """Return an image's sources, or None if one of them still needs to be prepared."""
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


def prepared_key(item: Item, index: int) -> str:
    """Return the key of a prepared source."""
    return source_key(item.tenant, item.job_id, item.number, index, item.switches)


def earlier_keys(item: Item, index: int) -> Iterator[str]:
    """Return the keys of a source that was prepared for earlier providers of the image."""
    for switches in range(item.switches):
        yield source_key(item.tenant, item.job_id, item.number, index, switches)


def prepared_metadata(picture: SourceFile) -> dict[str, str]:
    """Return the metadata of a prepared image."""
    facts = {
        "media-type": picture.media_type,
        "width": str(picture.width),
        "height": str(picture.height),
    }
    return facts | ({"note": picture.note} if picture.note else {})


def _stored(source: SourceRef, blobs: BlobStore) -> SourceFile:
    """Return an asset's file that fits; all its facts are known."""
    data, _ = blobs.read(cast("str", source.key))
    return SourceFile(
        data,
        cast("str", source.media_type),
        cast("int", source.width),
        cast("int", source.height),
        source.role,
    )


def _prepared(item: Item, index: int, role: Role, blobs: BlobStore) -> SourceFile:
    data, metadata = blobs.read(prepared_key(item, index))
    width, height = int(metadata["width"]), int(metadata["height"])
    return SourceFile(data, metadata["media-type"], width, height, role)
