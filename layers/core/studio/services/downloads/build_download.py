"""BuildDownload: write a download's files into an archive and upload it at the same time.

Neither the archive nor a file is ever completely in memory. Images are compressed already, so
the archive stores them without compression.
"""

from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, replace
from itertools import groupby
from typing import IO, cast
from zipfile import ZipFile, ZipInfo

from studio.clock import Clock
from studio.domain.downloads.manifest import manifest_lines
from studio.domain.downloads.model import MAX_ATTEMPTS, OPEN, AssetFile, Download, Status
from studio.domain.downloads.naming import MANIFEST, Names, Pattern
from studio.errors import NotFoundError, StateConflictError
from studio.ports.assets import AssetStore
from studio.ports.blobs import BlobStore
from studio.ports.downloads import Archives, DownloadStore
from studio.ports.renditions import RenditionStore
from studio.services.downloads.find_files import find_files
from studio.services.downloads.reading import Piece, pieces_of, read_ahead

# The record's progress is updated after this many files.
_TOLD_EVERY = 25
_READABLE = 0o644 << 16
_MEDIA_TYPE = "application/zip"


@dataclass(frozen=True, slots=True)
class BuildDownload:
    """The service behind the function build_download.

    Several workers may get the same download. Each starts its own try and writes its own archive,
    and only the newest try can end the download.
    """

    downloads: DownloadStore
    assets: AssetStore
    renditions: RenditionStore
    blobs: BlobStore
    archives: Archives
    now: Clock

    def run(self, tenant: str, download_id: str) -> Status:
        """Pack a download, unless it is packed already, and return its status.

        Raises:
            NotFoundError: the tenant has no such download.
        """
        value = self.downloads.get(tenant, download_id)
        if value.status not in OPEN or value.attempt_count >= MAX_ATTEMPTS:
            return value.status
        claimed = replace(
            value,
            status="running",
            attempt_count=value.attempt_count + 1,
            started_at=self.now(),
            packed=0,
        )
        if not self.downloads.move(value, claimed):
            return self.downloads.get(tenant, download_id).status
        try:
            return self._pack(claimed).status
        except StateConflictError:
            return self.downloads.get(tenant, download_id).status
        except Exception:
            if claimed.attempt_count >= MAX_ATTEMPTS:
                failed = replace(claimed, status="failed", finished_at=self.now())
                self.downloads.move(claimed, failed)
            raise

    def _pack(self, claimed: Download) -> Download:
        """Write the archive.

        Raises:
            StateConflictError: another try has started meanwhile.
        """
        files_by_asset = find_files(
            self.assets, self.renditions, claimed.tenant, claimed.asset_ids, claimed.files
        )
        files = list(_named(claimed, files_by_asset))
        missing = [asset_id for asset_id in claimed.asset_ids if asset_id not in files_by_asset]
        packed: list[tuple[str, AssetFile]] = []
        with self.archives.writing(claimed.key, _MEDIA_TYPE) as sink:
            # A ZipFile only writes and flushes a file that cannot seek.
            with ZipFile(cast("IO[bytes]", sink), "w") as archive:
                for (name, file), pieces in self._read(files):
                    if not _add(archive, name, file, pieces):
                        missing.append(file.asset.asset_id)
                        continue
                    packed.append((name, file))
                    if len(packed) % _TOLD_EVERY == 0:
                        self._move(claimed, replace(claimed, packed=len(packed)))
                _add_manifest(archive, claimed, packed, missing)
            size = sink.size
        return self._move(
            claimed,
            replace(
                claimed,
                status="ready",
                finished_at=self.now(),
                packed=len(packed),
                missing=tuple(dict.fromkeys(missing)),
                bytes=size,
            ),
        )

    def _read(
        self, files: list[tuple[str, AssetFile]]
    ) -> Iterator[tuple[tuple[str, AssetFile], Iterator["Future[bytes]"]]]:
        pieces = read_ahead(
            pieces_of(file.stored for _, file in files),
            self._piece,
        )
        for number, group in groupby(pieces, key=lambda pair: pair[0].number):
            yield files[number], (future for _, future in group)

    def _piece(self, piece: Piece) -> bytes:
        data = self.blobs.part(piece.key, piece.at, piece.size)
        if len(data) != piece.size:
            raise NotFoundError("the file is shorter than its record says")
        return data

    def _move(self, claimed: Download, after: Download) -> Download:
        if not self.downloads.move(claimed, after):
            raise StateConflictError("another try has begun")
        return after


def _named(
    value: Download, files_by_asset: Mapping[str, Iterable[AssetFile]]
) -> Iterator[tuple[str, AssetFile]]:
    """Yield the files of the assets that still exist, each with its name."""
    pattern, names = Pattern.of(value.naming), Names()
    for index, asset_id in enumerate(value.asset_ids, 1):
        for file in files_by_asset.get(asset_id, ()):
            yield names.unique(pattern.path(file, index), file.extension), file


def _add(archive: ZipFile, name: str, file: AssetFile, pieces: Iterator["Future[bytes]"]) -> bool:
    """Add a file; return False if it is gone, which shows before anything is written."""
    try:
        first = next(pieces).result()
    except NotFoundError:
        return False
    info = ZipInfo(name, file.asset.created_at.timetuple()[:6])
    info.external_attr = _READABLE
    info.file_size = file.stored.bytes
    with archive.open(info, "w") as entry:
        entry.write(first)
        for piece in pieces:
            entry.write(piece.result())
    return True


def _add_manifest(
    archive: ZipFile,
    value: Download,
    packed: list[tuple[str, AssetFile]],
    missing: Iterable[str],
) -> None:
    info = ZipInfo(MANIFEST, value.created_at.timetuple()[:6])
    info.external_attr = _READABLE
    with archive.open(info, "w") as entry:
        for line in manifest_lines(packed, list(dict.fromkeys(missing))):
            entry.write(line)
