"""Earnings: by query, per currency, equal to the ledger."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from marketplace import errors, reports
from marketplace.actions import endings, orders
from resellers import clock, ledger
from resellers.money import Money
from tests.factories.marketplace import (
    WHY,
    OfferingFactory,
    ProviderFactory,
    RelationshipFactory,
    order_in,
    paid_order,
    placed_order,
)

pytestmark = pytest.mark.django_db

MARCH = datetime(2026, 3, 10, 9, tzinfo=UTC)


def at_work(relationship, state, when=MARCH, **facts):
    with clock.at(when):
        return order_in(state, relationship, **facts)


def test_no_orders_no_rows(seller):
    assert reports.earnings(seller) == []


def test_earnings_of_every_state(relationship, seller):
    for state in ("placed", "accepted", "ordered", "fulfilled", "completed"):
        at_work(relationship, state)
    for state in ("rejected", "cancelled", "failed", "expired"):
        at_work(relationship, state)
    with clock.at(MARCH):
        placed_order(relationship)

    (row,) = reports.earnings(seller)

    assert (row.currency, row.expected_e9s, row.held_e9s, row.earned_e9s) == (
        "USD",
        3 * 580_000_000,
        580_000_000,
        580_000_000,
    )
    assert (row.paid_e9s, row.margin_known, row.margin_of) == (0, 0, 2)
    assert row.realised_margin_e9s is None
    assert row.months == [reports.MonthEarned("2026-03", 2, 2 * 580_000_000)]
    supplier = relationship.external_provider
    assert row.providers == [
        reports.SupplierEarned(supplier.pubkey, "Hetzner", 2, 2 * 580_000_000)
    ]


def test_held_and_earned_are_the_accounts_commission(relationship, seller, staff):
    for state in ("fulfilled", "completed"):
        at_work(relationship, state)
    failed = at_work(relationship, "fulfilled")
    endings.fail_order(failed, reason_code="other", reason=WHY, actor=staff)

    (row,) = reports.earnings(seller)
    (balance,) = ledger.balances(seller.earning_account)

    assert Money.from_e9s(row.held_e9s + row.earned_e9s, "USD") == balance.earned


def test_currencies_are_never_added(relationship, seller):
    yen = OfferingFactory.create(
        provider=relationship.external_provider,
        currency="JPY",
        monthly_price_e9s=999 * 10**9,
    )
    at_work(relationship, "completed")
    at_work(relationship, "completed", offering=yen)

    rows = reports.earnings(seller)

    assert [(row.currency, row.earned_e9s) for row in rows] == [
        ("JPY", 100 * 10**9),
        ("USD", 580_000_000),
    ]


def test_the_realised_margin_counts_what_is_known(relationship, seller):
    costs: list[dict[str, Any]] = [
        {"actual_cost_e9s": 6_000_000_000},
        {"actual_cost_e9s": 6_500_000_000},
        {"actual_cost_e9s": 5_000_000_000, "actual_cost_currency": "EUR"},
        {},
    ]
    for number, cost in enumerate(costs):
        orders.fulfil_order(
            paid_order(relationship),
            external_order_id=f"SUP-{number}",
            actor=None,
            **cost,
        )

    (row,) = reports.earnings(seller)

    assert (row.margin_known, row.margin_of) == (2, 4)
    assert row.realised_margin_e9s == (635 - 600 + 635 - 650) * 10**7


@pytest.mark.parametrize(
    ("first", "last", "months"),
    [
        ("", "", ["2026-01", "2026-02", "2026-12"]),
        ("2026-02", "", ["2026-02", "2026-12"]),
        ("", "2026-01", ["2026-01"]),
        ("2026-02", "2026-02", ["2026-02"]),
        ("2026-12", "2026-12", ["2026-12"]),
    ],
)
def test_months_are_half_open_in_utc(first, last, months, relationship, seller):
    edges = [
        datetime(2026, 1, 31, 23, 59, 59, 999_999, tzinfo=UTC),
        datetime(2026, 2, 1, tzinfo=UTC),
        datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC),
    ]
    for when in edges:
        at_work(relationship, "fulfilled", when)

    rows = reports.earnings(seller, reports.month_span(first, last))

    assert [month.month for row in rows for month in row.months] == months
    assert sum(row.held_e9s for row in rows) == 580_000_000 * len(months)


@pytest.mark.parametrize("text", ["2026", "2026-13", "2026-3", "0000-01", "März", "²"])
def test_a_bad_month_is_refused(text):
    with pytest.raises(errors.InvalidMonth):
        reports.month_span(text)


def test_a_strangers_orders_do_not_count(relationship):
    at_work(relationship, "completed")

    assert reports.earnings(ProviderFactory.create()) == []


@pytest.mark.parametrize("count", [1, 3])
def test_five_queries_whatever_the_number(count, seller, django_assert_num_queries):
    for _ in range(count):
        relationship = RelationshipFactory.create(reseller=seller)
        at_work(relationship, "completed")

    with django_assert_num_queries(5):
        reports.earnings(seller)


def test_sums_pass_64_bits(relationship, seller):
    """10⁻⁹ units of a cheap currency are many: the sum is made of coarser parts."""
    dear = OfferingFactory.create(
        provider=relationship.external_provider,
        currency="IDR",
        monthly_price_e9s=10**18,
    )
    for number in range(12):
        order = paid_order(relationship, offering=dear)
        orders.fulfil_order(
            order,
            external_order_id=f"SUP-{number}",
            actual_cost_e9s=10**7,
            actor=None,
        )

    (row,) = reports.earnings(seller)

    assert row.held_e9s == 12 * 10**17
    assert row.realised_margin_e9s == 12 * (11 * 10**17 - 10**7)


def test_buying_now_names_only_what_rose(relationship, offering):
    same = paid_order(relationship)
    risen = paid_order(relationship, offering=offering)
    offering.monthly_price_e9s = 7_130_000_000
    offering.save()

    found = [type(order).objects.get(pk=order.pk) for order in (same, risen)]

    assert reports.buying_now(found) == {risen.pk: Money(635 - 713, "USD")}


def test_a_month_is_that_of_fulfilment_not_of_the_order(relationship, seller):
    with clock.at(datetime(2026, 1, 31, 12, tzinfo=UTC)):
        order = paid_order(relationship)
    with clock.at(datetime(2026, 1, 31, 12, tzinfo=UTC) + timedelta(days=1)):
        orders.fulfil_order(order, external_order_id="SUP-1", actor=None)

    (row,) = reports.earnings(seller)

    assert [month.month for month in row.months] == ["2026-02"]
