"""A file of sales: facts are new or known, and never change."""

import pytest

from resellers.errors import PermissionRefused
from resellers.importing.headers import Row
from resellers.models import AuditEntry, LedgerEntry, Sale
from tests.resellers import earning
from tests.resellers.importing.desk import (
    all_rows,
    bring_in,
    errors,
    file_of,
    report,
    states,
    upload,
)

pytestmark = pytest.mark.django_db
KIND = "sales"
HEAD = "eventKey,kind,customerRef,saleKey,amount,currency,occurredAt"
PAID = "inv-1:1,paid,C-1001,,65.00,USD,2026-02-01T09:00:00Z"
REFUND = "re-{n},refunded,,inv-1:1,{amount},USD,2026-02-02T09:00:00Z"


@pytest.fixture
def customer(db):
    return earning.customer()


def test_dry_run_tells_each_row_and_writes_nothing(customer, finance):
    before = all_rows()
    content = file_of(HEAD, PAID, REFUND.format(n=1, amount="13.00"))
    assert report(content, finance, KIND) == [
        {
            "number": 2,
            "state": "new",
            "label": "inv-1:1",
            "changes": [
                ["kind", "", "paid"],
                ["customerRef", "", "C-1001"],
                ["amount", "", "USD 65.00"],
                ["occurredAt", "", "2026-02-01T09:00:00+00:00"],
            ],
            "errors": [],
        },
        {
            "number": 3,
            "state": "new",
            "label": "re-1",
            "changes": [
                ["kind", "", "refunded"],
                ["saleKey", "", "inv-1:1"],
                ["amount", "", "USD 13.00"],
                ["occurredAt", "", "2026-02-02T09:00:00+00:00"],
            ],
            "errors": [],
        },
    ]
    assert all_rows() == before


def test_import_earns_and_takes_back(customer, finance):
    rows = [REFUND.format(n=number, amount="13.00") for number in range(5)]
    content = file_of(HEAD, rows[0], PAID, *rows[1:])
    held = bring_in(content, finance, KIND)
    assert held.new_count == 6
    assert list(Sale.objects.values_list("source", flat=True)) == ["import"] * 6
    sale = Sale.objects.get(event_key="inv-1:1")
    assert (sale.outcome, sale.commission_minor) == ("earned", 1008)
    amounts = LedgerEntry.objects.values_list("amount_minor", flat=True)
    assert (len(amounts), sum(amounts)) == (6, 0)
    entries = AuditEntry.objects.filter(batch_id=held.pk)
    assert entries.filter(action="sale.recorded").count() == 6
    assert entries.filter(action="import.confirmed").count() == 1
    assert states(content, finance, KIND) == ["unchanged"] * 6


def test_other_facts_under_a_known_key_are_an_error(customer, finance):
    bring_in(file_of(HEAD, PAID), finance, KIND)
    content = file_of(HEAD, PAID.replace("65.00", "66.00"), PAID)
    assert errors(content, finance, KIND) == [
        ["eventKey", "The event key named other facts before."],
        ["eventKey", "Row 2 has the same event key."],
    ]


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (PAID.replace("inv-1:1", "stripe:x"), "eventKey"),
        (PAID.replace("inv-1:1", "a b"), "eventKey"),
        (PAID.replace("65.00", "65.001"), "amount"),
        (PAID.replace("65.00", "-65.00"), "amount"),
        (PAID.replace("65.00", "6.5e1"), "amount"),
        (PAID.replace("65.00", ""), "amount"),
        (PAID.replace("USD", ""), "currency"),
        (PAID.replace("USD", "XXX"), "currency"),
        (PAID.replace("paid", "gift"), "kind"),
        (PAID.replace("C-1001", ""), "customerRef"),
        (PAID.replace("2026-02-01T09:00:00Z", ""), "occurredAt"),
        (PAID.replace("2026-02", "2031-02"), "occurredAt"),
        (PAID.replace("C-1001,,", "C-1001,x,"), "saleKey"),
    ],
)
def test_what_the_action_refuses_the_dry_run_refuses(finance, row, column):
    assert [head for head, _ in errors(file_of(HEAD, row), finance, KIND)] == [column]


def test_no_more_is_refunded_than_was_paid(customer, finance):
    bring_in(file_of(HEAD, PAID, REFUND.format(n=0, amount="60.00")), finance, KIND)
    content = file_of(
        HEAD,
        REFUND.format(n=1, amount="5.00"),
        REFUND.format(n=2, amount="0.01"),
        REFUND.format(n=3, amount="1").replace("USD", "EUR"),
        REFUND.format(n=4, amount="65.01").replace("refunded", "restored"),
        REFUND.format(n=5, amount="1").replace("inv-1:1", "re-0"),
    )
    assert errors(content, finance, KIND) == [
        ["amount", "USD 0.00 is left of the sale."],
        ["currency", "The sale is in USD."],
        ["amount", "USD 65.00 is refunded."],
        ["saleKey", "This key names no sale."],
    ]


def test_sales_are_imported_by_who_may_record_them(editor):
    with pytest.raises(PermissionRefused):
        upload(file_of(HEAD, PAID), editor, KIND)


def test_documents_and_disputes_have_no_amount(customer, finance):
    content = file_of(
        HEAD,
        PAID,
        "doc-1,document,C-1001,,,,2026-02-01T09:00:00Z",
        "dp-1,disputed,,inv-1:1,,,2026-02-03T09:00:00Z",
    )
    bring_in(content, finance, KIND)
    assert dict(Sale.objects.values_list("event_key", "outcome")) == {
        "inv-1:1": "earned",
        "doc-1": "counted",
        "dp-1": "on_hold",
    }
    assert states(content, finance, KIND) == ["unchanged"] * 3


def test_a_column_that_the_file_lacks_is_named_as_the_api_does():
    row = Row(2, {}, {"event_key": "Event Key"}, stray=False)
    assert [row.head(name) for name in ("event_key", "sale_key", "address_1")] == [
        "Event Key",
        "saleKey",
        "address1",
    ]
