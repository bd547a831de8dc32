"""Values of lists and pages in signs and words, always with their currency or time."""

from collections.abc import Iterable

from django.db import models
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from marketplace.models import (
    Contract,
    OrderState,
    Payment,
    PaymentState,
    ResellerOrder,
)
from marketplace.presentation.contract_page import frozen_receipt
from marketplace.presentation.mails import STAFF, mails_about
from marketplace.presentation.prices import Line
from marketplace.presentation.queue import STATE_SIGNS
from resellers.templatetags.moments import countdown_html, time_html
from resellers.templatetags.moneys import e9s_text, money_e9s_html
from resellers.templatetags.signs import status_html

NONE = "–"
PAYMENT_SIGNS = {
    PaymentState.AWAITING: ("soon", "Awaiting"),
    PaymentState.RECEIVED: ("done", "Received"),
    PaymentState.REFUND_DUE: ("overdue", "Refund due"),
    PaymentState.REFUNDED: ("neutral", "Refunded"),
    PaymentState.VOID: ("neutral", "Void"),
}
MAIL_TONES = {"queued": "neutral", "sent": "done", "given up": "neutral"}

moment = time_html
countdown = countdown_html


def amount(e9s: int | None, currency: str) -> SafeString:
    return money_e9s_html(e9s, currency)


def order_sign(state: str) -> SafeString:
    return status_html(*STATE_SIGNS[OrderState(state)])


def payment_sign(state: str) -> SafeString:
    return status_html(*PAYMENT_SIGNS[PaymentState(state)])


def link(row: models.Model | None, text: str = "") -> SafeString | str:
    """A link to the row's page in the admin."""
    if row is None:
        return NONE
    meta = row._meta
    page = f"admin:{meta.app_label}_{meta.model_name}_change"
    return format_html(
        '<a href="{}">{}</a>', reverse(page, args=[row.pk]), text or str(row)
    )


def outside(url: str) -> SafeString | str:
    """A link that leaves the site and tells nobody where from."""
    if not url:
        return NONE
    return format_html(
        '<a href="{0}" rel="noopener nofollow" target="_blank">{0}</a>', url
    )


def short(public_id: str) -> SafeString:
    """The first eight of 64 characters; the whole id is one hover away."""
    return format_html('<code title="{}">{}</code>', public_id, public_id[:8])


def next_deadline(order: ResellerOrder) -> SafeString | str:
    """What an open, paid order must meet next."""
    if order.state == "placed" and order.accept_by:
        return countdown(order.accept_by)
    if order.state in {"placed", "accepted", "ordered"} and order.fulfil_by:
        return countdown(order.fulfil_by)
    return NONE


def receipt(lines: Iterable[Line]) -> SafeString:
    rows = ((line.label, line.note, line.amount) for line in lines)
    row = '<div><dt>{} <span class="desk-note">{}</span></dt><dd>{}</dd></div>'
    return format_html(
        '<dl class="desk-receipt">{}</dl>', format_html_join("", row, rows)
    )


def mails(order: ResellerOrder) -> SafeString | str:
    """Every mail about the order: what it said, to whom, how far it got."""
    found = [
        (
            mail.words,
            mail.recipient,
            status_html(MAIL_TONES.get(mail.state, "refused"), mail.state),
            moment(mail.at),
        )
        for mail in mails_about(order, reader=STAFF)
    ]
    line = '<li>{} <span class="desk-note">to {}</span> {} {}</li>'
    lines = format_html_join("", line, found)
    return format_html('<ul class="desk-list">{}</ul>', lines) if found else NONE


def pair(first: models.Model, second: models.Model) -> SafeString:
    return format_html("{} resells {}", link(first), link(second))


def frozen_receipt_of(order: ResellerOrder, contract: Contract) -> SafeString:
    """The receipt of what was sold, from the frozen columns alone."""
    order.contract = contract
    return receipt(frozen_receipt(order))


def amount_text(payment: Payment) -> str:
    return e9s_text(payment.amount_e9s, payment.currency)
