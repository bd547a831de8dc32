"""Totals are queries: a recount by hand, currencies apart, one query per figure."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from resellers import totals
from resellers.models import Reseller
from resellers.totals import Totals
from tests.factories.profiles import (
    LONG_AGO,
    ReferralFactory,
    ResellerFactory,
    SaleFactory,
)
from tests.factories.resellers import AT, LedgerEntryFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def reseller():
    return ResellerFactory.create()


@pytest.fixture
def referral(reseller):
    return ReferralFactory.create(reseller=reseller)


def sold(referral, amount=6_500, commission=1_008, **facts):
    """An earned sale as the action leaves it."""
    answer = {
        "outcome": "earned" if commission else "zero",
        "customer_ref": referral.customer_ref,
        "referral": referral,
        "rate_bp": 1_550,
        "rate_scope": "reseller",
        "rate_since": LONG_AGO,
        "commission_minor": commission,
        "posted_at": AT,
    }
    return SaleFactory.create(amount_minor=amount, **answer | facts)


def followed(sale, kind, amount, commission):
    """A refund or a restore of it."""
    outcome = {"refunded": "reversed", "restored": "restored"}[kind]
    return SaleFactory.create(
        kind=kind,
        customer_ref="",
        sale_key=sale.event_key,
        sale=sale,
        referral=sale.referral,
        currency=sale.currency,
        amount_minor=amount,
        commission_minor=commission,
        outcome=outcome,
        posted_at=AT,
    )


def counted(referral):
    return SaleFactory.create(
        kind="document",
        customer_ref=referral.customer_ref,
        currency="",
        amount_minor=0,
        referral=referral,
        outcome="counted",
        posted_at=AT,
    )


def earned(reseller, amount, **facts):
    account = reseller.account
    return LedgerEntryFactory.create(account=account, amount_minor=amount, **facts)


def of(reseller, currency="USD"):
    return totals.totals_of([reseller.pk], currency)[reseller.pk]


def test_a_reseller_without_anything_has_zeros(reseller):
    assert of(reseller) == Totals(0, 0, 0, 0)
    assert totals.by_currency(reseller) == []
    assert totals.referral_totals([]) == {}


def test_revenue_is_paid_less_refunded_plus_restored(referral):
    sale = sold(referral)
    followed(sale, "refunded", 1_300, -202)
    followed(sale, "refunded", 1_300, -201)
    followed(sale, "restored", 1_300, 201)
    sold(referral, amount=3, commission=0)
    sold(referral, outcome="no_rate", amount=100, commission=None, posted_at=None)

    assert of(referral.reseller).revenue == 6_500 - 1_300 + 3 + 100


def test_what_is_nobodys_counts_nowhere(referral):
    SaleFactory.create()
    SaleFactory.create(
        kind="refunded", customer_ref="", sale_key="unknown", outcome="waiting"
    )
    SaleFactory.create(
        kind="document", currency="", amount_minor=0, outcome="not_attributed"
    )

    assert of(referral.reseller) == Totals(customers=1)


def test_customers_are_counted_once_and_mistakes_never(reseller):
    day = timedelta(days=1)
    ended = {"ended_at": LONG_AGO + day, "end_reason": "customer_left"}
    ReferralFactory.create(reseller=reseller, customer_ref="C-1", **ended)
    ReferralFactory.create(
        reseller=reseller, customer_ref="C-1", referred_at=LONG_AGO + day
    )
    ReferralFactory.create(reseller=reseller, customer_ref="c-1")
    mistake = {"ended_at": LONG_AGO + day, "end_reason": "mistake"}
    ReferralFactory.create(reseller=reseller, customer_ref="C-2", **mistake)

    assert of(reseller).customers == 2


def test_documents_are_those_counted(referral):
    counted(referral)
    counted(referral)

    assert of(referral.reseller) == Totals(customers=1, documents=2)


def test_commission_is_all_but_what_was_paid_out(reseller):
    root = earned(reseller, 1_008)
    earned(reseller, -202, kind="reversal", reverses=root, refunded_minor=1_300)
    earned(reseller, -500, kind="payout", status="paid", source="resellers.payout")
    earned(reseller, 100, kind="payout_return", source="resellers.payout")
    earned(reseller, 700, component="base")
    earned(ResellerFactory.create(), 9_999)

    assert of(reseller).commission == 806


def test_currencies_stay_apart(referral):
    sold(referral)
    sold(referral, currency="EUR", amount=2_000, commission=310)
    sold(referral, currency="JPY", amount=999, commission=155)
    earned(referral.reseller, 1_008)
    earned(referral.reseller, 310, currency="EUR")
    earned(referral.reseller, 5, currency="CHF")
    expected = [
        {"currency": "CHF", "revenue": 0, "commission": 5},
        {"currency": "EUR", "revenue": 2_000, "commission": 310},
        {"currency": "JPY", "revenue": 999, "commission": 0},
        {"currency": "USD", "revenue": 6_500, "commission": 1_008},
    ]

    assert totals.by_currency(referral.reseller) == expected
    for row in expected:
        mine = of(referral.reseller, row["currency"])
        assert (mine.revenue, mine.commission) == (row["revenue"], row["commission"])
    assert totals.referral_totals([referral.pk]) == {
        referral.pk: [
            {"currency": "EUR", "revenue": 2_000, "commission": 310},
            {"currency": "JPY", "revenue": 999, "commission": 155},
            {"currency": "USD", "revenue": 6_500, "commission": 1_008},
        ]
    }


def test_a_moved_customers_sales_stay_where_they_were(reseller):
    day = timedelta(days=1)
    ended = {"ended_at": LONG_AGO + day, "end_reason": "moved"}
    before = ReferralFactory.create(reseller=reseller, customer_ref="C-1", **ended)
    after = ReferralFactory.create(customer_ref="C-1", referred_at=LONG_AGO + day)
    sale = sold(before)
    sold(after, amount=100, commission=16)
    followed(sale, "refunded", 6_500, -1_008)

    assert of(reseller) == Totals(customers=1, revenue=0)
    assert of(after.reseller) == Totals(customers=1, revenue=100)


def test_totals_equal_a_recount():
    resellers = ResellerFactory.create_batch(4)
    for number, reseller in enumerate(resellers):
        for referral in ReferralFactory.create_batch(number, reseller=reseller):
            sale = sold(referral, amount=100 * number)
            followed(sale, "refunded", 7, -1)
            counted(referral)

    assert totals.totals_of([each.pk for each in resellers], "USD") == {
        each.pk: Totals(n, n, n * (100 * n - 7), 0) for n, each in enumerate(resellers)
    }


def test_a_list_asks_for_two_figures_only(referral):
    sold(referral)
    ids = [referral.reseller.pk, ResellerFactory.create().pk]
    with CaptureQueriesContext(connection) as seen:
        found = totals.brought_by(ids, "USD")

    assert found == {ids[0]: (1, 6_500), ids[1]: (0, 0)}
    assert len(seen) == 2


@pytest.mark.parametrize("rows", [1, 3, 40])
def test_one_query_per_figure(rows):
    for reseller in ResellerFactory.create_batch(rows):
        sold(ReferralFactory.create(reseller=reseller))
    ids = list(Reseller.objects.values_list("pk", flat=True))
    with CaptureQueriesContext(
        connection,
    ) as seen:
        found = totals.totals_of(ids, "USD")

    assert len(seen) == 4
    assert {each.revenue for each in found.values()} == {6_500}
    with CaptureQueriesContext(connection) as seen:
        totals.by_currency(reseller)
    assert len(seen) == 2
