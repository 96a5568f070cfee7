"""DownloadStore on DynamoDB (table Catalog): pk = {tenant}#DOWNLOADS, sk = {download_id}.

Access patterns: one download = one GetItem. A record outlives its archive by
days, so that an expired download differs from an unknown one.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from studio.adapters.dynamodb.base import Attributes, read, write
from studio.adapters.dynamodb.writes import RETRY, WriteRetry, write_if
from studio.clock import parse_rfc3339, rfc3339
from studio.domain.downloads.model import Download
from studio.errors import NotFoundError

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_KEPT = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class DynamoDownloadStore:
    """Downloads of the Catalog table."""

    client: "DynamoDBClient"
    table: str
    retry: WriteRetry = RETRY

    def put(self, value: Download) -> None:
        """Write a new download."""
        request = write(self.table, _key(value), put=_record(value))
        self.retry.run(lambda: self.client.put_item(**request))

    def get(self, tenant: str, download_id: str) -> Download:
        """Return a download."""
        key = {"pk": f"{tenant}#DOWNLOADS", "sk": download_id}
        row = read(self.client, self.table, key)
        if row is None:
            raise NotFoundError(f"no download {download_id}")
        return _download_of(tenant, row)

    def move(self, before: Download, after: Download) -> bool:
        """Write the new state of a download."""
        request = write(
            self.table,
            _key(after),
            put=_record(after),
            condition="#tries = :tries AND #status IN (:queued, :running)",
            values={"tries": before.attempt_count, "queued": "queued", "running": "running"},
        )
        return write_if(self.client.put_item, request, self.retry) is not None


def _key(value: Download) -> dict[str, str]:
    return {"pk": f"{value.tenant}#DOWNLOADS", "sk": value.download_id}


def _record(value: Download) -> Attributes:
    return {
        "asset_ids": list(value.asset_ids),
        "naming": value.naming,
        "files": value.files,
        "job_id": value.job_id,
        "folder": value.folder,
        "created_at": rfc3339(value.created_at),
        "created_by": value.created_by,
        "status": value.status,
        "tries": value.attempt_count,
        "started_at": rfc3339(value.started_at) if value.started_at else None,
        "finished_at": rfc3339(value.finished_at) if value.finished_at else None,
        "packed": value.packed,
        "missing": list(value.missing),
        "bytes": value.bytes,
        "expires_at": int((value.created_at + _KEPT).timestamp()),
    }


def _download_of(tenant: str, record: Attributes) -> Download:
    started, finished = record.get("started_at"), record.get("finished_at")
    return Download(
        tenant=tenant,
        download_id=record["sk"],
        asset_ids=tuple(record["asset_ids"]),
        naming=record["naming"],
        created_at=parse_rfc3339(record["created_at"]),
        created_by=record["created_by"],
        job_id=record.get("job_id"),
        folder=record.get("folder"),
        files=record["files"],
        status=record["status"],
        attempt_count=record["tries"],
        started_at=parse_rfc3339(started) if started else None,
        finished_at=parse_rfc3339(finished) if finished else None,
        packed=record["packed"],
        missing=tuple(record["missing"]),
        bytes=record["bytes"],
    )
