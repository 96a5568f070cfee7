"""Shapes of answers about downloads, for the contract."""

from typing import Literal

from studio.api.http.responses import Answer
from studio.domain.downloads.model import Files


class DownloadCounts(Answer):
    """How many assets were asked for, how many files are packed, how many assets lack one."""

    assets: int
    packed: int
    missing: int


class Download(Answer):
    """An archive of many files.

    ``url`` is there while it is ready, and good for ten minutes: ask again for another. What is
    in the archive stands in its ``manifest.csv``. ``missing`` names assets that were gone,
    or a file of theirs; one of which no such file was ever made is not missing.
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
