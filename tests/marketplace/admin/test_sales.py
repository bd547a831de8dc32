"""Money and orders in the hands of staff: every button is the action, refused aloud."""

import pytest
from django.utils.html import strip_tags

from marketplace.actions import endings, orders, problems
from marketplace.models import PaymentState, ResellerOrder
from resellers import audit
from tests.factories.marketplace import order_in, paid_order, placed_order, rented
from tests.marketplace.admin.pages import sentences, url
from tests.marketplace.ledgers import last_entry, posted, trail

pytestmark = pytest.mark.django_db

WHY = {"reason_code": "supplier_refused", "reason": "The supplier refused the order."}
ALL_DEEDS = [
    "accept",
    "purchase",
    "fulfil",
    "reject",
    "resolve",
    "fail",
    "reopen",
]


def labels(browser, row) -> list[str]:
    page = browser.get(url(row, "change"))
    return [button.label for button in page.context["buttons"]]


def state_of(order: ResellerOrder) -> str:
    return ResellerOrder.objects.get(pk=order.pk).state


def test_an_invoice_is_matched_with_its_reference(browser, boss):
    contract = rented()
    payment = contract.payment
    form = browser.get(url(payment, "received")).content.decode()
    assert f'value="{contract.payment_reference}"' in form
    assert "Expected: 6.35 USD" in form
    assert browser.post(url(payment, "received"), {"reference": ""}).status_code == 422
    page = browser.post(url(payment, "received"), {"reference": "CS-77"}, follow=True)
    assert sentences(page) == ["The payment is recorded."]
    payment.refresh_from_db()
    assert (payment.state, payment.reference) == ("received", "CS-77")
    assert payment.received_by == boss
    other = browser.post(url(payment, "received"), {"reference": "CS-78"})
    assert other.status_code == 422
    assert "send the second payment back" in other.content.decode()


def test_a_refund_is_recorded_once_it_was_sent(browser, boss):
    order = order_in("rejected")
    payment = order.contract.payment
    assert labels(browser, payment) == ["Refund sent"]
    browser.post(url(payment, "refunded"), {"reference": "OUT-1"})
    payment.refresh_from_db()
    assert (payment.state, payment.refunded_by) == (PaymentState.REFUNDED, boss)
    assert labels(browser, payment) == []
    again = browser.post(url(payment, "refunded"), {"reference": "OUT-2"})
    assert again.status_code == 422


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("placed", ["Accept", "Record purchase", "Fulfil", "Reject"]),
        ("accepted", ["Record purchase", "Fulfil", "Reject", "Fail"]),
        ("ordered", ["Fulfil", "Fail"]),
        ("fulfilled", ["Fail"]),
        ("completed", []),
        ("rejected", ["Re-open"]),
        ("expired", ["Re-open"]),
        ("failed", ["Re-open"]),
        ("cancelled", []),
    ],
)
def test_buttons_fit_the_state(browser, state, expected):
    assert labels(browser, order_in(state)) == expected


def test_nothing_is_bought_before_it_is_paid(browser):
    order = placed_order()
    assert labels(browser, order) == ["Reject"]
    page = browser.post(url(order, "accept"))
    assert page.status_code == 422
    assert "nothing must be bought before it arrives" in page.content.decode()


def test_staff_act_on_behalf_and_the_trail_says_so(browser, boss):
    order = paid_order()
    browser.post(url(order, "accept"))
    bought = {"external_order_id": "EXT-9", "actual_cost": "5.70"}
    browser.post(url(order, "purchase"), bought)
    delivered = {"external_order_id": "EXT-9", "host": "192.0.2.7"}
    page = browser.post(url(order, "fulfil"), delivered, follow=True)
    assert sentences(page)[-1] == "The order is fulfilled."
    order.refresh_from_db()
    assert (order.state, order.external_order_id) == ("fulfilled", "EXT-9")
    assert order.external_order_details == {"host": "192.0.2.7"}
    assert order.actual_cost_e9s == 5_700_000_000
    moves = ["order.accepted", "order.purchased", "order.fulfilled"]
    assert trail(order)[-3:] == moves
    entry = last_entry(order)
    assert (entry.actor, entry.on_behalf) == (boss, order.reseller.pubkey)
    assert len(posted(order)) == 2
    history = browser.get(url(order, "history")).content.decode()
    assert f"on behalf of {order.reseller.pubkey[:12]}" in history


