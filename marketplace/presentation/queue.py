"""A reseller order as its reseller works on it: rows of the queue and the order's page.

The buyer stays nameless. Amounts are the frozen ones. Source: 4-marketplace, section 9.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse

from marketplace.models import (
    DELIVERED_STATES,
    OPEN_STATES,
    OrderState,
    PaymentState,
    ProviderMember,
    ResellerOrder,
)
from marketplace.presentation.contract_page import (
    delivered_details,
    frozen_receipt,
    frozen_words,
)
from marketplace.presentation.leads import REASON_WORDS
from marketplace.presentation.mails import SELLER, MailRow, mails_about
from marketplace.presentation.specs import Fact
from marketplace.presentation.timeline import AUTOMATIC, STAFF, Event
from marketplace.workspace import DONE, FAILED, NEEDS_ACTION, WAITING
from resellers.models import AuditEntry
from resellers.money import Money
from resellers.templatetags.moments import countdown_html, time_html
from resellers.templatetags.moneys import e9s_text, money_e9s_html
from resellers.templatetags.signs import status_html

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
    NEEDS_ACTION: "Nothing waits for you. New paid orders stand here, the nearest"
    " deadline first, and you get a mail.",
    WAITING: "No order waits for its buyer’s payment.",
    DONE: "No order was delivered yet. What you fulfil stands here.",
    FAILED: "No order was rejected, expired, cancelled or failed.",
}
ACTION_WORDS = {
    "order.placed": ("Rented by a buyer", "file", "neutral"),
    "payment.received": ("Payment received, deadlines started", "check", "done"),
    "payment.received_late": ("Payment came after the end", "alert", "soon"),
    "order.accepted": ("Accepted", "check", "info"),
    "order.purchased": ("Purchase recorded", "check", "info"),
    "order.fulfilled": ("Delivered", "check-circle", "done"),
    "order.details_corrected": ("Access data corrected", "key", "info"),
    "order.completed": ("Completed, earnings available", "check-circle", "done"),
    "order.rejected": ("Rejected", "x-circle", "refused"),
    "order.failed": ("Failed", "x-circle", "refused"),
    "order.cancelled": ("Cancelled by the buyer", "x-circle", "neutral"),
    "order.expired": ("Expired", "x-circle", "refused"),
    "order.reopened": ("Re-opened", "progress", "info"),
    "payment.refunded": ("Buyer refunded", "check", "neutral"),
    "problem.reported": ("The buyer reported a problem", "alert", "overdue"),
    "problem.resolved": ("Problem resolved", "check", "done"),
}
REASONS_SHOWN = {"order.rejected", "order.failed", "order.reopened"}


@dataclass(frozen=True, slots=True)
class OrderRow:
    """One row of the queue, finished texts."""

    public_id: str
    short_id: str
    url: str
    name: str
    words: str
    supplier: str
    status: str
    deadline: str
    commission: str
    total: str


def order_row(order: ResellerOrder, now: datetime) -> OrderRow:
    snapshot = order.contract.offering_snapshot
    return OrderRow(
        public_id=order.contract_id,
        short_id=f"{order.contract_id[:8]}…",
        url=reverse("marketplace:order-detail", args=[order.contract_id]),
        name=snapshot["offer_name"],
        words=", ".join(filter(None, [snapshot["datacenter_city"], snapshot["code"]])),
        supplier=order.external_provider.name,
        status=state_sign(order, now),
        deadline=deadline_html(order, now),
        commission=e9s_text(order.commission_e9s, order.currency),
        total=money_e9s_html(order.total_paid_e9s, order.currency),
    )


def state_sign(order: ResellerOrder, now: datetime) -> str:
    if order.contract.problem_open and order.state == OrderState.FULFILLED:
        return status_html("overdue", "Problem reported")
    if order.is_overdue(now):
        return status_html("overdue", "Overdue")
    unpaid = order.contract.payment.state == PaymentState.AWAITING
    if unpaid and order.state in OPEN_STATES:
        return status_html("neutral", "Unpaid")
    return status_html(*STATE_SIGNS[OrderState(order.state)])


def deadline_of(order: ResellerOrder) -> datetime | None:
    """What runs out next: acceptance, then delivery."""
    if order.state == OrderState.PLACED:
        return order.accept_by
    return order.fulfil_by if order.state in OPEN_STATES else None


def deadline_html(order: ResellerOrder, now: datetime) -> str:
    deadline = deadline_of(order)
    if deadline is not None:
        return countdown_html(deadline, now)
    awaited = order.contract.payment.state == PaymentState.AWAITING
    if awaited and order.state in OPEN_STATES:
        return time_html(order.contract.payment.due_at, now)
    return time_html(order.decided_at or order.created_at, now)


def tabs(counts: dict[str, int], here: str) -> list[dict[str, Any]]:
    page = reverse("marketplace:order-list")
    return [
        {
            "label": words,
            "url": f"{page}?tab={tab}",
            "count": counts[tab],
            "is_here": tab == here,
            "tone": "accent" if tab == NEEDS_ACTION and counts[tab] else "",
        }
        for tab, words in TAB_WORDS.items()
    ]


def order_page(
    order: ResellerOrder,
    trail: Iterable[AuditEntry],
    member: ProviderMember,
    now: datetime,
) -> dict[str, Any]:
    """Every value of an order's panel and page."""
    contract = order.contract
    open_, paid = order.state in OPEN_STATES, is_paid(order)
    may_act = member.may("operator")
    return {
        "order": order,
        "row": order_row(order, now),
        "name": contract.offering_snapshot["offer_name"],
        "words": frozen_words(contract),
        "step": step_words(order),
        "deadline": deadline_of(order),
        "what_to_buy": what_to_buy(order),
        "checkout_url": contract.offering_snapshot["checkout_url"],
        "drift": drift_words(order) if open_ else "",
        "requirements": requirements(order),
        "may_accept": may_act and paid and order.state == OrderState.PLACED,
        "may_buy": may_act
        and paid
        and order.state in {OrderState.PLACED, OrderState.ACCEPTED},
        "may_fulfil": may_act and paid and open_,
        "may_reject": may_act
        and order.state in {OrderState.PLACED, OrderState.ACCEPTED},
        "may_fail": may_act
        and order.state in {OrderState.ACCEPTED, OrderState.ORDERED},
        "may_correct": may_act and order.state in DELIVERED_STATES,
        "sees_details": may_act,
        "details": delivered_details(order) if may_act else [],
        "problem": contract.problem_text if contract.problem_open else "",
        "refusal": refusal_words(order),
        "receipt": frozen_receipt(order),
        "margin": margin_facts(order),
        "pick": pick_facts(order),
        "attempts": attempt_rows(order),
        "mails": mail_rows(order),
        "events": list(seller_events(trail)),
    }


