"""Refunds and restores: cumulative, never more than there is, in any company."""

import pytest

from resellers import clock, ledger
from resellers.actions.referrals import move_referral
from resellers.errors import CurrencyMismatch, Invalid
from resellers.errors.profiles import RefundExceedsSale, RestoreExceedsRefund
from resellers.models import AuditEntry, LedgerEntry, Sale
from resellers.money import Money
from tests.factories.profiles import ResellerFactory
from tests.factories.resellers import AT
from tests.resellers.earning import (
    DAY,
    answer,
    customer,
    entries,
    follow,
    record,
    standing,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _at_nine():
    with clock.at(AT + 2 * DAY):
        yield


def test_a_refund_names_its_sale_and_referral():
    theirs = customer()
    sale = record("inv-1")
    other = ResellerFactory.create()
    move_referral(theirs, to=other, reason="asked for it", actor=None)

    refund = follow("r-1", "refunded", "inv-1", 1300)

    refund.refresh_from_db()
    assert (refund.sale, refund.referral) == (sale, theirs)
    entry = LedgerEntry.objects.get(key="sale:r-1")
    assert (entry.account, entry.money) == (
        theirs.reseller.account,
        Money(-202, "USD"),
    )
    told = AuditEntry.objects.get(object_ref="r-1")
    assert (told.action, told.object_type, told.after) == (
        "sale.recorded",
        "resellers.sale",
        {
            "kind": "refunded",
            "outcome": "reversed",
            "amount": {"amount_minor": 1300, "currency": "USD"},
            "commission": {"amount_minor": -202, "currency": "USD"},
        },
    )


def test_a_failed_refund_gives_back_what_it_took():
    customer()
    sale = record("inv-1")
    follow("r-1", "refunded", "inv-1", 1300)
    follow("r-2", "refunded", "inv-1", 1300)

    back = follow("b-1", "restored", "inv-1", 1300)

    assert answer(back) == ("restored", 201, True)
    assert standing(sale) == 806


def test_too_small_to_move_a_cent():
    """0.05 at 15.5 %: 0.00775. A cent less is still 0.01, and so on, exactly."""
    customer()
    sale = record("inv-1", 5)

    told = [
        answer(follow("r-1", "refunded", "inv-1", 1)),
        answer(follow("b-1", "restored", "inv-1", 1)),
        answer(follow("r-2", "refunded", "inv-1", 1)),
        answer(follow("r-3", "refunded", "inv-1", 1)),
        answer(follow("b-2", "restored", "inv-1", 2)),
        answer(follow("r-4", "refunded", "inv-1", 5)),
    ]

    assert told == [
        ("no_effect", 0, True),
        ("no_effect", 0, True),
        ("no_effect", 0, True),
        ("reversed", -1, True),
        ("restored", 1, True),
        ("reversed", -1, True),
    ]
    assert standing(sale) == 0


def test_a_restore_without_an_entry_is_not_forgotten():
    """After it 12.99 are refunded; the ledger's last row still says 13.00."""
    customer()
    sale = record("inv-1")
    follow("r-1", "refunded", "inv-1", 1300)
    assert answer(follow("b-1", "restored", "inv-1", 1)) == ("no_effect", 0, True)
    follow("r-2", "refunded", "inv-1", 1301)

    # 39.00 × 15.5 % = 6.045; counted from 13.00 it would be 38.99: 6.04345
    assert standing(sale) == 605
    assert LedgerEntry.objects.get(key="sale:r-2").refunded_minor == 2600
    follow("b-2", "restored", "inv-1", 2600)
    assert standing(sale) == 1008


def test_beyond_what_is_left():
    customer()
    sale = record("inv-1")
    follow("r-1", "refunded", "inv-1", 1300)

    with pytest.raises(RefundExceedsSale) as refund:
        follow("r-2", "refunded", "inv-1", 5201)
    with pytest.raises(RestoreExceedsRefund) as restore:
        follow("b-1", "restored", "inv-1", 1301)
    with pytest.raises(CurrencyMismatch):
        follow("r-3", "refunded", "inv-1", money=Money(1300, "EUR"))

    assert (refund.value.status, refund.value.extra) == (409, {"left": 5200})
    assert (restore.value.status, restore.value.extra) == (409, {"refunded": 1300})
    assert Sale.objects.count() == 2
    follow("r-2", "refunded", "inv-1", 5200)
    assert standing(sale) == 0


def test_a_refund_of_a_zero_sale_has_no_effect():
    customer(0)
    sale = record("inv-1")
    refund = follow("r-1", "refunded", "inv-1", 6500)
    assert answer(refund) == ("no_effect", 0, True)
    assert entries(sale) == []


def test_a_refund_of_nothing_has_no_effect():
    customer()
    record("inv-1")
    assert answer(follow("r-1", "refunded", "inv-1", 0)) == ("no_effect", 0, True)


@pytest.mark.parametrize("kind", ["refunded", "restored"])
def test_what_follows_names_a_sale(kind):
    customer()
    record("inv-1")
    follow("r-1", "refunded", "inv-1", 1300)

    with pytest.raises(Invalid):
        follow("r-2", kind, "r-1", 100)
    with pytest.raises(Invalid):
        follow("r-2", kind, "r-2", 100)

    assert Sale.objects.count() == 2


def test_a_refund_waits_for_its_sale():
    customer()
    late = follow("r-2", "refunded", "inv-1", 1300, occurred_at=AT + 2 * DAY)
    early = follow("r-1", "refunded", "inv-1", 1300, occurred_at=AT + DAY)
    assert answer(early) == answer(late) == ("waiting", None, False)

    sale = record("inv-1")

    assert entries(sale) == [
        ("earning", 1008, "pending", ""),
        ("reversal", -202, "pending", ""),
        ("reversal", -201, "pending", ""),
    ]
    assert [answer(each) for each in (early, late)] == [
        ("reversed", -202, True),
        ("reversed", -201, True),
    ]
    told = AuditEntry.objects.order_by("id").values_list("action", "object_ref")
    assert list(told) == [
        ("sale.recorded", "r-2"),
        ("sale.recorded", "r-1"),
        ("sale.recorded", "inv-1"),
        ("sale.posted", "r-1"),
        ("sale.posted", "r-2"),
    ]


def test_a_refund_that_is_too_large_waits_on():
    """The sale is none the worse, and what makes room is met by the next event."""
    customer()
    first = follow("r-1", "refunded", "inv-1", 5000)
    large = follow("r-2", "refunded", "inv-1", 3000, occurred_at=AT + 2 * DAY)
    other = follow("r-3", "refunded", "inv-1", money=Money(1, "EUR"))

    sale = record("inv-1")

    assert answer(sale) == ("earned", 1008, True)
    assert answer(first) == ("reversed", -775, True)
    assert answer(large) == answer(other) == ("waiting", None, False)
    large.refresh_from_db()
    assert (large.sale, large.referral) == (sale, None)
    assert standing(sale) == 233
    follow("b-1", "restored", "inv-1", 2000)
    assert answer(large) == ("reversed", -465, True)
    assert standing(sale) == 78
    assert answer(other) == ("waiting", None, False)


def test_a_refund_after_staff_took_part_of_it_takes_the_rest():
    customer()
    sale = record("inv-1")
    root = LedgerEntry.objects.get()
    ledger.reverse(
        root, key="adj:staff-1", actor=None, occurred_at=AT, refund=Money(1300, "USD")
    )

    assert answer(follow("r-1", "refunded", "inv-1", 6500)) == ("reversed", -806, True)
    assert standing(sale) == 0


def test_a_refund_after_staff_took_everything_has_no_effect():
    customer()
    sale = record("inv-1")
    ledger.reverse(
        LedgerEntry.objects.get(), key="adj:staff-1", actor=None, occurred_at=AT
    )

    assert answer(follow("r-1", "refunded", "inv-1", 1300)) == ("no_effect", 0, True)
    assert standing(sale) == 0
