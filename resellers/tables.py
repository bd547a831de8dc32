"""Tables that leave the house as CSV: one rule for every export.

A text cell that a spreadsheet could take for a formula gets a leading apostrophe;
numbers stay numbers. Source: 5-resellers, "Export"; ASVS 5.0, 1.2.10.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

FORMULA_STARTS = ("=", "+", "-", "@", "'", "\t", "\r", "\n")
BOM = "\ufeff"

Cell = str | int | bool | datetime | None


class _Echo:
    """A file that hands back what is written to it, so that rows can be streamed."""

    def write(self, text: str) -> str:
        return text


def csv_lines(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """Yield the lines of a CSV file (RFC 4180), the header first.

    Starts with a byte order mark: without it a spreadsheet misreads accents.
    """
    writer = csv.writer(_Echo())
    yield BOM + writer.writerow(header)
    for row in rows:
        yield writer.writerow([cell_text(cell) for cell in row])


def cell_text(cell: Cell) -> str:
    """One cell as text; only texts can be dangerous, and those are made harmless."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, int):
        return str(cell)
    if isinstance(cell, datetime):
        return cell.isoformat()
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell
