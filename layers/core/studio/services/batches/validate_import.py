"""ValidateImport: read and plan each row of an import as a job; nothing is paid.

Results go into files, one line per row. The record of the import holds sums only.
"""

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from studio.domain.batches.columns import Columns, unknown_columns
from studio.domain.batches.errors_csv import errors_csv
from studio.domain.batches.manifest import ERRORS, JSON_LINES, LINES, MANIFEST, ROWS, entries_text
from studio.domain.batches.members import MEMBERS
from studio.domain.batches.model import KEPT_ERRORS, BatchImport, ImportStatus, RowError
from studio.domain.batches.table import Sheet, read_sheet
from studio.domain.batches.table_error import TableError
from studio.domain.batches.validation_report import ValidationReport
from studio.domain.orders.faults import (
    ORDER_FAULT_CODE,
    ORDER_FAULT_MESSAGE,
    ORDER_FAULTS,
    ORDER_REFUSALS,
)
from studio.domain.orders.plan import Plan, check_limits, check_usable
from studio.domain.orders.plan_job import plan_job
from studio.domain.recipes.model import merged
from studio.errors import InvalidRequestError
from studio.ids import is_id
from studio.ports.batches import ImportStore
from studio.ports.blobs import BlobStore
from studio.services.batches.lookups import CachedAssets, CachedRecipes
from studio.services.orders.intake import JobRequestIntake, none_failing

logger = logging.getLogger(__name__)

# Members that name one file each.
_FILES = frozenset(name for name, member in MEMBERS.items() if member.kind == "file")
_NO_FILE = {"asset_id": None, "upload_id": None, "url": None}


@dataclass(frozen=True, slots=True)
class ValidateImport:
    """The service behind the function validate_import.

    Attributes:
        intake: Turns rows into orders. Its look-ups are cached for the rows of one import, and
            a dry run does not ask which models have been failing.
        monthly_limit: Micro-dollars a tenant may commit in a month, None for no limit.
    """

    imports: ImportStore
    intake: JobRequestIntake
    blobs: BlobStore
    monthly_limit: int | None

    def run(self, tenant: str, import_id: str) -> ImportStatus:
        """Check an import, unless it was checked before, and return its status.

        Raises:
            NotFoundError: the tenant has no such import, or its table is gone.
        """
        value = self.imports.get(tenant, import_id)
        if value.status != "validating":
            return value.status
        data, _ = self.blobs.read(value.source)
        header: Sequence[str] = ()
        try:
            sheet = read_sheet(data, value.delimiter)
            header = sheet.header
            columns = Columns.of(header, value.mapping)
        except TableError as error:
            wrong = RowError(None, None, error.code, error.detail)
            # A mapping can give these columns a meaning.
            ignored = unknown_columns(header)
            self.imports.finish(replace(value, status="invalid", ignored=ignored, errors=(wrong,)))
            return "invalid"
        report = self._report(value, sheet, columns)
        self._write(value, sheet.delimiter, columns, report)
        self.imports.finish(
            replace(
                value,
                status="validated",
                delimiter=sheet.delimiter,
                encoding=sheet.encoding,
                warnings=sheet.warnings,
                totals=report.totals,
                ignored=columns.ignored,
                errors=tuple(report.first_errors())[:KEPT_ERRORS],
            )
        )
        return "validated"

    def _report(self, value: BatchImport, sheet: Sheet, columns: Columns) -> ValidationReport:
        assets = CachedAssets(self.intake.assets)
        assets.get_many(value.tenant, list(_asset_ids(sheet, columns)))
        intake = replace(
            self.intake,
            recipe=CachedRecipes(self.intake.recipe),
            persona=CachedRecipes(self.intake.persona),
            template=CachedRecipes(self.intake.template),
            assets=assets,
            failing=none_failing,
        )
        report = ValidationReport()
        for row in sheet.rows:
            errors = list(columns.faults(row))
            if errors:
                report.refuse(row, columns.prompt(row), errors)
                continue
            body = order_body(value.defaults, columns.body(row))
            try:
                report.take(row, body, self._plan(value, intake, body))
            except InvalidRequestError as error:
                report.refuse(
                    row, columns.prompt(row), [columns.error(row, field) for field in error.fields]
                )
            except ORDER_REFUSALS as error:
                wrong = RowError(row.number, None, error.code, error.recorded_message)
                report.refuse(row, columns.prompt(row), [wrong])
            except ORDER_FAULTS:
                logger.exception("import %s row %d: the order failed", value.import_id, row.number)
                wrong = RowError(row.number, None, ORDER_FAULT_CODE, ORDER_FAULT_MESSAGE)
                report.refuse(row, columns.prompt(row), [wrong])
        return report

    def _plan(
        self, value: BatchImport, intake: JobRequestIntake, body: Mapping[str, object]
    ) -> Plan:
        order = intake.job_request(value.tenant, body, created_by=value.created_by, seed_source="")
        plan = plan_job(replace(order, limited=self.monthly_limit is not None))
        check_usable(plan)
        check_limits(plan, max_cost=order.max_cost, monthly_limit=self.monthly_limit)
        return plan

    def _write(
        self, value: BatchImport, delimiter: str, columns: Columns, report: ValidationReport
    ) -> None:
        files = {
            ROWS: bytes(report.rows),
            MANIFEST: bytes(report.manifest),
            LINES: entries_text(report.entries),
        }
        for name, data in files.items():
            self.blobs.write(value.key(name), data, JSON_LINES)
        if report.faulty:
            faulty = ((columns.shown_cells(row), errors) for row, errors in report.faulty)
            data = errors_csv(columns.shown.header, delimiter, faulty)
            self.blobs.write(value.key(ERRORS), data, "text/csv; charset=utf-8")


def order_body(defaults: Mapping[str, object], row: Mapping[str, object]) -> dict[str, object]:
    """Return a row merged over the import's defaults; without a recipe, it generates images."""
    body = merged(defaults, row)
    body |= {name: file for name, file in row.items() if name in _FILES}
    if "recipe_id" not in body:
        body.setdefault("operation", "generate")
        return body
    # The recipe's file has perhaps another kind of name, and null takes that away.
    for name in _FILES & row.keys():
        file = row[name]
        body[name] = {**_NO_FILE, **(file if isinstance(file, Mapping) else {})}
    return body


def _asset_ids(sheet: Sheet, columns: Columns) -> Iterator[str]:
    for row in sheet.rows:
        yield from (asset_id for asset_id in columns.asset_ids(row) if is_id("ast", asset_id))
