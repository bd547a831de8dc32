"""`…/commissions.csv`: what the page shows, no memo, no formula."""

import csv

import pytest

from resellers.models import LedgerEntry
from tests.factories.resellers import AT, LedgerEntryFactory
from tests.queries import assert_constant
from tests.resellers.earning import follow, record
from tests.resellers.views.pages import URL

pytestmark = pytest.mark.django_db

FILE = f"{URL}/commissions.csv"


def lines(response) -> list[dict[str, str]]:
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(text.splitlines()))


def test_every_entry_newest_first(browser, clock):
    record("inv-1", description="Annual plan")
    follow("r-1", "refunded", "inv-1", 1300, occurred_at=AT)
    root = LedgerEntry.objects.get(key="sale:inv-1")

    response = browser.get(FILE)
    refund, sale = lines(response)
    assert response["Content-Disposition"] == 'attachment; filename="commissions.csv"'
    assert sale == {
        "date": "2026-03-02T09:00:00+00:00",
        "entry": str(root.pk),
        "kind": "earning",
        "customer": "C-1001",
        "description": "Annual plan",
        "sale": "inv-1",
        "paid": "65.00",
        "rate_percent": "15.5",
        "commission": "10.08",
        "currency": "USD",
        "status": "pending",
        "available": "2026-04-01T09:00:00+00:00",
        "follows_entry": "",
    }
    assert (refund["kind"], refund["commission"], refund["follows_entry"]) == (
        "reversal",
        "-2.02",
        str(root.pk),
    )


def test_the_filters_of_the_page_apply(browser, clock):
    record("usd")
    record("eur", currency="EUR")
    page = browser.get(f"{URL}/commissions?currency=EUR").content.decode()
    assert f'href="{FILE}?currency=EUR"' in page
    (row,) = lines(browser.get(f"{FILE}?currency=EUR"))
    assert row["sale"] == "eur"


@pytest.mark.parametrize("query", ["status=rich", "period=2026-13", "currency=XX"])
def test_a_refused_filter_exports_nothing(browser, clock, query):
    record("inv-1")
    response = browser.get(f"{FILE}?{query}")
    assert response.status_code == 400
    assert b"inv-1" not in response.content


def test_no_cell_is_a_formula_and_no_memo_leaves(browser, reseller, clock):
    record("inv-1", description="=cmd|' /C calc'!A0")
    LedgerEntryFactory.create(
        account=reseller.account,
        kind="adjustment",
        amount_minor=-500,
        status="approved",
        reason="other",
        memo="a word between colleagues",
        actor=reseller.user,
    )
    adjustment, sale = lines(browser.get(FILE))
    assert sale["description"] == "'=cmd|' /C calc'!A0"
    assert adjustment["commission"] == "-5.00"
    assert "colleagues" not in str(adjustment)


def test_stranger_exports_nothing_of_it(client_for, stranger, reseller, clock):
    record("inv-1")
    assert lines(client_for(stranger.user).get(FILE)) == []


def test_it_costs_the_same_at_any_size(browser, clock):
    assert_constant(
        lambda: lines(browser.get(FILE)),
        lambda number: record(f"inv-{number}"),
        sizes=[1, 3],
        expected=5,
    )
