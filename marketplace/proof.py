"""What must hold of every order, and its prices computed again from frozen inputs.

`verify_ledger` and `replay_prices` run these by the names in the settings. Each
answers how many rows it looked at and the keys of those that break the rule.
Source: 9-quality, section 1 (V2–V13); 4-marketplace, section 10.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from marketplace import pick, pricing
from marketplace.models import (
    DELIVERED_STATES,
    END_STATES,
    FulfilmentAttempt,
    OrderState,
    PaymentState,
    ResellerOrder,
)
from marketplace.models.order import OrderQuerySet
from marketplace.models.payment import PAID_STATES
from resellers.errors import DomainError
from resellers.models import EntryKind, Job, LedgerEntry
from resellers.money import Money

SOURCE = "marketplace.order"
CHUNK = 1_000

Found = tuple[int, list[str]]


# Invariants of orders


def totals_add_up() -> Found:
    """V2: total = base + commission, on order, contract and payment alike."""
    wrong = ResellerOrder.objects.exclude(
        total_paid_e9s=F("base_price_e9s") + F("commission_e9s"),
        contract__total_e9s=F("total_paid_e9s"),
        contract__payment__amount_e9s=F("total_paid_e9s"),
        contract__currency=F("currency"),
        contract__payment__currency=F("currency"),
    )
    return ResellerOrder.objects.count(), keys(wrong)


def commissions_follow_the_rule() -> Found:
    """V3: each order's commission is what its rule makes of base and percent."""
    return judged(lambda order: recompute(order) == order.frozen_offer)


def percents_are_in_range() -> Found:
    """V4: the marketplace's rate is a whole percent from 0 to 50."""
    limit = pricing.PERCENT_LIMIT
    fine = Q(commission_percent__gte=0, commission_percent__lte=limit)
    return ResellerOrder.objects.count(), keys(ResellerOrder.objects.exclude(fine))


def postings_match_orders() -> Found:
    """V6: every posting an order calls for, once, and no other."""
    wrong: list[str] = []
    seen = 0
    for orders in chunks(ResellerOrder.objects.all()):
        posted = postings_of(orders)
        called_for = {o.contract_id: expected_postings(o) for o in orders}
        for contract_id, wanted in called_for.items():
            seen += max(1, len(wanted))
            if posted.get(contract_id, {}) != wanted:
                wrong.append(contract_id)
    return seen, wrong + strange_postings()


def states_have_their_facts() -> Found:
    """V7: a state, its times, its external id, its payment and its attempt agree."""
    orders = ResellerOrder.objects.all()
    delivered = Q(state__in=DELIVERED_STATES)
    ended = Q(state__in=END_STATES)
    open_attempt = Exists(
        FulfilmentAttempt.objects.filter(order=OuterRef("pk"), outcome="")
    )
    unlike = (
        delivered
        & (Q(fulfilled_at=None) | Q(external_order_id="") | Q(decided_at=None))
        | ended & Q(decided_at=None)
        | ~delivered & ~ended & (Q(fulfilled_at__isnull=False) | ~Q(decided_at=None))
        | Q(state=OrderState.COMPLETED, completed_at=None)
        | ~Q(state=OrderState.COMPLETED) & Q(completed_at__isnull=False)
        | delivered & ~Q(contract__payment__state=PaymentState.RECEIVED)
        | ended & Q(contract__payment__state__in=["awaiting", "received"])
        | ~delivered & ~ended & Q(contract__payment__state__in=["refund_due", "void"])
        | Q(has_open=True) & (delivered | ended)
        | Q(has_open=False) & ~(delivered | ended)
    )
    return orders.count(), keys(orders.annotate(has_open=open_attempt).filter(unlike))


def parties_agree() -> Found:
    """V11: contract, order and offering name one seller, supplier and offering."""
    wrong = ResellerOrder.objects.exclude(
        reseller=F("contract__seller"),
        offering=F("contract__offering"),
        external_provider=F("offering__provider"),
    )
    return ResellerOrder.objects.count(), keys(wrong)


