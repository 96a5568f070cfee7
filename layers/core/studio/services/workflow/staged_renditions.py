"""Staged renditions of an image: their list, stored under one key until SaveImage reads it."""

import json
from dataclasses import dataclass

from studio.domain.renditions.documents import rendition_document, rendition_of
from studio.domain.renditions.model import Rendition
from studio.ports.blobs import BlobStore


@dataclass(frozen=True, slots=True)
class StagedRenditions:
    """Files that PostProcess made besides the image itself.

    Attributes:
        renditions: The renditions.
        signed_by: The signer of the provider's file, None for no signature.
        notes: Remarks for the caller, in sentences.
    """

    renditions: tuple[Rendition, ...] = ()
    signed_by: str | None = None
    notes: tuple[str, ...] = ()


NOTHING = StagedRenditions()
"""The image is all there is."""


def put_list(blobs: BlobStore, key: str, waiting: StagedRenditions) -> None:
    """Write the list to a key."""
    document = {
        "renditions": [rendition_document(one) for one in waiting.renditions],
        "signed_by": waiting.signed_by,
        "notes": waiting.notes,
    }
    data = json.dumps(document, separators=(",", ":")).encode()
    blobs.write(key, data, "application/json")


def take_list(blobs: BlobStore, key: str) -> StagedRenditions:
    """Return the list; it is empty for no key.

    Raises:
        NotFoundError: the list has expired.
    """
    if not key:
        return NOTHING
    data, _ = blobs.read(key)
    document = json.loads(data)
    return StagedRenditions(
        tuple(map(rendition_of, document["renditions"])),
        document["signed_by"],
        tuple(document["notes"]),
    )
