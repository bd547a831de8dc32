"""Export, then import: every row is unchanged, and no cell is a formula."""

import csv
import io

import pytest
from openpyxl import Workbook, load_workbook

from resellers import tables
from resellers.exporting.referrals import referrals_table
from resellers.exporting.resellers import resellers_table
from resellers.exporting.sales import sales_table
from resellers.importing import running
from resellers.importing.outcomes import Options
from resellers.models import Referral, Reseller, Sale
from tests.factories.resellers import AT

pytestmark = pytest.mark.django_db
FORMATS = {
    "csv": lambda table: "".join(tables.csv_lines(table.header, table.rows)).encode(),
    "xlsx": lambda table: b"".join(tables.xlsx_pieces(table.header, table.rows)),
}


def ids_of(model):
    return list(model.objects.order_by("pk").values_list("pk", flat=True))


TABLES = {
    "resellers": lambda: resellers_table(
        ids_of(Reseller), currency="USD", at=AT, sees_finance=False, is_workbook=False
    ),
    "referrals": lambda: referrals_table(ids_of(Referral), currency="USD", at=AT),
    "sales": lambda: sales_table(ids_of(Sale)),
}


def read_in(kind, content, actor):
    plan = running.check_file(kind, content, Options(actor, "round trip", AT))
    return {
        (row["state"], *map(tuple, row["changes"] + row["errors"]))
        for row in plan.report["rows"]
    }


@pytest.mark.parametrize("kind", TABLES)
@pytest.mark.parametrize("file_format", FORMATS)
def test_every_row_is_unchanged(full, editor, kind, file_format):
    content = FORMATS[file_format](TABLES[kind]())
    assert read_in(kind, content, editor) == {("unchanged",)}


@pytest.mark.parametrize("kind", TABLES)
def test_even_after_a_spreadsheet_saved_it(full, editor, kind):
    """It writes a carriage return in its own way (ECMA-376, 22.9.2.19)."""
    book = load_workbook(io.BytesIO(FORMATS["xlsx"](TABLES[kind]())))
    saved = Workbook()
    for row in book.active.iter_rows(values_only=True):
        saved.active.append(
            [c.replace("\r", "_x000D_") if isinstance(c, str) else c for c in row]
        )
    stream = io.BytesIO()
    saved.save(stream)
    assert read_in(kind, stream.getvalue(), editor) == {("unchanged",)}


@pytest.mark.parametrize("kind", TABLES)
def test_with_semicolons_and_without_its_mark(full, editor, kind):
    table = TABLES[kind]()
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=";")
    writer.writerow(table.header)
    writer.writerows([tables.cell_text(cell) for cell in row] for row in table.rows)
    content = stream.getvalue().encode()
    assert read_in(kind, content, editor) == {("unchanged",)}


@pytest.mark.parametrize("kind", TABLES)
def test_no_cell_starts_a_formula(full, kind):
    text = FORMATS["csv"](TABLES[kind]()).decode("utf-8-sig")
    dangerous = tuple(set(tables.FORMULA_STARTS) - {"'"})
    numbers = {"amount", "commission", "revenue", "totalCommissionEarned"}
    cells = [
        (name, cell)
        for row in csv.DictReader(io.StringIO(text, newline=""))
        for name, cell in row.items()
        if name not in numbers
    ]
    assert len(cells) > 20
    assert [found for found in cells if found[1].startswith(dangerous)] == []
    assert any(cell.startswith("'") for _, cell in cells)


def test_a_missing_rule_is_found_out(full, editor, monkeypatch):
    """The control: without the apostrophe the round trip would not be one."""
    monkeypatch.setattr(tables, "protected", lambda text: text)
    content = FORMATS["csv"](TABLES["resellers"]())
    monkeypatch.undo()
    assert read_in("resellers", content, editor) != {("unchanged",)}