def mails_are_owed_once() -> Found:
    """V12: one job for each change that owes its buyer a mail."""
    wrong: list[str] = []
    seen = 0
    for orders in chunks(ResellerOrder.objects.all()):
        owed = {key: o.contract_id for o in orders for key in owed_mails(o)}
        there = Counter(Job.objects.filter(key__in=owed).values_list("key", flat=True))
        seen += len(owed)
        wrong += [contract for key, contract in owed.items() if there[key] != 1]
    return seen, sorted(set(wrong))


def times_are_in_order() -> Found:
    """V13: created ≤ accepted, ordered ≤ fulfilled ≤ completed."""
    wrong = Q()
    steps = ["created_at", "accepted_at", "ordered_at", "fulfilled_at", "completed_at"]
    for place, earlier in enumerate(steps):
        for later in steps[place + 1 :]:
            wrong |= Q(**{f"{later}__lt": F(earlier)})
    orders = ResellerOrder.objects.all()
    return orders.count(), keys(orders.filter(wrong))


# Replay


def replay_orders(since: date | None) -> Found:
    """Recompute every order's price, pick and postings from its frozen inputs.

    Prices by `price_rule`, the pick by its stored candidates; compared are
    commission, total, contract, payment and ledger.
    """
    orders = ResellerOrder.objects.all()
    if since is not None:
        start = datetime(since.year, since.month, since.day, tzinfo=UTC)
        orders = orders.filter(created_at__gte=start)
    seen, different = 0, []
    for batch in chunks(orders):
        posted = postings_of(batch)
        for order in batch:
            seen += 1
            same_postings = posted.get(order.contract_id, {}) == expected_postings(
                order
            )
            if not (is_same_price(order) and is_same_pick(order) and same_postings):
                different.append(order.contract_id)
    return seen, different


def is_same_price(order: ResellerOrder) -> bool:
    offer = recompute(order)
    if offer is None or offer != order.frozen_offer:
        return False
    contract, payment = order.contract, order.contract.payment
    sold = [
        (contract.total_e9s, contract.currency),
        (payment.amount_e9s, payment.currency),
    ]
    return all(line == (offer.total_e9s, offer.currency) for line in sold)


def is_same_pick(order: ResellerOrder) -> bool:
    """The stored candidates, priced and ranked again, name the same featured seller.

    What cannot even be read is not the same.
    """
    try:
        return is_pick_of(order, order.pick)
    except (LookupError, TypeError, ValueError, ArithmeticError, DomainError):
        return False


def is_pick_of(order: ResellerOrder, said: dict[str, Any]) -> bool:
    stored: list[dict[str, Any]] = said["candidates"]
    offers = {one["reseller"]: offer_at(order, one["percent"]) for one in stored}
    totals = {one["reseller"]: one["total_e9s"] for one in stored}
    ranked = pick.rank(
        [
            pick.Candidate(
                reseller=one["reseller"],
                total_e9s=one["total_e9s"],
                promised_hours=one["promised_hours"],
                counted=one["counted"],
                on_time=one["on_time"],
            )
            for one in stored
        ],
        offering_ref=said["offering_ref"],
        week=said["week"],
        minor_unit_e9s=Money(1, order.currency).to_e9s(),
    )
    return (
        said["rule"] == pick.PICK_RULE
        and len(offers) == len(stored)
        and totals == {key: offer.total_e9s for key, offer in offers.items()}
        and ranked[0].candidate.reseller == said["featured"]
        and offers[said["chosen"]] == order.frozen_offer
        and said["overridden"] == (said["chosen"] != said["featured"])
    )


def offer_at(order: ResellerOrder, percent: int) -> pricing.Offer:
    """The order's base with a candidate's mark-up."""
    return pricing.make_offer(order.base_price_e9s, percent, order.currency)


