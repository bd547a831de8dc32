"""Rows of "My contracts", and the sign of a contract's status.

Source: 4-marketplace, sections 1 and 9.
"""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from marketplace.models import Contract, ContractStatus
from resellers.templatetags.moments import countdown_html, time_html
from resellers.templatetags.moneys import money_e9s_html
from resellers.templatetags.signs import status_html

STATUS_SIGNS = {
    ContractStatus.AWAITING_PAYMENT: ("soon", "Awaiting payment"),
    ContractStatus.IN_PROGRESS: ("info", "In progress"),
    ContractStatus.DELIVERED: ("done", "Delivered"),
    ContractStatus.ENDED: ("neutral", "Ended"),
    ContractStatus.CANCELLED: ("neutral", "Cancelled"),
    ContractStatus.REFUND_DUE: ("soon", "Refund on its way"),
    ContractStatus.REFUNDED: ("neutral", "Refunded"),
}


@dataclass(frozen=True, slots=True)
class ContractRow:
    """One row of "My contracts"."""

    public_id: str
    url: str
    name: str
    specs: str
    seller: str
    status: str
    when: str
    total: str


def contract_row(contract: Contract, now: datetime) -> ContractRow:
    snapshot = contract.offering_snapshot
    return ContractRow(
        public_id=contract.contract_id,
        url=reverse("marketplace:contract-detail", args=[contract.contract_id]),
        name=snapshot["offer_name"],
        specs=snapshot.get("words", ""),
        seller=contract.seller.name,
        status=status_sign(contract, now),
        when=when_words(contract, now),
        total=money_e9s_html(contract.total_e9s, contract.currency),
    )


def status_sign(contract: Contract, now: datetime) -> str:
    tone, word = STATUS_SIGNS[contract.status(now)]
    if contract.problem_open:
        tone, word = "overdue", "Problem reported"
    return status_html(tone, word)


def when_words(contract: Contract, now: datetime) -> str:
    """The date that matters now: pay by, delivered by, runs until, rented."""
    order, status = contract.reseller_order, contract.status(now)
    if status == ContractStatus.AWAITING_PAYMENT:
        return labelled("Pay:", countdown_html(contract.payment.due_at, now))
    if status == ContractStatus.IN_PROGRESS and order.fulfil_by:
        return labelled("Delivery:", countdown_html(order.fulfil_by, now))
    if status == ContractStatus.DELIVERED:
        return labelled("Ends", time_html(contract.ends_at, now))
    return labelled("Rented", time_html(contract.created_at, now))


def labelled(label: str, moment: SafeString) -> SafeString:
    return format_html("<span>{} {}</span>", label, moment)
