"""CreateImport: store a table and start its check in the background."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from studio.clock import Clock
from studio.domain.batches.model import BatchImport
from studio.errors import FieldError, InvalidRequestError
from studio.ids import is_id, new_id
from studio.ports.batches import ImportStore
from studio.ports.blobs import BlobStore
from studio.ports.functions import FunctionInvoker


@dataclass(frozen=True, slots=True)
class Table:
    """A table as a caller sends it: either text or the id of an upload.

    Attributes:
        mapping, defaults: As in ``BatchImport``.
    """

    text: str | None
    upload_id: str | None
    delimiter: str | None
    mapping: Mapping[str, str]
    defaults: Mapping[str, object]
    name: str | None


@dataclass(frozen=True, slots=True)
class CreateImport:
    """The service behind POST /v1/batch-imports."""

    imports: ImportStore
    blobs: BlobStore
    validate_import: FunctionInvoker
    now: Clock

    def run(self, tenant: str, table: Table, created_by: str) -> BatchImport:
        """Store a table, start its check, and return its import.

        Raises:
            InvalidRequestError: the tenant has no such upload.
        """
        at = self.now()
        value = BatchImport(
            tenant=tenant,
            import_id=new_id("imp", at),
            name=table.name,
            source="" if table.upload_id is None else self._uploaded(tenant, table.upload_id),
            created_at=at,
            created_by=created_by,
            delimiter=table.delimiter,
            mapping=table.mapping,
            defaults=table.defaults,
        )
        if table.text is not None:
            value = replace(value, source=value.key("source.csv"))
            self.blobs.write(value.source, table.text.encode(), "text/csv")
        self.imports.put(value)
        self.validate_import.send({"tenant": tenant, "import_id": value.import_id})
        return value

    def _uploaded(self, tenant: str, upload_id: str) -> str:
        key = None
        if is_id("upl", upload_id):
            key = self.blobs.find(f"imports/{tenant}/{upload_id}/")
        if key is None:
            detail = "nothing was uploaded under this id as text/csv"
            raise InvalidRequestError(FieldError("/upload_id", "upload-unknown", detail))
        return key