def recompute(order: ResellerOrder) -> pricing.Offer | None:
    """The offer its rule makes of base and percent; None for an unknown rule."""
    if order.price_rule != pricing.PRICE_RULE:
        return None
    try:
        return offer_at(order, order.commission_percent)
    except (DomainError, ValueError):
        return None


# What the ledger must hold of an order


def expected_postings(order: ResellerOrder) -> dict[str, tuple[str, int]]:
    """Key to account and amount: two roots per fulfilled attempt, and after a failure
    two reversals of them."""
    postings: dict[str, tuple[str, int]] = {}
    account = str(order.reseller.account_id)
    owed = pricing.owed(order.base_price_e9s, order.commission_e9s, order.currency)
    lines = [(component, money.amount) for component, money in owed]
    attempts = sorted(order.attempts.all(), key=lambda attempt: attempt.number)
    for attempt in attempts:
        if attempt.outcome != OrderState.FULFILLED:
            continue
        deed = f"mkt:{order.contract_id}:{attempt.number}"
        failed = attempt is not attempts[-1] or order.state == OrderState.FAILED
        for component, amount in lines:
            postings[f"{deed}:{component}"] = (account, amount)
            if failed:
                postings[f"{deed}:fail:{component}"] = (account, -amount)
    return postings


def postings_of(
    orders: Iterable[ResellerOrder],
) -> dict[str, dict[str, tuple[str, int]]]:
    """What the ledger holds, by contract: key to account and amount.

    Reversals by staff are corrections of their own and not called for by the order.
    """
    refs = [order.contract_id for order in orders]
    rows = LedgerEntry.objects.filter(source=SOURCE, source_ref__in=refs).exclude(
        key__contains=":rev:"
    )
    posted: defaultdict[str, dict[str, tuple[str, int]]] = defaultdict(dict)
    fields = rows.values_list("source_ref", "key", "account_id", "amount_minor")
    for ref, key, account, amount in fields:
        posted[ref][key] = (str(account), amount)
    return posted


def strange_postings() -> list[str]:
    """Keys of earnings whose order does not exist."""
    known = ResellerOrder.objects.filter(contract_id=OuterRef("source_ref"))
    rows = LedgerEntry.objects.filter(source=SOURCE, kind=EntryKind.EARNING)
    return list(
        rows.exclude(Exists(known)).order_by("pk").values_list("key", flat=True)
    )


def owed_mails(order: ResellerOrder) -> Iterator[str]:
    """Keys of the mails that this order's facts call for."""
    attempts = list(order.attempts.all())
    last = max(attempts, key=lambda attempt: attempt.number)
    for attempt in attempts:
        if attempt.outcome == OrderState.FULFILLED:
            yield f"mail:order_fulfilled:{order.contract_id}:{attempt.number}"
        elif attempt.outcome:
            yield f"mail:order_ended:{order.contract_id}:{attempt.number}"
    if order.contract.payment.state in PAID_STATES and order.state not in END_STATES:
        yield f"mail:order_new:{order.contract_id}:{last.number}"


# Reading


def judged(holds: Callable[[ResellerOrder], bool]) -> Found:
    """Walk every order and keep the keys of those the rule does not hold for."""
    seen, wrong = 0, []
    for orders in chunks(ResellerOrder.objects.all()):
        seen += len(orders)
        wrong += [order.contract_id for order in orders if not holds(order)]
    return seen, wrong


def chunks(orders: OrderQuerySet) -> Iterator[list[ResellerOrder]]:
    """Orders with what a check reads of them, a thousand at a time, by id."""
    rows = orders.select_related("contract__payment", "reseller").prefetch_related(
        "attempts"
    )
    last = 0
    while batch := list(rows.filter(pk__gt=last).order_by("pk")[:CHUNK]):
        yield batch
        last = batch[-1].pk


def keys(orders: QuerySet[ResellerOrder]) -> list[str]:
    return list(orders.order_by("pk").values_list("contract_id", flat=True))
