"""`/reseller/earnings`: the same cents as the ledger."""

import pytest

from tests.factories.marketplace import order_in, paid_order
from tests.problems import assert_error

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/reseller/earnings"


def test_held_and_earned_are_the_commission_entries(
    clock, api_of, viewer, relationship, supplier
):
    paid_order(relationship)
    order_in("fulfilled", relationship)
    order_in("completed", relationship)
    order_in("failed", relationship)

    assert api_of(viewer).get(ADDRESS).json() == [
        {
            "currency": "USD",
            "expected_e9s": 580_000_000,
            "expected": "0.58",
            "held_e9s": 580_000_000,
            "held": "0.58",
            "earned_e9s": 580_000_000,
            "earned": "0.58",
            "paid_e9s": 0,
            "paid": "0.00",
            "realised_margin_e9s": None,
            "realised_margin": None,
            "margin_known": 0,
            "margin_of": 2,
            "months": [
                {"month": "2026-03", "orders": 2, "commission_e9s": 1_160_000_000}
            ],
            "providers": [
                {
                    "pubkey": supplier.pubkey,
                    "name": "Hetzner",
                    "orders": 2,
                    "commission_e9s": 1_160_000_000,
                }
            ],
        }
    ]


def test_months_bound_the_span(clock, api_of, viewer, relationship):
    order_in("completed", relationship)
    api = api_of(viewer)
    assert api.get(f"{ADDRESS}?from=2026-03&to=2026-03").json()[0]["earned"] == "0.58"
    assert api.get(f"{ADDRESS}?to=2026-02").json() == []
    assert_error(api.get(f"{ADDRESS}?from=2026-13"), 400, "invalid_month")


def test_the_calendars_edges_are_months(clock, api_of, viewer, relationship):
    order_in("completed", relationship)
    api = api_of(viewer)
    assert api.get(f"{ADDRESS}?to=9999-12").json()[0]["earned"] == "0.58"
    assert api.get(f"{ADDRESS}?from=9999-12&to=9999-12").json() == []
    assert api.get(f"{ADDRESS}?from=1000-01&to=1000-01").json() == []


def test_buyers_earn_nothing(api_of, buyer):
    assert_error(api_of(buyer).get(ADDRESS), 403, "not_a_provider_member")
