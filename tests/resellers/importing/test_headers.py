"""Columns by the names of the API and of the source, and what their cells say."""

from datetime import datetime

import pytest

from resellers.errors.transfers import ColumnMissing, ColumnTwice, UnknownColumn
from resellers.importing.files import read_table
from resellers.importing.headers import read_sheet
from resellers.importing.reseller_columns import COLUMNS
from tests.resellers.importing.books import xlsx_file
from tests.resellers.importing.desk import file_of
from tests.resellers.inputs import JSON_NAMES


def sheet(*rows):
    return read_sheet(read_table(file_of(*rows)), COLUMNS)


@pytest.mark.parametrize("column", sorted(JSON_NAMES))
def test_columns_have_the_names_of_api_and_source(column):
    for name in (column, JSON_NAMES[column], column.replace("_", " ").title()):
        rows = sheet(f"email,{name}", "a@example.com,x").rows
        assert rows[0].given == {"email": "a@example.com", column: "x"}


def test_cells_keep_clear_and_say():
    row = sheet(
        "email,first_name,last_name,city,title,ext.Note,ext.a",
        "a@example.com,NULL,,'NULL,'=1+1,'\"\t,null",
    ).rows[0]
    assert row.given == {
        "email": "a@example.com",
        "first_name": None,
        "city": "NULL",
        "title": "=1+1",
        "ext.note": "'\"\t",
        "ext.a": "null",
    }
    assert row.head("ext.note") == "ext.Note"


def test_dates_of_a_workbook_are_told_without_their_midnight():
    moment = datetime(2024, 6, 15)  # noqa: DTZ001 -- as workbooks hold it
    content = xlsx_file([["email", "ext.event_date"], ["a@example.com", moment]])
    row = read_sheet(read_table(content), COLUMNS).rows[0]
    assert row.text("ext.event_date") == "2024-06-15"


def test_read_only_columns_are_ignored_with_a_warning():
    found = sheet(
        "email,code,total_customers_referred,totalRevenueGenerated,createdAt",
        "a@example.com,RS-1,12,780.00,2023-01-10",
    )
    assert found.rows[0].given == {"email": "a@example.com"}
    assert found.warnings == [
        "These columns are only read and were ignored: code,"
        " total_customers_referred, totalRevenueGenerated, createdAt."
    ]


@pytest.mark.parametrize(
    ("header", "refusal", "said"),
    [
        ("email,shoe_size", UnknownColumn, "“shoe_size” is not known"),
        ("email,ext.", UnknownColumn, "“ext.”"),
        ("email,ext.First_Name", UnknownColumn, "kept in firstName"),
        ("email,Extended Value 11", UnknownColumn, "is not known"),
        ("email,first_name,firstName", ColumnTwice, "“firstName” stands for"),
        ("email,ext.a,ext.A", ColumnTwice, "“ext.A”"),
        ("first_name", ColumnMissing, "id or email"),
        ("email,,city", UnknownColumn, "Column 2 has no name, but row 2 fills it."),
    ],
)
def test_columns_that_mean_nothing_or_the_same_are_refused(header, refusal, said):
    cells = ",".join("x" for _ in header.split(","))
    with pytest.raises(refusal) as caught:
        sheet(header, cells)
    assert said in caught.value.detail


def test_nameless_column_may_be_empty():
    assert sheet("email,,city", "a@example.com,,Exampleton").rows[0].given == {
        "email": "a@example.com",
        "city": "Exampleton",
    }
