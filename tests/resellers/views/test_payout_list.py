"""`…/payouts`: what left, what comes next, and how."""

import pytest

from resellers import clock as time
from resellers import ledger
from resellers.actions import statuses
from tests.factories.resellers import AT, LedgerEntryFactory
from tests.queries import assert_constant
from tests.resellers.earning import DAY, record
from tests.resellers.views.pages import URL, rows, words

pytestmark = pytest.mark.django_db

LIST = f"{URL}/payouts"


def payout(reseller, amount=-500, kind="payout", **facts):
    status = "approved" if kind == "payout_return" else "paid"
    return LedgerEntryFactory.create(
        account=reseller.account,
        kind=kind,
        amount_minor=amount,
        status=status,
        source="resellers.payout",
        **facts,
    )


def test_none_yet(browser):
    page = words(browser.get(LIST).content)
    assert "No payout yet The first one appears after your first month." in page
    assert "Nothing is available yet." in page


def test_a_payout_is_what_arrived(browser, reseller, clock):
    payout(reseller)
    payout(reseller, 500, kind="payout_return")
    assert rows(browser.get(LIST).content, "payout") == [
        "2 Mar 2026 , Payout returned Payout returned Returned -5.00 USD",
        "2 Mar 2026 , Payout Payout Sent 5.00 USD",
    ]


def test_what_is_due_next_by_currency(browser, reseller, clock):
    for currency in ("USD", "EUR"):
        with time.at(AT - 40 * DAY):
            record(f"old-{currency}", 6500, currency, occurred_at=AT - 40 * DAY)
    record("new")
    ledger.settle_due(AT)
    assert "Next payout Available 10.08 EUR Available 10.08 USD" in words(
        browser.get(LIST).content
    )


def test_a_debt_is_named(browser, reseller, clock):
    LedgerEntryFactory.create(
        account=reseller.account,
        kind="adjustment",
        amount_minor=-202,
        status="approved",
        reason="other",
        memo="a correction",
        actor=reseller.user,
    )
    assert "Next payout You owe 2.02 USD" in words(browser.get(LIST).content)


def test_how_it_is_set_up(browser, reseller, clock):
    account = reseller.account
    account.method, account.stripe_account_id = "stripe", "acct_12345678"
    account.save()
    page = browser.get(LIST).content
    assert (
        "Set-up Paid by Stripe Stripe account …5678 Settled Every month"
        " Payment terms Net 30 days: available 30 days after the sale"
    ) in words(page)
    assert "acct_1234" not in page.decode()


def test_a_held_account_says_that_payouts_are_stopped(browser, reseller, clock):
    statuses.change_status(
        reseller, status="suspended", reason="under review", actor=None
    )
    assert "At present Payouts are stopped" in words(browser.get(LIST).content)


def test_stranger_sees_none_of_it(client_for, stranger, reseller, clock):
    payout(reseller)
    assert rows(client_for(stranger.user).get(LIST).content, "payout") == []


def test_it_costs_the_same_at_any_size(browser, reseller, clock):
    assert_constant(
        lambda: browser.get(LIST),
        lambda _: payout(reseller),
        sizes=[1, 3],
        expected=7,
    )
