"""The worked numbers of 6-ledger, section 4, row by row."""

import datetime
from typing import Any

import pytest

from resellers import clock, ledger
from resellers.commission import BasisPoints, share
from resellers.errors import NothingLeftToReverse, RefundExceedsPaid
from resellers.models import LedgerEntry
from resellers.money import Money
from tests.factories.resellers import AT, AccountFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _at_nine():
    with clock.at(AT):
        yield


@pytest.fixture
def account():
    return AccountFactory()


def usd(text):
    return Money.parse(text, "USD")


def fulfilled(account, *, base="5.77", commission="0.58", percent=10):
    facts: dict[str, Any] = {
        "kind": "earning",
        "source": "marketplace.order",
        "source_ref": "c1",
        "occurred_at": AT,
        "actor": None,
    }
    made: dict[str, Any] = {
        "basis": "markup",
        "base": usd(base),
        "rate": BasisPoints.from_percent_int(percent),
    }
    earned = ledger.post(
        account,
        usd(commission),
        key="mkt:c1:1:commission",
        component="commission",
        **facts,
        **made,
    )
    passed_on = ledger.post(
        account, usd(base), key="mkt:c1:1:base", component="base", **facts
    )
    return earned.entry, passed_on.entry


def sale(account, key="sale:1", paid="65.00", rate="15.5", currency="USD"):
    money = Money.parse(paid, currency)
    points = BasisPoints.from_percent(rate)
    return ledger.post(
        account,
        share(money, points),
        key=key.ljust(8, "0"),
        kind="earning",
        component="commission",
        source="resellers.sale",
        source_ref=key,
        occurred_at=AT,
        actor=None,
        basis="share",
        base=money,
        rate=points,
    ).entry


def undo(root, key, refund=None, **facts):
    return ledger.reverse(
        root,
        key=key.ljust(8, "0"),
        actor=None,
        occurred_at=AT,
        refund=None if refund is None else Money.parse(refund, root.currency),
        **facts,
    ).entry


def balance(account):
    return str(ledger.balances(account)[0].balance)


def test_marketplace_order_fulfilled_partly_refunded_then_failed(account):
    assert ledger.balances(account) == []
    commission, base = fulfilled(account)
    assert (str(commission.money), str(base.money), balance(account)) == (
        "0.58",
        "5.77",
        "6.35",
    )
    assert commission.status == "pending"
    assert commission.available_at == AT + datetime.timedelta(days=7)

    first = undo(commission, "mkt:c1:1:rev:1:commission", "1.00")
    second = undo(base, "mkt:c1:1:rev:1:base", "1.00")
    assert (str(first.money), str(second.money), balance(account)) == (
        "-0.09",
        "-0.91",
        "5.35",
    )

    rest = undo(commission, "mkt:c1:1:fail:commission")
    rest_base = undo(base, "mkt:c1:1:fail:base")
    assert (str(rest.money), str(rest_base.money), balance(account)) == (
        "-0.49",
        "-4.86",
        "0.00",
    )
    assert set(LedgerEntry.objects.values_list("status", flat=True)) == {"reversed"}
    assert LedgerEntry.objects.count() == 6


def test_a_zero_commission_posts_the_base_alone(account):
    commission, base = fulfilled(account, commission="0.00", percent=0)
    assert commission is None
    assert str(undo(base, "mkt:c1:1:rev:1:base", "1.00").money) == "-1.00"
    assert balance(account) == "4.77"


def test_five_refunds_of_a_referral_sale(account):
    root = sale(account)
    assert str(root.money) == "10.08"
    reversed_, standing = [], []
    for number in range(1, 6):
        row = undo(root, f"sale:1:r{number}", "13.00")
        reversed_.append(str(row.money))
        standing.append(balance(account))
    assert reversed_ == ["-2.02", "-2.01", "-2.02", "-2.01", "-2.02"]
    assert standing == ["8.06", "6.05", "4.03", "2.02", "0.00"]
    assert set(LedgerEntry.objects.values_list("status", flat=True)) == {"reversed"}
    with pytest.raises(NothingLeftToReverse):
        undo(root, "sale:1:r6", "0.01")


def test_a_refund_after_the_payout_leaves_a_debt(account):
    root = sale(account)
    rows = LedgerEntry.objects.filter(pk=root.pk)
    rows.update(status="approved")
    rows.update(status="paid")
    LedgerEntry.objects.create(
        account=account,
        currency="USD",
        amount_minor=-1008,
        kind="payout",
        component="commission",
        status="paid",
        available_at=AT,
        occurred_at=AT,
        source="resellers.payout",
        source_ref="1",
        key="pay:item1",
        fingerprint="0" * 64,
    )
    assert balance_of_all(account) == "0.00"
    late = undo(root, "sale:1:r1", "13.00")
    assert (str(late.money), late.status) == ("-2.02", "approved")
    assert balance_of_all(account) == "-2.02"
    sale(account, "sale:2")
    assert balance_of_all(account) == "8.06"
    (only,) = ledger.balances(account)
    assert only.balance + only.paid == only.earned + only.passed_on


def balance_of_all(account):
    amounts = account.entries.values_list("amount_minor", flat=True)
    assert balance(account) == str(Money(sum(amounts), "USD"))
    return str(Money(sum(amounts), "USD"))


def test_three_tickets_are_three_rounded_lines(account):
    for number in range(3):
        row = sale(account, f"ota:{number}", "188.50", "15.5", "HKD")
        assert str(row.money) == "29.22"
    assert balance(account) == "87.66"


def test_a_refund_too_small_for_a_cent_is_still_counted(account):
    root = sale(account, paid="1.00", rate="10")
    assert undo(root, "sale:1:r1", "0.04") is None
    before = usd("0.04")
    late = undo(root, "sale:1:r2", "0.04", refunded_before=before)
    assert (str(late.money), late.refunded_minor) == ("-0.01", 8)


def test_more_than_was_paid_is_never_refunded(account):
    root = sale(account)
    with pytest.raises(RefundExceedsPaid):
        undo(root, "sale:1:r1", "65.01")


def test_a_restore_gives_back_and_may_be_reversed_again(account):
    root = sale(account)
    undo(root, "sale:1:r1", "13.00")
    facts: dict[str, Any] = {"actor": None, "occurred_at": AT}
    back: Any = ledger.restore(root, key="sale:1:b1", **facts).entry
    assert (str(back.money), back.status, back.refunded_minor) == ("2.02", "pending", 0)
    with pytest.raises(NothingLeftToReverse):
        ledger.restore(root, key="sale:1:b2", **facts)
    undo(root, "sale:1:r2")
    again: Any = ledger.restore(
        root, key="sale:1:b3", refund=usd("65.00"), **facts
    ).entry
    assert (str(again.money), again.status) == ("10.08", "pending")
    assert balance(account) == "10.08"


def test_currencies_are_never_added_up(account):
    sale(account)
    sale(account, "sale:2", "999", "15.5", "JPY")
    assert [(b.balance.currency, str(b.balance)) for b in ledger.balances(account)] == [
        ("JPY", "155"),
        ("USD", "10.08"),
    ]
