"""One order as its reseller works on it: what to buy, the acts, and all behind it.

The buyer stays nameless. Amounts are the frozen ones. Source: 4-marketplace, section 9.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.utils.html import format_html

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
from marketplace.presentation.leads import reason_words
from marketplace.presentation.mails import SELLER, mails_about
from marketplace.presentation.queue import deadline_of, has_problem, order_row
from marketplace.presentation.specs import Fact
from marketplace.presentation.timeline import AUTOMATIC, STAFF, Event, is_by_staff
from resellers.models import AuditEntry
from resellers.money import Money
from resellers.templatetags.moneys import e9s_text, money_e9s_html

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
BY_SELLER = {
    "order.accepted",
    "order.purchased",
    "order.fulfilled",
    "order.details_corrected",
    "order.rejected",
    "order.failed",
}
BUYER = "The buyer"
DOERS = {
    "order.placed": BUYER,
    "order.cancelled": BUYER,
    "order.completed": BUYER,
    "order.reopened": STAFF,
    "payment.received": STAFF,
    "payment.refunded": STAFF,
    "problem.reported": BUYER,
    "problem.resolved": STAFF,
}
REASONS_SHOWN = {"order.rejected", "order.failed", "order.reopened"}


def order_page(
    order: ResellerOrder,
    trail: Iterable[AuditEntry],
    member: ProviderMember,
    now: datetime,
) -> dict[str, Any]:
    """Every value of an order's page."""
    return {
        **order_work(order, member, now),
        "words": frozen_words(order.contract),
        "receipt": frozen_receipt(order),
        "margin": margin_facts(order),
        "pick": pick_facts(order),
        "attempts": attempt_rows(order),
        "mails": mail_rows(order),
        "events": list(seller_events(trail, member)),
    }


def order_work(
    order: ResellerOrder, member: ProviderMember, now: datetime
) -> dict[str, Any]:
    """What the panel of a row needs: what to buy, for whom, and what may be done."""
    contract = order.contract
    sold, is_open = contract.offering_snapshot, order.state in OPEN_STATES
    may_act = member.may("operator")
    return {
        "order": order,
        "row": order_row(order, now),
        "name": sold["offer_name"],
        "step": step_words(order),
        "deadline": deadline_of(order),
        "buy_title": "What to buy" if is_open else "What was sold",
        "plan": sold["code"],
        "what_to_buy": what_to_buy(order),
        "checkout_url": sold["checkout_url"] if is_open else "",
        "drift": drift_words(order) if is_open else "",
        "system": contract.operating_system or "your choice",
        "ssh_public_key": contract.ssh_public_key,
        "note": contract.note,
        "details": delivered_details(order) if may_act else [],
        "problem": contract.problem_text if contract.problem_open else "",
        "refusal": reason_words(order),
        **(permissions(order) if may_act else {}),
    }


def permissions(order: ResellerOrder) -> dict[str, bool]:
    """The acts an operator is offered. Section 4 has the table.

    An accepted order may be failed too, but rejecting it is the same for the buyer and
    never worse for the reseller.
    """
    state, paid = order.state, is_paid(order)
    may = {
        "may_accept": paid and state == OrderState.PLACED,
        "may_buy": paid and state in {OrderState.PLACED, OrderState.ACCEPTED},
        "may_fulfil": paid and state in OPEN_STATES,
        "may_reject": state in {OrderState.PLACED, OrderState.ACCEPTED},
        "may_fail": state == OrderState.ORDERED,
        "may_correct": state in DELIVERED_STATES,
    }
    return {**may, "may_do_something": any(may.values())}


def is_paid(order: ResellerOrder) -> bool:
    return bool(order.contract.payment.state == PaymentState.RECEIVED)


def step_words(order: ResellerOrder) -> str:
    """What the order asks for next, in one sentence."""
    if has_problem(order):
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
    def money(amount_e9s: int) -> str:
        return money_e9s_html(amount_e9s, order.currency)

    return [
        Fact("Machine", frozen_words(order.contract)),
        Fact("Supplier", order.external_provider.name),
        Fact("Expected cost", money(order.base_price_e9s)),
        Fact(
            "Buyer pays",
            format_html(
                "{}, of which you earn {}",
                money(order.total_paid_e9s),
                money(order.commission_e9s),
            ),
        ),
    ]


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
        for mail in mails_about(order, reader=SELLER)
    ]


def seller_events(
    trail: Iterable[AuditEntry], member: ProviderMember
) -> Iterator[Event]:
    """The audit trail in the reseller's words; the buyer stays "the buyer"."""
    for entry in trail:
        if entry.action not in ACTION_WORDS:
            continue
        title, icon, tone = ACTION_WORDS[entry.action]
        yield Event(
            title=title,
            at=entry.at,
            by=doer(entry, member),
            text=entry.reason if entry.action in REASONS_SHOWN else "",
            icon=icon,
            tone=tone,
        )


def doer(entry: AuditEntry, member: ProviderMember) -> str:
    """You, a colleague (masked), the buyer, staff, or nobody in particular."""
    if entry.on_behalf:
        return f"{STAFF} for you"
    if is_by_staff(entry):
        return STAFF
    if entry.actor_id is None and entry.actor_key_id is None:
        return AUTOMATIC
    if entry.actor_id == member.user_id:
        return "You"
    if entry.action in BY_SELLER:
        _, is_key, prefix = entry.actor_label.partition(" key:")
        return f"Access key {prefix}" if is_key else entry.actor_label[len("user:") :]
    return DOERS.get(entry.action, "")


def typed(form: forms.Form) -> list[Fact]:
    """What was typed into a form that the order's new state has no place for."""
    return [
        Fact(str(field.label), field.value())
        for field in form
        if not field.is_hidden and field.value() and field.name != "without_details"
    ]
