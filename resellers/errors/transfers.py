"""Refusals of files that staff import, and of the import itself.

    Invalid, 400    file_too_large, file_unreadable, file_too_long, unknown_column,
                    column_twice, column_missing, file_has_errors
    DomainError, 409  import_changed, import_running, row_refused

Source: 5-resellers, section 9, "Import"; 9-quality, section 6, "Uploads".
"""

from resellers.errors import DomainError, Invalid


class FileTooLarge(Invalid):
    code = "file_too_large"
    title = "The file is too large"


class FileUnreadable(Invalid):
    code = "file_unreadable"
    title = "The file cannot be read as a table"


class FileTooLong(Invalid):
    code = "file_too_long"
    title = "The table has too many rows"


class UnknownColumn(Invalid):
    code = "unknown_column"
    title = "A column of the table is not known"


class ColumnTwice(Invalid):
    code = "column_twice"
    title = "Two columns of the table mean the same field"


class ColumnMissing(Invalid):
    code = "column_missing"
    title = "The table lacks the column its rows are known by"


class FileHasErrors(Invalid):
    code = "file_has_errors"
    title = "Some rows of the file are wrong"
    sentence = "Correct the rows that are marked and upload the file again."


class ImportChanged(DomainError):
    code = "import_changed"
    title = "What the file would do has changed since it was checked"
    sentence = (
        "Somebody changed these rows meanwhile: nothing was imported."
        " Look at the file's effect as it is now and confirm again."
    )


class ImportRunning(DomainError):
    """`state` stands in `extra`."""

    code = "import_running"
    title = "This file is being imported or was imported"


class RowRefused(DomainError):
    """`row` stands in `extra`: the number of the row whose change was refused."""

    code = "row_refused"
    title = "A row was refused, so nothing was imported"
