"""The first thing a contract's page says: what is going on, and what it asks for.

Source: 4-marketplace, section 4; 10-face, "what needs me, how much, by when".
"""

from dataclasses import dataclass
from datetime import datetime

from django.utils.formats import date_format

from marketplace.models import (
    Contract,
    ContractStatus,
    OrderState,
    PaymentMethod,
    ReasonCode,
    ResellerOrder,
)
from marketplace.presentation.timeline import STAFF_WORDS
from resellers.templatetags.moneys import e9s_text

REASON_WORDS = {
    ReasonCode.OUT_OF_STOCK: "out of stock at the supplier",
    ReasonCode.PRICE_CHANGED: "the supplier raised the price",
    ReasonCode.CANNOT_MEET_REQUIREMENTS: "the requirements cannot be met",
    ReasonCode.SUPPLIER_REFUSED: "the supplier refused the order",
    ReasonCode.OTHER: "another reason",
}
END_TITLES = {
    OrderState.REJECTED: "{seller} declined this order",
    OrderState.EXPIRED: "{seller} did not deliver in time",
    OrderState.CANCELLED: "You cancelled this order",
    OrderState.FAILED: "{seller} could not deliver",
}


@dataclass(frozen=True, slots=True)
class Lead:
    """A headline, its sentences, and the deadline that counts down beside it."""

    title: str
    text: str
    tone: str = "info"
    deadline: datetime | None = None
    deadline_label: str = ""


def lead(contract: Contract, now: datetime) -> Lead:
    """Say where the contract stands."""
    if contract.problem_open:
        return problem_lead(contract)
    status = contract.status(now)
    if status == ContractStatus.AWAITING_PAYMENT:
        return payment_lead(contract)
    if status == ContractStatus.IN_PROGRESS:
        return progress_lead(contract, now)
    if status == ContractStatus.DELIVERED:
        return delivered_lead(contract)
    if status == ContractStatus.ENDED:
        return Lead("This contract has ended", ended_words(contract), "neutral")
    return end_lead(contract, status)


def payment_lead(contract: Contract) -> Lead:
    amount = e9s_text(contract.total_e9s, contract.currency)
    text = f"{contract.seller.name} starts as soon as the payment has arrived."
    if contract.payment.method == PaymentMethod.INVOICE:
        text = f"Transfer it with the reference {contract.payment_reference}. {text}"
    return Lead(f"Pay {amount}", text, "soon", contract.payment.due_at, "Payment due")


def progress_lead(contract: Contract, now: datetime) -> Lead:
    order, seller = contract.reseller_order, contract.seller.name
    if order.is_overdue(now):
        text = (
            f"{seller} promised it earlier. You can keep waiting, or cancel and get"
            " the full amount back."
        )
        return Lead("Delivery is overdue", text, "overdue", order.fulfil_by, "Delivery")
    supplier = order.external_provider.name
    steps = {
        OrderState.PLACED: f"It is paid. {seller} has it and will accept it next.",
        OrderState.ACCEPTED: f"{seller} accepted it and buys it from {supplier} next.",
        OrderState.ORDERED: f"{seller} bought it from {supplier}. Delivery comes next.",
    }
    text = steps[OrderState(order.state)]
    return Lead("On its way", text, "info", order.fulfil_by, "Delivery due")


def delivered_lead(contract: Contract) -> Lead:
    order = contract.reseller_order
    if order.state == OrderState.COMPLETED:
        return Lead("Running", ended_words(contract), "done")
    text = "Try it. If it works, say so; if it does not, report a problem."
    if order.completion_due_at:
        day = date_format(order.completion_due_at, "j F")
        text = f"{text} Without a word from you it counts as working on {day}."
    return Lead("Delivered", text, "done")


def problem_lead(contract: Contract) -> Lead:
    text = (
        f"{contract.seller.name} and our staff have been told. What the seller earns"
        " from this order is on hold until it is solved."
    )
    return Lead("You reported a problem", text, "overdue")


def ended_words(contract: Contract) -> str:
    ends_at = contract.ends_at
    if ends_at is None:
        return ""
    return f"It covers 720 hours, until {date_format(ends_at, 'j F Y, H:i')} UTC."


def end_lead(contract: Contract, status: ContractStatus) -> Lead:
    """An order that ended without a delivery that lasts, and where the money is."""
    order, payment = contract.reseller_order, contract.payment
    amount = e9s_text(payment.amount_e9s, payment.currency)
    if status == ContractStatus.REFUND_DUE:
        money = f"{amount} goes back to you. You get a mail once it was sent."
    elif status == ContractStatus.REFUNDED and payment.refunded_at:
        day = date_format(payment.refunded_at, "j F Y")
        money = f"{amount} was sent back on {day}, {payment.refund_reference}."
    else:
        money = "Nothing was paid, so nothing is owed."
    title = END_TITLES[OrderState(order.state)].format(seller=contract.seller.name)
    if order.ended_by_staff:
        title = STAFF_WORDS[f"order.{order.state}"]
    if order.state == OrderState.EXPIRED and order.accept_by is None:
        title = "Not paid in time"
    text = " ".join(part for part in (reason_words(order), money) if part)
    return Lead(
        title, text, "soon" if status == ContractStatus.REFUND_DUE else "neutral"
    )


def reason_words(order: ResellerOrder) -> str:
    """The reason given, its kind first: "Out of stock at the supplier: …"."""
    if not order.reason_code:
        return ""
    text = order.reason.strip()
    text = text if text.endswith((".", "!", "?")) else f"{text}."
    if order.reason_code == ReasonCode.OTHER:
        return text
    kind = REASON_WORDS[ReasonCode(order.reason_code)]
    return f"{kind[0].upper()}{kind[1:]}: {text}"
