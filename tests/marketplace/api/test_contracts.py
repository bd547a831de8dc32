"""`/contracts`: renting by quote, and what the buyer may do after."""

import pytest

from marketplace.actions import endings
from marketplace.models import Contract, ResellerOrder, ResellerRelationship
from tests.factories.marketplace import WHY, order_in, paid_order
from tests.problems import assert_error
from tests.queries import CLOCK_QUERIES, assert_constant

pytestmark = pytest.mark.django_db
LIST = "/api/v1/contracts"
KEY = (
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGJ1eWVyLWtleS1mb3ItdGVzdHMtMDEyMzQ1Njc4"
    " buyer@example.com"
)


def quote(client, offering) -> str:
    return str(client.get(f"/api/v1/offerings/{offering.pk}/offers").json()[0]["quote"])


@pytest.fixture
def body(client, relationship, offering) -> dict[str, str]:
    return {"quote": quote(client, offering), "payment_method": "invoice"}


def test_a_quote_rents_at_its_price(api_of, buyer, body):
    response = api_of(buyer).post(LIST, {**body, "operating_system": "Debian 12"})

    assert response.status_code == 201
    made = response.json()
    assert response["Location"] == f"{LIST}/{made['contract_id']}"
    shown = (made["total"], made["status"], made["payment"]["state"], made["state"])
    assert shown == ("6.35", "awaiting_payment", "awaiting", "placed")
    assert made["payment"]["reference"] == f"CS-{made['contract_id'][:8]}"
    order = ResellerOrder.objects.get()
    assert (order.base_price_e9s, order.commission_e9s, order.total_paid_e9s) == (
        5_770_000_000,
        580_000_000,
        6_350_000_000,
    )


def test_one_quote_is_one_contract(api_of, buyer, body):
    api = api_of(buyer)
    first, again = api.post(LIST, body), api.post(LIST, body)
    assert first.json()["contract_id"] == again.json()["contract_id"]
    assert Contract.objects.count() == ResellerOrder.objects.count() == 1


def test_a_changed_price_is_asked_again(api_of, buyer, body):
    ResellerRelationship.objects.update(commission_percent=11)
    api = api_of(buyer)

    problem = assert_error(api.post(LIST, body), 409, "price_changed")

    hours = {"accept_within_hours": 12, "promised_hours": 48}
    assert problem["old"] == {"total": "6.35", "commission_percent": 10, **hours}
    assert problem["new"] == {"total": "6.40", "commission_percent": 11, **hours}
    assert not Contract.objects.exists()
    accepted = api.post(LIST, {**body, "quote": problem["quote"]})
    assert accepted.json()["total"] == "6.40"


def test_a_vanished_offer_is_gone(api_of, buyer, body):
    ResellerRelationship.objects.update(status="suspended", suspended_by="reseller")
    problem = assert_error(api_of(buyer).post(LIST, body), 409, "offer_gone")
    assert problem["offers"] == []
    assert not Contract.objects.exists()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"quote": "forged"}, "quote_invalid"),
        ({"quote": "x" * 5_000}, "quote_invalid"),
        ({"payment_method": "gold"}, "invalid_payment_method"),
        ({"payment_method": "test"}, "invalid_payment_method"),
        ({"operating_system": "Plan 9"}, "unknown_operating_system"),
        ({"ssh_public_key": "ssh-ed25519 nonsense"}, "invalid_ssh_key"),
        (
            {"ssh_public_key": "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA"},
            "invalid_ssh_key",
        ),
        ({"total_e9s": 1}, "unknown_field"),
    ],
)
def test_bad_wishes_are_refused(api_of, buyer, body, change, code):
    assert_error(api_of(buyer).post(LIST, {**body, **change}), 400, code)
    assert not Contract.objects.exists()


def test_sellers_do_not_buy_from_themselves(api_of, owner, body):
    assert_error(api_of(owner).post(LIST, body), 403, "own_offer")


def test_a_providers_key_is_no_buyer(api_of, stranger, seller, body):
    assert_error(api_of(seller).post(LIST, body), 403, "not_a_buyer")


def test_the_fifth_unpaid_contract_is_the_last(api_of, buyer, client, offering, body):
    api = api_of(buyer)
    for _ in range(5):
        sent = {**body, "quote": quote(client, offering)}
        assert api.post(LIST, sent).status_code == 201
    sixth = api.post(LIST, {**body, "quote": quote(client, offering)})
    assert_error(sixth, 409, "too_many_unpaid")


def test_buyer_sees_what_was_delivered_and_confirms(api_of, buyer, relationship):
    order = order_in("fulfilled", relationship, buyer=buyer)
    api, address = api_of(buyer), f"{LIST}/{order.contract_id}"

    shown = api.get(address)
    assert shown.json()["details"] == {"ip": "192.0.2.10", "username": "root"}
    assert shown.json()["status"] == "delivered"
    assert "no-store" in shown["Cache-Control"]

    done = api.post(f"{address}/confirm", {})
    assert done.json()["state"] == "completed"
    late = api.post(f"{address}/problem", {"text": "It stopped working today."})
    assert_error(late, 409, "order_not_fulfilled")


def test_a_failed_delivery_hands_nothing_out(api_of, buyer, staff, relationship):
    order = order_in("fulfilled", relationship, buyer=buyer)
    api, address = api_of(buyer), f"{LIST}/{order.contract_id}"
    assert api.get(address).json()["ends_at"] is not None
    endings.fail_order(order, reason_code="other", reason=WHY, actor=staff)

    shown = api.get(address).json()
    (row,) = api.get(LIST).json()

    assert shown["status"] == row["status"] == "refund_due"
    assert (shown["details"], shown["ends_at"], row["ends_at"]) == (None, None, None)


def test_a_problem_stops_completion(api_of, buyer, relationship):
    order = order_in("fulfilled", relationship, buyer=buyer)
    api, address = api_of(buyer), f"{LIST}/{order.contract_id}"

    told = api.post(f"{address}/problem", {"text": "SSH refuses my key."})

    assert told.json()["problem_open"] is True
    assert_error(api.post(f"{address}/confirm", {}), 409, "problem_open")


def test_cancel_before_acceptance_only(api_of, buyer, relationship):
    free = paid_order(relationship, buyer=buyer)
    bound = order_in("accepted", relationship, buyer=buyer)
    api = api_of(buyer)

    cancelled = api.post(f"{LIST}/{free.contract_id}/cancel", {}).json()
    assert (cancelled["state"], cancelled["status"]) == ("cancelled", "refund_due")
    late = api.post(f"{LIST}/{bound.contract_id}/cancel", {})
    assert_error(late, 409, "cannot_cancel")


def test_contracts_are_the_buyers_own(api_of, buyer, stranger, owner, relationship):
    order = order_in("fulfilled", relationship, buyer=buyer)
    for person in (stranger, owner):
        api = api_of(person)
        assert api.get(LIST).json() == []
        for act in ("", "/cancel", "/confirm", "/problem"):
            verb = api.post if act else api.get
            response = verb(f"{LIST}/{order.contract_id}{act}")
            assert_error(response, 404, "not_found")


def test_the_list_costs_the_same_queries(api_of, buyer, relationship):
    api = api_of(buyer)
    assert_constant(
        lambda: api.get(LIST),
        lambda _: paid_order(relationship, buyer=buyer),
        sizes=(1, 3, 20),
        expected=2 + CLOCK_QUERIES,
    )
