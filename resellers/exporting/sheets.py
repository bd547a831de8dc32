"""What every export is made of: columns, read off lines that are loaded in chunks."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from typing import Any
from uuid import UUID

from import_export.fields import Field
from import_export.resources import Resource
from import_export.widgets import Widget

from resellers.money import Money
from resellers.tables import Cell

ROWS = 100_000
CHUNK = 500
"""Rows that are loaded at once: SQLite takes no more than some thousands of ids."""


class AsItIs(Widget):  # type: ignore[misc]  # the package has no types
    """Hands the value on: numbers stay numbers, `tables` writes the rest as texts."""

    def render(self, value: Any, *_: Any, **__: Any) -> Cell:
        cell: Cell = value
        return cell


def column(name: str, attribute: str) -> Field:
    """A column by its name in the API; the attribute's path is written with `__`."""
    return Field(attribute=attribute, column_name=name, widget=AsItIs())


class Sheet(Resource):  # type: ignore[misc]  # the package has no types
    """Columns in their order; a line is whatever they are read off."""

    def cells(self, line: Any) -> list[Cell]:
        return [each.export(line) for each in self.fields.values()]

    @property
    def header(self) -> list[str]:
        return [each.column_name for each in self.fields.values()]


@dataclass(frozen=True)
class Table:
    """A header and its rows; these are read while they are written."""

    header: Sequence[str]
    rows: Iterable[Sequence[Cell]]


def in_chunks(ids: Iterable[UUID]) -> Iterator[list[UUID]]:
    rest = iter(ids)
    while chunk := list(islice(rest, CHUNK)):
        yield chunk


def decimal_of(money: Money | None) -> Decimal | None:
    """65.00 USD as 65.00; its currency is a column of its own."""
    return None if money is None else Decimal(str(money))
