"""`/contracts/<id>`: what happens, what to do, what was delivered."""

import re
from datetime import timedelta

import pytest
from django.utils.html import escape

from marketplace.actions import orders, payments, problems
from marketplace.models import Contract, OrderState, ResellerOrder
from resellers import clock, jobs
from tests.factories.marketplace import OfferingFactory, order_in, paid_order, rented
from tests.factories.resellers import StaffFactory
from tests.marketplace.views.pages import words

pytestmark = pytest.mark.django_db

CANARY = "canary-4711"
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def browser(client_for, buyer):
    return client_for(buyer)


@pytest.fixture
def order_of_buyer(buyer, relationship):
    """Make an order of the buyer in a state."""
    return lambda state: order_in(state, relationship, buyer=buyer)


def url(contract_id: str) -> str:
    return f"/contracts/{contract_id}"


def page(browser, order) -> str:
    response = browser.get(url(order.contract_id))
    assert response.status_code == 200
    return str(response.content.decode())


def steps(html: str) -> list[str]:
    return re.findall(r'<p class="event-title">([^<]*)</p>', html)


# Before the payment


def test_unpaid_page_says_how_to_pay(browser, buyer, relationship, settings):
    settings.INVOICE_INSTRUCTIONS = "IBAN DE00 0000\n<b>Consign</b>"
    contract = rented(relationship, buyer=buyer)

    html = browser.get(url(contract.pk)).content.decode()
    text = words(html)
    assert "Pay 6.35 USD" in text
    assert re.search(r"Payment due (7 days|6 days 23 h) left", text)
    assert f"Amount 6.35 USD Reference CS-{contract.pk[:8]}" in text
    assert "IBAN DE00 0000<br>&lt;b&gt;Consign&lt;/b&gt;" in html
    assert steps(html) == ["You rented it"]


# Receipt and wishes


