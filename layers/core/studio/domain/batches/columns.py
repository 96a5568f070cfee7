"""Columns of a table: the members of a job body that they give, and the columns of errors."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from studio.domain.batches.cells import asset_ids, fault_of, text_of, value_of
from studio.domain.batches.headings import key_of, member_named, nearest_member
from studio.domain.batches.members import MAX_CELL, MEMBERS
from studio.domain.batches.model import RowError
from studio.domain.batches.table import TableRow, is_empty
from studio.domain.batches.table_error import TableError
from studio.errors import FieldError

MAX_HEADER = 100
# A table may have any number of columns that mean nothing here; so many of them are named.
MAX_IGNORED = 200
_KNOWN_SHOWN = 6


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a table that give a member of a job body.

    Attributes:
        header: Names of all columns, as the table has them.
        members: The member of each column that has one, by the column's place.
    """

    header: tuple[str, ...]
    members: Mapping[int, str]

    @classmethod
    def of(cls, header: Sequence[str], mapping: Mapping[str, str]) -> "Columns":
        """Return the columns of a header, matched by the caller's mapping and then by name.

        Names match in any case and with any blanks, hyphens and underscores between their words.

        Args:
            header: Names of the columns.
            mapping: Member by column name.

        Raises:
            TableError: the mapping names an unknown column or contradicts itself, two columns are
                the same member, or no column is a member.
        """
        mapped = _mapped(header, mapping)
        members = {
            at: member
            for at, name in enumerate(header)
            if (member := mapped.get(at) or member_named(name)) is not None
        }
        _check_members(header, members)
        return cls(tuple(header), members)

    @property
    def ignored(self) -> tuple[str, ...]:
        """Names of the first columns that are no member."""
        names = (name for at, name in enumerate(self.header) if name and at not in self.members)
        return tuple(_short(name) for name, _ in zip(names, range(MAX_IGNORED), strict=False))

    @property
    def shown(self) -> "Columns":
        """The columns of errors.csv: all, or of a very wide table those that are named somewhere.

        Otherwise each short row would get thousands of empty cells.
        """
        kept = self._kept
        places = {at: place for place, at in enumerate(kept)}
        members = {places[at]: member for at, member in self.members.items()}
        return Columns(tuple(self.header[at] for at in kept), members)

    def shown_cells(self, row: TableRow) -> TableRow:
        """Return a row with the cells of ``shown``, and those beyond the header."""
        width = len(self.header)
        if len(self._kept) == width:
            return row
        cells = (row.cells[at] if at < len(row.cells) else "" for at in self._kept)
        return replace(row, cells=(*cells, *row.cells[width:]))

    @property
    def _kept(self) -> Sequence[int]:
        """Places of the columns that are members, and of the first others."""
        if len(self.header) <= 2 * MAX_IGNORED:
            return range(len(self.header))
        return [*range(MAX_IGNORED), *(at for at in sorted(self.members) if at >= MAX_IGNORED)]

    def faults(self, row: TableRow) -> Iterator[RowError]:
        """Yield the errors of a row that show before its body is read; none quotes a long cell."""
        if row.fault is not None:
            yield RowError(row.number, None, "malformed-row", row.fault)
            return
        if not all(is_empty(cell) for cell in row.cells[len(self.header) :]):
            detail = f"the row has {len(row.cells)} cells and the header {len(self.header)}"
            yield RowError(row.number, None, "too-many-cells", detail)
        for at, member, text in self._texts(row):
            fault = fault_of(member, text, cell_name(at, row.number))
            if fault is not None:
                yield RowError(row.number, _short(self.header[at]), *fault)

    def body(self, row: TableRow) -> dict[str, object]:
        """Return the part of a job body that a row without faults gives; empty cells give none."""
        body: dict[str, object] = {}
        for _, member, text in self._texts(row):
            value = value_of(member, text)
            if value is not None:
                _place(body, MEMBERS[member].path, value)
        return body

    def prompt(self, row: TableRow) -> str | None:
        """Return the prompt as a row has it, also if another cell is faulty."""
        texts = (text for _, member, text in self._texts(row) if member == "prompt")
        return next(texts, None)

    def asset_ids(self, row: TableRow) -> Iterator[str]:
        """Yield the assets that a row names as files."""
        for _, member, text in self._texts(row):
            yield from asset_ids(member, text)

    def error(self, row: TableRow, field: FieldError) -> RowError:
        """Return the error of a field with the column that gave it."""
        member = _member_at(field.pointer)
        names = {given: _short(self.header[at]) for at, given in self.members.items()}
        column = names.get(member, member) if member else None
        return RowError(row.number, column, field.code, field.detail[:MAX_CELL])

    def _texts(self, row: TableRow) -> Iterator[tuple[int, str, str]]:
        """Yield place, member and text of each cell that gives something."""
        for at, member in self.members.items():
            text = text_of(row.cells[at]) if at < len(row.cells) else ""
            if text:
                yield at, member, text


