"""What happened to a contract, from its audit trail, in its buyer's words.

Every action on an order has its words here; a test walks the actions. Names of the
seller's members are never shown.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from marketplace.models import OPEN_STATES, Contract, OrderState, PaymentState
from resellers.models import AuditEntry

STAFF = "Consign staff"
AUTOMATIC = "Automatically"

WORDS = {
    "order.placed": ("You rented it", "file", "neutral"),
    "payment.received": ("Payment received", "check", "done"),
    "payment.received_late": ("Payment arrived after the end", "alert", "soon"),
    "order.accepted": ("{seller} accepted", "check", "info"),
    "order.purchased": ("{seller} bought it from {supplier}", "check", "info"),
    "order.fulfilled": ("{seller} delivered", "check-circle", "done"),
    "order.details_corrected": ("{seller} corrected the access data", "key", "info"),
    "order.completed": ("Confirmed: it works", "check-circle", "done"),
    "order.rejected": ("{seller} declined", "x-circle", "refused"),
    "order.failed": ("{seller} could not deliver", "x-circle", "refused"),
    "order.cancelled": ("You cancelled", "x-circle", "neutral"),
    "order.expired": ("{seller} did not deliver in time", "x-circle", "refused"),
    "order.reopened": ("The order was started anew", "progress", "info"),
    "payment.refunded": ("Refund sent", "check", "done"),
    "problem.reported": ("You reported a problem", "alert", "overdue"),
    "problem.resolved": ("Problem solved", "check", "done"),
}
STAFF_WORDS = {
    "order.rejected": f"{STAFF} declined this order",
    "order.failed": f"{STAFF} ended this order",
}
REASON_SHOWN = {"order.rejected", "order.failed"}


@dataclass(frozen=True, slots=True)
class Event:
    """One step; `is_ahead` for what is still expected."""

    title: str
    at: datetime
    by: str = ""
    text: str = ""
    icon: str = "circle"
    tone: str = "neutral"
    is_ahead: bool = False


def events(
    contract: Contract, trail: Iterable[AuditEntry], now: datetime
) -> list[Event]:
    """The steps so far, oldest first, then what is still to come."""
    past = [event(contract, one) for one in trail if one.action in WORDS]
    return [*past, *ahead(contract, now)]


def event(contract: Contract, entry: AuditEntry) -> Event:
    title, icon, tone = WORDS[entry.action]
    if entry.action == "order.expired" and paid_before(entry) is False:
        title, tone = "Not paid in time", "neutral"
    if is_by_staff(entry):
        title = STAFF_WORDS.get(entry.action, title)
    names = {
        "seller": contract.seller.name,
        "supplier": contract.reseller_order.external_provider.name,
    }
    return Event(
        title=title.format(**names),
        at=entry.at,
        by=doer(contract, entry),
        text=entry.reason if entry.action in REASON_SHOWN else "",
        icon=icon,
        tone=tone,
    )


def paid_before(entry: AuditEntry) -> bool | None:
    """Whether money was there when an order expired; None when the trail is silent."""
    state = (entry.before or {}).get("payment")
    return None if state is None else state != PaymentState.AWAITING


def is_by_staff(entry: AuditEntry) -> bool:
    """Staff act in a seller's place, or fail what was fulfilled: nobody else may."""
    over = entry.action == "order.failed"
    return bool(entry.on_behalf) or (
        over and (entry.before or {}).get("state") == OrderState.FULFILLED
    )


def doer(contract: Contract, entry: AuditEntry) -> str:
    """You, the seller, our staff, or nobody in particular."""
    if entry.on_behalf:
        return f"{STAFF} for {contract.seller.name}"
    if is_by_staff(entry):
        return STAFF
    if entry.actor_id == contract.buyer_id:
        return "You"
    if entry.actor_key_id is None and entry.actor_id is None:
        return AUTOMATIC
    if entry.action.startswith("order.") and entry.action != "order.reopened":
        return contract.seller.name
    return STAFF


def ahead(contract: Contract, now: datetime) -> Iterator[Event]:
    """What is promised, in the order it should happen."""
    order, seller = contract.reseller_order, contract.seller.name
    if contract.payment.state != PaymentState.RECEIVED:
        return
    if order.state == OrderState.PLACED and order.accept_by:
        yield promise(f"{seller} accepts", order.accept_by, now)
    if order.state in OPEN_STATES and order.fulfil_by:
        yield promise(f"{seller} delivers", order.fulfil_by, now)
    if order.state == OrderState.FULFILLED and order.completion_due_at:
        title, by = "Counts as working", "Without a word from you"
        yield Event(title, order.completion_due_at, by, is_ahead=True)


def promise(title: str, by: datetime, now: datetime) -> Event:
    return Event(title, by, "At the latest" if by > now else "Promised", is_ahead=True)
