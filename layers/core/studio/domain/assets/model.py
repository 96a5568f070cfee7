"""An asset, its files, and the keys under which bytes are stored."""

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
"""The formats of pictures, by media type."""
SourceType = Literal[
    "trainedAlgorithmicMedia",
    "compositeWithTrainedAlgorithmicMedia",
    "compositeSynthetic",
    "algorithmicMedia",
    "algorithmicallyEnhanced",
]
"""Where a picture comes from, see ``provenance``."""
EXTENSIONS: Mapping[str, str] = {"video": "mp4", "model": "glb"}
"""Of the kinds that have but one."""


@dataclass(frozen=True, slots=True)
class StoredImage:
    """One file in the bucket; sizes in bytes and pixels, 0 pixels for a 3D model.

    Attributes:
        duration_ms: Length of a video.
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
    """A picture, video or 3D model: its file, its thumbnail and the full recipe that made it.

    Attributes:
        job_id, item: The image of a job that it is; None for one that was uploaded.
        cost: What making it cost; None for one that was not made here.
        source_type: What its file says of where it comes from, None for nothing.
        signed_by: Who signed the file that the provider sent (C2PA), as it says itself; that file
            is kept beside the picture, as the picture was written anew.
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


def raw_key(tenant: str, job_id: str, number: int, attempt: int) -> str:
    """Where a provider's bytes are parked: one place per paid call, expired by lifecycle."""
    return f"staging/{tenant}/{job_id}/{number:04d}/{attempt}/raw"


def source_key(tenant: str, job_id: str, number: int, index: int, switches: int = 0) -> str:
    """Where a prepared source of an image waits: one place for all attempts and runs.

    Who takes an image over may have other limits, so for each the source is prepared anew.
    """
    place = f"staging/{tenant}/{job_id}/{number:04d}/source-{index}"
    return f"{place}-{switches}" if switches else place


def inline_key(tenant: str, sha256: str) -> str:
    """Where a picture waits that came inside an order: by its content, so a repeat is the same."""
    return f"staging/{tenant}/inline/{sha256}"


def rendered_key(raw: str, name: str, extension: str) -> str:
    """Where a processed picture waits for SaveImage: beside the bytes it was made from."""
    return f"{raw.removesuffix('raw')}{name}.{extension}"


def rendition_key(tenant: str, asset_id: str, name: str, extension: str) -> str:
    """Final place of a file that was made of an asset."""
    return f"assets/{tenant}/{asset_id}/renditions/{name}.{extension}"


def asset_key(tenant: str, asset_id: str, name: str, extension: str) -> str:
    """Final place of an asset's file."""
    return f"assets/{tenant}/{asset_id}/{name}.{extension}"
