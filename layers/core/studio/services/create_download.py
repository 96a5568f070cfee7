"""Create a download: what is to be packed is settled, the packing goes on beside the request."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from studio.assets.model import Asset
from studio.downloads.model import MAX_BYTES, Download, Files, files_of
from studio.downloads.naming import Pattern
from studio.downloads.ports import DownloadBuilder, DownloadStore
from studio.errors import (
    FieldError,
    InvalidRequestError,
    NotFoundError,
    StateConflictError,
)
from studio.ids import is_id, new_id
from studio.jobs.model import Item
from studio.ports import AssetStore, JobStore
from studio.services.steps import Clock

# What one read of the asset store takes.
_GROUP = 100


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants packed: assets, or the finished pictures of a job; one of them."""

    asset_ids: tuple[str, ...] | None
    job_id: str | None
    naming: str
    files: Files


@dataclass(frozen=True, slots=True)
class CreateDownload:
    """The service behind POST /v1/downloads."""

    downloads: DownloadStore
    jobs: JobStore
    assets: AssetStore
    builder: DownloadBuilder
    now: Clock

    def run(self, tenant: str, wish: Wish, created_by: str) -> Download:
        """Take an order of an archive.

        Raises:
            InvalidRequestError: a field of the pattern is unknown, an asset is named twice, or
                the files are too large together.
            NotFoundError: an asset or the job is not the tenant's; its fields say which.
            StateConflictError: the job has no finished picture.
        """
        Pattern.of(wish.naming)
        place = "/job_id" if wish.job_id else "/asset_ids"
        asset_ids = wish.asset_ids or self._of_job(tenant, wish.job_id or "")
        found = assets_of(self.assets, tenant, asset_ids)
        if wish.asset_ids:
            _check(asset_ids, found)
        files = [file for asset in found.values() for file in files_of(asset, wish.files)]
        _weigh(sum(file.stored.bytes for file in files), place)
        at = self.now()
        value = Download(
            tenant=tenant,
            download_id=new_id("dwn", at),
            asset_ids=asset_ids,
            naming=wish.naming,
            created_at=at,
            created_by=created_by,
            job_id=wish.job_id,
            files=wish.files,
        )
        self.downloads.put(value)
        self.builder.start(tenant, value.download_id)
        return value

    def _of_job(self, tenant: str, job_id: str) -> tuple[str, ...]:
        items = self._items(tenant, job_id)
        done = tuple(item.asset_id for item in items if item.status == "succeeded")
        if not done:
            raise StateConflictError("the job has no finished picture")
        return done

    def _items(self, tenant: str, job_id: str) -> tuple[Item, ...]:
        try:
            if is_id("job", job_id):
                return self.jobs.load(tenant, job_id)[1]
        except NotFoundError:
            pass
        raise NotFoundError("no such job", _unknown("/job_id", "job"))


def assets_of(assets: AssetStore, tenant: str, asset_ids: Sequence[str]) -> Mapping[str, Asset]:
    """Return those of any number of assets that the tenant has, by id."""
    found: dict[str, Asset] = {}
    wanted = [asset_id for asset_id in asset_ids if is_id("ast", asset_id)]
    for start in range(0, len(wanted), _GROUP):
        found.update(assets.get_many(tenant, wanted[start : start + _GROUP]))
    return found


def _check(asset_ids: Sequence[str], found: Mapping[str, Asset]) -> None:
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
    return FieldError(pointer, "not-found", f"There is no such {kind}")


def _weigh(size: int, pointer: str) -> None:
    if size > MAX_BYTES:
        detail = f"The files have {size} bytes together, and at most {MAX_BYTES} are packed"
        raise InvalidRequestError(FieldError(pointer, "too-large", detail))
