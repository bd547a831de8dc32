"""The mails about an order: what was told to whom, and how far it got.

A reader sees the addresses of its own side, masked, and nobody else's.
Source: 4-marketplace, section 4.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from marketplace.models import ResellerOrder
from resellers import jobs
from resellers.models import Job

SELLER, BUYER, STAFF = "seller", "buyer", "staff"
WORDS = {
    "order_new": (SELLER, "New paid order"),
    "order_accept_due": (SELLER, "Reminder: accept"),
    "order_fulfil_due": (SELLER, "Reminder: fulfil"),
    "order_overdue": (SELLER, "Delivery overdue"),
    "order_expired": (SELLER, "Order expired"),
    "order_cancelled": (SELLER, "Order cancelled"),
    "problem_reported": (SELLER, "Problem reported"),
    "order_placed": (BUYER, "Order placed, how to pay"),
    "payment_received": (BUYER, "Payment received"),
    "order_fulfilled": (BUYER, "Delivered"),
    "details_corrected": (BUYER, "Access details corrected"),
    "order_ended": (BUYER, "Order ended"),
    "refund_sent": (BUYER, "Refund sent"),
    "staff_overdue": (STAFF, "Delivery overdue"),
    "staff_problem": (STAFF, "Problem reported"),
    "staff_refund_due": (STAFF, "Refund due"),
}
OTHERS = {SELLER: "the seller", BUYER: "the buyer", STAFF: "staff"}


@dataclass(frozen=True, slots=True)
class MailRow:
    """One mail: its kind, what it says, to whom, its state in words, and when."""

    kind: str
    words: str
    recipient: str
    state: str
    at: datetime


def mails_about(order: ResellerOrder, *, reader: str) -> list[MailRow]:
    """The mails about an order as `reader` (seller, buyer or staff) may see them."""
    return list(rows(jobs.for_object(f"marketplace.order:{order.contract_id}"), reader))


def rows(found: list[Job], reader: str) -> Iterator[MailRow]:
    for job in found:
        kind = job.key.split(":")[1] if job.kind == "mail" else ""
        if kind not in WORDS:
            continue
        audience, words = WORDS[kind]
        if reader == BUYER and audience != BUYER:
            continue
        own = reader in {audience, STAFF}
        recipient = job.note if own and job.note else OTHERS[audience]
        at = job.finished_at or job.created_at
        yield MailRow(kind, words, recipient, job.state_word, at)