@pytest.mark.parametrize("percent", [0, 10, 33, 50])
def test_receipt_is_the_frozen_one(browser, buyer, relationship, percent):
    relationship.commission_percent = percent
    relationship.save()
    order = paid_order(relationship, buyer=buyer)
    ResellerOrder.objects.get(pk=order.pk)
    relationship.commission_percent = 7
    relationship.save()
    order.offering.monthly_price_e9s = 99_000_000_000
    order.offering.offer_name = "Renamed"
    order.offering.save()

    html = page(browser, order)
    text = words(html)
    assert f"Mark-up +{percent} %" in text
    assert str(order.total_paid_e9s // 10**7)[:-2] in text
    assert "Renamed" not in html
    assert "2 vCPU · 4 GB RAM · 40 GB storage · Falkenstein, DE" in text
    assert "checked yesterday when rented" in text


def test_page_repeats_what_was_asked_for_escaped(browser, buyer, relationship):
    order = paid_order(
        relationship, buyer=buyer, note=HOSTILE, operating_system="Debian 12"
    )
    html = page(browser, order)
    assert HOSTILE not in html
    assert escape(HOSTILE) in html
    assert "Operating system Debian 12" in words(html)


# On the way


@pytest.mark.parametrize(
    ("state", "sentence", "happened"),
    [
        (
            "placed",
            "It is paid. Nimbus Resale has it and will accept it next.",
            ["You rented it", "Payment received"],
        ),
        (
            "accepted",
            "Nimbus Resale accepted it and buys it from Hetzner next.",
            ["You rented it", "Payment received", "Nimbus Resale accepted"],
        ),
        (
            "ordered",
            "Nimbus Resale bought it from Hetzner. Delivery comes next.",
            [
                "You rented it",
                "Payment received",
                "Nimbus Resale bought it from Hetzner",
            ],
        ),
    ],
)
def test_timeline_tells_the_steps_and_what_is_promised(
    browser, order_of_buyer, state, sentence, happened
):
    order = order_of_buyer(state)

    html = page(browser, order)
    ahead = ["Nimbus Resale accepts"] if state == "placed" else []
    assert steps(html) == [*happened, *ahead, "Nimbus Resale delivers"]
    assert sentence in words(html)
    assert re.search(r"Delivery due (2 days|1 day 23 h) left", words(html))


def test_overdue_order_may_be_cancelled(browser, buyer, relationship):
    order = order_in("ordered", relationship, buyer=buyer)
    assert "Cancel the order" not in page(browser, order)

    late = clock.now() - timedelta(hours=3, minutes=1)
    ResellerOrder.objects.filter(pk=order.pk).update(fulfil_by=late)

    text = words(page(browser, order))
    assert "Delivery is overdue" in text
    assert "overdue by 3 h" in text
    assert "6.35 USD goes back to you in full." in text


@pytest.mark.parametrize("state", OrderState.values)
def test_every_state_has_a_page(browser, order_of_buyer, state):
    order = order_of_buyer(state)
    assert "Price receipt" in words(page(browser, order))


@pytest.mark.parametrize(
    ("state", "title"),
    [
        ("rejected", "Nimbus Resale declined this order"),
        ("failed", "Nimbus Resale could not deliver"),
        ("expired", "Nimbus Resale did not deliver in time"),
        ("cancelled", "You cancelled this order"),
    ],
)
def test_an_end_says_why_and_where_the_money_is(browser, order_of_buyer, state, title):
    order = order_of_buyer(state)

    text = words(page(browser, order))
    assert title in text
    assert "6.35 USD goes back to you." in text
    assert ("The supplier has none of these left." in text) == (
        state in {"rejected", "failed"}
    )


def test_refunded_is_said_once_the_money_left(browser, buyer, relationship):
    order = order_in("rejected", relationship, buyer=buyer)
    payments.record_refund(
        order.contract.payment, reference="SEPA 77", actor=StaffFactory.create()
    )
    html = page(browser, order)
    assert re.search(r"6.35 USD was sent back on \d+ \w+ \d{4}, SEPA 77.", words(html))
    assert steps(html)[-1] == "Refund sent"


def test_payment_after_the_end_is_explained(browser, buyer, relationship):
    contract = rented(relationship, buyer=buyer)
    contract = Contract.objects.get(pk=contract.pk)
    browser.post(f"{url(contract.pk)}/cancel")
    payments.receive_payment(
        contract.payment, reference="late", actor=StaffFactory.create()
    )
    html = browser.get(url(contract.pk)).content.decode()
    assert steps(html)[-1] == "Payment arrived after the end"
    assert "6.35 USD goes back to you." in words(html)


# Delivered


def test_delivered_details_are_behind_show_and_never_stored(
    browser, buyer, relationship
):
    order = order_in("ordered", relationship, buyer=buyer)
    orders.fulfil_order(
        order,
        external_order_details={"ip": "192.0.2.10", "password": HOSTILE},
        actor=None,
    )
    response = browser.get(url(order.contract_id))
    html = response.content.decode()

    assert "no-store" in response["Cache-Control"]
    assert re.search(
        r"<details[^>]*>\s*<summary[^>]*>.*?Show access data", html, re.DOTALL
    )
    assert 'data-copy="192.0.2.10"' in html
    assert HOSTILE not in html
    assert html.count(escape(HOSTILE)) == 2
    assert steps(html)[3] == "Nimbus Resale delivered"


def test_delivery_without_details_names_the_way_to_ask(browser, buyer, relationship):
    order = order_in("ordered", relationship, buyer=buyer)
    orders.fulfil_order(order, actor=None)

    text = words(page(browser, order))
    assert "Nimbus Resale left no access data here." in text
    assert relationship.reseller.support_email in text


def test_details_of_a_failed_delivery_are_gone(browser, buyer, relationship):
    order = order_in("failed", relationship, buyer=buyer)
    ResellerOrder.objects.filter(pk=order.pk).update(
        external_order_details={"ip": CANARY}
    )
    assert CANARY not in page(browser, order)


def test_reported_problem_replaces_the_question(browser, buyer, relationship):
    order = order_in("fulfilled", relationship, buyer=buyer)
    problems.report_problem(order, text="Port 22 is closed.", actor=buyer)

    text = words(page(browser, order))
    assert "You reported a problem" in text
    assert "It works" not in text


def test_mails_show_how_far_they_got(browser, buyer, relationship):
    order = order_in("fulfilled", relationship, buyer=buyer)
    before = words(page(browser, order))
    jobs.work_once(limit=50)
    after = words(page(browser, order))

    assert "Delivered queued" in before
    assert "Delivered sent To b…@example.com" in after
    assert "New paid order" not in after


# Whose it is


def test_stranger_meets_the_same_404_as_for_a_missing_one(
    client_for, stranger, owner, order_of_buyer
):
    order = order_of_buyer("fulfilled")
    missing = "ab" * 32

    for person in (stranger, owner):
        browser = client_for(person)
        for path in ("", "/cancel", "/confirm", "/problem"):
            send = browser.post if path else browser.get
            theirs, absent = (
                send(f"{url(each)}{path}") for each in (order.contract_id, missing)
            )
            assert theirs.status_code == absent.status_code == 404
            assert theirs.content == absent.content


def test_visitor_signs_in_and_comes_back(client, relationship, buyer):
    order = order_in("placed", relationship, buyer=buyer)

    response = client.get(url(order.contract_id))
    assert response.status_code == 302
    assert response["Location"].endswith(f"?next={url(order.contract_id)}")


def test_upper_case_opens_the_same_contract(browser, buyer, relationship):
    order = order_in("placed", relationship, buyer=buyer)
    assert browser.get(f"/contracts/{order.contract_id.upper()}").status_code == 200


@pytest.mark.parametrize("state", ["placed", "fulfilled"])
def test_page_costs_6_queries(
    browser, order_of_buyer, state, django_assert_num_queries
):
    order = order_of_buyer(state)
    OfferingFactory.create()
    page(browser, order)
    with django_assert_num_queries(6):
        page(browser, order)
