"""`/reseller/external-providers` and `/reseller/relationships`."""

from functools import partial

import pytest

from marketplace.actions.offerings import retire
from marketplace.models import ResellerRelationship
from marketplace.offers import OfferBook
from resellers import clock as the_clock
from tests.factories.marketplace import ExternalProviderFactory, OfferingFactory
from tests.problems import assert_error
from tests.queries import CLOCK_QUERIES, assert_constant

pytestmark = pytest.mark.django_db
LIST = "/api/v1/reseller/relationships"
UNKNOWN = "0" * 64


def test_owner_becomes_a_reseller(api_of, owner, seller, supplier, clock):
    response = api_of(owner).post(
        LIST, {"external_provider_pubkey": supplier.pubkey.upper()}
    )

    assert response.status_code == 201
    assert response["Location"] == f"{LIST}/{supplier.pubkey}"
    made = ResellerRelationship.objects.get()
    assert response.json() == {
        "id": made.pk,
        "reseller_pubkey": seller.pubkey,
        "external_provider_pubkey": supplier.pubkey,
        "commission_percent": 10,
        "status": "active",
        "accept_within_hours": 12,
        "fulfil_within_hours": 48,
        "created_at_ns": 1772442000000000000,
        "updated_at_ns": None,
    }


def test_the_providers_own_key_acts_as_owner(api_of, seller, supplier):
    body = {"external_provider_pubkey": supplier.pubkey, "commission_percent": 0}

    response = api_of(seller).post(LIST, body)

    assert response.status_code == 201
    assert response.json()["commission_percent"] == 0


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"commission_percent": 51}, "commission_out_of_range"),
        ({"commission_percent": -1}, "commission_out_of_range"),
        ({"commission_percent": 10.0}, "commission_not_integer"),
        ({"commission_percent": "10"}, "commission_not_integer"),
        ({"commission_percent": True}, "commission_not_integer"),
        ({"accept_within_hours": 0}, "hours_out_of_range"),
        ({"accept_within_hours": 73}, "hours_out_of_range"),
        ({"fulfil_within_hours": 337}, "hours_out_of_range"),
        ({"accept_within_hours": 72, "fulfil_within_hours": 71}, "hours_out_of_range"),
        ({"external_provider_pubkey": "abc"}, "invalid_pubkey"),
        ({"external_provider_pubkey": "z" * 64}, "invalid_pubkey"),
        ({"rate": 5}, "unknown_field"),
    ],
)
def test_bad_terms_are_refused_by_their_code(api_of, owner, supplier, body, code):
    terms = {"external_provider_pubkey": supplier.pubkey, **body}

    assert_error(api_of(owner).post(LIST, terms), 400, code)
    assert not ResellerRelationship.objects.exists()


def test_a_pair_exists_once(api_of, owner, relationship, supplier):
    response = api_of(owner).post(LIST, {"external_provider_pubkey": supplier.pubkey})

    assert_error(response, 409, "relationship_exists")


def test_only_external_providers_can_be_resold(api_of, owner, seller):
    for pubkey in (UNKNOWN, seller.pubkey):
        response = api_of(owner).post(LIST, {"external_provider_pubkey": pubkey})
        assert_error(response, 404, "not_found")


def test_operators_and_viewers_read_only(api_of, colleague, viewer, relationship):
    address = f"{LIST}/{relationship.external_provider.pubkey}"
    for person in (colleague, viewer):
        api = api_of(person)
        assert api.get(LIST).status_code == 200
        assert_error(api.put(address, {"commission_percent": 5}), 403, "role_required")
        assert_error(api.delete(address), 403, "role_required")
    relationship.refresh_from_db()
    assert (relationship.commission_percent, relationship.status) == (10, "active")


def test_a_strangers_relationship_is_as_if_missing(api_of, stranger, relationship):
    api = api_of(stranger)
    known = f"{LIST}/{relationship.external_provider.pubkey}"
    for verb in ("get", "put", "delete"):
        theirs = getattr(api, verb)(known)
        missing = getattr(api, verb)(f"{LIST}/{UNKNOWN}")
        assert theirs.status_code == missing.status_code == 404
        assert theirs.content.replace(known.encode(), b"") == missing.content.replace(
            f"{LIST}/{UNKNOWN}".encode(), b""
        )
    assert api.get(LIST).json() == []


def test_put_keeps_what_is_absent(api_of, owner, relationship):
    address = f"{LIST}/{relationship.external_provider.pubkey}"

    changed = api_of(owner).put(address, {"commission_percent": 25}).json()

    assert changed["commission_percent"] == 25
    assert changed["fulfil_within_hours"] == 48
    assert changed["updated_at_ns"] is not None


def test_put_needs_something(api_of, owner, relationship):
    address = f"{LIST}/{relationship.external_provider.pubkey}"
    assert_error(api_of(owner).put(address, {}), 400, "nothing_to_change")
    assert_error(
        api_of(owner).put(address, {"status": "paused"}), 400, "invalid_status"
    )


def test_delete_suspends_and_its_offers_vanish(api_of, owner, relationship, offering):
    api = api_of(owner)
    address = f"{LIST}/{relationship.external_provider.pubkey}"
    assert len(OfferBook([offering], the_clock.now()).offers(offering)) == 1

    assert api.delete(address).status_code == 204
    assert api.delete(address).status_code == 204

    relationship.refresh_from_db()
    assert relationship.status == "suspended"
    assert OfferBook([offering], the_clock.now()).offers(offering) == []
    assert api.put(address, {"status": "active"}).json()["status"] == "active"


def test_list_filters_by_status(api_of, owner, relationship):
    api = api_of(owner)
    assert [r["id"] for r in api.get(f"{LIST}?status=active").json()] == [
        relationship.pk
    ]
    assert api.get(f"{LIST}?status=suspended").json() == []
    assert_error(api.get(f"{LIST}?status=gone"), 400, "invalid_status")


def test_external_providers_by_name_with_counts(
    api_of, viewer, relationship, supplier, offering
):
    other = ExternalProviderFactory.create(name="Aardvark Hosting")
    retire(OfferingFactory.create(provider=other), actor=None)

    rows = api_of(viewer).get("/api/v1/reseller/external-providers").json()

    assert [(r["name"], r["offerings_count"]) for r in rows] == [
        ("Aardvark Hosting", 0),
        ("Hetzner", 1),
    ]
    assert rows[0]["relationship"] is None
    assert rows[1]["relationship"]["id"] == relationship.pk


def test_buyers_are_no_members(api_of, buyer):
    assert_error(api_of(buyer).get(LIST), 403, "not_a_provider_member")


def test_a_key_without_the_scope_is_refused(api_of, owner, supplier):
    reader = api_of(owner, ["marketplace:read"])
    assert reader.get(LIST).status_code == 200
    response = reader.post(LIST, {"external_provider_pubkey": supplier.pubkey})
    assert_error(response, 403, "insufficient_scope")


def test_lists_cost_the_same_queries(api_of, owner, seller):
    api = api_of(owner)

    def agree(_: int) -> None:
        supplier = ExternalProviderFactory.create()
        ResellerRelationship.objects.create(reseller=seller, external_provider=supplier)

    agree(0)
    for address, expected in ((LIST, 3), ("/api/v1/reseller/external-providers", 4)):
        assert_constant(
            partial(api.get, address),
            agree,
            sizes=(1, 3, 40),
            expected=expected + CLOCK_QUERIES,
        )
