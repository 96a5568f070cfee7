"""UploadStore on DynamoDB (table Assets).

Access patterns:
    an upload             pk = {tenant}#UPLOADS           sk = {upload_id}
    one in quarantine     pk = {tenant}#QUARANTINE        sk = {upload_id}
    content to image      pk = {tenant}#SHA256            sk = {sha256 of the file}
    the image itself      pk = {tenant}                   sk = {asset_id}
    its place             pk = {tenant}#FOLDER#{folder}   sk = {asset_id}#

A refused upload is written twice, so that a list of the refused ones is one Query.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from studio.adapters.dynamodb.asset_records import asset_record
from studio.adapters.dynamodb.base import Attributes, query, read, write
from studio.adapters.dynamodb.folders import count_actions, source_actions
from studio.adapters.dynamodb.writes import RETRY, WriteRetry, transact, write_if
from studio.clock import parse_rfc3339, rfc3339
from studio.domain.assets.model import Asset
from studio.domain.folders.model import Source
from studio.domain.uploads.model import Upload
from studio.errors import NotFoundError
from studio.ports.uploads import UploadPage

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


@dataclass(frozen=True, slots=True)
class DynamoUploadStore:
    """Uploads of the Assets table."""

    client: "DynamoDBClient"
    table: str
    retry: WriteRetry = RETRY

    def open(self, upload: Upload) -> None:
        """Write an announced upload."""
        request = write(self.table, _key(upload), put=_record(upload))
        self.retry.run(lambda: self.client.put_item(**request))

    def get(self, tenant: str, upload_id: str) -> Upload:
        """Return an upload."""
        row = read(self.client, self.table, {"pk": f"{tenant}#UPLOADS", "sk": upload_id})
        if row is None:
            raise NotFoundError(f"no upload {upload_id}")
        return _upload_of(tenant, row)

    def page(self, tenant: str, limit: int, after: str | None, *, refused: bool) -> UploadPage:
        """Return uploads of a tenant, newest first."""
        rows = query(
            self.client,
            self.table,
            f"{tenant}#{'QUARANTINE' if refused else 'UPLOADS'}",
            limit=limit + 1,
            after=after,
            newest_first=True,
        )
        found = [_upload_of(tenant, row) for row in rows[:limit]]
        return UploadPage(found, found[-1].upload_id if len(rows) > limit else None)

    def known(self, tenant: str, sha256: str) -> str | None:
        """Return the asset id that belongs to a content."""
        row = read(self.client, self.table, {"pk": f"{tenant}#SHA256", "sk": sha256})
        return None if row is None else str(row["asset_id"])

    def claim(self, tenant: str, sha256: str, asset_id: str) -> str:
        """Give a content its asset id, unless it has one; return the id that it has."""
        request = write(
            self.table,
            {"pk": f"{tenant}#SHA256", "sk": sha256},
            put={"asset_id": asset_id},
            condition="attribute_not_exists(pk)",
        )
        if write_if(self.client.put_item, request, self.retry) is None:
            return str(self.known(tenant, sha256))
        return asset_id

    def register(self, upload: Upload, asset: Asset | None, source: Source | None) -> bool:
        """Write the end of an upload in one transaction with its image and its place."""
        actions: list[Any] = [{"Put": self._ending(upload)}]
        if asset is not None:
            record = asset_record(asset)
            key = {"pk": record["pk"], "sk": record["sk"]}
            put = write(self.table, key, put=record, condition="attribute_not_exists(pk)")
            actions.append({"Put": put})
        if source is not None:
            actions += source_actions(self.table, source)
        return not transact(self.client, actions, self.retry)

    def quarantine(self, upload: Upload) -> bool:
        """Write that an upload was refused, and count it."""
        key = {"pk": f"{upload.tenant}#QUARANTINE", "sk": upload.upload_id}
        actions: list[Any] = [
            {"Put": self._ending(upload)},
            {"Put": write(self.table, key, put=_record(upload))},
        ]
        if upload.folder is not None:
            actions += count_actions(self.table, upload.tenant, upload.folder, {"refused": 1})
        return not transact(self.client, actions, self.retry)

    def note_job(self, upload: Upload) -> None:
        """Write which job the folder's rule started for an upload, or why it started none."""
        request = write(
            self.table,
            _key(upload),
            condition="attribute_exists(pk)",
            sets={"job_id": upload.job_id, "rule_error": upload.rule_error},
            removes=() if upload.rule_error else ("rule_error",),
        )
        write_if(self.client.update_item, request, self.retry)

    def _ending(self, upload: Upload) -> dict[str, Any]:
        return write(
            self.table,
            _key(upload),
            put=_record(upload),
            condition="attribute_not_exists(pk) OR #status = :waiting",
            values={"waiting": "waiting"},
        )


def _key(upload: Upload) -> dict[str, str]:
    return {"pk": f"{upload.tenant}#UPLOADS", "sk": upload.upload_id}


def _record(upload: Upload) -> Attributes:
    return {
        "key": upload.key,
        "folder": upload.folder,
        "filename": upload.filename,
        "media_type": upload.media_type,
        "bytes": upload.bytes,
        "created_at": rfc3339(upload.created_at),
        "closes_at": rfc3339(upload.expires_at) if upload.expires_at else None,
        "status": upload.status,
        "asset_id": upload.asset_id,
        "duplicate": upload.duplicate,
        "reason_code": upload.reason_code,
        "reason": upload.reason,
        "job_id": upload.job_id,
        "rule_error": upload.rule_error,
    }


def _upload_of(tenant: str, row: Attributes) -> Upload:
    closes_at = row.get("closes_at")
    return Upload(
        tenant=tenant,
        upload_id=row["sk"],
        key=row["key"],
        folder=row.get("folder"),
        filename=row["filename"],
        media_type=row.get("media_type"),
        bytes=row["bytes"],
        created_at=parse_rfc3339(row["created_at"]),
        expires_at=parse_rfc3339(closes_at) if closes_at else None,
        status=row["status"],
        asset_id=row.get("asset_id"),
        duplicate=row["duplicate"],
        reason_code=row.get("reason_code"),
        reason=row.get("reason"),
        job_id=row.get("job_id"),
        rule_error=row.get("rule_error"),
    )
