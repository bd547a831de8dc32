"""One contract as its buyer sees it. Amounts are the frozen ones alone.

Source: 4-marketplace, sections 2, 4 and 9.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings

from marketplace.models import (
    Contract,
    Offering,
    OrderState,
    PaymentMethod,
    PaymentState,
    ResellerOrder,
)
from marketplace.presentation.contracts import status_sign
from marketplace.presentation.leads import lead
from marketplace.presentation.mails import MailRow
from marketplace.presentation.prices import (
    Basis,
    Line,
    days_words,
    receipt_lines,
    source_words,
)
from marketplace.presentation.specs import Fact, full_words, slug_words
from marketplace.presentation.timeline import events
from resellers.models import AuditEntry
from resellers.templatetags.moneys import e9s_text, money_e9s_html

MAIL_TONES = {"queued": "neutral", "sent": "done"}


def contract_page(
    contract: Contract,
    trail: Iterable[AuditEntry],
    mails: Iterable[MailRow],
    now: datetime,
) -> dict[str, Any]:
    """Every value of the page."""
    order, payment = contract.reseller_order, contract.payment
    has_invoice = payment.method == PaymentMethod.INVOICE
    return {
        "contract": contract,
        "name": contract.offering_snapshot["offer_name"],
        "words": frozen_words(contract),
        "status": status_sign(contract, now),
        "lead": lead(contract, now),
        "invoice": invoice_facts(contract)
        if has_invoice and payment.state == PaymentState.AWAITING
        else [],
        "instructions": settings.INVOICE_INSTRUCTIONS,
        "delivered": contract.is_delivered,
        "details": delivered_details(order) if contract.is_delivered else [],
        "events": events(contract, trail, now),
        "receipt": frozen_receipt(order),
        "wishes": wishes(contract),
        "mails": [(row, MAIL_TONES.get(row.state, "refused")) for row in mails],
        "may_cancel": may_cancel(order, now),
        "may_judge": order.state == OrderState.FULFILLED and not contract.problem_open,
        "cancel_words": cancel_words(contract),
    }


def may_cancel(order: ResellerOrder, now: datetime) -> bool:
    """Before the seller accepts, and again when delivery is overdue."""
    return order.state == OrderState.PLACED or order.is_overdue(now)


def cancel_words(contract: Contract) -> str:
    """What cancelling does to the money."""
    if contract.payment.state == PaymentState.AWAITING:
        return "You have not paid, so nothing is owed."
    amount = e9s_text(contract.total_e9s, contract.currency)
    return f"{amount} goes back to you in full."


def invoice_facts(contract: Contract) -> list[Fact]:
    """What a bank transfer must say."""
    amount = money_e9s_html(contract.total_e9s, contract.currency)
    return [Fact("Amount", amount), Fact("Reference", contract.payment_reference)]


def delivered_details(order: ResellerOrder) -> list[Fact]:
    """Access data, names as people read them: "user_name" is "User name"."""
    filed = order.external_order_details or {}
    return [Fact(slug_words(name), text_of(value)) for name, value in filed.items()]


def text_of(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


def wishes(contract: Contract) -> list[Fact]:
    """What the buyer asked for."""
    rows = [
        ("Operating system", contract.operating_system or "The seller chooses"),
        ("SSH public key", contract.ssh_public_key),
        ("Note", contract.note),
    ]
    return [Fact(label, value) for label, value in rows if value]


def frozen_receipt(order: ResellerOrder) -> list[Line]:
    """The price receipt from the frozen columns and the snapshot alone."""
    sold = order.contract.offering_snapshot
    checked = f"checked {days_words(sold['price_age_days'])} when rented"
    basis = Basis(
        monthly_e9s=sold["monthly_price_e9s"],
        setup_e9s=sold["setup_fee_e9s"],
        supplier=sold["provider"],
        source=source_words(sold["price_source"]),
        checked=checked,
    )
    return receipt_lines(order.frozen_offer, basis)


def frozen_words(contract: Contract) -> str:
    """The machine and its place as they were sold."""
    sold = contract.offering_snapshot
    names = {field.attname for field in Offering._meta.concrete_fields}
    return full_words(Offering(**{k: v for k, v in sold.items() if k in names}))
