"""The buyer's three acts, with and without htmx: cancel, "It works", a problem."""

import pytest
from django.utils.html import escape

from marketplace.actions import orders
from marketplace.models import Contract, ResellerOrder
from resellers.models import AuditEntry
from tests.factories.marketplace import order_in, rented
from tests.marketplace.views.pages import words

pytestmark = pytest.mark.django_db

HTMX = {"headers": {"HX-Request": "true"}}
TEXT = "The host does not answer on port 22."
ACTS = [
    ("placed", "cancel", {}, "order.cancelled", "cancelled"),
    ("fulfilled", "confirm", {}, "order.completed", "completed"),
    ("fulfilled", "problem", {"text": TEXT}, "problem.reported", "fulfilled"),
]
REFUSED = [
    ("accepted", "cancel", {}, "until the seller accepts"),
    ("fulfilled", "cancel", {}, "until the seller accepts"),
    ("ordered", "confirm", {}, "once the order is fulfilled"),
    ("ordered", "problem", {"text": TEXT}, "once the order is fulfilled"),
    ("fulfilled", "problem", {"text": "short"}, "at least 10 characters"),
    ("fulfilled", "problem", {"text": ""}, "This field is required."),
    ("fulfilled", "problem", {"text": "x" * 2001}, "at most 2000 characters"),
]


@pytest.fixture
def browser(client_for, buyer):
    return client_for(buyer)


@pytest.fixture
def order_of_buyer(buyer, relationship):
    """Make an order of the buyer in a state."""
    return lambda state: order_in(state, relationship, buyer=buyer)


def path(order, act: str) -> str:
    return f"/contracts/{order.contract_id}/{act}"


@pytest.mark.parametrize("act", ACTS)
def test_act_without_htmx_comes_back_to_the_contract(
    browser, buyer, order_of_buyer, act
):
    state, verb, form, action, after = act
    order = order_of_buyer(state)

    response = browser.post(path(order, verb), form)

    assert response.status_code == 302
    assert response["Location"] == f"/contracts/{order.contract_id}"
    assert ResellerOrder.objects.get(pk=order.pk).state == after
    entry = AuditEntry.objects.get(action=action, object_ref=order.contract_id)
    assert entry.actor == buyer
    assert 'role="status"' in browser.get(response["Location"]).content.decode()


@pytest.mark.parametrize("act", ACTS)
def test_act_with_htmx_swaps_the_panel(browser, order_of_buyer, act):
    state, verb, form, _, after = act
    order = order_of_buyer(state)

    response = browser.post(path(order, verb), form, **HTMX)

    html = response.content.decode()
    assert response.status_code == 200
    assert html.lstrip().startswith('<div class="contract" id="contract-panel"')
    assert "data-announce" in html
    assert "no-store" in response["Cache-Control"]
    assert ResellerOrder.objects.get(pk=order.pk).state == after


@pytest.mark.parametrize("act", REFUSED)
@pytest.mark.parametrize("extra", [{}, HTMX])
def test_refused_act_is_422_and_shows_the_state_as_it_is(
    browser, order_of_buyer, act, extra
):
    state, verb, form, sentence = act
    order = order_of_buyer(state)

    response = browser.post(path(order, verb), form, **extra)

    html = response.content.decode()
    assert response.status_code == 422
    assert sentence in words(html)
    assert "Nothing was changed" in words(html)
    assert html.lstrip().startswith("<div") == bool(extra)
    assert ResellerOrder.objects.get(pk=order.pk).state == state


def test_refused_report_keeps_what_was_typed(browser, order_of_buyer):
    order = order_of_buyer("fulfilled")
    text = "<b>bad</b>"[:9]

    html = browser.post(path(order, "problem"), {"text": text}).content.decode()
    assert escape(text) in html
    assert text not in html


def test_late_act_shows_what_happened_meanwhile(browser, order_of_buyer):
    order = order_of_buyer("placed")
    orders.accept_order(order, actor=None)

    response = browser.post(path(order, "cancel"))

    assert response.status_code == 422
    assert "Nimbus Resale accepted it" in words(response.content)


@pytest.mark.parametrize("act", ACTS)
def test_act_twice_is_one_deed(browser, order_of_buyer, act):
    state, verb, form, *_ = act
    order = order_of_buyer(state)
    browser.post(path(order, verb), form)
    written = AuditEntry.objects.count()

    assert browser.post(path(order, verb), form).status_code == 302
    assert AuditEntry.objects.count() == written


def test_unpaid_contract_is_cancelled_for_nothing(browser, buyer, relationship):
    contract = rented(relationship, buyer=buyer)
    browser.post(f"/contracts/{contract.pk}/cancel")

    assert Contract.objects.get(pk=contract.pk).payment.state == "void"
    text = words(browser.get(f"/contracts/{contract.pk}").content)
    assert "Nothing was paid, so nothing is owed." in text


@pytest.mark.parametrize("act", ["cancel", "confirm", "problem"])
def test_acts_are_only_posted(browser, order_of_buyer, act):
    order = order_of_buyer("placed")
    assert browser.get(path(order, act)).status_code == 405


@pytest.mark.parametrize("act", ["cancel", "confirm", "problem"])
def test_visitor_signs_in_first(client, order_of_buyer, act):
    order = order_of_buyer("placed")

    assert client.post(path(order, act)).status_code == 302
    assert ResellerOrder.objects.get(pk=order.pk).state == "placed"
