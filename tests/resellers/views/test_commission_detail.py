"""`…/commissions/<entry>`: why this number, what it belongs to, what happened."""

import re

import pytest

from resellers import clock as time
from resellers import ledger
from resellers.models import LedgerEntry
from tests.factories.profiles import RateFactory
from tests.factories.resellers import AT, LedgerEntryFactory
from tests.queries import assert_constant
from tests.resellers.earning import DAY, follow, record
from tests.resellers.views.pages import URL, words

pytestmark = pytest.mark.django_db


def address(key: str) -> str:
    return f"{URL}/commissions/{LedgerEntry.objects.get(key=key).pk}"


def lines(page: bytes) -> list[str]:
    """The receipt, line by line."""
    found = re.findall(r'<div class="receipt-line".*?</div>', page.decode(), re.DOTALL)
    return [words(each) for each in found]


def facts(page: bytes) -> list[str]:
    found = re.findall(r'<div class="fact">.*?</div>', page.decode(), re.DOTALL)
    return [words(each) for each in found]


def events(page: bytes) -> list[str]:
    found = re.findall(r'<li class="event".*?</li>', page.decode(), re.DOTALL)
    return [words(each) for each in found]


def test_the_sentence_of_the_specification(browser, reseller, clock):
    """15.5 % of 65.00 since 1 May 2026, sold on 31 May, free on 30 June."""
    RateFactory.create(
        scope="reseller",
        reseller=reseller,
        rate_bp=1550,
        valid_from="2026-05-01T00:00:00Z",
        created_at=AT,
    )
    sold = AT + 90 * DAY  # 31 May 2026
    with time.at(sold):
        record("inv-1", occurred_at=sold, description="Annual plan")

    page = browser.get(address("sale:inv-1")).content
    assert (
        "15.5 % of USD 65.00 = 10.075, rounded half-up to 10.08. Share of what was paid,"
        " before tax. Your rate since 1 May 2026. Available 30 June 2026."
    ) in words(page)
    assert "<h1>Commission of 10.08 USD</h1>" in page.decode()


def test_the_receipt_goes_from_paid_to_earned(browser, clock):
    record("inv-1", description="Annual plan", invoice_ref="INV-1001")
    page = browser.get(address("sale:inv-1")).content

    assert lines(page) == [
        "Paid before tax 65.00 USD",
        "15.5 % of it share of what was paid 10.075 USD",
        "Rounded half-up 10.08 USD",
        "You earn 10.08 USD",
    ]
    entry = LedgerEntry.objects.get()
    assert facts(page) == [
        "Date 2 Mar 2026",
        "Customer C-1001",
        "Bought Annual plan",
        "Invoice INV-1001",
        "Sale inv-1",
        "Statement March 2026",
        f"Entry {entry.pk}",
    ]
    assert f'href="{URL}/commissions?customer=C-1001"' in page.decode()
    assert f'href="{URL}/statements/2026-03"' in page.decode()
    assert events(page) == [
        "C-1001 paid 65.00 USD just now",
        "You earned 10.08 USD This entry just now",
        "Available for a payout 1 Apr 2026",
    ]


def test_an_exact_amount_is_not_rounded(browser, clock):
    record("inv-1", 10_000)
    page = browser.get(address("sale:inv-1")).content
    assert lines(page)[1:] == [
        "15.5 % of it share of what was paid 15.50 USD",
        "You earn 15.50 USD",
    ]


def test_a_refund_says_what_stood_before_and_after(browser, clock):
    record("inv-1")
    for number in range(2):
        clock.shift(DAY / 24)
        at = AT + (number + 1) * DAY / 24
        follow(f"r-{number}", "refunded", "inv-1", 1300, occurred_at=at)

    page = browser.get(address("sale:r-1")).content
    assert "<h1>2.01 USD taken back</h1>" in page.decode()
    assert lines(page) == [
        "Paid before tax 65.00 USD",
        "Refunded so far -26.00 USD",
        "Left of it 39.00 USD",
        "15.5 % of it share of what was paid 6.045 USD",
        "Rounded half-up 6.05 USD",
        "Stood before 8.06 USD",
        "Taken back -2.01 USD",
    ]
    assert "What stands of it: 6.05 USD" in words(page)
    assert events(page) == [
        "C-1001 paid 65.00 USD 2 h ago",
        "You earned 10.08 USD 2 h ago",
        "13.00 USD was refunded 1 h ago",
        "2.02 USD was taken back 1 h ago",
        "13.00 USD was refunded just now",
        "2.01 USD was taken back This entry just now",
        "Available for a payout in 29 days",
    ]


