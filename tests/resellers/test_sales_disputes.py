"""Disputes hold what is unpaid of a sale, and suspension all of a reseller."""

import pytest

from resellers import clock
from resellers.actions import accounts
from tests.factories.resellers import AT
from tests.resellers.earning import (
    DAY,
    answer,
    customer,
    entries,
    follow,
    record,
)

pytestmark = pytest.mark.django_db
WHY = "asked the customer"


@pytest.fixture(autouse=True)
def _at_nine():
    with clock.at(AT + 9 * DAY):
        yield


def test_a_dispute_holds_and_a_release_frees():
    customer()
    sale = record("inv-1")

    disputed = follow("d-1", "disputed", "inv-1")
    follow("r-1", "refunded", "inv-1", 1300)
    assert answer(disputed) == ("on_hold", None, True)
    assert entries(sale) == [
        ("earning", 1008, "hold", "dispute"),
        ("reversal", -202, "hold", "dispute"),
    ]

    released = follow("d-2", "released", "inv-1", occurred_at=AT + 2 * DAY)
    assert answer(released) == ("released", None, True)
    assert entries(sale) == [
        ("earning", 1008, "pending", ""),
        ("reversal", -202, "pending", ""),
    ]


def test_the_last_to_happen_counts_whatever_arrives_last():
    customer()
    sale = record("inv-1")

    released = follow("d-2", "released", "inv-1", occurred_at=AT + 2 * DAY)
    disputed = follow("d-1", "disputed", "inv-1", occurred_at=AT + DAY)

    assert answer(released) == answer(disputed) == ("no_effect", None, True)
    assert entries(sale) == [("earning", 1008, "pending", "")]
    again = follow("d-3", "disputed", "inv-1", occurred_at=AT + 3 * DAY)
    assert answer(again) == ("on_hold", None, True)


def test_a_dispute_waits_for_its_sale():
    customer()
    disputed = follow("d-1", "disputed", "inv-1")
    released = follow("d-2", "released", "inv-1", occurred_at=AT + 2 * DAY)
    other = follow("d-3", "disputed", "inv-2")

    sales = [record("inv-1"), record("inv-2")]

    assert [answer(each)[0] for each in (disputed, released, other)] == [
        "on_hold",
        "released",
        "on_hold",
    ]
    assert [entries(each) for each in sales] == [
        [("earning", 1008, "pending", "")],
        [("earning", 1008, "hold", "dispute")],
    ]


def test_what_is_given_back_in_a_dispute_is_held_too():
    customer()
    sale = record("inv-1")
    follow("d-1", "disputed", "inv-1")
    follow("r-1", "refunded", "inv-1", 6500)
    assert [status for _, _, status, _ in entries(sale)] == ["reversed"] * 2

    follow("b-1", "restored", "inv-1", 6500)
    assert entries(sale)[2] == ("restore", 1008, "hold", "dispute")
    follow("d-2", "released", "inv-1", occurred_at=AT + 2 * DAY)
    assert entries(sale)[2] == ("restore", 1008, "pending", "")


def test_a_dispute_of_a_zero_sale_has_no_effect():
    customer(0)
    record("inv-1")
    assert answer(follow("d-1", "disputed", "inv-1")) == ("no_effect", None, True)


def test_suspended_means_held_and_nothing_is_lost():
    theirs, other = customer(), customer(ref="C-2")
    account = theirs.reseller.account
    accounts.hold_account(account, reason=WHY, actor=None)

    held = record("inv-1")
    free = record("inv-2", customer_ref="C-2")
    assert (answer(held), answer(free)) == (
        ("held", 1008, True),
        ("earned", 1008, True),
    )
    assert other.reseller.account != account
    assert entries(held) == [("earning", 1008, "hold", "account")]
    follow("d-1", "disputed", "inv-1")
    follow("d-2", "released", "inv-1", occurred_at=AT + 2 * DAY)
    assert entries(held) == [("earning", 1008, "hold", "account")]

    accounts.release_account(account, reason=WHY, actor=None)
    assert entries(held) == entries(free) == [("earning", 1008, "pending", "")]
    assert answer(held) == ("held", 1008, True)
