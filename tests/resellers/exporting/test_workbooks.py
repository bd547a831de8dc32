"""XLSX files that leave the house: read back they are the table that was written."""

import io
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from resellers.tables import (
    FORMULA_STARTS,
    XLSX_TEXT_LENGTH,
    Cell,
    cell_text,
    csv_lines,
    protected,
    unprotected,
    xlsx_pieces,
)

TEXTS = [
    "",
    "plain",
    "Ünïcödé & <tags> \"quoted\" 'so'",
    "two\nlines",
    "two\r\nlines",
    " blanks around ",
    "NULL",
    "'NULL",
    "null",
    "''",
    *(start + "x" for start in FORMULA_STARTS),
    *(f"'{start}x" for start in FORMULA_STARTS),
]


def read_back(pieces):
    book = load_workbook(io.BytesIO(b"".join(pieces)))
    return [[cell.value for cell in row] for row in book.active.iter_rows()]


def types_in(pieces):
    book = load_workbook(io.BytesIO(b"".join(pieces)))
    return [[cell.data_type for cell in row] for row in book.active.iter_rows()]


@pytest.mark.parametrize("text", TEXTS)
def test_what_was_protected_comes_back(text):
    assert unprotected(protected(text)) == text


@pytest.mark.parametrize("text", TEXTS)
def test_no_cell_starts_a_formula(text):
    assert not cell_text(text).startswith(tuple(set(FORMULA_STARTS) - {"'"}))
    assert cell_text(text) != "NULL"


@pytest.mark.parametrize("text", ["O'Brien", "'tis", "'plain'"])
def test_an_apostrophe_somebody_typed_stays(text):
    assert unprotected(text) == text


def test_decimals_stay_numbers_in_csv():
    lines = list(csv_lines(["a"], [[Decimal("-2.02")], [Decimal("1E+3")]]))
    assert lines[1:] == ["-2.02\r\n", "1000\r\n"]


def test_workbook_holds_texts_and_numbers():
    moment = datetime(2026, 3, 2, 9, tzinfo=UTC)
    rows: list[list[Cell]] = [
        ["=1+1", Decimal("10.08"), None],
        ["'=1+1", -5, moment],
        ["+1 727", Decimal("-2.02"), True],
    ]
    assert read_back(xlsx_pieces(["name", "amount", "more"], rows)) == [
        ["name", "amount", "more"],
        ["'=1+1", 10.08, None],
        ["''=1+1", -5, "2026-03-02T09:00:00+00:00"],
        ["'+1 727", -2.02, "true"],
    ]
    assert types_in(xlsx_pieces(["name", "amount", "more"], rows)) == [
        ["s", "s", "s"],
        ["s", "n", "n"],
        ["s", "n", "s"],
        ["s", "n", "s"],
    ]


def test_every_text_comes_back_from_a_workbook():
    rows: list[list[Cell]] = [[text, "end"] for text in TEXTS]
    back = read_back(xlsx_pieces(["text", "end"], rows))[1:]
    assert [unprotected(row[0] or "") for row in back] == TEXTS


def test_what_xml_cannot_hold_is_shown_as_such():
    assert read_back(xlsx_pieces(["a"], [["x\uffffy"]]))[1:] == [
        ["x\N{REPLACEMENT CHARACTER}y"]
    ]


def test_a_text_longer_than_a_cell_is_refused_not_cut():
    fits = "x" * XLSX_TEXT_LENGTH
    assert read_back(xlsx_pieces(["a"], [[fits]]))[1:] == [[fits]]
    with pytest.raises(ValueError, match="32,767"):
        list(xlsx_pieces(["a"], [[fits + "x"]]))


def test_workbook_is_streamed():
    asked = []

    def rows():
        for number in range(200_000):
            asked.append(number)
            yield [f"{number * 7919:x}", "text"]

    pieces = xlsx_pieces(["a", "b"], rows())
    first = next(pieces)
    assert first.startswith(b"PK")
    assert len(asked) < 100_000
