"""The reseller's verbs, and the buyer's "It works": accept, purchase, fulfil, complete.

Where an order ends otherwise: `endings`. Source: 4-marketplace, section 4.
"""

import json
from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models.functions import Lower

from marketplace.actions import facts, postings
from marketplace.actions.moves import (
    Case,
    change,
    demand,
    end_attempt,
    open_case,
    record,
    tell,
)
from marketplace.errors import (
    DetailsNotObject,
    ExternalOrderIdRecorded,
    ExternalOrderIdTaken,
    OrderNotFulfilled,
    ProblemOpen,
)
from marketplace.models import (
    DELIVERED_STATES,
    MOVES,
    FulfilmentAttempt,
    OrderState,
    ResellerOrder,
)
from resellers.models import Actor
from resellers.models.versions import check_version, version_of


@transaction.atomic
def accept_order(order: ResellerOrder, *, actor: Actor) -> ResellerOrder:
    """Say that the order will be fulfilled. Accepting twice is accepting once.

    Raises OrderNotPending, PaymentPending.
    """
    case = open_case(order, actor, for_seller=True)
    if case.order.state == OrderState.ACCEPTED:
        return case.order
    demand(case, OrderState.ACCEPTED)
    change(
        case,
        MOVES[OrderState.ACCEPTED],
        state=OrderState.ACCEPTED,
        accepted_at=case.at,
    )
    record(case, "order.accepted")
    return case.order


@transaction.atomic
def record_purchase(
    order: ResellerOrder,
    *,
    external_order_id: str,
    actual_cost_e9s: int | None = None,
    actual_cost_currency: str = "",
    actor: Actor,
) -> ResellerOrder:
    """Note what was bought at the external provider; delivery is still to come.

    Raises ExternalOrderIdTaken, OrderNotPending, PaymentPending.
    """
    case = open_case(order, actor, for_seller=True)
    bought = purchase(case, external_order_id, actual_cost_e9s, actual_cost_currency)
    if case.order.state == OrderState.ORDERED and is_as_recorded(case, bought):
        return case.order
    demand(case, OrderState.ORDERED)
    refuse_taken_id(case, bought["external_order_id"])
    change(
        case,
        MOVES[OrderState.ORDERED],
        state=OrderState.ORDERED,
        ordered_at=case.at,
        **bought,
    )
    record(case, "order.purchased")
    return case.order


@transaction.atomic
def fulfil_order(
    order: ResellerOrder,
    *,
    external_order_id: str = "",
    external_order_details: object = None,
    actual_cost_e9s: int | None = None,
    actual_cost_currency: str = "",
    actor: Actor,
) -> ResellerOrder:
    """Close an open order with the external provider's facts and post what is owed.

    The id of a recorded purchase may be left out; no other one takes its place. The
    amounts posted are the frozen ones, in minor units. The same id and details, and
    the same cost where one is given, twice are one deed.
    Raises OrderNotPending (409, with the state) when somebody was faster,
    ExternalOrderIdRecorded, ExternalOrderIdTaken, PaymentPending.
    Source: document 1, step 5.
    """
    case = open_case(order, actor, for_seller=True)
    details = facts.details(external_order_details)
    bought = purchase(case, external_order_id, actual_cost_e9s, actual_cost_currency)
    delivered = {**bought, "external_order_details": details}
    if case.order.state in DELIVERED_STATES and is_as_recorded(case, delivered):
        return case.order
    demand(case, OrderState.FULFILLED)
    refuse_other_purchase(case, bought["external_order_id"])
    refuse_taken_id(case, bought["external_order_id"])
    change(
        case,
        MOVES[OrderState.FULFILLED],
        state=OrderState.FULFILLED,
        fulfilled_at=case.at,
        decided_at=case.at,
        completion_due_at=case.at + postings.COMPLETES_AFTER,
        on_time=is_in_time(case),
        external_order_details=details,
        **bought,
    )
    postings.post_owed(case)
    end_attempt(case, OrderState.FULFILLED)
    record(case, "order.fulfilled")
    tell(case, "order_fulfilled")
    return case.order


@transaction.atomic
def correct_details(
    order: ResellerOrder,
    *,
    external_order_details: object,
    versions: Collection[str] | None = None,
    actor: Actor,
) -> ResellerOrder:
    """Replace the delivered access data and tell the buyer; the audit names keys only.

    `versions` are those the data may have been read in. Raises OrderNotFulfilled,
    VersionChanged.
    """
    details = facts.details(external_order_details)
    if not details:
        raise DetailsNotObject(
            "Give at least one name with its value.", field="external_order_details"
        )
    case = open_case(order, actor, for_seller=True)
    if case.order.state not in DELIVERED_STATES:
        raise OrderNotFulfilled(state=case.order.state)
    if written(case.order.external_order_details) == written(details):
        return case.order
    check_version(case.order, versions, "external_order_details")
    change(case, set(DELIVERED_STATES), external_order_details=details)
    entry = record(case, "order.details_corrected")
    tell(case, "details_corrected", again=entry)
    return case.order


