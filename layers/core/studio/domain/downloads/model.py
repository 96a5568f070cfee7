"""A download: which assets, how their files are named, and what became of it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from studio.domain.assets.model import Asset, StoredImage
from studio.domain.platforms.catalogue import platform_of_format
from studio.domain.renditions.model import Rendition

MAX_ASSETS = 500
MAX_BYTES = 10 * 1024**3
"""Of the files together: packed within the 15 minutes that a function has, with room to spare."""
MAX_TRIES = 3
LIFETIME = timedelta(days=1)
"""How long an archive can be fetched; the bucket deletes it at the midnight (UTC) after that."""

Files = Literal["image", "renditions", "all"]
"""Which files of an asset are packed: the picture, what was made of it, or both."""

Status = Literal["queued", "running", "ready", "failed"]
OPEN: frozenset[Status] = frozenset({"queued", "running"})


@dataclass(frozen=True, slots=True)
class Download:
    """An archive that was ordered.

    Attributes:
        asset_ids: In the order in which they are packed.
        job_id, folder: The job or the folder whose results they are, where one was named.
        naming: Pattern of the names, see ``downloads.naming``.
        tries: How often the packing was begun. Each try writes an archive of its own, and only
            the newest may say how it ended.
        started_at: When the newest try began.
        packed: How many files are in the archive, or so far.
        missing: Assets that were gone, or a file of theirs, when it was packed.
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
    tries: int = 0
    started_at: datetime | None = None
    finished_at: datetime | None = None
    packed: int = 0
    missing: tuple[str, ...] = ()
    bytes: int = 0

    @property
    def key(self) -> str:
        """Where the archive of the newest try is."""
        return f"downloads/{self.tenant}/{self.download_id}/{self.tries}.zip"

    @property
    def filename(self) -> str:
        """What the archive is called where it is saved."""
        return f"images-{self.created_at:%Y%m%d-%H%M%S}.zip"

    @property
    def expires_at(self) -> datetime | None:
        """Until when the archive can be fetched; None while there is none."""
        if self.status != "ready" or self.finished_at is None:
            return None
        return self.finished_at + LIFETIME


@dataclass(frozen=True, slots=True)
class AssetFile:
    """A file of an asset; ``rendition`` and ``platform`` say which one, None for the picture."""

    asset: Asset
    stored: StoredImage
    rendition: str | None = None
    platform: str | None = None

    @property
    def extension(self) -> str:
        """The ending of its name, without the dot."""
        return self.stored.key.rpartition(".")[2]


def files_of(asset: Asset, files: Files, renditions: Iterable[Rendition]) -> tuple[AssetFile, ...]:
    """Return the files of an asset that belong into an archive, the picture first."""
    picture = AssetFile(asset, asset.image)
    match files:
        case "image":
            return (picture,)
        case "renditions":
            return tuple(_made(asset, renditions))
        case "all":
            return (picture, *_made(asset, renditions))


def _made(asset: Asset, renditions: Iterable[Rendition]) -> Iterator[AssetFile]:
    """Yield the files that could be made of an asset, in their order."""
    for one in renditions:
        if one.file is not None:
            yield AssetFile(asset, one.file, one.name, platform_of_format(one.spec.export))
