"""Tables that leave the house as CSV or XLSX: one rule for every export.

A text cell that a spreadsheet could take for a formula gets a leading apostrophe, and
so does the word by which an import clears a field; numbers stay numbers. `unprotected`
takes that one apostrophe away again, so that a table read back is the table written.
Source: 5-resellers, "Export"; ASVS 5.0, 1.2.10.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from itertools import chain
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

FORMULA_STARTS = ("=", "+", "-", "@", "'", "\t", "\r", "\n")
CLEARS = "NULL"
"""In a table that is imported: empty this field. An empty cell keeps it."""

BOM = "\ufeff"
CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
XLSX_TEXT_LENGTH = 32_767

Cell = str | int | bool | Decimal | datetime | None

_OFFICE = "http://schemas.openxmlformats.org"
_MAIN = f"{_OFFICE}/spreadsheetml/2006/main"
_LINKS = f"{_OFFICE}/officeDocument/2006/relationships"
_PACKAGE = f"{_OFFICE}/package/2006"
_DOCUMENT = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

# What a workbook of one sheet is made of besides the sheet. Source: ECMA-376, part 1.
_PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels"'
    ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_DOCUMENT}.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml"'
    f' ContentType="{_DOCUMENT}.worksheet+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="r1" Type="{_LINKS}/officeDocument" Target="xl/workbook.xml"/>'
    "</Relationships>",
    "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_LINKS}"><sheets>'
    '<sheet name="Export" sheetId="1" r:id="r1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="r1" Type="{_LINKS}/worksheet" Target="worksheets/sheet1.xml"/>'
    "</Relationships>",
}
_SHEET = "xl/worksheets/sheet1.xml"
_SHEET_HEAD = (
    f'<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
    '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
    "</sheetView></sheetViews><sheetData>"
)
_SHEET_FOOT = "</sheetData></worksheet>"
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_PIECE_BYTES = 64 * 1024


class _Echo:
    """A file that hands back what is written to it, so that rows can be streamed."""

    def write(self, text: str) -> str:
        return text


class _Pipe:
    """A file without a place to go back to: what is written is taken away in pieces."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []
        self.waiting = 0

    def write(self, piece: bytes) -> int:
        self.pieces.append(bytes(piece))
        self.waiting += len(piece)
        return len(piece)

    def flush(self) -> None:
        """Nothing is held back."""

    def taken(self) -> bytes:
        taken = b"".join(self.pieces)
        self.pieces, self.waiting = [], 0
        return taken


def csv_lines(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """Yield the lines of a CSV file (RFC 4180), the header first.

    Starts with a byte order mark: without it a spreadsheet misreads accents.
    """
    writer = csv.writer(_Echo())
    yield BOM + writer.writerow([cell_text(name) for name in header])
    for row in rows:
        yield writer.writerow([cell_text(cell) for cell in row])


def xlsx_pieces(
    header: Sequence[str], rows: Iterable[Sequence[Cell]]
) -> Iterator[bytes]:
    """Yield the bytes of a workbook with one sheet, in pieces, the header first.

    Every cell is a text but for numbers. It is written as it is read, so that a long
    table needs no more memory than a short one. A text longer than XLSX_TEXT_LENGTH
    raises ValueError: a spreadsheet would cut it.
    """
    pipe = _Pipe()
    with ZipFile(pipe, "w", ZIP_DEFLATED) as book:  # type: ignore[call-overload]  # enough
        for name, content in _PARTS.items():
            book.writestr(_entry(name), _XML + content)
        with book.open(_entry(_SHEET), "w") as sheet:
            sheet.write((_XML + _SHEET_HEAD).encode())
            for number, row in enumerate(chain([header], rows), 1):
                sheet.write(_sheet_row(number, row).encode())
                if pipe.waiting >= _PIECE_BYTES:
                    yield pipe.taken()
            sheet.write(_SHEET_FOOT.encode())
    yield pipe.taken()


def cell_text(cell: Cell) -> str:
    """One cell as text; only texts can be dangerous, and those are made harmless."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return protected(cell)
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, datetime):
        return cell.isoformat()
    return format(cell, "f") if isinstance(cell, Decimal) else str(cell)


def protected(text: str) -> str:
    """The text behind an apostrophe where a spreadsheet or an import would act on it."""
    acts = text.startswith(FORMULA_STARTS) or text == CLEARS
    return f"'{text}" if acts else text


def unprotected(text: str) -> str:
    """What `protected` was given: one apostrophe less, if it was put there by it."""
    bare = text[1:]
    return bare if text.startswith("'") and protected(bare) == text else text


def _entry(name: str) -> ZipInfo:
    entry = ZipInfo(name)
    entry.compress_type = ZIP_DEFLATED
    return entry


def _sheet_row(number: int, row: Sequence[Cell]) -> str:
    return f'<row r="{number}">{"".join(map(_sheet_cell, row))}</row>'


def _sheet_cell(cell: Cell) -> str:
    text = cell_text(cell)
    if not text:
        return "<c/>"
    if isinstance(cell, int | Decimal) and not isinstance(cell, bool):
        return f"<c><v>{text}</v></c>"
    if len(text) > XLSX_TEXT_LENGTH:
        raise ValueError(f"a cell holds {XLSX_TEXT_LENGTH:,} characters")
    # A bare CR would be read as LF; what XML cannot hold at all is shown as such.
    shown = escape(_NOT_IN_XML.sub("\N{REPLACEMENT CHARACTER}", text), {"\r": "&#13;"})
    return f'<c t="inlineStr"><is><t xml:space="preserve">{shown}</t></is></c>'
