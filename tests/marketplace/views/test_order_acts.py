"""The acts on an order, as pages: fragment, redirect, refusal. 3-style, section 4."""

import pytest

from marketplace.actions import endings, orders
from marketplace.models import OrderState
from resellers.models import LedgerEntry
from tests.factories.marketplace import WHY, order_in, paid_order
from tests.marketplace.views.pages import words

pytestmark = pytest.mark.django_db

LIST = "/dashboard/provider/reseller/orders"
ENDING = {"reason_code": "out_of_stock", "reason": WHY}
DELIVERY = {
    "external_order_id": "HZN-1",
    "actual_cost": "5.10",
    "actual_cost_currency": "usd",
    "host": "192.0.2.10",
    "username": "root",
    "name_1": "port",
    "value_1": "2222",
}
ACTS = {
    "accept": ({}, "placed", "accepted"),
    "purchase": ({"external_order_id": "HZN-1"}, "accepted", "ordered"),
    "fulfill": (DELIVERY, "accepted", "fulfilled"),
    "details": ({"host": "192.0.2.99"}, "fulfilled", "fulfilled"),
    "reject": ({f"reject-{k}": v for k, v in ENDING.items()}, "placed", "rejected"),
    "fail": ({f"fail-{k}": v for k, v in ENDING.items()}, "ordered", "failed"),
}


def url(order, act="") -> str:
    return f"{LIST}/{order.contract_id}" + (f"/{act}" if act else "")


def headers(order, *, in_queue=True) -> dict[str, str]:
    target = f"order-{order.contract_id}" if in_queue else "order-panel"
    return {"HX-Request": "true", "HX-Target": target}


@pytest.fixture(params=ACTS)
def case(request, relationship):
    """An act, what is typed, an order it fits, and the state it leads to."""
    facts, before, after = ACTS[request.param]
    return request.param, facts, order_in(before, relationship), after


# Every act


def test_without_htmx_it_redirects_with_a_message(client_for, colleague, case):
    act, facts, order, after = case
    browser = client_for(colleague)
    response = browser.post(url(order, act), facts)
    assert (response.status_code, response["Location"]) == (302, url(order))
    order.refresh_from_db()
    assert order.state == after
    assert 'class="messages"' in browser.get(url(order)).content.decode()


@pytest.mark.parametrize("in_queue", [True, False])
def test_with_htmx_it_answers_the_row_or_panel(client_for, owner, case, in_queue):
    act, facts, order, after = case
    response = client_for(owner).post(
        url(order, act), facts, headers=headers(order, in_queue=in_queue)
    )
    order.refresh_from_db()
    page = response.content.decode()
    name = f"order-{order.contract_id}" if in_queue else "order-panel"
    assert (response.status_code, order.state) == (200, after)
    assert f'id="{name}"' in page
    assert "<html" not in page
    assert "data-announce" in page


def test_viewer_is_refused(client_for, viewer, case):
    act, facts, order, _ = case
    before = order.state
    assert client_for(viewer).post(url(order, act), facts).status_code == 403
    order.refresh_from_db()
    assert order.state == before


def test_stranger_gets_the_404_of_a_missing_order(client_for, stranger, case):
    act, facts, order, _ = case
    browser = client_for(stranger)
    theirs = browser.post(url(order, act), facts)
    missing = browser.post(f"{LIST}/{'0' * 64}/{act}", facts)
    assert theirs.status_code == missing.status_code == 404
    assert theirs.content.replace(order.contract_id.encode(), b"0" * 64) == (
        missing.content
    )


def test_get_is_not_an_act(client_for, owner, case):
    act, _, order, _ = case
    assert client_for(owner).get(url(order, act)).status_code == 405


@pytest.mark.parametrize("act", [act for act in ACTS if act != "details"])
def test_late_act_shows_the_state_as_it_now_is(client_for, owner, relationship, act):
    facts, before, _ = ACTS[act]
    order = order_in(before, relationship)
    if order.state == OrderState.PLACED:
        orders.accept_order(order, actor=None)
    endings.fail_order(order, reason_code="other", reason=WHY, actor=None)

    response = client_for(owner).post(url(order, act), facts, headers=headers(order))
    text = words(response.content)
    assert response.status_code == 422
    assert "Nothing was changed" in text
    assert "Somebody was faster: look at the order as it now is." in text
    assert "Failed" in text
    assert "This order has ended." in text
    assert all(typed in response.content.decode() for typed in facts.values())


# Fulfil


def test_fulfil_keeps_what_was_typed_when_refused(client_for, owner, relationship):
    order = order_in("accepted", relationship)
    typed = {**DELIVERY, "external_order_id": "", "notes": "Two\nlines"}
    response = client_for(owner).post(
        url(order, "fulfill"), typed, headers=headers(order)
    )
    page = response.content.decode()
    assert response.status_code == 422
    assert page.count("This field is required.") >= 1
    for value in ["192.0.2.10", "root", "port", "2222", "5.10", "Two\nlines"]:
        assert value in page
    order.refresh_from_db()
    assert order.state == "accepted"


