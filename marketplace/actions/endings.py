"""Where an order ends without a delivery that lasts, and how staff start it anew.

Reject, fail, cancel, expire; re-open. What was paid becomes due back to the buyer in
the same transaction. Source: 4-marketplace, section 4.
"""

from datetime import datetime, timedelta

from django.db import transaction

from marketplace.actions import facts, postings
from marketplace.actions.moves import (
    Case,
    change,
    change_contract,
    change_payment,
    end_attempt,
    give_back,
    is_staff,
    open_case,
    record,
    tell,
)
from marketplace.errors import (
    CannotCancel,
    OrderNotEnded,
    OrderNotPending,
    RefundAlreadySent,
)
from marketplace.models import (
    MOVES,
    FulfilmentAttempt,
    Offering,
    OfferingStatus,
    OrderState,
    PaymentState,
    ReasonCode,
    ResellerOrder,
    StockStatus,
)
from resellers.models import Actor

PAYABLE_FOR = timedelta(days=7)


@transaction.atomic
def reject_order(
    order: ResellerOrder, *, reason_code: str, reason: str, actor: Actor
) -> ResellerOrder:
    """The reseller declines before buying anything; the buyer reads the reason.

    Raises OrderNotPending, InvalidReasonCode, ReasonRequired.
    """
    code, text = facts.reason_code(reason_code), facts.reason(reason)
    case = open_case(order, actor, for_seller=True)
    if is_repeated(case, OrderState.REJECTED, code, text):
        return case.order
    if case.order.state not in MOVES[OrderState.REJECTED]:
        raise OrderNotPending(state=case.order.state)
    blameless = catalogue_agrees(case.order, code)
    end(case, OrderState.REJECTED, code, text, on_time=None if blameless else False)
    record(case, "order.rejected", reason=text)
    tell(case, "order_ended")
    return case.order


@transaction.atomic
def fail_order(
    order: ResellerOrder, *, reason_code: str, reason: str, actor: Actor
) -> ResellerOrder:
    """Give up an accepted or ordered order; staff also one that was fulfilled.

    The latter is the staff's own verb, the former one they do on behalf. Posted entries are reversed exactly, an open problem is over.
    Raises OrderNotPending, InvalidReasonCode, ReasonRequired.
    """
    code, text = facts.reason_code(reason_code), facts.reason(reason)
    case = open_case(order, actor, for_seller=True)
    if is_repeated(case, OrderState.FAILED, code, text):
        return case.order
    allowed = set(MOVES[OrderState.FAILED])
    if not is_staff(actor):
        allowed.discard(OrderState.FULFILLED)
    if case.order.state not in allowed:
        raise OrderNotPending(state=case.order.state)
    if case.order.state == OrderState.FULFILLED:
        case.on_behalf = ""
        postings.reverse_owed(case)
    if case.contract.problem_open:
        change_contract(case, problem_resolved_at=case.at)
    end(case, OrderState.FAILED, code, text, on_time=False)
    record(case, "order.failed", reason=text)
    tell(case, "order_ended")
    return case.order


@transaction.atomic
def cancel_order(order: ResellerOrder, *, actor: Actor) -> ResellerOrder:
    """The buyer steps back: before acceptance, or when delivery is overdue.

    Raises CannotCancel (409, with the state).
    """
    case = open_case(order, actor)
    if case.order.state == OrderState.CANCELLED:
        return case.order
    late = is_overdue(case)
    if case.order.state != OrderState.PLACED and not late:
        raise CannotCancel(state=case.order.state)
    seller_knows = case.paid
    end(case, OrderState.CANCELLED, on_time=False if late else None)
    record(case, "order.cancelled")
    tell(case, "order_ended")
    if seller_knows:
        tell(case, "order_cancelled")
    return case.order


@transaction.atomic
def expire_order(
    order: ResellerOrder, *, at: datetime, actor: Actor = None
) -> ResellerOrder:
    """The clock ends what nobody paid, accepted or fulfilled in time.

    Raises OrderNotPending when nothing has run out by `at`.
    """
    case = open_case(order, actor, at=at)
    if not has_run_out(case):
        raise OrderNotPending(state=case.order.state)
    seller_knows = case.paid
    end(case, OrderState.EXPIRED, on_time=False if seller_knows else None)
    record(case, "order.expired")
    tell(case, "order_ended")
    if seller_knows:
        tell(case, "order_expired")
    return case.order


