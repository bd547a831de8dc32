"""A remembered answer is given to whom the view would still let in, and to nobody else.

Delivered access data does not stand in the table of answers.
Source: 8-api, "Idempotency"; 4-marketplace, section 4.
"""

import pytest

from config.models import IdempotentCall
from marketplace.actions import onboarding
from marketplace.models import ProviderMember, ResellerOrder, ResellerRelationship
from resellers.models import AuditEntry
from tests.factories.marketplace import MemberFactory, order_in, paid_order
from tests.problems import assert_error

pytestmark = pytest.mark.django_db

CANARY = "canary-4711-password"
BODY = {
    "external_order_id": "HZN-1",
    "external_order_details": {"password": CANARY},
}
FORM = {"idempotency_key": "k-1", "external_order_id": "HZN-1", "password": CANARY}
KEY = {"Idempotency-Key": "k-1"}
TAKEN_AWAY = ["viewer", "removed"]


@pytest.fixture
def order(relationship, offering, buyer, owner) -> ResellerOrder:
    return paid_order(relationship, offering=offering, buyer=buyer)


def api_path(order, act) -> str:
    return f"/api/v1/reseller/orders/{order.contract_id}/{act}"


def page_path(order, act) -> str:
    return f"/dashboard/provider/reseller/orders/{order.contract_id}/{act}"


def take_away(person, how, staff) -> None:
    member = ProviderMember.objects.get(user=person)
    if how == "removed":
        onboarding.remove_member(member, actor=staff)
    else:
        onboarding.change_role(member, role=how, actor=staff)


def relationship_of(order) -> ResellerRelationship:
    return ResellerRelationship.objects.get(
        reseller=order.reseller, external_provider=order.external_provider
    )


def stored() -> bytes:
    call = IdempotentCall.objects.get()
    return b"%s %r" % (bytes(call.body), repr(call.headers).encode())


def test_api_answer_is_given_again_to_whom_it_was_given(api_of, colleague, order):
    api = api_of(colleague)
    path = api_path(order, "fulfill")

    first, second = (api.post(path, BODY, headers=KEY) for _ in range(2))

    assert first.status_code == second.status_code == 200
    assert second["Idempotent-Replayed"] == "true"
    assert second.content == first.content
    assert CANARY in first.content.decode()
    assert second["Cache-Control"] == "no-store"
    assert AuditEntry.objects.filter(action="order.fulfilled").count() == 1


def test_answer_of_then_is_replayed_when_the_order_has_moved_on(
    api_of, colleague, staff, order
):
    """The view itself would refuse a second acceptance now; the replay is no try."""
    api = api_of(colleague)
    first = api.post(api_path(order, "accept"), {}, headers=KEY)
    api.post(api_path(order, "fulfill"), BODY)

    again = api.post(api_path(order, "accept"), {}, headers=KEY)

    assert (again.status_code, again.content) == (200, first.content)
    assert again.json()["state"] == "accepted"


@pytest.mark.parametrize("how", TAKEN_AWAY)
def test_api_answer_is_kept_from_whom_may_no_longer_see_it(
    api_of, colleague, staff, order, how
):
    api = api_of(colleague)
    path = api_path(order, "fulfill")
    assert api.post(path, BODY, headers=KEY).status_code == 200
    take_away(colleague, how, staff)

    again = api.post(path, BODY, headers=KEY)

    code = "role_required" if how == "viewer" else "not_a_provider_member"
    assert_error(again, 403, code)
    assert CANARY not in again.content.decode()
    assert "Idempotent-Replayed" not in again


@pytest.mark.parametrize("how", [*TAKEN_AWAY, "elsewhere"])
def test_page_is_kept_from_whom_may_no_longer_see_it(
    client_for, colleague, staff, order, how
):
    browser = client_for(colleague)
    headers = {"HX-Request": "true", "HX-Target": "order-panel"}
    path = page_path(order, "fulfill")
    first = browser.post(path, FORM, headers=headers)
    assert (first.status_code, CANARY in first.content.decode()) == (200, True)
    twice = browser.post(path, FORM, headers=headers)
    assert (twice.status_code, twice.content) == (200, first.content)
    take_away(colleague, "removed" if how == "elsewhere" else how, staff)
    if how == "elsewhere":
        MemberFactory.create(user=colleague)

    again = browser.post(path, FORM, headers=headers)

    assert again.status_code == (404 if how == "elsewhere" else 403)
    assert CANARY not in again.content.decode()


def test_delivered_details_do_not_stand_in_the_table_of_answers(
    api_of, client_for, colleague, buyer, order
):
    """By every door through which they go: both forms of both sides."""
    fulfilled = order_in("fulfilled", relationship_of(order), buyer=buyer)
    ResellerOrder.objects.filter(pk=fulfilled.pk).update(
        external_order_details={"password": CANARY}
    )
    htmx = {"HX-Request": "true", "HX-Target": "order-panel"}
    contract = f"/contracts/{fulfilled.contract_id}/confirm"
    answers = [
        lambda: api_of(colleague).post(api_path(order, "fulfill"), BODY, headers=KEY),
        lambda: client_for(colleague).post(
            page_path(fulfilled, "details"), FORM | {"notes": "n"}, headers=htmx
        ),
        lambda: api_of(buyer).post(f"/api/v1{contract}", {}, headers=KEY),
        lambda: client_for(buyer).post(
            contract, {"idempotency_key": "k-1"}, headers={"HX-Request": "true"}
        ),
    ]
    for answer in answers:
        response = answer()

        assert response.status_code == 200
        assert CANARY in response.content.decode()
        assert CANARY.encode() not in stored()
        IdempotentCall.objects.all().delete()


def test_replay_changes_nothing_and_says_nothing_twice(client_for, colleague, order):
    browser = client_for(colleague)
    path, form = page_path(order, "accept"), {"idempotency_key": "k-1"}

    first, second = (browser.post(path, form) for _ in range(2))

    assert (first.status_code, second.status_code) == (302, 302)
    page = browser.get(second["Location"]).content.decode()
    assert page.count("Order accepted.") == 1
    assert AuditEntry.objects.filter(action="order.accepted").count() == 1


def test_answer_sealed_with_a_lost_key_is_not_done_again(
    api_of, colleague, order, settings
):
    api = api_of(colleague)
    path = api_path(order, "fulfill")
    api.post(path, BODY, headers=KEY)
    IdempotentCall.objects.update(body=b"sealed elsewhere")

    assert_error(api.post(path, BODY, headers=KEY), 409, "answer_unreadable")
    assert AuditEntry.objects.filter(action="order.fulfilled").count() == 1