def test_an_attempt_shows_its_cost_in_its_own_currency(browser, boss):
    order = orders.record_purchase(
        paid_order(),
        external_order_id="EXT-1",
        actual_cost_e9s=5_000_000_000,
        actual_cost_currency="EUR",
        actor=boss,
    )
    order = endings.fail_order(order, **WHY, actor=boss)
    order = endings.reopen_order(order, reason="Once more", actor=boss)
    orders.fulfil_order(
        order, external_order_id="EXT-2", actual_cost_e9s=6_000_000_000, actor=boss
    )

    for number, shown in ((1, "5.00 EUR"), (2, "6.00 USD")):
        attempt = order.attempts.get(number=number)
        path = f"/admin/marketplace/fulfilmentattempt/{attempt.pk}/change/"
        words = strip_tags(browser.get(path).content.decode()).replace("\xa0", " ")
        assert f"Actual cost: {shown}" in " ".join(words.split())


def test_fulfil_keeps_what_was_typed_when_it_is_refused(browser):
    order = paid_order()
    page = browser.post(url(order, "fulfil"), {"external_order_id": "has blanks"})
    assert page.status_code == 422
    assert 'value="has blanks"' in page.content.decode()
    assert state_of(order) == "placed"


@pytest.mark.parametrize("deed", ["reject", "fail"])
def test_an_end_needs_a_code_and_a_text(browser, deed):
    order = order_in("accepted")
    for facts in ({}, {**WHY, "reason": "short"}, {**WHY, "reason_code": "mood"}):
        assert browser.post(url(order, deed), facts).status_code == 422
    assert state_of(order) == "accepted"
    assert browser.post(url(order, deed), WHY).status_code == 302
    order = ResellerOrder.objects.get(pk=order.pk)
    assert (order.reason_code, order.reason) == (WHY["reason_code"], WHY["reason"])
    assert order.contract.payment.state == "refund_due"


def test_staff_fail_what_was_fulfilled_and_the_entries_are_reversed(browser):
    order = order_in("fulfilled")
    browser.post(url(order, "fail"), WHY)
    assert state_of(order) == "failed"
    assert sum(row[2] for row in posted(order)) == 0


def test_an_order_is_opened_again_with_a_reason(browser):
    order = order_in("failed")
    assert browser.post(url(order, "reopen"), {"reason": " "}).status_code == 422
    page = browser.post(url(order, "reopen"), {"reason": "Stock is back"}, follow=True)
    assert sentences(page) == ["The order is open again."]
    assert state_of(order) == "placed"
    assert order.attempts.count() == 2
    assert last_entry(order).reason == "Stock is back"


def test_an_order_whose_refund_was_sent_stays_closed(browser):
    order = order_in("rejected")
    browser.post(url(order.contract.payment, "refunded"), {"reference": "OUT-1"})
    assert labels(browser, order) == []
    page = browser.post(url(order, "reopen"), {"reason": "Stock is back"})
    assert page.status_code == 422
    assert "The buyer has the money back" in page.content.decode()


def test_a_problem_is_read_and_resolved(browser):
    order = order_in("fulfilled")
    said = "The server does not answer."
    problems.report_problem(order, text=said, actor=order.contract.buyer)
    assert labels(browser, order) == ["Resolve problem", "Fail"]
    assert said in browser.get(url(order, "change")).content.decode()
    browser.post(url(order, "resolve"), {"note": "Rebooted by the seller"})
    assert last_entry(order).reason == "Rebooted by the seller"
    assert labels(browser, order) == ["Fail"]


@pytest.mark.parametrize("deed", ALL_DEEDS)
def test_a_late_button_is_refused_aloud(browser, deed):
    """The page was open when somebody else ended the order."""
    order = order_in("completed")
    facts = {**WHY, "note": "x", "external_order_id": "EXT-1", "host": "192.0.2.1"}
    page = browser.post(url(order, deed), facts)
    assert page.status_code == 422
    assert page.context["form"].errors
    assert state_of(order) == "completed"


@pytest.mark.parametrize("deed", ALL_DEEDS)
def test_asking_changes_nothing(browser, deed):
    order = order_in("accepted")
    before = trail(order)
    assert browser.get(url(order, deed)).status_code == 200
    assert trail(order) == before


def test_an_editor_presses_buttons_a_visitor_does_not(client_for, editor, buyer):
    order = paid_order()
    assert client_for(buyer).post(url(order, "accept")).status_code in {302, 403}
    assert state_of(order) == "placed"
    client_for(editor).post(url(order, "accept"))
    assert state_of(order) == "accepted"
    assert last_entry(order).actor == editor


def test_a_deed_leads_back_to_a_path_of_this_site_only(browser):
    order = paid_order()
    back = {"next": "/admin/system/"}
    assert browser.post(url(order, "accept"), back).url == "/admin/system/"
    for evil in ("https://evil.example", "//evil.example", "\\\\evil.example"):
        answer = browser.post(url(order, "accept"), {"next": evil})
        assert answer.url == url(order, "change")


def test_the_trail_is_audited_once_for_each_deed(browser):
    order = paid_order()
    before = len(trail(order))
    browser.post(url(order, "accept"))
    browser.post(url(order, "accept"))
    entries = audit.entries("marketplace.order", order.contract_id)
    assert entries.count() == before + 1
