"""`/api/admin/rates`: a history that only grows, and never changes the past."""

from functools import partial

import pytest

from resellers.actions.profiles import create_reseller
from resellers.actions.referrals import attribute_customer
from resellers.models import Rate
from tests.factories.profiles import RateFactory
from tests.problems import assert_error
from tests.queries import CLOCK_QUERIES, assert_constant

pytestmark = pytest.mark.django_db
LIST = "/api/admin/rates"
NO_ID = "00000000-0000-4000-8000-000000000000"
WHY = {"reason": "as agreed"}


@pytest.fixture
def reseller(clock):
    return create_reseller(email="avery@example.com", actor=None)


def test_first_programme_rate_holds_from_the_beginning(finance, clock):
    body = {"scope": "programme", "commissionRate": "10.00", **WHY}

    response = finance.post(LIST, body)

    row = Rate.objects.get()
    assert (response.status_code, response["Location"]) == (201, LIST)
    assert response.json() == {
        "id": row.pk,
        "scope": "programme",
        "resellerId": None,
        "referralId": None,
        "commissionRate": "10",
        "validFrom": "2000-01-01T00:00:00Z",
        "reason": "as agreed",
        "createdAt": "2026-03-02T09:00:00Z",
    }
    assert finance.get(LIST).json() == [response.json()]


def test_rates_of_reseller_and_referral_have_their_own_history(
    finance, viewer, reseller, clock
):
    referral = attribute_customer(
        reseller, customer_ref="C-1", origin="staff", actor=None
    )
    own = {"resellerId": str(reseller.pk), "scope": "reseller"}
    theirs = {"referralId": str(referral.pk), "scope": "referral"}
    planned = {"validFrom": "2026-04-01T00:00:00Z"}
    for facts in (
        {"scope": "programme", "commissionRate": "10"},
        {**own, "commissionRate": "15.5"},
        {**own, "commissionRate": None, **planned},
        {**theirs, "commissionRate": "0"},
    ):
        assert finance.post(LIST, {**facts, **WHY}).status_code == 201

    def history(query):
        rows = viewer.get(f"{LIST}{query}").json()
        return [(row["commissionRate"], row["validFrom"][:10]) for row in rows]

    assert history("") == [("10", "2000-01-01")]
    assert history(f"?resellerId={reseller.pk}") == [
        (None, "2026-04-01"),
        ("15.5", "2026-03-02"),
    ]
    assert history(f"?referralId={referral.pk}") == [("0", "2026-03-02")]
    assert history(f"?referralId={referral.pk}&resellerId={reseller.pk}") == []
    assert history(f"?resellerId={NO_ID}") == []


def test_location_leads_to_the_history(finance, reseller):
    body = {
        "scope": "reseller",
        "resellerId": str(reseller.pk),
        "commissionRate": "5",
        **WHY,
    }
    made = finance.post(LIST, body)
    assert finance.get(made["Location"]).json() == [made.json()]


def test_the_rate_that_holds_anyway_is_answered_and_not_written(
    finance, reseller, clock
):
    body = {
        "scope": "reseller",
        "resellerId": str(reseller.pk),
        "commissionRate": "5",
        **WHY,
    }
    first = finance.post(LIST, body)
    clock.shift(60)
    again = finance.post(LIST, {**body, "commissionRate": "5.0"})
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    assert Rate.objects.count() == 1


@pytest.mark.parametrize(
    ("facts", "code", "pointer"),
    [
        ({"commissionRate": 5}, "rate_not_decimal_string", "commissionRate"),
        ({"commissionRate": "1e1"}, "rate_not_decimal_string", "commissionRate"),
        ({"commissionRate": "+5"}, "rate_not_decimal_string", "commissionRate"),
        ({"commissionRate": "-1"}, "rate_not_decimal_string", "commissionRate"),
        ({"commissionRate": "101"}, "rate_out_of_range", "commissionRate"),
        ({"commissionRate": "1.234"}, "rate_precision", "commissionRate"),
        ({"validFrom": "2026-03-02T08:59:59Z"}, "rate_backdated", "validFrom"),
        ({"validFrom": "soon"}, "invalid", "validFrom"),
        ({"scope": "customer"}, "invalid_choice", "scope"),
        ({"scope": "reseller"}, "invalid", "resellerId"),
        ({"scope": "referral"}, "invalid", "referralId"),
        ({"resellerId": NO_ID}, "invalid", "resellerId"),
        (
            {"scope": "reseller", "resellerId": NO_ID},
            "unknown_reference",
            "resellerId",
        ),
        ({"reason": "hm"}, "reason_required", "reason"),
        ({"reason": None}, "reason_required", "reason"),
    ],
)
def test_bad_rates_are_refused(finance, clock, facts, code, pointer):
    body = {"scope": "programme", "commissionRate": "5", **WHY, **facts}
    problem = assert_error(finance.post(LIST, body), 400, code)
    assert [error["pointer"] for error in problem["errors"]] == [f"#/{pointer}"]
    assert not Rate.objects.exists()


def test_a_rate_must_be_said_even_if_it_is_none(finance):
    refused = finance.post(LIST, {"scope": "programme", **WHY})
    assert_error(refused, 400, "required")


def test_bad_ids_in_the_query_are_refused(viewer):
    for query in ("resellerId=1", "referralId=x", "scope=programme"):
        assert viewer.get(f"{LIST}?{query}").status_code == 400


def test_list_costs_the_same_queries(viewer):
    assert_constant(
        partial(viewer.get, LIST),
        lambda number: RateFactory.create(rate_bp=number),
        sizes=(1, 3),
        expected=4 + CLOCK_QUERIES,
    )
