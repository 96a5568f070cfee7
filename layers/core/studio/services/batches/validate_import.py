"""Check an import: each row is read and planned as the job that it would be; nothing is paid.

What is found goes into files, one line a row: the record of the import holds sums only.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from studio.domain.batches.columns import Columns
from studio.domain.batches.errors_csv import errors_csv
from studio.domain.batches.manifest import ERRORS, JSON_LINES, LINES, MANIFEST, ROWS, entries_text
from studio.domain.batches.model import KEPT_ERRORS, BatchImport, ImportStatus, RowError
from studio.domain.batches.table import Sheet, SheetError, read_sheet
from studio.domain.batches.validation_report import ValidationReport
from studio.domain.orders.plan import Plan, check_limits
from studio.domain.orders.plan_job import plan_job
from studio.domain.recipes.model import merged
from studio.errors import InvalidRequestError
from studio.ids import is_id
from studio.ports.assets import AssetStore
from studio.ports.batches import ImportStore
from studio.ports.blobs import BlobStore
from studio.ports.recipes import RecipeStore
from studio.services.batches.lookups import CachedAssets, CachedRecipes
from studio.services.orders.intake import JobRequestIntake
from studio.services.orders.refusals import REFUSALS, refusal


@dataclass(frozen=True, slots=True)
class ValidateImport:
    """The service behind the function validate_import.

    Attributes:
        monthly_limit: Micro-dollars a tenant may commit in a month, None for no limit.
        providers: Who may work on a row that names no provider, the preferred first.
    """

    imports: ImportStore
    recipes: RecipeStore
    personas: RecipeStore
    templates: RecipeStore
    assets: AssetStore
    blobs: BlobStore
    monthly_limit: int | None
    providers: tuple[str, ...]

    def run(self, tenant: str, import_id: str) -> ImportStatus:
        """Check an import that nobody has checked yet.

        Raises:
            NotFoundError: the tenant has no such import, or its table is gone.
        """
        value = self.imports.get(tenant, import_id)
        if value.status != "validating":
            return value.status
        data, _ = self.blobs.read(value.source)
        try:
            sheet = read_sheet(data, value.delimiter)
            columns = Columns.of(sheet.header, value.mapping)
        except SheetError as error:
            wrong = RowError(None, None, error.code, error.detail)
            self.imports.finish(replace(value, status="invalid", errors=(wrong,)))
            return "invalid"
        found = self._findings(value, sheet, columns)
        self._write(value, sheet, found)
        self.imports.finish(
            replace(
                value,
                status="validated",
                delimiter=sheet.delimiter,
                totals=found.totals,
                ignored=columns.ignored,
                errors=tuple(found.first_errors())[:KEPT_ERRORS],
            )
        )
        return "validated"

    def _findings(self, value: BatchImport, sheet: Sheet, columns: Columns) -> ValidationReport:
        assets = CachedAssets(self.assets)
        assets.get_many(value.tenant, list(_asset_ids(sheet, columns)))
        intake = JobRequestIntake(
            CachedRecipes(self.recipes.get),
            CachedRecipes(self.personas.get),
            CachedRecipes(self.templates.get),
            assets,
            lambda: self.blobs,
            self.providers,
        )
        found = ValidationReport()
        for row in sheet.rows:
            errors = list(columns.faults(row))
            if errors:
                found.refuse(row, errors)
                continue
            body = order_body(value.defaults, columns.body(row))
            try:
                found.take(row, body, self._plan(value, intake, body))
            except InvalidRequestError as error:
                found.refuse(row, [columns.error(row, field) for field in error.fields])
            except REFUSALS as error:
                code, detail = refusal(error)
                found.refuse(row, [RowError(row.number, None, code, detail)])
        return found

    def _plan(
        self, value: BatchImport, intake: JobRequestIntake, body: Mapping[str, object]
    ) -> Plan:
        order = intake.order(value.tenant, body, created_by=value.created_by, seed_source="")
        plan = plan_job(replace(order, limited=self.monthly_limit is not None))
        check_limits(plan, max_cost=order.max_cost, monthly_limit=self.monthly_limit)
        return plan

    def _write(self, value: BatchImport, sheet: Sheet, found: ValidationReport) -> None:
        files = {
            ROWS: bytes(found.rows),
            MANIFEST: bytes(found.manifest),
            LINES: entries_text(found.entries),
        }
        for name, data in files.items():
            self.blobs.write(value.key(name), data, JSON_LINES)
        if found.faulty:
            data = errors_csv(sheet.header, sheet.delimiter, found.faulty)
            self.blobs.write(value.key(ERRORS), data, "text/csv; charset=utf-8")


def order_body(defaults: Mapping[str, object], row: Mapping[str, object]) -> dict[str, object]:
    """Lay a row over the import's defaults; without a recipe, images are generated."""
    body = merged(defaults, row)
    if "recipe_id" not in body:
        body.setdefault("operation", "generate")
    return body


def _asset_ids(sheet: Sheet, columns: Columns) -> Iterator[str]:
    for row in sheet.rows:
        for member, cell in zip(columns.members, row.cells, strict=False):
            if member == "source" and is_id("ast", cell.strip()):
                yield cell.strip()
