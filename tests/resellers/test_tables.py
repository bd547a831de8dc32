"""CSV files that leave the house: no cell is a formula, numbers stay numbers."""

import csv
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from resellers.tables import BOM, Cell, cell_text, csv_lines

DANGEROUS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "=cmd|' /C calc'!A0",
    "\t=1",
    "\r=1",
    "\n=1",
    "'=1",
    '=HYPERLINK("http://evil.example.com")',
]


@pytest.mark.parametrize("text", DANGEROUS)
def test_formula_becomes_text(text):
    assert cell_text(text) == f"'{text}"


@pytest.mark.parametrize(
    "text", ["", "plain", "a=1", "1-2", "ÄÖ ünï", "a\nb", 'say "x"']
)
def test_harmless_text_stays(text):
    assert cell_text(text) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (0, "0"),
        (-5, "-5"),
        (Decimal("-2.02"), "-2.02"),
        (Decimal("0.00"), "0.00"),
        (Decimal("100000000000000.000"), "100000000000000.000"),
        (True, "true"),
        (False, "false"),
        (datetime(2026, 3, 2, 9, tzinfo=UTC), "2026-03-02T09:00:00+00:00"),
    ],
)
def test_values_stay_what_they_are(value, text):
    assert cell_text(value) == text


def test_file_starts_with_a_mark_and_reads_back():
    rows: list[list[Cell]] = [["a,b", 'say "x"', "two\nlines"], ["=1", -1, None]]
    text = "".join(csv_lines(["one", "two", "three"], rows))
    assert text.startswith(f"{BOM}one,two,three\r\n")
    assert list(csv.reader(text.removeprefix(BOM).splitlines(keepends=True))) == [
        ["one", "two", "three"],
        ["a,b", 'say "x"', "two\nlines"],
        ["'=1", "-1", ""],
    ]


def test_rows_are_streamed():
    def rows():
        yield ["first"]
        raise AssertionError("the second row was asked for too early")

    lines = csv_lines(["name"], rows())
    assert [next(lines), next(lines)] == [f"{BOM}name\r\n", "first\r\n"]
