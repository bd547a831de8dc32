"""Suspend, sell, reactivate: the ledger of a reseller who was never suspended.

Two resellers live through the same months; one is suspended in between.
"""

import datetime
from typing import Any

import pytest

from resellers import clock, ledger
from resellers.actions import accounts, entries
from resellers.actions.statuses import change_status
from resellers.models import Reseller, Sale
from tests.factories.profiles import ResellerFactory
from tests.factories.resellers import AT, LedgerEntryFactory
from tests.resellers import earning, people

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)
REASON = "Asked by phone"


@pytest.fixture(autouse=True)
def _at_nine():
    with clock.at(AT):
        yield


@pytest.fixture
def actor():
    return people.finance()


def move(row: Reseller, status: str, actor: Any) -> None:
    change_status(row, status=status, reason=REASON, actor=actor)


def states(row: Reseller) -> list[Any]:
    found = row.account.entries.order_by("key")
    return list(found.values_list("kind", "amount_minor", "status", "hold_for"))


def entry_on(row: Reseller, **facts: Any) -> None:
    LedgerEntryFactory.create(account=row.account, available_at=AT, **facts)


class Customer:
    """One customer of one reseller, and the sales told of him."""

    def __init__(self, ref: str) -> None:
        self.ref = ref
        referral = earning.customer(ref=ref)
        self.reseller: Reseller = referral.reseller

    def sell(self, name: str, amount: int, at: datetime.datetime) -> Sale:
        return earning.record(
            f"{self.ref}-{name}", amount, customer_ref=self.ref, occurred_at=at
        )

    def follow(
        self, name: str, kind: str, sale: str, amount: int | None = None
    ) -> None:
        earning.follow(
            f"{self.ref}-{name}",
            kind,
            f"{self.ref}-{sale}",
            amount,
            occurred_at=clock.now(),
        )


def before(customer: Customer) -> None:
    customer.sell("old", 6_500, AT - 60 * DAY)
    customer.sell("refunded", 6_500, AT - 60 * DAY)
    customer.sell("young", 2_900, AT)
    customer.sell("disputed", 9_900, AT)


def during(customer: Customer) -> None:
    customer.sell("sold", 6_500, AT + DAY)
    customer.sell("late", 1_300, AT - 60 * DAY)
    customer.follow("r1", "refunded", "refunded", 1_300)
    customer.follow("r2", "refunded", "young", 2_900)
    customer.follow("d1", "disputed", "disputed")


def later(customer: Customer) -> None:
    customer.follow("r3", "refunded", "sold", 1_300)
    customer.sell("new", 6_500, clock.now())


@pytest.mark.parametrize("back_to", ["active", "inactive"])
@pytest.mark.parametrize("days", [1, 31])
def test_the_ledger_equals_that_of_one_never_suspended(actor, days, back_to):
    plain, other = Customer("plain"), Customer("other")
    for each in (plain, other):
        before(each)
    move(other.reseller, "suspended", actor)
    with clock.at(AT + 2 * DAY):
        for each in (plain, other):
            during(each)
        held = Sale.objects.get(event_key="other-sold")
        assert (held.outcome, held.commission_minor) == ("held", 1_008)
        waiting = ledger.balances(other.reseller.account)[0]
        assert (waiting.pending.amount, waiting.available.amount) == (0, 0)
    with clock.at(AT + days * DAY + 3 * DAY):
        entries.settle_due(clock.now())
        move(other.reseller, back_to, actor)
        for each in (plain, other):
            later(each)
        assert states(other.reseller) == states(plain.reseller)
        assert len(states(plain.reseller)) == 10
        for each in (plain, other):
            each.follow("d2", "released", "disputed")
        assert states(other.reseller) == states(plain.reseller)
    assert ledger.balances(other.reseller.account) == ledger.balances(
        plain.reseller.account
    )


def test_what_is_unpaid_stops_and_what_is_disputed_stays(actor):
    row = ResellerFactory()
    entry_on(row, status="approved", amount_minor=2_000, key="mkt:a:1:commission")
    entry_on(
        row,
        status="hold",
        hold_for="dispute",
        amount_minor=3_000,
        key="mkt:b:1:commission",
    )
    entry_on(
        row, kind="payout", amount_minor=-500, status="paid", key="mkt:c:1:commission"
    )
    standing = states(row)
    move(row, "suspended", actor)
    assert states(row) == [
        ("earning", 2_000, "hold", "account"),
        ("earning", 3_000, "hold", "dispute"),
        ("payout", -500, "paid", ""),
    ]
    move(row, "inactive", actor)
    assert states(row) == standing


def test_what_finance_stopped_stays_stopped(actor):
    row = ResellerFactory()
    entry_on(row, status="approved")
    accounts.hold_account(row.account, reason="Papers are missing", actor=actor)
    move(row, "suspended", actor)
    move(row, "active", actor)
    row.account.refresh_from_db()
    assert (row.account.state, row.account.state_reason) == (
        "held",
        "Papers are missing",
    )
    assert states(row) == [("earning", 1_000, "hold", "account")]
