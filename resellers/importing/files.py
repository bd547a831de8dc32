"""A file as a table of texts, told by its content and refused when in doubt.

CSV is UTF-8 with comma or semicolon; XLSX is read from its first sheet, formulas as
the values they last had. A file that is two things at once, a workbook that unpacks
to more than it should, and macros are refused before anything is unpacked.
Source: 9-quality, section 6, "Uploads".
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from resellers.errors.transfers import FileTooLarge, FileTooLong, FileUnreadable
from resellers.importing import workbooks
from resellers.importing.workbooks import COLUMNS, Record, Value

FILE_BYTES = 10 * 1024 * 1024
ROWS = 10_000

DELIMITERS = ",;"
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


@dataclass(frozen=True, slots=True)
class Table:
    """The header and the rows below it that are not empty, each with its number."""

    header: list[str]
    rows: list[Record]
    file_format: str
    warnings: list[str] = field(default_factory=list)


def read_table(content: bytes) -> Table:
    """Read a CSV or XLSX file.

    Raises FileTooLarge, FileUnreadable, FileTooLong with a sentence that says what
    to do.
    """
    if not content.strip():
        raise FileUnreadable("The file is empty.")
    if len(content) > FILE_BYTES:
        raise FileTooLarge(f"Give a file of at most {FILE_BYTES // 1024**2} MB.")
    if content.startswith(workbooks.ZIP_START):
        return _workbook(content)
    return _table(_csv_records(content), "csv", [])


def _workbook(content: bytes) -> Table:
    warnings: list[str] = []
    records = workbooks.records(content, most=ROWS + 2, warnings=warnings)
    return _table(records, "xlsx", warnings)


def _table(records: Iterable[Record], file_format: str, warnings: list[str]) -> Table:
    filled = (
        (number, record)
        for number, record in records
        if any(not isinstance(value, str) or value.strip() for value in record)
    )
    _, names = next(filled, (0, []))
    header = _header(names)
    rows = list(islice(filled, ROWS + 1))
    if len(rows) > ROWS:
        raise FileTooLong(f"Give at most {ROWS:,} rows in one file.")
    if not rows:
        raise FileUnreadable("The file has no rows below its header.")
    return Table(header, rows, file_format, warnings)


def _header(record: list[Value]) -> list[str]:
    names = [str(value).strip() for value in record]
    while names and not names[-1]:
        names.pop()
    if len(names) > COLUMNS:
        raise FileUnreadable(f"Give at most {COLUMNS:,} columns.")
    return names


def _csv_records(content: bytes) -> Iterator[Record]:
    text = _text(content)
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True
    )
    try:
        for number, record in enumerate(reader, 1):
            yield number, [*record]
    except csv.Error:
        raise FileUnreadable(
            f"Line {reader.line_num:,} is not CSV: a quoted cell does not end,"
            " or is too long."
        ) from None


def _text(content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FileUnreadable(
            "This is neither an XLSX workbook nor a CSV file in UTF-8:"
            " save it as one of them."
        ) from None
    if _CONTROLS.search(text):
        raise FileUnreadable("The file holds control characters: it is no CSV file.")
    return text


def _delimiter(text: str) -> str:
    """Comma or semicolon: whichever parts the header into more columns."""
    line = text.lstrip("\r\n").split("\n", 1)[0]
    return max(DELIMITERS, key=line.count)
