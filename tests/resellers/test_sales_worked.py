"""The worked figures of 5-resellers, sections 5 and 6, to the cent."""

import pytest

from resellers import clock
from resellers.actions.rates import set_rate
from resellers.commission import BasisPoints
from resellers.models import LedgerEntry
from tests.factories.profiles import RateFactory
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
    with clock.at(AT):
        yield


@pytest.mark.parametrize(
    ("programme", "reseller", "referral", "amount", "expected"),
    [
        (1000, "–", "–", 6500, ("earned", 650, "programme")),
        (1000, None, "–", 6500, ("earned", 650, "programme")),
        (1000, 1550, "–", 6500, ("earned", 1008, "reseller")),
        (1000, 1550, 2000, 2900, ("earned", 580, "referral")),
        (1000, 1550, 0, 6500, ("zero", 0, "referral")),
        ("–", "–", "–", 6500, ("no_rate", None, "")),
        ("–", 1050, "–", 6500, ("earned", 683, "reseller")),
        ("–", 1550, "–", 3, ("zero", 0, "reseller")),
        ("–", 1550, "–", 0, ("zero", 0, "reseller")),
        ("–", 1000, "–", 5, ("earned", 1, "reseller")),
        ("–", 10000, "–", 10**14, ("earned", 10**14, "reseller")),
    ],
)
def test_the_table_of_rates(programme, reseller, referral, amount, expected):
    """– is no row; None is a row that says "no rate of its own"."""
    theirs = customer(None)
    owners = {
        "programme": (programme, {}),
        "reseller": (reseller, {"reseller": theirs.reseller}),
        "referral": (referral, {"referral": theirs}),
    }
    for scope, (rate_bp, owner) in owners.items():
        if rate_bp != "–":
            RateFactory.create(scope=scope, rate_bp=rate_bp, **owner)

    sale = record("inv-1", amount)

    sale.refresh_from_db()
    assert (sale.outcome, sale.commission_minor, sale.rate_scope) == expected
    assert standing(sale) == (expected[1] or 0)


def test_twelve_lines_are_rounded_one_by_one():
    customer()
    sales = [record(f"inv-1:{line}") for line in range(12)]
    assert sum(standing(sale) for sale in sales) == 12_096


@pytest.mark.parametrize(
    ("amount", "currency", "rate_bp", "commission"),
    [(999, "JPY", 1550, 155), (10_000, "KWD", 1555, 1_555), (6500, "EUR", 1550, 1008)],
)
def test_currencies_have_their_own_decimals(amount, currency, rate_bp, commission):
    customer(rate_bp)

    sale = record("inv-1", amount, currency)

    assert answer(sale) == ("earned", commission, True)
    entry = LedgerEntry.objects.get()
    assert (entry.amount_minor, entry.currency) == (commission, currency)


def test_five_refunds_take_exactly_the_commission():
    customer()
    sale = record("inv-1")

    refunds = [follow(f"r-{n}", "refunded", "inv-1", 1300) for n in range(5)]

    assert [answer(each) for each in refunds] == [
        ("reversed", -202, True),
        ("reversed", -201, True),
        ("reversed", -202, True),
        ("reversed", -201, True),
        ("reversed", -202, True),
    ]
    assert entries(sale) == [
        ("earning", 1008, "reversed", ""),
        *[
            ("reversal", amount, "reversed", "")
            for amount in (-202, -201, -202, -201, -202)
        ],
    ]


def test_a_rate_changed_between_occurrence_and_arrival():
    """The late event finds yesterday's rate, the punctual one today's."""
    theirs = customer(1000)
    with clock.at(AT + DAY):
        set_rate(
            scope="reseller",
            reseller=theirs.reseller,
            rate=BasisPoints(2000),
            reason="a better deal",
            actor=None,
        )
    with clock.at(AT + 2 * DAY):
        late = record("inv-1", occurred_at=AT + DAY - DAY / 2)
        on_time = record("inv-2", occurred_at=AT + DAY)

    assert [standing(sale) for sale in (late, on_time)] == [650, 1300]
    assert list(LedgerEntry.objects.order_by("id").values_list("rule_ref")) == [
        ("reseller since the beginning",),
        ("reseller since 2026-03-03",),
    ]


def test_a_planned_rate_holds_from_its_day():
    theirs = customer(1000)
    set_rate(
        scope="reseller",
        reseller=theirs.reseller,
        rate=BasisPoints(2000),
        valid_from=AT + 10 * DAY,
        reason="from next week on",
        actor=None,
    )
    before = record("inv-1")
    with clock.at(AT + 10 * DAY):
        after = record("inv-2", occurred_at=AT + 10 * DAY)

    assert [standing(sale) for sale in (before, after)] == [650, 1300]


def test_a_refund_keeps_the_sales_rate():
    theirs = customer(1550)
    sale = record("inv-1")
    set_rate(
        scope="reseller",
        reseller=theirs.reseller,
        rate=BasisPoints(0),
        reason="the deal is over",
        actor=None,
    )

    follow("r-1", "refunded", "inv-1", 6500)

    assert standing(sale) == 0