def details_version(order: ResellerOrder) -> str:
    """A word for the delivered data as they were read."""
    return version_of(order, "external_order_details")


@transaction.atomic
def complete_order(
    order: ResellerOrder, *, actor: Actor, at: datetime | None = None
) -> ResellerOrder:
    """The buyer says "It works", or seven quiet days have passed: entries are due.

    With `at`, the clock's time, only what is due by then completes.
    Raises OrderNotFulfilled, ProblemOpen.
    """
    case = open_case(order, actor, at=at)
    if case.order.state == OrderState.COMPLETED:
        return case.order
    if case.contract.problem_open:
        raise ProblemOpen(state=case.order.state)
    due_at = case.order.completion_due_at
    too_early = at is not None and (due_at is None or due_at > at)
    if case.order.state != OrderState.FULFILLED or too_early:
        raise OrderNotFulfilled(state=case.order.state)
    change(
        case,
        MOVES[OrderState.COMPLETED],
        state=OrderState.COMPLETED,
        completed_at=case.at,
    )
    postings.free_owed(case)
    record(case, "order.completed")
    return case.order


def purchase(
    case: Case, external_order_id: str, cost_e9s: int | None, cost_currency: str
) -> dict[str, Any]:
    """The columns of a purchase. A cost recorded for the same id before is kept."""
    order = case.order
    bought_as = facts.external_id(external_order_id, recorded=order.external_order_id)
    amount, currency = facts.actual_cost(
        cost_e9s, cost_currency, sold_in=order.currency
    )
    if amount is None and bought_as.lower() == order.external_order_id.lower():
        amount, currency = order.actual_cost_e9s, order.actual_cost_currency
    return {
        "external_order_id": bought_as,
        "actual_cost_e9s": amount,
        "actual_cost_currency": currency,
    }


def is_as_recorded(case: Case, stated: dict[str, Any]) -> bool:
    """True when a repetition states what stands already; `true` is not 1."""
    return all(
        written(getattr(case.order, name)) == written(value)
        for name, value in stated.items()
    )


def written(value: object) -> str:
    """A fact as JSON writes it, names in order: equal texts are equal facts."""
    return json.dumps(value, sort_keys=True, default=str)


def is_in_time(case: Case) -> bool | None:
    """Whether fulfilment now keeps the promise; None without a deadline."""
    fulfil_by = case.order.fulfil_by
    return None if fulfil_by is None else case.at <= fulfil_by


def refuse_other_purchase(case: Case, external_order_id: str) -> None:
    """What was bought for this order is what is delivered: its id stays taken.

    Ids of an earlier attempt are kept there and may be followed by another.
    """
    recorded = case.order.external_order_id
    is_other = external_order_id.lower() != recorded.lower()
    if case.order.state == OrderState.ORDERED and is_other:
        raise ExternalOrderIdRecorded(
            f"{recorded} was recorded: leave the id out to deliver it, or fail the"
            " order.",
            field="external_order_id",
            external_order_id=recorded,
        )


def refuse_taken_id(case: Case, external_order_id: str) -> None:
    """One external purchase serves one customer order, earlier attempts included.

    The unique key decides a race between two orders; ids of attempts are older than
    any rival. Names the other order only when it is the reseller's own.
    """
    other = order_bought_as(external_order_id, besides=case.order)
    if other is None:
        return
    if other.reseller_id != case.order.reseller_id:
        raise ExternalOrderIdTaken(field="external_order_id")
    raise ExternalOrderIdTaken(
        f"Your order {other.contract_id[:8]} has this id: one external purchase serves"
        " one order.",
        field="external_order_id",
        contract_id=other.contract_id,
    )


def order_bought_as(
    external_order_id: str, *, besides: ResellerOrder
) -> ResellerOrder | None:
    """Another order of the same supplier that has this id, or had it in an attempt."""
    bought_as, supplier = external_order_id.lower(), besides.external_provider_id
    orders = ResellerOrder.objects.annotate(bought_as=Lower("external_order_id"))
    rivals = orders.filter(external_provider=supplier, bought_as=bought_as)
    now = rivals.exclude(pk=besides.pk).first()
    if now is not None:
        return now
    attempts = FulfilmentAttempt.objects.annotate(bought_as=Lower("external_order_id"))
    earlier = (
        attempts.filter(order__external_provider=supplier, bought_as=bought_as)
        .exclude(order=besides)
        .select_related("order")
        .first()
    )
    return earlier.order if earlier else None
