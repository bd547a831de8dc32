"""Money in and money back, as staff or a test payment record it.

Source: 4-marketplace, section 4 ("receive_payment", "record_refund").
"""

from django.db import transaction

from marketplace.actions import facts
from marketplace.actions.endings import deadlines
from marketplace.actions.moves import (
    Case,
    change,
    change_payment,
    open_case,
    person,
    record,
    tell,
)
from marketplace.errors import PaymentAlreadyReceived, RefundNotDue
from marketplace.models import OrderState, Payment, PaymentState, ResellerOrder
from marketplace.models.payment import PAID_STATES
from resellers.models import Actor


@transaction.atomic
def receive_payment(payment: Payment, *, reference: str, actor: Actor) -> Payment:
    """Record that the money arrived; both deadlines of the order start.

    For an order that has ended it is due back at once. The same reference twice is
    one payment. Raises PaymentAlreadyReceived for another one, ReferenceRequired.
    """
    said = facts.reference(reference)
    case = open_case(order_of(payment), actor)
    if case.payment.state in PAID_STATES:
        if case.payment.reference == said:
            return case.payment
        raise PaymentAlreadyReceived(payment=case.payment.state)
    arrived = {
        "reference": said,
        "received_at": case.at,
        "received_by": person(actor),
    }
    if case.payment.state == PaymentState.VOID:
        change_payment(case, PaymentState.REFUND_DUE, **arrived)
        record(case, "payment.received_late")
        tell(case, "payment_received", "staff_refund_due")
        return case.payment
    change_payment(case, PaymentState.RECEIVED, **arrived)
    start_clock(case)
    record(case, "payment.received")
    tell(case, "order_new", "payment_received")
    return case.payment


@transaction.atomic
def record_refund(payment: Payment, *, reference: str, actor: Actor) -> Payment:
    """Record that the money has left; only now the buyer reads "refunded".

    Raises RefundNotDue (409, with the payment's state), ReferenceRequired.
    """
    said = facts.reference(reference)
    case = open_case(order_of(payment), actor)
    if case.payment.state == PaymentState.REFUNDED:
        if case.payment.refund_reference == said:
            return case.payment
        raise RefundNotDue(payment=case.payment.state)
    if case.payment.state != PaymentState.REFUND_DUE:
        raise RefundNotDue(payment=case.payment.state)
    change_payment(
        case,
        PaymentState.REFUNDED,
        refund_reference=said,
        refunded_at=case.at,
        refunded_by=person(actor),
    )
    record(case, "payment.refunded")
    tell(case, "refund_sent")
    return case.payment


def order_of(payment: Payment) -> ResellerOrder:
    return ResellerOrder.objects.get(contract=payment.contract_id)


def start_clock(case: Case) -> None:
    change(case, {OrderState.PLACED}, **deadlines(case))
