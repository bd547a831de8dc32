"""What must hold of every referral and sale, computed again from the frozen inputs.

`verify_ledger` and `replay_prices` run these by the names in the settings. Each
answers how many rows it looked at and the keys of those that break the rule.
Source: 9-quality, section 1 (V3–V19); 5-resellers, sections 5 and 6.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from django.db.models import Exists, F, OuterRef, Q

from resellers.commission import BasisPoints, share
from resellers.models import Outcome, Referral, Sale, SaleKind
from resellers.models.sale import (
    CUSTOMER_KINDS,
    FOLLOWING_KINDS,
    UNPOSTED_OUTCOMES,
    SaleQuerySet,
)
from resellers.money import Money
from resellers.proof.trades import (
    CHUNK,
    History,
    Trade,
    by_moment,
    chunks,
    expected_postings,
    rate_of,
    standing,
    strange_postings,
    taken,
)
from resellers.sales import SaleFact

AHEAD = timedelta(minutes=5)
WAITS = Q(outcome=Outcome.WAITING)

Found = tuple[int, list[str]]


# Invariants


def answers_follow_the_rule() -> Found:
    """V3: a sale earns its share; what follows, the difference of what stands."""
    return judged(miscounted)


def rates_stand_in_the_history() -> Found:
    """V4: a sale's rate is the one in effect when it occurred, or the next one."""
    return judged(of_no_rate)


def postings_match_sales() -> Found:
    """V6: every posting a sale calls for, once, and no other."""
    seen, wrong = judged(misposted)
    return seen, wrong + strange_postings()


def answers_have_their_facts() -> Found:
    """V7: an answer, its time, its referral and its figures agree."""
    wrong = Sale.objects.filter(_unlike_their_answer() | _unlike_their_sale())
    return Sale.objects.count(), keys(wrong)


def refunds_fit_their_sales() -> Found:
    """V9: what was refunded and not restored lies between nothing and all of it."""
    return judged(overdrawn)


def parties_agree() -> Found:
    """V11: the referral is of that customer at that time; events share their sale's."""
    told = Q(kind__in=CUSTOMER_KINDS, referral__isnull=False)
    out_of_time = Q(referral__referred_at__gt=F("occurred_at")) | Q(
        referral__ended_at__lte=F("occurred_at") - AHEAD
    )
    stranger = ~Q(referral__customer_ref=F("customer_ref"))
    named = Q(kind__in=FOLLOWING_KINDS, sale__isnull=False) & ~WAITS
    unlike = ~Q(sale__event_key=F("sale_key")) | ~Q(sale__kind=SaleKind.PAID)
    other = ~Q(referral=F("sale__referral")) & ~Q(referral=None, sale__referral=None)
    wrong = told & (out_of_time | stranger) | named & (
        unlike | other | ~Q(currency="") & ~Q(currency=F("sale__currency"))
    )
    return Sale.objects.count(), keys(Sale.objects.filter(wrong))


def periods_are_apart() -> Found:
    """V11: two periods of one customer never overlap."""
    others = Referral.objects.exclude(pk=OuterRef("pk")).filter(
        Q(ended_at=None) | Q(ended_at__gt=OuterRef("referred_at")),
        customer_ref=OuterRef("customer_ref"),
        referred_at__lte=OuterRef("referred_at"),
    )
    wrong = Referral.objects.filter(Exists(others)).order_by("pk")
    return Referral.objects.count(), [
        str(pk) for pk in wrong.values_list("pk", flat=True)
    ]


def times_are_in_order() -> Found:
    """V13: occurred ≤ received ≤ posted, a sale before what follows it."""
    wrong = Sale.objects.filter(
        Q(occurred_at__gt=F("received_at") + AHEAD)
        | Q(posted_at__lt=F("received_at"))
        | Q(sale__posted_at__gt=F("posted_at"))
    )
    return Sale.objects.count(), keys(wrong)


def fingerprints_recompute() -> Found:
    """V19: the fingerprint of a stated fact is that of its row."""
    wrong, seen = [], 0
    for sale in Sale.objects.order_by("pk").iterator(CHUNK):
        seen += 1
        if fact_of(sale).fingerprint != sale.fingerprint:
            wrong.append(sale.event_key)
    return seen, wrong


# Replay


def replay_sales(since: date | None) -> Found:
    """Recompute every sale's rate, commission and postings from its frozen inputs."""
    sales = Sale.objects.paid()
    if since is not None:
        start = datetime(since.year, since.month, since.day, tzinfo=UTC)
        sales = sales.filter(received_at__gte=start)
    seen, different = 0, []
    for batch in chunks(sales):
        history = History.of(trade.sale for trade in batch)
        for trade in batch:
            seen += trade.rows
            wrong = {*miscounted(trade, history), *misposted(trade, history)}
            wrong |= {*of_no_rate(trade, history)}
            different += sorted(wrong)
    return seen, different


