"""`…/statements` and one month: the figures add up, on the page and in the file."""

import csv
import re

import pytest

from resellers import clock as time
from tests.factories.resellers import AT, LedgerEntryFactory
from tests.queries import assert_constant
from tests.resellers.earning import DAY, follow, record
from tests.resellers.views.pages import URL, rows, words

pytestmark = pytest.mark.django_db

LIST = f"{URL}/statements"


@pytest.fixture
def lived(browser, reseller, clock):
    """December: 10.08. January: 2.02 taken back, paid 5.00. March: 15.50 EUR."""
    december, january = AT - 80 * DAY, AT - 40 * DAY
    with time.at(december):
        record("dec", occurred_at=december, description="Annual plan")
    with time.at(january):
        follow("jan", "refunded", "dec", 1300, occurred_at=january)
        LedgerEntryFactory.create(
            account=reseller.account,
            kind="payout",
            amount_minor=-500,
            status="paid",
            source="resellers.payout",
            occurred_at=january,
            posted_at=january,
            available_at=january,
        )
    record("eur", 10_000, "EUR")
    return browser


def test_the_first_one_is_promised(browser):
    assert "The first one appears after your first month." in words(
        browser.get(LIST).content
    )


def test_months_of_a_year_newest_first(lived):
    page = lived.get(LIST).content
    assert rows(page, "statement") == [
        "March 2026 Open, not final 0.00 EUR 15.50 EUR 0.00 EUR 15.50 EUR",
        "March 2026 Open, not final 3.06 USD 0.00 USD 0.00 USD 3.06 USD",
        "February 2026 Closed 3.06 USD 0.00 USD 0.00 USD 3.06 USD",
        "January 2026 Closed 10.08 USD -2.02 USD -5.00 USD 3.06 USD",
    ]
    assert "Statements 5" in words(page)
    assert rows(lived.get(f"{LIST}?year=2025").content, "statement") == [
        "December 2025 Closed 0.00 USD 10.08 USD 0.00 USD 10.08 USD"
    ]


@pytest.mark.parametrize("year", ["1999", "x", ""])
def test_an_unknown_year_is_the_newest(lived, year):
    page = lived.get(f"{LIST}?year={year}").content
    assert rows(page, "statement")[0].startswith("March 2026")


def test_one_month_adds_up_from_opening_to_closing(lived, reseller):
    page = lived.get(f"{LIST}/2026-01").content
    text = words(page)
    assert f"Statement {reseller.code}/2026-01/USD" in text
    assert "1 Jan 2026 to 31 Jan 2026" in text
    sums = re.findall(r'<div class="receipt-line".*?</div>', page.decode(), re.DOTALL)
    assert [words(each) for each in sums] == [
        "Opening balance 10.08 USD",
        "Commission earned 0.00 USD",
        "Taken back by refunds -2.02 USD",
        "Paid out -5.00 USD",
        "Closing balance 3.06 USD",
    ]
    refund, payout = rows(page, "line")
    assert refund.startswith("21 Jan 2026")
    assert refund.endswith("C-1001 Taken back · Annual plan Pending -2.02 USD")
    assert payout.endswith("Payout Paid -5.00 USD")


def test_the_present_month_is_open_and_has_each_currency(lived):
    text = words(lived.get(f"{LIST}/2026-03").content)
    assert text.count("Open, not final") == 3
    assert text.count("Balance so far") == 2
    assert "Nothing was put on the account in this month; the balance stands." in text


@pytest.mark.parametrize(
    "month", ["2025-11", "2026-04", "2026-13", "2026", "x", "9999-12", "2026-1"]
)
def test_a_month_without_a_statement_is_404(lived, month):
    assert lived.get(f"{LIST}/{month}").status_code == 404
    assert lived.get(f"{LIST}/{month}.csv").status_code == 404


def test_the_file_has_the_lines_of_the_month(lived, reseller):
    response = lived.get(f"{LIST}/2026-01.csv")
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    refund, payout = csv.DictReader(text.splitlines())
    assert response["Content-Disposition"] == (
        'attachment; filename="statement-2026-01.csv"'
    )
    assert refund.pop("entry").isdigit()
    assert refund == {
        "date": "2026-01-21T09:00:00+00:00",
        "kind": "reversal",
        "component": "commission",
        "source": "resellers.sale",
        "reference": "dec",
        "basis": "",
        "base": "",
        "rate": "",
        "amount": "-2.02",
        "currency": "USD",
        "status": "pending",
    }
    assert (payout["kind"], payout["amount"]) == ("payout", "-5.00")


def test_the_lines_of_a_month_are_its_figures(lived):
    """Page and file tell one sum."""
    for month, closing in (("2025-12", "10.08"), ("2026-01", "-7.02")):
        response = lived.get(f"{LIST}/{month}.csv")
        text = b"".join(response.streaming_content).decode("utf-8-sig")
        cents = sum(
            int(row["amount"].replace(".", ""))
            for row in csv.DictReader(text.splitlines())
        )
        assert cents == int(closing.replace(".", ""))


def test_stranger_has_no_such_month(client_for, stranger, lived):
    browser = client_for(stranger.user)
    assert browser.get(f"{LIST}/2026-01").status_code == 404
    assert browser.get(f"{LIST}/2026-01.csv").status_code == 404
    assert rows(browser.get(LIST).content, "statement") == []


def test_the_zone_of_the_account_is_said(lived, reseller):
    assert "time of" not in words(lived.get(LIST).content)
    reseller.account.zone = "Europe/Kyiv"
    reseller.account.save()
    assert "by the time of Europe/Kyiv" in words(lived.get(LIST).content)
    assert "time of Europe/Kyiv" in words(lived.get(f"{LIST}/2026-01").content)


def test_it_costs_the_same_at_any_size(browser, clock):
    def grow(number: int) -> None:
        at = AT - number * 31 * DAY
        with time.at(at):
            record(f"inv-{number}", occurred_at=at)

    assert_constant(lambda: browser.get(LIST), grow, sizes=[1, 3], expected=5)


def test_a_month_costs_the_same_at_any_size(browser, clock):
    assert_constant(
        lambda: browser.get(f"{LIST}/2026-03"),
        lambda number: record(f"inv-{number}"),
        sizes=[1, 3],
        expected=7,
    )
