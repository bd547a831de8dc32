"""`…/referrals`: customers by reference, a hint of their address, what they brought."""

import re
from datetime import timedelta

import pytest

from tests.factories.profiles import RateFactory, ReferralFactory
from tests.factories.resellers import AT
from tests.queries import assert_constant
from tests.resellers.earning import follow, record
from tests.resellers.views.pages import HTMX, URL, rows, words

pytestmark = pytest.mark.django_db

LIST = f"{URL}/referrals"


def test_nobody_yet(client_for, passer_by):
    ReferralFactory.create(reseller__user=passer_by).delete()
    assert "No customers yet" in words(client_for(passer_by).get(LIST).content)


def test_a_row_says_who_since_when_and_how_much(browser, clock):
    record("inv-1")
    record("inv-2", 10_000, "EUR")
    follow("r-1", "refunded", "inv-1", 1300, occurred_at=AT)
    page = browser.get(LIST).content
    assert rows(page, "referral") == [
        "C-1001 , commissions c…@example.com 1 Jan 2025"
        " 100.00 EUR 52.00 USD 15.50 EUR 8.06 USD"
    ]
    assert "customer@example.com" not in page.decode()
    assert f'href="{URL}/commissions?customer=C-1001"' in page.decode()


def test_a_customer_without_a_sale_brought_nothing_known(browser):
    assert rows(browser.get(LIST).content, "referral") == [
        "C-1001 , commissions c…@example.com 1 Jan 2025 N/A N/A"
    ]


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("moved", "with another reseller now"),
        ("customer_left", "left"),
        ("mistake", "was a mistake"),
        ("other", "ended"),
    ],
)
def test_an_ended_customer_stays_and_says_why(browser, referral, reason, said):
    referral.ended_at, referral.end_reason = AT, reason
    referral.save()
    (row,) = rows(browser.get(LIST).content, "referral")
    assert f"1 Jan 2025 2 Mar 2026 {said} N/A" in row


def test_a_rate_of_the_customer_is_said(browser, referral, clock):
    RateFactory.create(scope="referral", referral=referral, rate_bp=0)
    (row,) = rows(browser.get(LIST).content, "referral")
    assert row.endswith("0 % for this customer")


def test_notes_of_staff_are_not_shown(browser, referral):
    referral.notes = "a word between colleagues"
    referral.save()
    assert b"between colleagues" not in browser.get(LIST).content


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("1001", ["C-1001"]),
        ("c-20", ["C-2002"]),
        ("Customer@Example.com", ["C-1001"]),
        ("customer@", []),
        ("%", []),
        ("  ", ["C-2002", "C-1001"]),
        ("C-9009", []),
    ],
)
def test_search_by_reference_or_whole_address(
    browser, reseller, stranger, typed, found
):
    ReferralFactory.create(reseller=reseller, customer_ref="C-2002", referred_at=AT)
    page = browser.get(LIST, {"q": typed}).content
    assert [row.split()[0] for row in rows(page, "referral")] == found
    assert "Customers 2" in words(page)
    if not found:
        assert "No customer matches" in words(page)


def test_stranger_sees_their_own_alone(client_for, stranger, reseller):
    page = client_for(stranger.user).get(LIST).content
    assert [row.split()[0] for row in rows(page, "referral")] == ["C-9009"]


def test_pages_meet_each_customer_once(browser, reseller):
    for number in range(59):
        at = AT - timedelta(days=number)
        ReferralFactory.create(reseller=reseller, referred_at=at)
    first = browser.get(LIST).content.decode()
    found = re.search(r'hx-get="([^"]+)" hx-target="#referral-pager"', first)
    assert found
    more = browser.get(LIST + found[1].replace("&amp;", "&"), **HTMX).content.decode()
    met = re.findall(r'<tr id="referral-([0-9a-f-]{36})"', first + more)
    assert len(met) == 60
    assert len(set(met)) == 60


def test_it_costs_the_same_at_any_size(browser, reseller, clock):
    def grow(number: int) -> None:
        ReferralFactory.create(reseller=reseller, customer_ref=f"G-{number}")
        record(f"inv-{number}", customer_ref=f"G-{number}")

    assert_constant(lambda: browser.get(LIST), grow, sizes=[1, 3], expected=8)
