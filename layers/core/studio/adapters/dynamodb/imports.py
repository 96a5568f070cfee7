"""ImportStore on DynamoDB (table Catalog): pk = {tenant}#IMPORTS, sk = {import_id}.

Imports have a TTL until a schedule runs them.

Access patterns: one import = one GetItem; a tenant's imports = one Query per page.
"""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from studio.adapters.dynamodb.base import Attributes, condition_failed, decode, encode, write
from studio.clock import parse_rfc3339, rfc3339
from studio.domain.batches.model import BatchImport, RowError, Totals
from studio.errors import NotFoundError
from studio.ports.batches import ImportPage

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

# As long as the bucket keeps the files of an import.
_KEPT = timedelta(days=30)


def import_key(tenant: str, import_id: str) -> dict[str, str]:
    """Primary key of an import."""
    return {"pk": f"{tenant}#IMPORTS", "sk": import_id}


@dataclass(frozen=True, slots=True)
class DynamoImportStore:
    """Imports of the Catalog table."""

    client: "DynamoDBClient"
    table: str

    def put(self, value: BatchImport) -> None:
        """Write a new import."""
        key = import_key(value.tenant, value.import_id)
        self.client.put_item(**write(self.table, key, put=_record(value)))

    def get(self, tenant: str, import_id: str) -> BatchImport:
        """Return an import."""
        found = self.client.get_item(
            TableName=self.table, Key=encode(import_key(tenant, import_id)), ConsistentRead=True
        )
        if "Item" not in found:
            raise NotFoundError(f"no import {import_id}")
        return _import_of(tenant, decode(found["Item"]))

    def page(self, tenant: str, limit: int, after: str | None) -> ImportPage:
        """Return imports of a tenant, newest first."""
        start: dict[str, Any] = {}
        if after is not None:
            start["ExclusiveStartKey"] = encode(import_key(tenant, after))
        found: list[BatchImport] = []
        while len(found) <= limit:
            answer = self.client.query(
                TableName=self.table,
                KeyConditionExpression="pk = :pk",
                ExpressionAttributeValues=encode({":pk": f"{tenant}#IMPORTS"}),
                ConsistentRead=True,
                ScanIndexForward=False,
                Limit=limit + 1 - len(found),
                **start,
            )
            found += [_import_of(tenant, decode(row)) for row in answer["Items"]]
            if "LastEvaluatedKey" not in answer:
                break
            start["ExclusiveStartKey"] = answer["LastEvaluatedKey"]
        page = found[:limit]
        return ImportPage(page, page[-1].import_id if len(found) > limit else None)

    def finish(self, value: BatchImport) -> bool:
        """Write what the check found."""
        request = write(
            self.table,
            import_key(value.tenant, value.import_id),
            put=_record(value),
            condition="#status = :validating",
            values={"validating": "validating"},
        )
        return self._succeeds(lambda: self.client.put_item(**request))

    def keep(self, value: BatchImport) -> bool:
        """Let a checked import expire no more."""
        request = write(
            self.table,
            import_key(value.tenant, value.import_id),
            condition="#status = :validated",
            values={"validated": "validated"},
            sets={"kept": True},
            removes=("expires_at",),
        )
        return self._succeeds(lambda: self.client.update_item(**request))

    def _succeeds(self, act: Callable[[], object]) -> bool:
        """Make a conditional write; False if its condition did not hold."""
        try:
            act()
        except ClientError as error:
            if condition_failed(error):
                return False
            raise
        return True


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
        "ignored": list(value.ignored),
        "errors": json.dumps([asdict(error) for error in value.errors]),
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
        mapping=json.loads(record["mapping"]),
        defaults=json.loads(record["defaults"]),
        totals=Totals(**{name: record[name] for name in Totals.__dataclass_fields__}),
        ignored=tuple(record["ignored"]),
        errors=tuple(RowError(**error) for error in json.loads(record["errors"])),
        batch_id=record.get("batch_id"),
        kept="kept" in record,
    )
