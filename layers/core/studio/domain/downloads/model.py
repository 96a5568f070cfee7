"""A download: its assets, the names of its files, and its state."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from studio.domain.assets.model import Asset, StoredImage
from studio.domain.platforms.catalogue import platform_of_format
from studio.domain.renditions.model import Rendition

MAX_ASSETS = 500
MAX_BYTES = 10 * 1024**3
"""Largest sum of all files in bytes: a function packs it well within its 15 minutes."""
MAX_ATTEMPTS = 3
LIFETIME = timedelta(days=1)
"""How long an archive can be fetched; the bucket deletes it at the midnight (UTC) after that."""

Files = Literal["image", "renditions", "all"]
"""The files of an asset that are packed: the image, its renditions, or both."""

Status = Literal["queued", "running", "ready", "failed"]
OPEN: frozenset[Status] = frozenset({"queued", "running"})


@dataclass(frozen=True, slots=True)
class Download:
    """An ordered archive.

    Attributes:
        asset_ids: Ids of its assets, in the order of packing.
        job_id, folder: The job or folder whose results it holds, if the caller named one.
        naming: Pattern of the file names, see ``downloads.naming``.
        attempt_count: How often packing was started. Each try writes its own archive, and only
            the newest try may record the outcome.
        started_at: When the newest try started.
        packed: How many files are packed so far.
        missing: Assets that were gone, or lacked a file, when they were packed.
        bytes: Size of the archive, 0 until it is ready.
    """

    tenant: str
    download_id: str
    asset_ids: tuple[str, ...]
    naming: str
    created_at: datetime
    created_by: str
    job_id: str | None = None
    folder: str | None = None
    files: Files = "image"
    status: Status = "queued"
    attempt_count: int = 0
    started_at: datetime | None = None
    finished_at: datetime | None = None
    packed: int = 0
    missing: tuple[str, ...] = ()
    bytes: int = 0

    @property
    def key(self) -> str:
        """Key of the newest try's archive."""
        return f"downloads/{self.tenant}/{self.download_id}/{self.attempt_count}.zip"

    @property
    def filename(self) -> str:
        """File name that a browser saves the archive under."""
        return f"images-{self.created_at:%Y%m%d-%H%M%S}.zip"

    @property
    def expires_at(self) -> datetime | None:
        """Time at which the archive expires; None if there is none."""
        if self.status != "ready" or self.finished_at is None:
            return None
        return self.finished_at + LIFETIME


@dataclass(frozen=True, slots=True)
class AssetFile:
    """A file of an asset; ``rendition`` and ``platform`` are None for the image itself."""

    asset: Asset
    stored: StoredImage
    rendition: str | None = None
    platform: str | None = None

    @property
    def extension(self) -> str:
        """The file extension, without the dot."""
        return self.stored.key.rpartition(".")[2]


def files_of(asset: Asset, files: Files, renditions: Iterable[Rendition]) -> tuple[AssetFile, ...]:
    """Return the files of an asset that belong in an archive, the image first."""
    image = AssetFile(asset, asset.image)
    match files:
        case "image":
            return (image,)
        case "renditions":
            return tuple(_made(asset, renditions))
        case "all":
            return (image, *_made(asset, renditions))


def _made(asset: Asset, renditions: Iterable[Rendition]) -> Iterator[AssetFile]:
    """Yield the files of an asset's successful renditions, in order."""
    for one in renditions:
        if one.file is not None:
            yield AssetFile(asset, one.file, one.name, platform_of_format(one.spec.export))