def is_paid(order: ResellerOrder) -> bool:
    return bool(order.contract.payment.state == PaymentState.RECEIVED)


def step_words(order: ResellerOrder) -> str:
    """What the order asks for next, in one sentence."""
    if order.contract.problem_open and order.state == OrderState.FULFILLED:
        return (
            "The buyer reported a problem. Correct the access data or write to staff."
        )
    if order.state in OPEN_STATES and not is_paid(order):
        return "Buy nothing yet: the buyer has not paid."
    supplier = order.external_provider.name
    return {
        OrderState.PLACED: f"Accept it, then buy it at {supplier}.",
        OrderState.ACCEPTED: f"Buy it at {supplier}, then deliver the access data.",
        OrderState.ORDERED: "You bought it. Deliver the access data.",
        OrderState.FULFILLED: "Delivered. Your earnings become available when the buyer"
        " says that it works, or after seven days.",
        OrderState.COMPLETED: "Completed. Your earnings are available.",
    }.get(OrderState(order.state), "This order has ended.")


def what_to_buy(order: ResellerOrder) -> list[Fact]:
    snapshot = order.contract.offering_snapshot
    place = ", ".join(
        filter(None, [snapshot["datacenter_city"], snapshot["datacenter_country"]])
    )
    return [
        Fact("Supplier", order.external_provider.name),
        Fact("Plan", snapshot["code"]),
        Fact("Place", place),
        Fact("Expected cost", money_e9s_html(order.base_price_e9s, order.currency)),
        Fact("Buyer paid", money_e9s_html(order.total_paid_e9s, order.currency)),
        Fact("You earn", money_e9s_html(order.commission_e9s, order.currency)),
    ]


