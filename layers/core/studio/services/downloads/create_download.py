"""CreateDownload: decide which files to pack and start the packing in the background."""

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass

from studio.clock import Clock
from studio.domain.downloads.model import MAX_ASSETS, MAX_BYTES, Download, Files
from studio.domain.downloads.naming import Pattern, default_naming
from studio.domain.jobs.model import Item
from studio.errors import (
    FieldError,
    InvalidRequestError,
    NotFoundError,
    StateConflictError,
)
from studio.ids import is_id, new_id
from studio.ports.assets import AssetStore
from studio.ports.downloads import DownloadStore
from studio.ports.folders import FolderStore
from studio.ports.functions import FunctionInvoker
from studio.ports.jobs import JobStore
from studio.ports.renditions import RenditionStore
from studio.services.downloads.find_files import find_files

_PAGE = 100


@dataclass(frozen=True, slots=True)
class DownloadRequest:
    """The assets to pack: a list of them, or the results of a job or of a folder; exactly one.

    Without ``naming`` the pattern follows from ``files``.
    """

    asset_ids: tuple[str, ...] | None
    job_id: str | None
    folder: str | None
    naming: str | None
    files: Files


@dataclass(frozen=True, slots=True)
class CreateDownload:
    """The service behind POST /v1/downloads."""

    downloads: DownloadStore
    jobs: JobStore
    assets: AssetStore
    renditions: RenditionStore
    folders: FolderStore
    build_download: FunctionInvoker
    now: Clock

    def run(self, tenant: str, request: DownloadRequest, created_by: str) -> Download:
        """Record a download, start its packing and return it.

        Raises:
            InvalidRequestError: the pattern has an unknown field, an asset is named twice, or the
                files are too many or too large together.
            NotFoundError: the tenant has no such asset, job or folder; the error names the fields.
            StateConflictError: there is no finished image, or no file to pack.
        """
        naming = request.naming or default_naming(request.files)
        Pattern.of(naming)
        place, asset_ids = self._wanted(tenant, request)
        if not asset_ids:
            raise StateConflictError("there is no finished image yet")
        found = find_files(self.assets, self.renditions, tenant, asset_ids, request.files)
        if request.asset_ids is not None:
            _check(asset_ids, found)
        files = [file for each in found.values() for file in each]
        if not files:
            raise StateConflictError("there is no file to pack")
        _weigh(sum(file.stored.bytes for file in files), place)
        at = self.now()
        value = Download(
            tenant=tenant,
            download_id=new_id("dwn", at),
            asset_ids=asset_ids,
            naming=naming,
            created_at=at,
            created_by=created_by,
            job_id=request.job_id,
            folder=request.folder,
            files=request.files,
        )
        self.downloads.put(value)
        self.build_download.send({"tenant": tenant, "download_id": value.download_id})
        return value

    def _wanted(self, tenant: str, request: DownloadRequest) -> tuple[str, tuple[str, ...]]:
        """Return the field that selects the assets, and the assets' ids."""
        if request.asset_ids is not None:
            return "/asset_ids", request.asset_ids
        if request.folder is not None:
            # An image made of two of the folder's sources is a result of both.
            return "/folder", tuple(dict.fromkeys(self._results(tenant, request.folder)))
        items = self._items(tenant, request.job_id or "")
        return "/job_id", tuple(item.asset_id for item in items if item.status == "succeeded")

    def _results(self, tenant: str, folder: str) -> list[str]:
        try:
            self.folders.get(tenant, folder)
        except NotFoundError:
            raise NotFoundError("no such folder", _unknown("/folder", "folder")) from None
        found: list[str] = []
        after: str | None = None
        while True:
            page = self.folders.pairs(tenant, folder, _PAGE, after)
            results = [pair.result for pair in page.pairs]
            found += [result.asset_id for result in results if result and result.key]
            if len(found) > MAX_ASSETS:
                detail = f"The folder has more than {MAX_ASSETS} results: name them by asset_ids"
                raise InvalidRequestError(FieldError("/folder", "too-many", detail))
            if page.next_after is None:
                return found
            after = page.next_after

    def _items(self, tenant: str, job_id: str) -> tuple[Item, ...]:
        try:
            if is_id("job", job_id):
                return self.jobs.load(tenant, job_id)[1]
        except NotFoundError:
            pass
        raise NotFoundError("no such job", _unknown("/job_id", "job"))


def _check(asset_ids: Sequence[str], found: Container[str]) -> None:
    if repeated := list(_repeated(asset_ids)):
        raise InvalidRequestError(*repeated)
    if unknown := [
        _unknown(f"/asset_ids/{place}", "asset")
        for place, asset_id in enumerate(asset_ids)
        if asset_id not in found
    ]:
        raise NotFoundError("not every asset is there", *unknown)


def _repeated(asset_ids: Sequence[str]) -> Iterator[FieldError]:
    seen: set[str] = set()
    for place, asset_id in enumerate(asset_ids):
        if asset_id in seen:
            yield FieldError(f"/asset_ids/{place}", "repeated", "This asset is named before")
        seen.add(asset_id)


def _unknown(pointer: str, kind: str) -> FieldError:
    return FieldError(pointer, NotFoundError.code, f"There is no such {kind}")


def _weigh(size: int, pointer: str) -> None:
    if size > MAX_BYTES:
        detail = f"The files have {size} bytes together, and at most {MAX_BYTES} are packed"
        raise InvalidRequestError(FieldError(pointer, "too-large", detail))