# Judges: each names the events of a trade that break its rule


def miscounted(trade: Trade, _history: "History") -> list[str]:
    sale = trade.sale
    if not sale.is_posted:
        rows = [sale, *trade.events]
        return [row.event_key for row in rows if row.commission_minor]
    money, rate = sale.money, sale.rate
    if money is None or rate is None or sale.commission != share(money, rate):
        return [sale.event_key]
    wrong: list[str] = []
    refunded = 0
    for events in [] if trade.is_corrected else by_moment(trade):
        if not in_some_order(money, rate, refunded, events):
            wrong += [event.event_key for event in events]
        refunded += sum(map(taken, events))
    return wrong


def in_some_order(
    paid: Money, rate: BasisPoints, refunded: int, events: list[Sale]
) -> bool:
    """Whether each took the difference of standings; of one moment, in any order."""
    if not events:
        return True
    before = standing(paid, refunded, rate)
    for place, event in enumerate(events):
        after = refunded + taken(event)
        change = standing(paid, after, rate) - before
        if change == (event.commission_minor or 0):
            rest = events[:place] + events[place + 1 :]
            if in_some_order(paid, rate, after, rest):
                return True
    return False


def of_no_rate(trade: Trade, history: "History") -> list[str]:
    sale = trade.sale
    if sale.posted_at is None:
        return []
    frozen = (sale.rate_bp, sale.rate_scope, sale.rate_since)
    for until in (sale.posted_at, sale.posted_at - timedelta(microseconds=1)):
        rate = rate_of(sale, history.known(sale, until=until), until=sale.posted_at)
        if rate and frozen == (rate.rate_bp, rate.scope, rate.valid_from):
            return []
    return [sale.event_key]


def misposted(trade: Trade, _history: "History") -> list[str]:
    wanted = expected_postings(trade)
    return [] if trade.posted == wanted else [trade.sale.event_key]


def overdrawn(trade: Trade, _history: "History") -> list[str]:
    refunded = 0
    for events in by_moment(trade):
        refunded += sum(map(taken, events))
        if not 0 <= refunded <= trade.sale.amount_minor:
            return [trade.sale.event_key]
    return []


# Reading


def judged(judge: Callable[[Trade, History], list[str]]) -> Found:
    """Walk every trade and keep the keys of the events the rule does not hold for."""
    seen, wrong = 0, []
    for batch in chunks(Sale.objects.paid()):
        history = History.of(trade.sale for trade in batch)
        for trade in batch:
            seen += trade.rows
            wrong += judge(trade, history)
    return seen, wrong


def _unlike_their_answer() -> Q:
    """Answers whose figures say something else."""
    none = Q(commission_minor=None) | Q(commission_minor=0)
    unrated = Q(rate_bp=None, rate_scope="", rate_since=None)
    return (
        Q(outcome__in=[Outcome.EARNED, Outcome.HELD]) & ~Q(commission_minor__gt=0)
        | Q(outcome=Outcome.ZERO) & ~Q(commission_minor=0)
        | Q(outcome=Outcome.REVERSED) & ~Q(commission_minor__lt=0)
        | Q(outcome=Outcome.RESTORED) & ~Q(commission_minor__gt=0)
        | Q(outcome=Outcome.NO_EFFECT) & ~none
        | Q(outcome__in=UNPOSTED_OUTCOMES)
        & (Q(posted_at__isnull=False) | ~unrated | ~none)
        | Q(outcome=Outcome.NOT_ATTRIBUTED, referral__isnull=False)
        | Q(outcome=Outcome.NO_RATE, referral=None)
    )


def _unlike_their_sale() -> Q:
    """Events that wait though their sale is there, or do not though it is not."""
    there = Sale.objects.paid().filter(event_key=OuterRef("sale_key"))
    follows = Q(kind__in=FOLLOWING_KINDS)
    return (
        WAITS & Q(Exists(there), sale=None)
        | follows & ~WAITS & Q(sale=None)
        | follows & ~WAITS & Q(posted_at=None, sale__posted_at__isnull=False)
        | follows & Q(posted_at__isnull=False, sale__posted_at=None)
    )


def fact_of(sale: Sale) -> SaleFact:
    """What a door said of it."""
    return SaleFact(
        kind=sale.kind,
        source=sale.source,
        event_key=sale.event_key,
        occurred_at=sale.occurred_at,
        customer_ref=sale.customer_ref,
        reseller_code=sale.reseller_code,
        sale_key=sale.sale_key,
        description=sale.description,
        invoice_ref=sale.invoice_ref,
        payment_ref=sale.payment_ref,
        money=sale.money,
    )


def keys(sales: SaleQuerySet) -> list[str]:
    return list(sales.order_by("event_key").values_list("event_key", flat=True))
