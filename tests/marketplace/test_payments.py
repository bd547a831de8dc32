"""Money in and money back."""

from datetime import timedelta

import pytest

from marketplace import errors
from marketplace.actions import endings, payments
from tests.factories.marketplace import order_in, order_of, placed_order
from tests.marketplace.ledgers import last_entry, mails, posted, trail

pytestmark = pytest.mark.django_db


def receive(order, staff, reference="IN-1"):
    return payments.receive_payment(
        order.contract.payment, reference=reference, actor=staff
    )


def test_both_deadlines_start_with_the_money(relationship, staff):
    order = placed_order(relationship)

    payment = receive(order, staff)

    order = order_of(order.contract)
    assert (payment.state, payment.reference, payment.received_by) == (
        "received",
        "IN-1",
        staff,
    )
    assert order.accept_by == payment.received_at + timedelta(hours=12)
    assert order.fulfil_by == payment.received_at + timedelta(hours=48)
    assert mails(order)[1:] == ["order_new:1", "payment_received:1"]
    entry = last_entry(order)
    assert (entry.action, entry.actor) == ("payment.received", staff)
    assert entry.after["payment"] == "received"
    assert entry.after["payment_reference"] == "IN-1"
    assert posted(order) == []


def test_the_same_reference_is_one_payment(relationship, staff):
    order = placed_order(relationship)
    receive(order, staff)
    before = (trail(order), mails(order))

    receive(order, staff)

    assert (trail(order), mails(order)) == before


@pytest.mark.parametrize("state", ["placed", "fulfilled", "rejected"])
def test_a_second_payment_is_refused(state, relationship, staff):
    order = order_in(state, relationship)

    with pytest.raises(errors.PaymentAlreadyReceived):
        receive(order, staff, "IN-2")


def test_money_for_an_ended_order_is_due_back(relationship, staff):
    order = placed_order(relationship)
    due_at = order.contract.payment.due_at
    endings.expire_order(order, at=due_at + timedelta(microseconds=1))

    payment = receive(order, staff)

    order = order_of(order.contract)
    assert (payment.state, order.state) == ("refund_due", "expired")
    assert (order.accept_by, order.on_time) == (None, None)
    assert trail(order)[-1] == "payment.received_late"
    assert mails(order)[-2:] == ["payment_received:1", "staff_refund_due:1"]
    refunded = payments.record_refund(payment, reference="OUT-1", actor=staff)
    assert refunded.state == "refunded"


def test_a_late_payment_can_start_the_order_anew(relationship, staff):
    order = placed_order(relationship)
    due_at = order.contract.payment.due_at
    endings.expire_order(order, at=due_at + timedelta(microseconds=1))
    receive(order, staff)

    order = endings.reopen_order(order, reason="It came at last", actor=staff)

    assert (order.state, order.contract.payment.state) == ("placed", "received")
    assert order.accept_by is not None


@pytest.mark.parametrize("reference", ["", "  ", "x" * 201])
def test_a_reference_is_needed(reference, relationship, staff):
    order = placed_order(relationship)

    with pytest.raises(errors.ReferenceRequired):
        receive(order, staff, reference)


@pytest.mark.parametrize("state", ["placed", "fulfilled", "completed"])
def test_a_refund_must_be_due(state, relationship, staff):
    order = order_in(state, relationship)

    with pytest.raises(errors.RefundNotDue) as refused:
        payments.record_refund(order.contract.payment, reference="OUT-1", actor=staff)
    assert refused.value.extra == {"payment": "received"}


def test_refunded_is_said_only_after_staff_recorded_it(relationship, staff):
    order = order_in("rejected", relationship)
    assert order.contract.status() == "refund_due"

    payment = payments.record_refund(
        order.contract.payment, reference="OUT-1", actor=staff
    )

    order = order_of(order.contract)
    assert order.contract.status() == "refunded"
    assert (payment.refund_reference, payment.refunded_by) == ("OUT-1", staff)
    assert mails(order)[-1] == "refund_sent:1"
    assert last_entry(order).after["refund_reference"] == "OUT-1"
