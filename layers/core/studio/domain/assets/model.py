"""An asset, its files, and the storage keys of files."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from studio.money import Cost

MEDIA_TYPES: Mapping[str, str] = {
    "webp": "image/webp",
    "jpg": "image/jpeg",
    "png": "image/png",
    "avif": "image/avif",
    "mp4": "video/mp4",
    "glb": "model/gltf-binary",
}

AssetKind = Literal["image", "video", "model"]
OutputFormat = Literal["webp", "jpg", "png", "avif"]
FORMATS: Mapping[str, OutputFormat] = {MEDIA_TYPES[name]: name for name in get_args(OutputFormat)}
"""Image formats by media type."""
SourceType = Literal[
    "trainedAlgorithmicMedia",
    "compositeWithTrainedAlgorithmicMedia",
    "compositeSynthetic",
    "algorithmicMedia",
    "algorithmicallyEnhanced",
]
"""Digital source type of an image, see ``provenance``."""
EXTENSIONS: Mapping[str, str] = {"video": "mp4", "model": "glb"}
"""File extensions of the kinds that have only one."""


@dataclass(frozen=True, slots=True)
class StoredImage:
    """One file in the bucket, with its size in bytes and in pixels (0 for a 3D model).

    Attributes:
        duration_ms: Length of a video in milliseconds.
    """

    key: str
    media_type: str
    bytes: int
    width: int
    height: int
    sha256: str
    duration_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Asset:
    """An image, video or 3D model: its file, its thumbnail and the recipe that made it.

    Attributes:
        job_id, item: The job and the image number that made it; None for an upload.
        cost: What the calls for it cost; None for an upload.
        source_type: The digital source type that its file states, None for none.
        signed_by: The signer that the provider's file names in its C2PA manifest. The original
            file is stored too, because the studio's own file does not keep the signature.
        folder: The folder that it was made or uploaded for.
        creator, copyright: What an uploaded file states, and what a result keeps of its sources.
    """

    tenant: str
    asset_id: str
    job_id: str | None
    item: int | None
    operation: str
    created_at: datetime
    image: StoredImage
    thumbnail: StoredImage
    cost: Cost | None
    recipe: Mapping[str, str | int | None]
    kind: AssetKind = "image"
    label: str | None = None
    title: str | None = None
    source_type: SourceType | None = None
    signed_by: str | None = None
    folder: str | None = None
    creator: str | None = None
    copyright: str | None = None


def raw_key(tenant: str, job_id: str, number: int, attempt: int) -> str:
    """Return the key of a provider's result: one key per paid call, expired by lifecycle."""
    return f"staging/{tenant}/{job_id}/{number:04d}/{attempt}/raw"


def source_key(tenant: str, job_id: str, number: int, index: int, switches: int = 0) -> str:
    """Return the key of an image's prepared source, the same for all attempts and runs.

    Each provider may have other limits, so each has its own prepared source.
    """
    place = f"staging/{tenant}/{job_id}/{number:04d}/source-{index}"
    return f"{place}-{switches}" if switches else place


def inline_key(tenant: str, sha256: str) -> str:
    """Return the key of an inline image, from its content: a repeated one has the same key."""
    return f"staging/{tenant}/inline/{sha256}"


def rendered_key(raw: str, name: str, extension: str) -> str:
    """Return the key of a processed image until SaveImage copies it."""
    return f"{raw.removesuffix('raw')}{name}.{extension}"


def rendition_key(tenant: str, asset_id: str, name: str, extension: str) -> str:
    """Return the final key of a rendition."""
    return f"assets/{tenant}/{asset_id}/renditions/{name}.{extension}"


def asset_key(tenant: str, asset_id: str, name: str, extension: str) -> str:
    """Return the final key of an asset's file."""
    return f"assets/{tenant}/{asset_id}/{name}.{extension}"


def thumbnail_key(tenant: str, asset_id: str) -> str:
    """Return the final key of the thumbnail of an asset that a job made; it is a WebP."""
    return asset_key(tenant, asset_id, "thumbnail", "webp")
