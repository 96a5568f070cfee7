"""ImportStore on DynamoDB (table Catalog): pk = {tenant}#IMPORTS, sk = {import_id}.

Imports have a TTL until a schedule runs them.

Access patterns: one import = one GetItem; a tenant's imports = one Query per page.
"""

import json
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from studio.adapters.dynamodb.base import Attributes, query, read, write
from studio.adapters.dynamodb.writes import RETRY, WriteRetry, write_if
from studio.clock import parse_rfc3339, rfc3339
from studio.domain.batches.model import BatchImport, RowError, Totals
from studio.errors import NotFoundError
from studio.ports.batches import ImportPage

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

# As long as the bucket keeps the files of an import.
_KEPT = timedelta(days=30)


def import_key(tenant: str, import_id: str) -> dict[str, str]:
    """Return the primary key of an import."""
    return {"pk": f"{tenant}#IMPORTS", "sk": import_id}


@dataclass(frozen=True, slots=True)
class DynamoImportStore:
    """Imports of the Catalog table."""

    client: "DynamoDBClient"
    table: str
    retry: WriteRetry = RETRY

    def put(self, value: BatchImport) -> None:
        """Write a new import."""
        key = import_key(value.tenant, value.import_id)
        request = write(self.table, key, put=_record(value))
        self.retry.run(lambda: self.client.put_item(**request))

    def get(self, tenant: str, import_id: str) -> BatchImport:
        """Return an import."""
        row = read(self.client, self.table, import_key(tenant, import_id))
        if row is None:
            raise NotFoundError(f"no import {import_id}")
        return _import_of(tenant, row)

    def page(self, tenant: str, limit: int, after: str | None) -> ImportPage:
        """Return imports of a tenant, newest first."""
        rows = query(
            self.client,
            self.table,
            f"{tenant}#IMPORTS",
            limit=limit + 1,
            after=after,
            newest_first=True,
        )
        found = [_import_of(tenant, row) for row in rows]
        page = found[:limit]
        return ImportPage(page, page[-1].import_id if len(found) > limit else None)

    def finish(self, value: BatchImport) -> bool:
        """Write the result of the check."""
        request = write(
            self.table,
            import_key(value.tenant, value.import_id),
            put=_record(value),
            condition="#status = :validating",
            values={"validating": "validating"},
        )
        return write_if(self.client.put_item, request, self.retry) is not None

    def keep(self, value: BatchImport) -> bool:
        """Keep a checked import from expiring."""
        request = write(
            self.table,
            import_key(value.tenant, value.import_id),
            condition="#status = :validated",
            values={"validated": "validated"},
            sets={"kept": True},
            removes=("expires_at",),
        )
        return write_if(self.client.update_item, request, self.retry) is not None


def _record(value: BatchImport) -> Attributes:
    return {
        "name": value.name,
        "source": value.source,
        "created_at": rfc3339(value.created_at),
        "created_by": value.created_by,
        "status": value.status,
        "delimiter": value.delimiter,
        "mapping": json.dumps(dict(value.mapping)),
        "defaults": json.dumps(dict(value.defaults)),
        **asdict(value.totals),
        "encoding": value.encoding,
        "ignored": list(value.ignored),
        "warnings": list(value.warnings),
        "errors": json.dumps([error._asdict() for error in value.errors]),
        "batch_id": value.batch_id,
        "expires_at": int((value.created_at + _KEPT).timestamp()),
    }


def _import_of(tenant: str, record: Attributes) -> BatchImport:
    return BatchImport(
        tenant=tenant,
        import_id=record["sk"],
        name=record.get("name"),
        source=record["source"],
        created_at=parse_rfc3339(record["created_at"]),
        created_by=record["created_by"],
        status=record["status"],
        delimiter=record.get("delimiter"),
        encoding=record.get("encoding"),
        mapping=json.loads(record["mapping"]),
        defaults=json.loads(record["defaults"]),
        totals=Totals(**{name: record[name] for name in Totals.__dataclass_fields__}),
        ignored=tuple(record["ignored"]),
        warnings=tuple(record.get("warnings", ())),
        errors=tuple(RowError(**error) for error in json.loads(record["errors"])),
        batch_id=record.get("batch_id"),
        kept="kept" in record,
    )
