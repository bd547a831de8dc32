"""Whatever arrives first, and however often: the books end in one sum.

The oracle knows no ledger: half up of what is left times the rate, in fractions.
"""

from fractions import Fraction
from itertools import count
from math import floor
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resellers import clock
from resellers.actions.referrals import attribute_customer
from resellers.actions.sales import post_earlier
from resellers.commission import BasisPoints
from resellers.errors.profiles import RefundExceedsSale, RestoreExceedsRefund
from resellers.models import LedgerEntry, Outcome, Sale
from resellers.money import Money
from resellers.sales import SaleFact
from tests.factories.profiles import ResellerFactory
from tests.factories.resellers import AT
from tests.figures import scaled
from tests.resellers.earning import DAY, tell
from tests.resellers.test_rates import give

pytestmark = [pytest.mark.django_db, pytest.mark.property]
NUMBERS = count()
TOO_MUCH = (RefundExceedsSale, RestoreExceedsRefund)
ATTRIBUTE = "the customer is attributed"


def oracle(left: int, rate_bp: int) -> int:
    return floor(Fraction(left * rate_bp, 10_000) + Fraction(1, 2))


def signed(fact: Any) -> int:
    signs = {"refunded": -1, "restored": 1}
    return signs.get(fact.kind, 0) * (fact.money.amount if fact.money else 0)


@st.composite
def stories(draw: st.DrawFn) -> Any:
    """An amount, a rate, what follows in order of occurrence, how all of it arrives.

    Refunds take at most what was paid; some of them fail later, and some disputes end.
    """
    amount = draw(st.integers(0, 10_000))
    left = amount
    happened: list[tuple[str, int | None]] = []
    for _ in range(draw(st.integers(0, 4))):
        refund = draw(st.integers(0, left))
        left -= refund
        happened.append(("refunded", refund))
        if draw(st.booleans()):
            happened.append(("restored", draw(st.integers(0, refund))))
    for kind in draw(st.lists(st.sampled_from(["disputed", "released"]), max_size=3)):
        happened.insert(draw(st.integers(0, len(happened))), (kind, None))
    places = list(range(-1, len(happened)))
    arrivals = draw(
        st.permutations([*places, *draw(st.lists(st.sampled_from(places)))])
    )
    late = draw(st.none() | st.integers(0, len(arrivals)))
    rate_bp = draw(st.integers(0, 10_000) | st.sampled_from([1550, 1050, 5000]))
    return amount, rate_bp, happened, arrivals, late


def facts_of(amount: int, happened: Any) -> tuple[str, list[SaleFact]]:
    """The sale last, so that place -1 is the sale."""
    number = next(NUMBERS)
    ref, key = f"C-{number}", f"inv-{number}"
    told = [
        SaleFact(
            kind,
            "api",
            f"{key}:{place}",
            AT + (place + 1) * DAY,
            sale_key=key,
            money=None if minor is None else Money(minor, "USD"),
        )
        for place, (kind, minor) in enumerate(happened)
    ]
    sale = SaleFact(
        "paid", "api", key, AT, customer_ref=ref, money=Money(amount, "USD")
    )
    return ref, [*told, sale]


def deliver(steps: list[Any], attribute: Any) -> None:
    """What is refused now is sent again, as a shop does, until all is told."""
    while steps:
        refused = []
        for step in steps:
            if step == ATTRIBUTE:
                attribute()
                continue
            try:
                tell(step)
            except TOO_MUCH:
                refused.append(step)
        assert len(refused) < len(steps), "nothing fits any more"
        steps = refused


@settings(max_examples=scaled(300, 6), deadline=None)
@given(stories())
def test_any_order_ends_in_one_sum(story):
    amount, rate_bp, happened, arrivals, late = story
    ref, facts = facts_of(amount, happened)
    reseller = ResellerFactory.create()
    steps: list[Any] = [facts[place] for place in arrivals]

    def attribute():
        referral = attribute_customer(
            reseller, customer_ref=ref, referred_at=AT, origin="staff", actor=None
        )
        post_earlier(referral, actor=None)

    steps.insert(0 if late is None else late, ATTRIBUTE)
    with clock.at(AT + 99 * DAY):
        give(reseller, BasisPoints(rate_bp), from_beginning=True)
        deliver(steps, attribute)

    left = amount + sum(signed(fact) for fact in facts)
    rows = LedgerEntry.objects.filter(account=reseller.account)
    assert sum(row.amount_minor for row in rows) == oracle(left, rate_bp)
    sales = Sale.objects.filter(event_key__in=[fact.event_key for fact in facts])
    assert sales.count() == len(facts)
    assert all(sale.is_posted for sale in sales)
    assert sum(sale.commission_minor or 0 for sale in sales) == oracle(left, rate_bp)
    held = [kind for kind, _ in happened if kind in {"disputed", "released"}][-1:]
    unpaid = rows.exclude(status="reversed")
    assert {row.hold_for for row in unpaid if row.amount_minor > 0} == (
        set() if not unpaid else {"dispute"} if held == ["disputed"] else {""}
    )


@st.composite
def heaps(draw: st.DrawFn) -> Any:
    """Refunds and restores of any size, as no honest shop would send them."""
    amount = draw(st.integers(1, 500))
    kinds = st.sampled_from(["refunded", "restored"])
    happened = draw(st.lists(st.tuples(kinds, st.integers(0, 600)), max_size=8))
    place = draw(st.integers(0, len(happened)))
    return amount, draw(st.integers(0, 10_000)), happened, place


@settings(max_examples=scaled(200, 5), deadline=None)
@given(heaps())
def test_what_is_taken_back_never_exceeds_the_sale(heap):
    """The sale arrives somewhere in between; what does not fit is refused or waits."""
    amount, rate_bp, happened, place = heap
    ref, facts = facts_of(amount, happened)
    reseller = ResellerFactory.create()
    steps = facts[:-1]
    steps.insert(place, facts[-1])

    with clock.at(AT + 99 * DAY):
        give(reseller, BasisPoints(rate_bp), from_beginning=True)
        attribute_customer(
            reseller, customer_ref=ref, referred_at=AT, origin="staff", actor=None
        )
        for step in steps:
            try:
                tell(step)
            except TOO_MUCH:
                assert not Sale.objects.filter(event_key=step.event_key).exists()

    keys = [fact.event_key for fact in facts]
    counted = Sale.objects.filter(event_key__in=keys).exclude(outcome=Outcome.WAITING)
    refunded = -sum(signed(sale) for sale in counted)
    assert 0 <= refunded <= amount
    rows = LedgerEntry.objects.filter(account=reseller.account)
    assert sum(row.amount_minor for row in rows) == oracle(amount - refunded, rate_bp)
