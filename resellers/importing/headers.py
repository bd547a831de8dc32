"""Which column of a table is which field, and what its cells say.

A column is named as in the API or as in the source documents (`firstName`,
`first_name`, `First Name`). One that is not known is refused, one that is only read is
passed over with a warning. An empty cell says nothing, NULL clears.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from resellers.errors import DomainError
from resellers.errors.transfers import ColumnMissing, ColumnTwice, UnknownColumn
from resellers.extended import read_values
from resellers.importing.files import Table
from resellers.importing.workbooks import Record, Value
from resellers.tables import CLEARS, unprotected

EXT = "ext."
NUMBERED = re.compile(r"extendedvalue(10|[1-9])")
SHOWN_NAME_CHARACTERS = 60

Given = Value | None
"""What a filled cell says; None clears."""


@dataclass(frozen=True)
class Columns:
    """The columns of a kind of table, by their names without case and signs.

    `fields` are written, `read_only` passed over; of `known_by` one must be there.
    """

    fields: Mapping[str, str]
    read_only: frozenset[str]
    known_by: tuple[str, ...]
    has_extended: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number in the file, and what its filled cells say by field.

    `heads` names a field as the file's header does.
    """

    number: int
    given: dict[str, Given]
    heads: Mapping[str, str]
    stray: bool = False

    def text(self, field_name: str) -> str:
        """The cell as a text; "" where it is empty or clears."""
        return text_of(self.given.get(field_name))

    def head(self, field_name: str) -> str:
        """The column's name in the file; the API's, where the file has none."""
        named = re.sub(r"_(.)", lambda part: part[1].upper(), field_name)
        return self.heads.get(field_name, named)


@dataclass(frozen=True)
class Sheet:
    """A table whose columns are known; `places` is their order by head."""

    rows: list[Row]
    places: Mapping[str, int]
    warnings: list[str]


def plain(name: str) -> str:
    """A column's name without case, blanks and signs: `First Name` is `firstname`."""
    return re.sub(r"[^a-z0-9]", "", name.casefold())


def read_sheet(table: Table, columns: Columns) -> Sheet:
    """Give the columns their meaning. Raises UnknownColumn, ColumnTwice, ColumnMissing
    with the name of the column.
    """
    meant: list[str | None] = []
    passed_over: list[str] = []
    for place, name in enumerate(table.header):
        if not name:
            _refuse_nameless(table, place)
        found = _meant(name, columns) if name else None
        if found is None and name:
            passed_over.append(name)
        if found is not None and found in meant:
            raise ColumnTwice(f"“{_short(name)}” stands for a field that another has.")
        meant.append(found)
    if not any(each in meant for each in columns.known_by):
        raise ColumnMissing(f"Give the column {' or '.join(columns.known_by)}.")
    heads = {each: name for each, name in zip(meant, table.header, strict=True) if each}
    rows = [_row(record, meant, heads) for record in table.rows]
    warnings = [*table.warnings]
    if passed_over:
        names = ", ".join(_short(name) for name in passed_over)
        warnings.append(f"These columns are only read and were ignored: {names}.")
    places = {name: place for place, name in enumerate(table.header)}
    return Sheet(rows, places, warnings)


def text_of(value: Given) -> str:
    """A cell as a text; a date of a workbook without its midnight."""
    if isinstance(value, datetime):
        return value.isoformat().removesuffix("T00:00:00")
    return value or ""


def _meant(name: str, columns: Columns) -> str | None:
    """The field of a column; None for one that is only read."""
    bare = unprotected(name)
    if columns.has_extended and bare.casefold().startswith(EXT):
        return EXT + _key(bare[len(EXT) :], name)
    known = plain(bare)
    numbered = NUMBERED.fullmatch(known)
    if columns.has_extended and numbered:
        return f"{EXT}extended_value_{numbered[1]}"
    if known in columns.fields:
        return columns.fields[known]
    if known in columns.read_only:
        return None
    help_ = " or call it ext.<key>" if columns.has_extended else ""
    raise UnknownColumn(
        f"“{_short(name)}” is not known: rename the column, remove it{help_}."
    )


def _key(key: str, name: str) -> str:
    try:
        return read_values([{"key": key.strip(), "value": ""}])[0]["key"]
    except DomainError as refusal:
        raise UnknownColumn(f"“{_short(name)}”: {refusal.detail}") from None


def _refuse_nameless(table: Table, place: int) -> None:
    """A column without a name must be empty."""
    for number, cells in table.rows:
        if len(cells) > place and text_of(cells[place]).strip():
            raise UnknownColumn(
                f"Column {place + 1} has no name, but row {number:,} fills it."
            )


def _row(record: Record, meant: list[str | None], heads: Mapping[str, str]) -> Row:
    number, cells = record
    given = {
        found: said
        for found, cell in zip(meant, cells, strict=False)
        if found is not None
        for said in _said(cell)
    }
    stray = any(text_of(cell).strip() for cell in cells[len(meant) :])
    return Row(number, given, heads, stray)


def _said(cell: Value) -> Iterator[Given]:
    """What the cell says; nothing when it is empty."""
    if isinstance(cell, datetime):
        yield cell
    elif cell == CLEARS:
        yield None
    elif cell.strip():
        yield unprotected(cell)


def _short(name: str) -> str:
    shown = name[:SHOWN_NAME_CHARACTERS]
    return shown if shown == name else f"{shown}…"
