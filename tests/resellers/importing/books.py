"""Workbooks as spreadsheets and attackers make them."""

import io
import zipfile
from collections.abc import Callable, Sequence
from typing import Any

from openpyxl import Workbook

from resellers.tables import xlsx_pieces


def csv_file(*lines: str, delimiter: str = ",") -> bytes:
    text = "\r\n".join(lines)
    return text.replace(",", delimiter).encode()


def xlsx_file(rows: Sequence[Sequence[Any]]) -> bytes:
    """As openpyxl writes it: dates, numbers and formulas as such."""
    book = Workbook()
    for row in rows:
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def plain_book() -> bytes:
    return b"".join(xlsx_pieces(["email"], [["avery@example.com"]]))


def rebuilt(
    change: Callable[[str, bytes], bytes] = lambda _, content: content,
    add: dict[str, bytes] | None = None,
) -> bytes:
    """The plain workbook with its parts changed and others added."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(plain_book())) as source,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            target.writestr(name, change(name, source.read(name)))
        for name, content in (add or {}).items():
            target.writestr(name, content)
    return stream.getvalue()


def sheet_with(rows: str) -> bytes:
    """The plain workbook with these rows, written as XML."""

    def change(name: str, content: bytes) -> bytes:
        if not name.endswith("sheet1.xml"):
            return content
        head = content.partition(b"<sheetData>")[0]
        return head + f"<sheetData>{rows}</sheetData></worksheet>".encode()

    return rebuilt(change)
