"""Columns of a table: their members in a job body, and the columns of errors."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from studio.csv_escape import unescape_formula
from studio.domain.batches.model import RowError
from studio.domain.batches.table import TableError, TableRow
from studio.errors import FieldError

MAX_CELL = 300
# Limits in characters of columns that differ from MAX_CELL.
_CELL_LIMITS = {
    "prompt": 32_000,
    "negative_prompt": 4_000,
    "source": 2_000,
    "recipe_id": 64,
    "persona_id": 64,
    "template_id": 81,
}
# A comma may separate columns, so names in a cell may have other separators.
_BETWEEN_NAMES = re.compile(r"[\s,;|]+")
_INTEGER = re.compile(r"[0-9]{1,12}")
_FLAGS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
_BOOLEANS = frozenset({"enhance_prompt"})
_INTEGERS = frozenset({"width", "height", "seed", "steps", "variations", "output_quality"})

# Path in a job body by the member of a row.
MEMBERS: Mapping[str, tuple[str, ...]] = {
    "operation": ("operation",),
    "recipe_id": ("recipe_id",),
    "prompt": ("prompt",),
    "negative_prompt": ("negative_prompt",),
    "enhance_prompt": ("enhance_prompt",),
    "persona_id": ("persona_id",),
    "template_id": ("template_id",),
    "source": ("sources",),
    "strength": ("strength",),
    "size": ("size",),
    "width": ("width",),
    "height": ("height",),
    "aspect_ratio": ("aspect_ratio",),
    "quality": ("quality",),
    "provider": ("provider", "id"),
    "model": ("provider", "model"),
    "seed": ("seed",),
    "steps": ("steps",),
    "guidance": ("guidance",),
    "variations": ("variations",),
    "format": ("output", "format"),
    "output_quality": ("output", "quality"),
    "formats": ("output", "formats"),
    "max_cost": ("max_cost",),
    "folder": ("folder",),
    "name": ("name",),
}


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a table and their members in a job body.

    Attributes:
        header: Names of the columns, as the table has them.
        members: The member of each column, None for an ignored column.
    """

    header: tuple[str, ...]
    members: tuple[str | None, ...]

    @classmethod
    def of(cls, header: Sequence[str], mapping: Mapping[str, str]) -> "Columns":
        """Return the columns of a header, matched by the caller's mapping and then by name.

        Args:
            header: Names of the columns.
            mapping: Member by column name, in any case of letters.

        Raises:
            TableError: the mapping names an unknown column, two columns are the same member, or
                no column is a member.
        """
        mapped = {name.strip().casefold(): member for name, member in mapping.items()}
        names = [name.casefold() for name in header]
        unknown = next((name for name in mapped if name not in names), None)
        if unknown is not None:
            raise TableError("mapping-unknown-column", f"there is no column {unknown!r} to map")
        members = [mapped.get(name, name if name in MEMBERS else None) for name in names]
        _check_members(members)
        return cls(tuple(header), tuple(members))

    @property
    def ignored(self) -> tuple[str, ...]:
        """Names of the columns that are no member."""
        pairs = zip(self.header, self.members, strict=True)
        return tuple(name for name, member in pairs if member is None and name)

    def faults(self, row: TableRow) -> Iterator[RowError]:
        """Yield the errors of a row that show before its cells are read; none quotes a cell."""
        if row.fault is not None:
            yield RowError(row.number, None, "malformed-row", row.fault)
        if any(cell.strip() for cell in row.cells[len(self.header) :]):
            detail = f"the row has {len(row.cells)} cells and the header {len(self.header)}"
            yield RowError(row.number, None, "too-many-cells", detail)
        for name, member, cell in zip(self.header, self.members, row.cells, strict=False):
            limit = _CELL_LIMITS.get(member or "", MAX_CELL)
            if member is not None and len(cell) > limit:
                detail = f"the cell has {len(cell)} characters, at most {limit} are read"
                yield RowError(row.number, name, "too-long", detail)

    def body(self, row: TableRow) -> dict[str, object]:
        """Return the part of a job body that a row gives; empty cells give nothing."""
        body: dict[str, object] = {}
        for member, cell in zip(self.members, row.cells, strict=False):
            if member is not None and cell.strip():
                _place(body, MEMBERS[member], _value(member, cell.strip()))
        return body

    def error(self, row: TableRow, field: FieldError) -> RowError:
        """Return the error of a field with the column that gave it."""
        member = _member_at(field.pointer)
        names = dict(zip(self.members, self.header, strict=True))
        column = names.get(member, member) if member else None
        return RowError(row.number, column, field.code, field.detail[:MAX_CELL])


def _check_members(members: Sequence[str | None]) -> None:
    known = [member for member in members if member is not None]
    if not known:
        detail = f"no column has a known name, such as {', '.join(MEMBERS)}"
        raise TableError("no-known-column", detail)
    twice = next((member for member in known if known.count(member) > 1), None)
    if twice is not None:
        raise TableError("duplicate-column", f"two columns are mapped to {twice}")


def _value(member: str, cell: str) -> object:
    """Return the value of a cell; an invalid one is kept for the body's own checks to refuse."""
    text = unescape_formula(cell)
    if member in _INTEGERS and _INTEGER.fullmatch(text):
        return int(text)
    if member in _BOOLEANS:
        return _FLAGS.get(text.casefold(), text)
    if member == "source":
        return [{"asset_id" if text.startswith("ast_") else "url": text}]
    if member == "formats":
        return _BETWEEN_NAMES.split(text)
    return text


def _place(body: dict[str, object], path: tuple[str, ...], value: object) -> None:
    head, *rest = path
    if not rest:
        body[head] = value
        return
    inner = body.setdefault(head, {})
    if isinstance(inner, dict):
        _place(inner, tuple(rest), value)


def _member_at(pointer: str) -> str | None:
    """Return the member at a pointer, or the nearest one above or below it."""
    parts = tuple(pointer.strip("/").split("/"))
    for member, path in MEMBERS.items():
        if parts[: len(path)] == path:
            return member
    for member, path in MEMBERS.items():
        if path[: len(parts)] == parts:
            return member
    return parts[0] or None