def test_fulfil_without_details_asks_once(client_for, owner, relationship):
    order, browser = order_in("accepted", relationship), client_for(owner)
    facts = {"external_order_id": "HZN-1"}
    asked = browser.post(url(order, "fulfill"), facts, headers=headers(order))
    assert asked.status_code == 422
    assert "The buyer will see no access data" in words(asked.content)
    assert 'value="HZN-1"' in asked.content.decode()

    sure = browser.post(
        url(order, "fulfill"),
        {**facts, "without_details": "on"},
        headers=headers(order),
    )
    assert sure.status_code == 200
    order.refresh_from_db()
    assert (order.state, order.external_order_details) == ("fulfilled", None)


def test_fulfil_files_details_cost_and_currency(client_for, owner, relationship):
    order = order_in("accepted", relationship)
    typed = {**DELIVERY, "actual_cost_currency": "eur"}
    client_for(owner).post(url(order, "fulfill"), typed)
    order.refresh_from_db()
    assert order.external_order_details == {
        "host": "192.0.2.10",
        "username": "root",
        "port": "2222",
    }
    assert (order.actual_cost_e9s, order.actual_cost_currency) == (5_100_000_000, "EUR")


def test_fulfil_keeps_the_id_recorded_before(client_for, owner, relationship):
    order, browser = order_in("ordered", relationship), client_for(owner)
    recorded = order.external_order_id
    assert f'value="{recorded}"' in browser.get(url(order)).content.decode()
    browser.post(url(order, "fulfill"), {**DELIVERY, "external_order_id": ""})
    order.refresh_from_db()
    assert (order.state, order.external_order_id) == ("fulfilled", recorded)


def test_fulfil_twice_posts_once(client_for, owner, relationship):
    order, browser = order_in("accepted", relationship), client_for(owner)
    first = browser.post(url(order, "fulfill"), DELIVERY)
    again = browser.post(url(order, "fulfill"), DELIVERY)
    assert first.status_code == again.status_code == 302
    assert LedgerEntry.objects.filter(source_ref=order.contract_id).count() == 2


WRONG = {
    "comma": ({"actual_cost": "4,17"}, "What it cost you", "such as 4.17"),
    "negative": ({"actual_cost": "-1"}, "What it cost you", "such as 4.17"),
    "exponent": ({"actual_cost": "1e3"}, "What it cost you", "such as 4.17"),
    "too precise": ({"actual_cost": "4.170"}, "What it cost you", "such as 4.17"),
    "currency": ({"actual_cost_currency": "ZZZ"}, "Currency", "code such as EUR"),
    "blank in id": ({"external_order_id": "a b"}, "External order id", "visible"),
    "no name": ({"name_1": ""}, "Further name 1", "Give this value a name"),
    "no value": ({"value_1": ""}, "Further value 1", "Give this name a value"),
    "name twice": ({"name_1": "host"}, "Further name 1", "stands above"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_fulfil_says_at_the_field_what_is_wrong(client_for, owner, relationship, wrong):
    typed, field, sentence = WRONG[wrong]
    order = order_in("accepted", relationship)
    response = client_for(owner).post(
        url(order, "fulfill"), {**DELIVERY, **typed}, headers=headers(order)
    )
    text = words(response.content)
    assert response.status_code == 422
    assert field in text.split("Nothing was changed")[1][:200]
    assert sentence in text


def test_taken_external_id_names_ones_own_order(client_for, owner, relationship):
    first, order = order_in("ordered", relationship), order_in("accepted", relationship)
    response = client_for(owner).post(
        url(order, "purchase"),
        {"external_order_id": first.external_order_id.lower()},
        headers=headers(order),
    )
    assert response.status_code == 422
    assert f"Your order {first.contract_id[:8]} has this id" in words(response.content)
    assert first.external_order_id.lower() in response.content.decode()


# The other acts


def test_reject_needs_words_and_stays_open(client_for, owner, relationship):
    order = paid_order(relationship)
    response = client_for(owner).post(
        url(order, "reject"),
        {"reject-reason_code": "other", "reject-reason": "short"},
        headers=headers(order),
    )
    page = response.content.decode()
    assert response.status_code == 422
    assert "short</textarea>" in page
    assert "data-confirm open" in page


def test_accept_twice_is_accepting_once(client_for, owner, relationship):
    order, browser = paid_order(relationship), client_for(owner)
    for _ in range(2):
        assert browser.post(url(order, "accept")).status_code == 302


def test_details_are_shown_to_correct_and_not_to_empty(client_for, owner, relationship):
    order, browser = order_in("fulfilled", relationship), client_for(owner)
    page = browser.get(url(order)).content.decode()
    assert 'value="192.0.2.10"' in page
    empty = browser.post(url(order, "details"), {}, headers=headers(order))
    assert empty.status_code == 422
    assert "Give at least one name with its value." in words(empty.content)


def test_worked_off_row_closes_and_takes_the_focus(client_for, owner, relationship):
    order, browser = paid_order(relationship), client_for(owner)
    accepted = browser.post(url(order, "accept"), headers=headers(order))
    assert "<details open>" in " ".join(accepted.content.decode().split())
    done = browser.post(url(order, "fulfill"), DELIVERY, headers=headers(order))
    page = " ".join(done.content.decode().split())
    assert f'<li class="queue-item" id="order-{order.contract_id}"' in page
    assert "<details > <summary" in page or "<details> <summary" in page
    assert f'id="row-{order.contract_id}" autofocus' in page
