"""Where the files of a picture wait for SaveImage: their list beside them, one key in the state."""

import json
from dataclasses import dataclass

from studio.domain.renditions.documents import rendition_document, rendition_of
from studio.domain.renditions.model import Rendition
from studio.ports.blobs import BlobStore


@dataclass(frozen=True, slots=True)
class StagedRenditions:
    """What PostProcess has to say beside the picture itself.

    Attributes:
        renditions: What else was made.
        signed_by: Who signed the provider's file, None where nobody did.
        notes: What the caller should know, in sentences.
    """

    renditions: tuple[Rendition, ...] = ()
    signed_by: str | None = None
    notes: tuple[str, ...] = ()


NOTHING = StagedRenditions()
"""The picture is all there is."""


def put_list(blobs: BlobStore, key: str, waiting: StagedRenditions) -> None:
    """Write the list."""
    document = {
        "renditions": [rendition_document(one) for one in waiting.renditions],
        "signed_by": waiting.signed_by,
        "notes": waiting.notes,
    }
    data = json.dumps(document, separators=(",", ":")).encode()
    blobs.write(key, data, "application/json")


def take_list(blobs: BlobStore, key: str) -> StagedRenditions:
    """Read the list; there is none where no key is.

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
