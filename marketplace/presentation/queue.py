"""The queue of a reseller's orders in finished values: tabs, rows, and what is new.

The buyer stays nameless. Amounts are the frozen ones. Source: 4-marketplace, section 9.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from zlib import crc32

from django.urls import reverse

from marketplace.models import (
    DELIVERED_STATES,
    OPEN_STATES,
    OrderState,
    PaymentState,
    ResellerOrder,
)
from marketplace.workspace import DONE, FAILED, NEEDS_ACTION, WAITING, SupplierCounts
from resellers.templatetags.moments import countdown_html, time_html
from resellers.templatetags.moneys import e9s_text, money_e9s_html
from resellers.templatetags.signs import icon_html, status_html

STATE_SIGNS = {
    OrderState.PLACED: ("info", "New"),
    OrderState.ACCEPTED: ("info", "Accepted"),
    OrderState.ORDERED: ("info", "Ordered"),
    OrderState.FULFILLED: ("done", "Delivered"),
    OrderState.COMPLETED: ("done", "Completed"),
    OrderState.REJECTED: ("refused", "Rejected"),
    OrderState.EXPIRED: ("refused", "Expired"),
    OrderState.CANCELLED: ("neutral", "Cancelled"),
    OrderState.FAILED: ("refused", "Failed"),
}
TAB_WORDS = {
    NEEDS_ACTION: "Needs action",
    WAITING: "Waiting for payment",
    DONE: "Done",
    FAILED: "Failed",
}
EMPTY_WORDS = {
    NEEDS_ACTION: (
        "All clear",
        "Nothing waits for you. New paid orders stand here, the nearest deadline"
        " first, and you get a mail.",
    ),
    WAITING: ("Nobody owes a payment", "No order waits for its buyer’s payment."),
    DONE: ("Nothing delivered yet", "What you fulfil stands here."),
    FAILED: (
        "Nothing went wrong",
        "No order was rejected, expired, cancelled or failed.",
    ),
}
KEYS = [
    {"key": "a", "text": "Accept the open order"},
    {"key": "f", "text": "Go to its fulfil form"},
    {"key": "r", "text": "Reject it, with a reason"},
    {"key": "o", "text": "Open the order’s own page"},
    {"key": "/", "text": "Search"},
]
FILTERS = ("q", "provider")


@dataclass(frozen=True, slots=True)
class OrderRow:
    """One row of the queue, finished texts; `known` names it and what it shows."""

    public_id: str
    short_id: str
    url: str
    known: str
    sign: str
    name: str
    words: str
    status: str
    deadline: str
    deadline_note: str
    commission: str
    total: str


def order_row(order: ResellerOrder, now: datetime) -> OrderRow:
    snapshot = order.contract.offering_snapshot
    short_id = f"{order.contract_id[:8]}…"
    words = [
        order.external_provider.name,
        snapshot.get("datacenter_city", ""),
        order.external_order_id or short_id,
    ]
    status = state_sign(order, now)
    deadline, note = deadline_html(order, now)
    return OrderRow(
        public_id=order.contract_id,
        short_id=short_id,
        url=reverse("marketplace:order-detail", args=[order.contract_id]),
        known=f"{order.pk}-{crc32(f'{status}{note}'.encode()):x}",
        sign=icon_html("chevron-right"),
        name=snapshot.get("offer_name", ""),
        words=" · ".join(filter(None, words)),
        status=status,
        deadline=deadline,
        deadline_note=note,
        commission=e9s_text(order.commission_e9s, order.currency),
        total=money_e9s_html(order.total_paid_e9s, order.currency),
    )


def has_problem(order: ResellerOrder) -> bool:
    return order.contract.problem_open and order.state == OrderState.FULFILLED


def is_unpaid(order: ResellerOrder) -> bool:
    awaited = order.contract.payment.state == PaymentState.AWAITING
    return awaited and order.state in OPEN_STATES


def state_sign(order: ResellerOrder, now: datetime) -> str:
    if has_problem(order):
        return status_html("overdue", "Problem reported")
    if order.is_overdue(now):
        return status_html("overdue", "Overdue")
    if is_unpaid(order):
        return status_html("neutral", "Unpaid")
    return status_html(*STATE_SIGNS[OrderState(order.state)])


def deadline_of(order: ResellerOrder) -> datetime | None:
    """What runs out next: acceptance, then delivery."""
    if order.state == OrderState.PLACED:
        return order.accept_by
    return order.fulfil_by if order.state in OPEN_STATES else None


def deadline_html(order: ResellerOrder, now: datetime) -> tuple[str, str]:
    """The time that counts, and what it is."""
    deadline = deadline_of(order)
    if deadline is not None:
        return countdown_html(deadline, now), (
            "to accept" if order.state == OrderState.PLACED else "to deliver"
        )
    if is_unpaid(order):
        return time_html(order.contract.payment.due_at, now), "payment due"
    if has_problem(order):
        return time_html(order.contract.problem_at, now), "reported"
    if order.state in DELIVERED_STATES:
        return time_html(order.fulfilled_at, now), "delivered"
    return time_html(order.decided_at or order.created_at, now), "ended"


def sum_by_tab(suppliers: Iterable[SupplierCounts], pubkey: str = "") -> dict[str, int]:
    """The tabs' counts, of one supplier where one was chosen."""
    counts = dict.fromkeys(TAB_WORDS, 0)
    for supplier in suppliers:
        if pubkey in {"", supplier.pubkey}:
            for tab, count in supplier.counts.items():
                counts[tab] += count
    return counts


def tabs(
    counts: dict[str, int], here: str, query: Mapping[str, str]
) -> list[dict[str, Any]]:
    """A link for each tab."""
    return [
        {
            "label": words,
            "url": tab_url(tab, query),
            "name": f"tab-{tab}",
            "count": counts[tab],
            "is_here": tab == here,
            "tone": "accent" if tab == NEEDS_ACTION and counts[tab] else "",
        }
        for tab, words in TAB_WORDS.items()
    ]


def tab_url(tab: str, query: Mapping[str, str]) -> str:
    """The tab from its first page; search and supplier stay."""
    kept = {name: query[name] for name in FILTERS if query.get(name)}
    address = urlencode({"tab": tab, **kept})
    return f"{reverse('marketplace:order-list')}?{address}"


def more_words(count: int) -> str:
    """What a re-read found that the list does not show yet."""
    if not count:
        return ""
    return "1 more order is here." if count == 1 else f"{count} more orders are here."
