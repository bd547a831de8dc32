"""XLSX workbooks of strangers, measured before they are unpacked.

What a workbook is made of is read by openpyxl; what it may be is said here.
Source: 9-quality, section 6, "Uploads"; ECMA-376, part 2.
"""

import io
import re
import warnings as python_warnings
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from openpyxl import load_workbook

from resellers.errors import DomainError
from resellers.errors.transfers import FileTooLarge, FileUnreadable

ZIP_START = b"PK\x03\x04"
UNPACKED_BYTES = 100 * 1024 * 1024
PARTS = 1_000
SHEET_ROWS = 1_048_576
COLUMNS = 1_000

Value = str | datetime
"""A cell: a text, or a date with time, which in a workbook has no zone."""

Record = tuple[int, list[Value]]
"""A row's number in the file, from 1, and its cells; an empty one is ""."""

_ZIP_END = b"PK\x05\x06"
_ZIP_END_BYTES = 22
_LOCAL_HEADER_BYTES = 30
_DESCRIPTOR_BYTES = 24
_ENCRYPTED = 0x1
_PIECE_BYTES = 1024 * 1024
_TYPE_DECLARED = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)
_OTHER_ENCODING = re.compile(
    rb"\A(\xff\xfe|\xfe\xff|.{0,3}\x00|\s*<\?xml[^>]*encoding=[\"'](?!utf-8|us-ascii))",
    re.IGNORECASE | re.DOTALL,
)
_CARRIAGE_RETURN = "_x000D_"
_EXACT_WHOLE = 10**15
_CELL_ERRORS = {
    "#DIV/0!",
    "#N/A",
    "#NAME?",
    "#NULL!",
    "#NUM!",
    "#REF!",
    "#VALUE!",
}
NO_WORKBOOK = "This is not an XLSX workbook as a spreadsheet saves it: save it anew."


def records(content: bytes, *, most: int, warnings: list[str]) -> list[Record]:
    """The rows of the first sheet that are not empty, no more than `most`.

    Appends to `warnings` what is not read. Raises FileUnreadable, FileTooLarge.
    """
    try:
        _measure(content)
        with python_warnings.catch_warnings():
            python_warnings.simplefilter("ignore")  # of styles and extensions
            rows = list(islice(_rows(content, warnings), most))
    except DomainError:
        raise
    except Exception:  # noqa: BLE001 -- a broken workbook fails anywhere, in any way
        raise FileUnreadable(NO_WORKBOOK) from None
    return [(number, [_value(cell, number) for cell in row]) for number, row in rows]


def _rows(content: bytes, warnings: list[str]) -> Iterator[tuple[int, tuple[Any, ...]]]:
    book = load_workbook(
        io.BytesIO(content), read_only=True, data_only=True, keep_links=False
    )
    sheet, *others = book.worksheets
    if others:
        warnings.append(f"Only the first sheet, “{sheet.title}”, was read.")
    sheet.reset_dimensions()  # they are what the file says, not what it holds
    for number, row in enumerate(sheet.iter_rows(values_only=True), 1):
        width = len(row)
        while width and (row[width - 1] is None or not str(row[width - 1]).strip()):
            width -= 1
        if width > COLUMNS:
            raise FileUnreadable(f"Give at most {COLUMNS:,} columns.")
        if width:
            yield number, row[:width]
        if number == SHEET_ROWS:
            return


def _measure(content: bytes) -> None:
    """Refuse what is no plain package, or unpacks to more than it may."""
    package = ZipFile(io.BytesIO(content))
    parts = sorted(package.infolist(), key=lambda part: part.header_offset)
    if sum(part.file_size for part in parts) > UNPACKED_BYTES:
        raise FileTooLarge(
            f"Unpacked, the workbook has more than {UNPACKED_BYTES // 1024**2} MB."
        )
    names = {part.filename for part in parts}
    if (
        not _is_nothing_else(content, parts, package.start_dir)
        or not all(map(_is_plain, parts))
        or len(names) < len(parts)
        or len(parts) > PARTS
        or "[Content_Types].xml" not in names
    ):
        raise FileUnreadable(NO_WORKBOOK)
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise FileUnreadable("Workbooks with macros are not read: save it as XLSX.")
    for part in parts:
        _check_part(package, part)


def _is_nothing_else(content: bytes, parts: list[ZipInfo], directory: int) -> bool:
    """Whether the parts, one after the other, and their directory are all there is."""
    ends = content[-_ZIP_END_BYTES:-18] == _ZIP_END
    place = 0
    for part in parts:
        if not place <= part.header_offset <= place + (place and _DESCRIPTOR_BYTES):
            return False
        head = content[part.header_offset : part.header_offset + _LOCAL_HEADER_BYTES]
        names = int.from_bytes(head[26:28], "little")
        extras = int.from_bytes(head[28:30], "little")
        place = part.header_offset + _LOCAL_HEADER_BYTES + names + extras
        place += part.compress_size
    return ends and place <= directory <= place + _DESCRIPTOR_BYTES


def _is_plain(part: ZipInfo) -> bool:
    packed = part.compress_type in {ZIP_STORED, ZIP_DEFLATED}
    return packed and not part.flag_bits & _ENCRYPTED


def _check_part(package: ZipFile, part: ZipInfo) -> None:
    """No part of a workbook declares a document type: entities would unpack later.

    Reads it through, so that its size and checksum are true. Raises FileUnreadable.
    """
    tail = b""
    with package.open(part) as stream:
        while piece := stream.read(_PIECE_BYTES):
            is_xml = part.filename.endswith((".xml", ".rels"))
            if _TYPE_DECLARED.search(tail + piece) or (
                is_xml and not tail and _OTHER_ENCODING.search(piece[:200])
            ):
                raise FileUnreadable(NO_WORKBOOK)
            tail = piece[-16:]


def _value(cell: Any, row: int) -> Value:
    """A cell as text; of a date without time the date alone."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        if cell in _CELL_ERRORS:
            raise FileUnreadable(f"Row {row:,} holds the error {cell}: correct it.")
        return cell.replace(_CARRIAGE_RETURN, "\r")
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return _number(cell)
    if isinstance(cell, datetime):
        return (cell + timedelta(milliseconds=500)).replace(microsecond=0)
    return cell.isoformat() if isinstance(cell, date | time) else str(cell)


def _number(value: float) -> str:
    """The digits that were typed: 33707.0 is 33707, 15.5 stays 15.5."""
    if value.is_integer() and abs(value) < _EXACT_WHOLE:
        return str(int(value))
    return format(Decimal(repr(value)), "f")