def requirements(order: ResellerOrder) -> list[Fact]:
    contract = order.contract
    rows = [
        ("Operating system", contract.operating_system or "your choice"),
        ("SSH public key", contract.ssh_public_key),
        ("Note", contract.note),
    ]
    return [Fact(label, text) for label, text in rows if text]


def drift_words(order: ResellerOrder) -> str:
    """What buying now would lose, when the supplier's base passed the total paid."""
    now_e9s, currency = order.offering.base_price_e9s, order.currency
    if order.state == OrderState.ORDERED or order.offering.currency != currency:
        return ""
    rise = (now_e9s - order.base_price_e9s) * 100
    if rise <= order.base_price_e9s * settings.PRICE_DRIFT_PERCENT:
        return ""
    now, frozen = digits(now_e9s, currency), digits(order.base_price_e9s, currency)
    margin = order.total_paid_e9s - now_e9s
    effect = "loses" if margin < 0 else "leaves"
    return (
        f"Supplier now {now}, frozen base {frozen}: buying now {effect}"
        f" {e9s_text(abs(margin), currency)}."
    )


def digits(e9s: int, currency: str) -> str:
    return str(Money.from_e9s(e9s, currency))


def margin_facts(order: ResellerOrder) -> list[Fact]:
    """Realised margin = what the buyer paid less what it cost, in one currency."""
    cost, currency = order.actual_cost_e9s, order.currency
    if cost is None:
        return [Fact("Actual cost", "not recorded"), Fact("Realised margin", "N/A")]
    same = order.actual_cost_currency == currency
    margin = (
        money_e9s_html(order.total_paid_e9s - cost, currency)
        if same
        else "N/A, another currency"
    )
    return [
        Fact("Actual cost", money_e9s_html(cost, order.actual_cost_currency)),
        Fact("Realised margin", margin),
    ]


def pick_facts(order: ResellerOrder) -> list[Fact]:
    """Why this reseller got the order, from what was stored with it."""
    pick = order.pick
    chosen = "featured" if not pick["overridden"] else "chosen by the buyer"
    return [
        Fact("Rule", f"{pick['rule']}, {pick['week']}"),
        Fact("Sellers then", str(len(pick["candidates"]))),
        Fact("You were", chosen),
    ]


def attempt_rows(order: ResellerOrder) -> list[dict[str, Any]]:
    """Each try at fulfilling, the first one first."""
    return [
        {
            "number": attempt.number,
            "words": attempt.get_outcome_display() or "Open",
            "at": attempt.ended_at or attempt.started_at,
        }
        for attempt in order.attempts.order_by("number")
    ]


def refusal_words(order: ResellerOrder) -> str:
    """Why an ended order ended, with the code in words."""
    if not order.reason_code:
        return ""
    return f"{REASON_WORDS[order.reason_code].capitalize()}: {order.reason}"


def mail_rows(order: ResellerOrder) -> list[dict[str, Any]]:
    tones = {"queued": "neutral", "sent": "done", "failed": "refused"}
    return [
        {
            "words": mail.words,
            "to": mail.recipient,
            "state": str(mail.state),
            "tone": tones.get(str(mail.state), "soon"),
            "at": mail.at,
        }
        for mail in own_mails(order)
    ]


def own_mails(order: ResellerOrder) -> list[MailRow]:
    return mails_about(order, reader=SELLER)


def seller_events(trail: Iterable[AuditEntry]) -> Iterator[Event]:
    """The audit trail in the reseller's words; the buyer stays "the buyer"."""
    for entry in trail:
        if entry.action not in ACTION_WORDS:
            continue
        title, icon, tone = ACTION_WORDS[entry.action]
        yield Event(
            title=title,
            at=entry.at,
            by=doer(entry),
            text=entry.reason if entry.action in REASONS_SHOWN else "",
            icon=icon,
            tone=tone,
        )


def doer(entry: AuditEntry) -> str:
    if entry.on_behalf:
        return f"{STAFF} for you"
    if entry.actor_id is None and entry.actor_key_id is None:
        return AUTOMATIC
    if entry.action in {"payment.received", "payment.refunded", "order.reopened"}:
        return STAFF
    if entry.action in {"order.placed", "order.cancelled", "problem.reported"}:
        return "The buyer"
    return ""
