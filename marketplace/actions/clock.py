"""What time asks of orders, each minute: expiries, completions, reminders, notices.

One guarded move and transaction per order, decided again under its lock: twice, late
or in parallel gives the same rows and no second mail. Source: 4-marketplace, section 4.
"""

import logging
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import partial

from django.db.models import Max

from marketplace.actions.endings import expire_order
from marketplace.actions.moves import about
from marketplace.actions.orders import complete_order
from marketplace.errors import OrderNotFulfilled, OrderNotPending, ProblemOpen
from marketplace.models import OrderState, PaymentState, ResellerOrder
from marketplace.models.order import OrderQuerySet
from resellers import jobs
from resellers.models import Job

log = logging.getLogger(__name__)

QUARTER_HOUR = timedelta(minutes=15)
LONGEST_ACCEPT_QUARTER = 72 * QUARTER_HOUR
LONGEST_FULFIL_QUARTER = 336 * QUARTER_HOUR

Orders = Iterable[ResellerOrder]


def run_deadlines(now: datetime) -> str:
    """Clock task `order_deadlines`: do what is due at `now`; one line of counts."""
    counts = {
        "expired": each(run_out(now), partial(expire_order, at=now)),
        "completed": each(quiet(now), partial(complete_order, actor=None, at=now)),
        "reminded": remind(now),
        "overdue": notify(overdue(now), "order_overdue", "staff_overdue"),
    }
    return ", ".join(f"{count:,} {word}" for word, count in counts.items())


def each(orders: Orders, move: Callable[[ResellerOrder], object]) -> int:
    """Move one order after the other; one that somebody else moved first is skipped.

    An order that breaks leaves a traceback in the log and the rest to be done.
    """
    moved = 0
    for order in orders:
        try:
            move(order)
        except (OrderNotPending, OrderNotFulfilled, ProblemOpen):
            continue
        except Exception:
            log.exception("order %s does not move", order.contract_id)
            continue
        moved += 1
    return moved


def run_out(now: datetime) -> list[ResellerOrder]:
    """Unpaid past the date, placed past accept_by, accepted past fulfil_by.

    Three questions, each with an index of its own.
    """
    orders = ResellerOrder.objects.order_by("pk")
    placed = orders.filter(state=OrderState.PLACED)
    unpaid = placed.filter(
        contract__payment__state=PaymentState.AWAITING,
        contract__payment__due_at__lt=now,
    )
    unaccepted = placed.filter(accept_by__lt=now)
    undelivered = orders.filter(state=OrderState.ACCEPTED, fulfil_by__lt=now)
    return [*unpaid, *unaccepted, *undelivered]


def quiet(now: datetime) -> OrderQuerySet:
    """Fulfilled seven days ago without an open problem."""
    return ResellerOrder.objects.filter(
        state=OrderState.FULFILLED, completion_due_at__lte=now
    ).order_by("pk")


def overdue(now: datetime) -> OrderQuerySet:
    """Bought but not delivered in time: these do not expire."""
    return ResellerOrder.objects.filter(
        state=OrderState.ORDERED, fulfil_by__lt=now
    ).order_by("pk")


def remind(now: datetime) -> int:
    """Mail the seller when a quarter of the time to accept or to fulfil is left."""
    soon = ResellerOrder.objects.filter(
        state=OrderState.PLACED,
        accept_by__range=(now, now + LONGEST_ACCEPT_QUARTER),
    )
    accept = [
        o for o in soon if is_last_quarter(o.accept_by, o.accept_within_hours, now)
    ]
    later = ResellerOrder.objects.filter(
        state__in=[OrderState.ACCEPTED, OrderState.ORDERED],
        fulfil_by__range=(now, now + LONGEST_FULFIL_QUARTER),
    )
    fulfil = [
        o for o in later if is_last_quarter(o.fulfil_by, o.fulfil_within_hours, now)
    ]
    return notify(accept, "order_accept_due") + notify(fulfil, "order_fulfil_due")


def is_last_quarter(by: datetime | None, hours: int, now: datetime) -> bool:
    return by is not None and by - hours * QUARTER_HOUR <= now <= by


def notify(orders: Orders, *kinds: str) -> int:
    """Queue what was not queued before for this attempt; answers how many orders."""
    numbered = numbers(orders)
    keys = {
        f"mail:{kind}:{order.contract_id}:{number}": order
        for order, number in numbered
        for kind in kinds
    }
    queued = set(Job.objects.filter(key__in=keys).values_list("key", flat=True))
    told: Counter[int] = Counter()
    for key, order in keys.items():
        if key not in queued:
            jobs.enqueue("mail", key, about=about(order), order=order.pk)
            told[order.pk] += 1
    return len(told)


def numbers(orders: Orders) -> list[tuple[ResellerOrder, int]]:
    """Each order with the number of its latest attempt: one query."""
    by_pk = {order.pk: order for order in orders}
    latest = (
        ResellerOrder.objects.filter(pk__in=by_pk)
        .order_by("pk")
        .annotate(number=Max("attempts__number"))
        .values_list("pk", "number")
    )
    return [(by_pk[pk], number) for pk, number in latest]