def cell_name(at: int, row: int) -> str:
    """Return the name that a spreadsheet gives a cell: B2 is the second column's first row."""
    letters, rest = "", at + 1
    while rest:
        rest, last = divmod(rest - 1, 26)
        letters = chr(ord("A") + last) + letters
    return f"{letters}{row}"


def _short(name: str) -> str:
    """Return a column's name on one line."""
    return " ".join(name.split())[:MAX_HEADER]


def unknown_columns(header: Sequence[str]) -> tuple[str, ...]:
    """Return the names of the first columns that name no member."""
    members = {at: member for at, name in enumerate(header) if (member := member_named(name))}
    return Columns(tuple(header), members).ignored


def _mapped(header: Sequence[str], mapping: Mapping[str, str]) -> dict[int, str]:
    """Return the member of each column that the mapping names, by the column's place."""
    members: dict[int, str] = {}
    for heading, member in mapping.items():
        places = _places(header, heading)
        if not places:
            known = ", ".join(repr(_short(name)) for name in header[:_KNOWN_SHOWN] if name)
            detail = f"there is no column {heading!r} to map; the first columns are {known}"
            raise TableError("mapping-unknown-column", detail)
        if len(places) > 1:
            detail = f"the mapping of {heading!r} names {len(places)} columns; rename one of them"
            raise TableError("duplicate-column", detail)
        other = members.setdefault(places[0], member)
        if other != member:
            detail = f"the mapping gives the column {heading!r} both {other} and {member}"
            raise TableError("mapping-contradictory", detail)
    return members


def _places(header: Sequence[str], heading: str) -> list[int]:
    """Return the places of the columns of a name: as it is written, else loosely."""
    exact = text_of(heading).casefold()
    found = [at for at, name in enumerate(header) if name and name.casefold() == exact]
    key = key_of(heading)
    return found or [at for at, name in enumerate(header) if key and key_of(name) == key]


def _check_members(header: Sequence[str], members: Mapping[int, str]) -> None:
    if not members:
        likely = ((name, nearest_member(name)) for name in header[:MAX_IGNORED])
        hints = [f"{_short(name)!r} may be {member}" for name, member in likely if member]
        known = ", ".join([*MEMBERS][:_KNOWN_SHOWN])
        detail = "; ".join([f"no column has a known name, such as {known}", *hints[:_KNOWN_SHOWN]])
        raise TableError("no-known-column", detail)
    first: dict[str, int] = {}
    for at, member in members.items():
        other = first.setdefault(member, at)
        if other != at:
            names = f"{_short(header[other])!r} and {_short(header[at])!r}"
            raise TableError("duplicate-column", f"the columns {names} both give {member}")


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
    for name, member in MEMBERS.items():
        if parts[: len(member.path)] == member.path:
            return name
    for name, member in MEMBERS.items():
        if member.path[: len(parts)] == parts:
            return name
    return parts[0] or None