def test_a_restore_gives_back(browser, clock):
    record("inv-1")
    follow("r-1", "refunded", "inv-1", 1300, occurred_at=AT)
    follow("b-1", "restored", "inv-1", 1300, occurred_at=AT)
    page = browser.get(address("sale:b-1")).content
    assert "<h1>2.02 USD given back</h1>" in page.decode()
    assert lines(page)[-2:] == ["Stood before 8.06 USD", "Given back 2.02 USD"]


def test_a_full_refund_takes_exactly_what_was_earned(browser, clock):
    record("inv-1")
    follow("r-1", "refunded", "inv-1", 6500, occurred_at=AT)
    page = browser.get(address("sale:r-1")).content
    assert lines(page)[-1] == "Taken back -10.08 USD"
    assert "What stands of it: 0.00 USD" in words(page)
    assert "Taken back before it was paid" in words(page)


def test_a_dispute_says_why_it_is_held(browser, clock):
    record("inv-1")
    clock.shift(DAY / 24)
    follow("d-1", "disputed", "inv-1", occurred_at=AT + DAY / 24)
    page = browser.get(address("sale:inv-1")).content
    assert events(page)[2:] == [
        "C-1001 disputes the payment just now",
        "On hold while the customer disputes the payment just now",
    ]


def test_what_was_available_and_paid_is_told(browser, client_for, reseller, clock):
    record("inv-1")
    clock.shift(31 * DAY)
    ledger.settle_due(AT + 31 * DAY)
    browser = client_for(reseller.user)
    page = browser.get(address("sale:inv-1")).content
    assert events(page)[-1] == "Available for a payout just now"
    LedgerEntry.objects.update(status="paid", status_at=AT + 31 * DAY)
    assert events(browser.get(address("sale:inv-1")).content)[-1] == "Paid out just now"


def test_an_adjustment_has_a_reason_and_no_receipt(browser, reseller, clock):
    entry = LedgerEntryFactory.create(
        account=reseller.account,
        kind="adjustment",
        amount_minor=-500,
        status="approved",
        reason="goodwill",
        memo="a word between colleagues",
        actor=reseller.user,
        source="staff",
    )
    page = browser.get(f"{URL}/commissions/{entry.pk}").content
    assert lines(page) == []
    assert "Reason goodwill" in facts(page)
    assert "between colleagues" not in page.decode()


def test_a_payout_has_a_page_too(browser, reseller, clock):
    entry = LedgerEntryFactory.create(
        account=reseller.account, kind="payout", amount_minor=-500, status="paid"
    )
    page = browser.get(f"{URL}/commissions/{entry.pk}").content.decode()
    assert "<h1>Payout of 5.00 USD</h1>" in page


def test_a_strangers_entry_is_404_like_a_missing_one(
    client_for, stranger, browser, clock
):
    record("inv-1")
    theirs = address("sale:inv-1")
    assert browser.get(theirs).status_code == 200
    for page in (theirs, f"{URL}/commissions/987654321", f"{URL}/commissions/{2**70}"):
        assert client_for(stranger.user).get(page).status_code == 404, page


def test_it_costs_the_same_at_any_size(browser, clock):
    record("inv-1")
    page = address("sale:inv-1")

    def grow(number: int) -> None:
        follow(f"r-{number}", "refunded", "inv-1", 100, occurred_at=AT)

    assert_constant(lambda: browser.get(page), grow, sizes=[1, 3, 6], expected=9)
