"""Response shapes of downloads."""

from typing import Literal

from typing_extensions import TypedDict

from studio.domain.downloads.model import Files


class DownloadCounts(TypedDict):
    """Number of assets that the order names, of packed files, and of assets that lack one."""

    assets: int
    packed: int
    missing: int


class Download(TypedDict):
    """An archive of many files.

    ``url`` is null unless the status is ``ready``. It expires after ten minutes; each GET returns
    a new one. ``manifest.csv`` in the archive lists the files. ``missing`` lists assets that are
    deleted or have lost a file. An asset that never had such a file is not listed.
    """

    id: str
    status: Literal["queued", "running", "ready", "failed", "expired"]
    job_id: str | None
    folder: str | None
    naming: str
    files: Files
    counts: DownloadCounts
    bytes: int | None
    filename: str
    url: str | None
    missing: list[str]
    created_by: str
    created_at: str
    started_at: str | None
    finished_at: str | None
    expires_at: str | None
