"""`/offerings`: open to visitors, priced by one rule."""

import pytest

from marketplace.actions.offerings import retire
from marketplace.models import ResellerRelationship
from marketplace.pricing import make_offer
from tests.factories.marketplace import (
    OfferingFactory,
    ProviderFactory,
    RelationshipFactory,
)
from tests.problems import assert_error
from tests.queries import assert_constant

pytestmark = pytest.mark.django_db
LIST = "/api/v1/offerings"


def test_visitors_see_the_featured_offer(client, relationship, offering):
    (row,) = client.get(LIST).json()

    assert (row["id"], row["badge"], row["sellers_count"]) == (offering.pk, "via", 1)
    assert row["offer"] == {
        "reseller_pubkey": relationship.reseller.pubkey,
        "reseller_name": "Nimbus Resale",
        "currency": "USD",
        "commission_percent": 10,
        "base_e9s": 5_770_000_000,
        "base": "5.77",
        "commission_e9s": 580_000_000,
        "commission": "0.58",
        "total_e9s": 6_350_000_000,
        "total": "6.35",
        "promised_hours": 48,
        "on_time_percent": None,
        "counted_orders": 0,
        "featured": True,
        "why": ["only_seller"],
    }


def test_every_percent_shows_the_price_that_is_charged(client, relationship, offering):
    for percent in range(51):
        ResellerRelationship.objects.update(commission_percent=percent)
        expected = make_offer(offering.base_price_e9s, percent, "USD")
        listed = client.get(LIST).json()[0]["offer"]
        (offered,) = client.get(f"{LIST}/{offering.pk}/offers").json()
        assert listed["total_e9s"] == offered["total_e9s"] == expected.total_e9s
        assert listed["total"] == offered["total"] == str(expected.total)


def test_without_a_seller_it_is_external(client, offering):
    (row,) = client.get(LIST).json()
    assert (row["badge"], row["sellers_count"], row["offer"]) == ("external", 0, None)
    assert client.get(f"{LIST}/{offering.pk}/offers").json() == []


def test_native_offerings_are_direct(client):
    OfferingFactory.create(provider=ProviderFactory.create())
    (row,) = client.get(LIST).json()
    assert (row["badge"], row["offer"]) == ("direct", None)


def test_seller_shows_its_own_offer(client, relationship, offering, supplier):
    dearer = RelationshipFactory.create(
        external_provider=supplier, commission_percent=20
    )
    (row,) = client.get(f"{LIST}?seller={dearer.reseller.pubkey}").json()
    assert row["offer"]["reseller_pubkey"] == dearer.reseller.pubkey
    assert row["sellers_count"] == 2


def test_private_is_missing_and_retired_stays(client, offering):
    private = OfferingFactory.create(visibility="private")
    assert_error(client.get(f"{LIST}/{private.pk}"), 404, "not_found")
    retire(offering, actor=None)
    body = client.get(f"{LIST}/{offering.pk}").json()
    assert (body["status"], body["no_offer"]) == ("retired", "offering_retired")
    assert client.get(LIST).json() == []


def test_why_not_is_told_to_the_reseller_alone(
    api_of, client, owner, relationship, offering
):
    supplier = relationship.external_provider
    RelationshipFactory.create(external_provider=supplier, commission_percent=0)
    address = f"{LIST}/{offering.pk}/offers"

    mine = next(o for o in api_of(owner).get(address).json() if not o["featured"])
    seen = next(o for o in client.get(address).json() if not o["featured"])

    assert mine["why_not"] == {
        "code": "lowest_price",
        "lower_by": "0.56",
        "percent": 10,
        "percent_needed": 0,
    }
    assert seen["why_not"] is None


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("?max_price=1e3", "invalid_number"),
        ("?country=XX1", "invalid_country"),
        ("?min_cores=2.5", "not_an_integer"),
        ("?ordering=random", "invalid_ordering"),
        ("?provider=abc", "invalid_pubkey"),
        ("?limit=201", "limit_out_of_range"),
        ("?cursor=abc", "bad_cursor"),
        ("?page=2", "unknown_parameter"),
    ],
)
def test_a_bad_query_is_refused_by_its_code(client, query, code):
    problem = client.get(f"{LIST}{query}").json()
    codes = {problem["code"], *(e["code"] for e in problem.get("errors", []))}
    assert problem["status"] == 400
    assert code in codes


def test_the_list_costs_the_same_queries(client, supplier):
    def listed() -> None:
        client.get(f"{LIST}?limit=100")

    RelationshipFactory.create(external_provider=supplier)
    assert_constant(
        listed,
        lambda _: OfferingFactory.create(provider=supplier),
        sizes=(1, 3, 60),
        expected=4,
    )
    assert_constant(
        listed,
        lambda _: RelationshipFactory.create(external_provider=supplier),
        sizes=(1, 20),
        expected=4,
    )
