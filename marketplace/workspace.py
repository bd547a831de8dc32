"""What a reseller's pages read: the queue by its tabs, figures, price samples.

Source: 4-marketplace, section 9.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import Case, Count, F, Q, Value, When, Window
from django.db.models.functions import Coalesce, RowNumber

from marketplace.models import (
    END_STATES,
    OPEN_STATES,
    Offering,
    OrderState,
    PaymentState,
    Provider,
    ResellerOrder,
)
from marketplace.models.order import OrderQuerySet
from resellers.models.keyset import Keyset

PAID = Q(contract__payment__state=PaymentState.RECEIVED)
UNPAID = Q(contract__payment__state=PaymentState.AWAITING)
PROBLEM = Q(contract__problem_at__isnull=False, contract__problem_resolved_at=None)
OPEN = Q(state__in=OPEN_STATES)
DELIVERED = Q(state__in=[OrderState.FULFILLED, OrderState.COMPLETED])
FAR_AWAY = datetime(9999, 1, 1, tzinfo=UTC)

NEEDS_ACTION, WAITING, DONE, FAILED = "needs-action", "waiting", "done", "failed"
TABS: dict[str, Q] = {
    NEEDS_ACTION: (OPEN & PAID) | (Q(state=OrderState.FULFILLED) & PROBLEM),
    WAITING: OPEN & UNPAID,
    DONE: DELIVERED & ~(Q(state=OrderState.FULFILLED) & PROBLEM),
    FAILED: Q(state__in=END_STATES),
}
DEADLINE = Case(
    When(PROBLEM, then=F("contract__problem_at")),
    When(state=OrderState.PLACED, then=F("accept_by")),
    When(state__in=OPEN_STATES, then=F("fulfil_by")),
)
ORDERINGS = {
    NEEDS_ACTION: Keyset("next_deadline", "id"),
    WAITING: Keyset("contract__payment__due_at", "id"),
    DONE: Keyset("-id"),
    FAILED: Keyset("-id"),
}


@dataclass(frozen=True, slots=True)
class Needs:
    """How many orders wait for the reseller, and how many of them are due by when."""

    action: int
    due_today: int
    overdue: int
    problems: int


@dataclass(frozen=True, slots=True)
class SupplierCounts:
    """An external provider somebody ordered from, and its orders by tab."""

    pubkey: str
    name: str
    counts: dict[str, int]


@dataclass(frozen=True, slots=True)
class PriceSample:
    """How many offerings of a supplier can be resold, and three of them by base."""

    count: int
    cheapest: Offering
    median: Offering
    dearest: Offering

    @property
    def offerings(self) -> list[Offering]:
        """The three, each once, cheapest first."""
        three = {o.pk: o for o in (self.cheapest, self.median, self.dearest)}
        return list(three.values())


def queue(provider: Provider, tab: str) -> OrderQuerySet:
    """The orders of one tab; `next_deadline` is never null."""
    own = ResellerOrder.objects.for_provider(provider).filter(TABS[tab])
    return own.annotate(next_deadline=Coalesce(DEADLINE, Value(FAR_AWAY)))


def matches(text: str) -> Q:
    """True for orders whose contract or external id starts with what was typed."""
    word = text.strip()
    if not word:
        return Q()
    return Q(contract__contract_id__startswith=word.lower()) | Q(
        external_order_id__istartswith=word
    )


def counts_by_supplier(provider: Provider, text: str = "") -> list[SupplierCounts]:
    """How many matching orders stand in each tab, by external provider and its name.

    One query. A supplier without a matching order is there too, with zeros.
    """
    names = {tab: tab.replace("-", "_") for tab in TABS}
    rows = (
        ResellerOrder.objects.for_provider(provider)
        .order_by("external_provider__name", "external_provider_id")
        .values_list("external_provider__pubkey", "external_provider__name")
        .annotate(
            **{
                name: Count("pk", filter=TABS[tab] & matches(text))
                for tab, name in names.items()
            }
        )
    )
    return [
        SupplierCounts(pubkey, name, dict(zip(TABS, counts, strict=True)))
        for pubkey, name, *counts in rows
    ]


def needs(provider: Provider, now: datetime) -> Needs:
    """The strip's first two figures, in one query. "Today" ends at midnight UTC."""
    midnight = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    tomorrow = midnight + timedelta(days=1)
    own = ResellerOrder.objects.for_provider(provider).filter(TABS[NEEDS_ACTION])
    found = own.annotate(next_deadline=DEADLINE).aggregate(
        action=Count("pk"),
        due_today=Count("pk", filter=Q(next_deadline__lt=tomorrow) & OPEN),
        overdue=Count("pk", filter=Q(fulfil_by__lt=now) & OPEN),
        problems=Count("pk", filter=PROBLEM),
    )
    return Needs(**found)


def open_orders_by_supplier(provider: Provider) -> dict[int, int]:
    """Paid orders still to be fulfilled, by external provider's id."""
    own: OrderQuerySet = ResellerOrder.objects.for_provider(provider)
    rows = own.open().paid().order_by().values_list("external_provider_id")
    return dict(rows.annotate(count=Count("pk")))


def price_samples(
    supplier_ids: Collection[int], currency: str, now: datetime
) -> dict[int, PriceSample]:
    """Cheapest, median and dearest base of each supplier's live offerings.

    One query, whatever the number of suppliers: rows are numbered by base price
    within their supplier and three of them kept.
    """
    base = F("monthly_price_e9s") + F("setup_fee_e9s")
    by_supplier = [F("provider_id")]
    live = (
        Offering.objects.rentable(now)
        .filter(provider__in=supplier_ids, currency=currency, visibility="public")
        .annotate(base=base)
        .annotate(
            place=Window(
                RowNumber(), partition_by=by_supplier, order_by=["base", "id"]
            ),
            of=Window(Count("*"), partition_by=by_supplier),
        )
    )
    three = live.filter(
        Q(place=1) | Q(place=F("of")) | Q(place=(F("of") + Value(1)) / Value(2))
    ).order_by("provider_id", "place")
    found: defaultdict[int, list[Offering]] = defaultdict(list)
    for offering in three:
        found[offering.provider_id].append(offering)
    return {pk: sample_of(rows) for pk, rows in found.items()}


def sample_of(rows: list[Offering]) -> PriceSample:
    count: int = rows[0].of  # type: ignore[attr-defined]  # annotated
    middle = (count + 1) // 2
    median = next(r for r in rows if r.place == middle)  # type: ignore[attr-defined]  # annotated
    return PriceSample(count, rows[0], median, rows[-1])


def known_costs(provider: Provider, offering_ids: Collection[int]) -> dict[int, int]:
    """What each offering cost this reseller last, in 10⁻⁹ units of its currency."""
    bought = (
        ResellerOrder.objects.for_provider(provider)
        .filter(
            offering__in=offering_ids,
            actual_cost_e9s__isnull=False,
            actual_cost_currency=F("currency"),
        )
        .order_by("pk")
    )
    return {
        offering_id: cost_e9s
        for offering_id, cost_e9s in bought.values_list(
            "offering_id", "actual_cost_e9s"
        )
        if cost_e9s is not None
    }


def risen(supplier_ids: Collection[int], now: datetime) -> dict[int, int]:
    """How many offerings of each supplier rose lately; absent where none did."""
    return Offering.objects.filter(provider__in=supplier_ids).risen_by_provider(now)