@transaction.atomic
def reopen_order(order: ResellerOrder, *, reason: str, actor: Actor) -> ResellerOrder:
    """Staff start a rejected, expired or failed order anew, with a fresh clock.

    The external id survives; the next attempt begins. Money due back counts as
    received again, a void payment is awaited again.
    Raises OrderNotEnded, RefundAlreadySent, ReasonRequired.
    """
    why = facts.staff_reason(reason)
    case = open_case(order, actor)
    if case.order.state not in MOVES[OrderState.PLACED]:
        raise OrderNotEnded(state=case.order.state)
    if case.payment.state == PaymentState.REFUNDED:
        raise RefundAlreadySent(state=case.order.state)
    if case.payment.state == PaymentState.VOID:
        due_at = case.at + PAYABLE_FOR
        change_payment(case, PaymentState.AWAITING, due_at=due_at)
    else:
        change_payment(case, PaymentState.RECEIVED)
    start_over(case)
    case.attempt = FulfilmentAttempt.objects.create(
        order=case.order, number=case.attempt.number + 1, started_at=case.at
    )
    record(case, "order.reopened", reason=why)
    tell(case, "order_new" if case.paid else "order_placed")
    return case.order


def start_over(case: Case) -> None:
    """The order as on its first day, but for the external purchase."""
    change(
        case,
        MOVES[OrderState.PLACED],
        state=OrderState.PLACED,
        **deadlines(case),
        accepted_at=None,
        ordered_at=None,
        fulfilled_at=None,
        decided_at=None,
        completion_due_at=None,
        on_time=None,
        reason_code="",
        reason="",
        external_order_details=None,
    )


def deadlines(case: Case) -> dict[str, datetime | None]:
    """Both deadlines from now by the order's frozen hours; none until it is paid."""
    if not case.paid:
        return {"accept_by": None, "fulfil_by": None}
    order = case.order
    return {
        "accept_by": case.at + timedelta(hours=order.accept_within_hours),
        "fulfil_by": case.at + timedelta(hours=order.fulfil_within_hours),
    }


def end(
    case: Case,
    state: OrderState,
    reason_code: str = "",
    reason: str = "",
    *,
    on_time: bool | None,
) -> None:
    """Move the order to an end, close its attempt and give the money back.

    Only from the state this was decided on: `MOVES` allows more than every actor may.
    """
    if not case.paid:
        on_time = None
    change(
        case,
        {OrderState(case.order.state)},
        state=state,
        decided_at=case.order.decided_at or case.at,
        completion_due_at=None,
        on_time=on_time,
        reason_code=reason_code,
        reason=reason,
    )
    end_attempt(case, state, reason_code=reason_code, reason=reason)
    give_back(case)


def is_repeated(case: Case, state: OrderState, code: str, text: str) -> bool:
    order = case.order
    return (order.state, order.reason_code, order.reason) == (state, code, text)


def is_overdue(case: Case) -> bool:
    """True when an open order is past its promised delivery."""
    fulfil_by = case.order.fulfil_by
    late = fulfil_by is not None and fulfil_by < case.at
    return late and case.order.state in MOVES[OrderState.CANCELLED]


def has_run_out(case: Case) -> bool:
    """Unpaid past its date, placed past accept_by, or accepted past fulfil_by.

    An ordered one stays: something was bought.
    """
    order, at = case.order, case.at
    if order.state == OrderState.PLACED:
        if case.payment.state == PaymentState.AWAITING:
            return bool(case.payment.due_at < at)
        return order.accept_by is not None and order.accept_by < at
    accepted = order.state == OrderState.ACCEPTED
    return accepted and order.fulfil_by is not None and order.fulfil_by < at


def catalogue_agrees(order: ResellerOrder, code: str) -> bool:
    """True when the catalogue now says what the reseller gives as its reason."""
    offering = Offering.objects.get(pk=order.offering_id)
    if code == ReasonCode.OUT_OF_STOCK:
        gone = offering.status == OfferingStatus.RETIRED
        return gone or offering.stock_status == StockStatus.OUT_OF_STOCK
    dearer = offering.base_price_e9s > order.base_price_e9s
    return code == ReasonCode.PRICE_CHANGED and dearer
