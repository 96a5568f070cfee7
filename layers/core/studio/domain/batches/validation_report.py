"""The results of an import's check, row by row, as files."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from studio.domain.batches.manifest import (
    ManifestEntry,
    RowErrorRecord,
    RowResult,
    json_line,
)
from studio.domain.batches.model import KEPT_ERRORS, RowError, Totals
from studio.domain.batches.table import TableRow
from studio.domain.orders.plan import Plan
from studio.money import format_usd

# Characters of a prompt that identify its row.
_SHOWN = 80
_WARNINGS = 3


@dataclass(slots=True)
class ValidationReport:
    """The files and totals of a checked table, in the order of its rows."""

    rows: bytearray = field(default_factory=bytearray)
    manifest: bytearray = field(default_factory=bytearray)
    entries: list[ManifestEntry] = field(default_factory=list)
    faulty: list[tuple[TableRow, Sequence[RowError]]] = field(default_factory=list)
    totals: Totals = field(default_factory=Totals)

    def take(self, row: TableRow, body: Mapping[str, object], plan: Plan) -> None:
        """Add a valid row."""
        order = json_line(body)
        self.entries.append(ManifestEntry(row.number, len(self.manifest), len(order)))
        self.manifest += order
        totals = self.totals
        self.totals = replace(
            totals,
            valid=totals.valid + 1,
            images=totals.images + len(plan.images),
            estimate=totals.estimate + plan.reserve,
            unpriced=totals.unpriced + plan.unpriced,
        )
        result: RowResult = {
            "row": row.number,
            "status": "valid",
            "prompt": (plan.images[0].spec.prompt or "")[:_SHOWN],
            "images": len(plan.images),
            "estimate": None if plan.unpriced else format_usd(plan.reserve),
            "errors": [],
            "warnings": list(plan.all_warnings[:_WARNINGS]),
        }
        self.rows += json_line(result)

    def refuse(self, row: TableRow, prompt: str | None, errors: Sequence[RowError]) -> None:
        """Add a faulty row; its prompt is what people know the row by."""
        kept = list(errors)[:KEPT_ERRORS]
        self.faulty.append((row, kept))
        self.totals = replace(self.totals, faulty=self.totals.faulty + 1)
        result: RowResult = {
            "row": row.number,
            "status": "faulty",
            "prompt": None if prompt is None else prompt[:_SHOWN],
            "images": 0,
            "estimate": None,
            "errors": [_record(error) for error in kept],
            "warnings": [],
        }
        self.rows += json_line(result)

    def first_errors(self) -> Iterator[RowError]:
        """Yield the errors of the first faulty rows."""
        for _, errors in self.faulty[:KEPT_ERRORS]:
            yield from errors


def _record(error: RowError) -> RowErrorRecord:
    return {
        "row": error.row,
        "column": error.column,
        "code": error.code,
        "detail": error.detail,
    }
