"""What a reseller earned, by query and never by counter; currencies never add up.

Money of a fulfilled order is *held*, of a completed one *earned*: both together are
the commission entries of the account. Months are those of fulfilment, in UTC.
Source: 4-marketplace, sections 5 and 8.
"""

import re
from dataclasses import dataclass, field
from datetime import MAXYEAR, UTC, datetime
from typing import Any, TypeVar

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth

from marketplace.errors import InvalidMonth
from marketplace.models import (
    DELIVERED_STATES,
    OPEN_STATES,
    OrderState,
    Provider,
    ResellerOrder,
)
from marketplace.models.order import OrderQuerySet
from resellers.models import EntryComponent, EntryStatus, LedgerEntry
from resellers.models.ledger_entry import LEAVING_KINDS
from resellers.money import Money

Rows = TypeVar("Rows", bound=QuerySet[Any])

MONTH = re.compile(r"[1-9][0-9]{3}-(0[1-9]|1[0-2])", re.ASCII)
PART_E9S = 10**6
"""Every amount is a multiple of this; sums of parts stay far inside 64 bits."""


@dataclass(frozen=True, slots=True)
class MonthEarned:
    """Orders fulfilled in one month (`2026-03`) and their commission."""

    month: str
    orders: int
    commission_e9s: int


@dataclass(frozen=True, slots=True)
class SupplierEarned:
    """What one external provider's offerings brought."""

    pubkey: str
    name: str
    orders: int
    commission_e9s: int


@dataclass(slots=True)
class Earnings:
    """One reseller in one currency, in 10⁻⁹ units.

    `realised_margin_e9s` covers the `margin_known` of `margin_of` delivered orders
    whose cost is known in the order's currency; None (N/A) when none is.
    """

    currency: str
    expected_e9s: int = 0
    held_e9s: int = 0
    earned_e9s: int = 0
    paid_e9s: int = 0
    realised_margin_e9s: int | None = None
    margin_known: int = 0
    margin_of: int = 0
    months: list[MonthEarned] = field(default_factory=list)
    providers: list[SupplierEarned] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class MonthSpan:
    """Months of UTC, half-open; None leaves a side open."""

    start: datetime | None = None
    end: datetime | None = None


ALWAYS = MonthSpan()


def month_span(first: str = "", last: str = "") -> MonthSpan:
    """The months `2026-03` to `2026-05`, both included; "" leaves a side open.

    Raises InvalidMonth.
    """
    start, end = month_start(first, "from"), month_start(last, "to")
    return MonthSpan(start, month_after(end) if end else None)


def month_after(month: datetime) -> datetime | None:
    """The start of the next month; None where the calendar ends."""
    year, place = divmod(month.year * 12 + month.month, 12)
    if year > MAXYEAR:
        return None
    return month.replace(year=year, month=place + 1)


def month_start(text: str, field: str) -> datetime | None:
    if not text:
        return None
    if not MONTH.fullmatch(text):
        raise InvalidMonth(field=field)
    return datetime(int(text[:4]), int(text[5:]), 1, tzinfo=UTC)


def earnings(provider: Provider, span: MonthSpan = ALWAYS) -> list[Earnings]:
    """The earnings of a reseller, one row per currency, by currency. Five queries.

    The span counts fulfilments; what is expected is always that of now.
    """
    own = ResellerOrder.objects.for_provider(provider)
    delivered = in_span(own.filter(state__in=DELIVERED_STATES), "fulfilled_at", span)
    rows: dict[str, Earnings] = {}
    for found in expected(own):
        row_of(rows, found).expected_e9s = whole(found["sum"])
    for found in totals(delivered):
        row = row_of(rows, found)
        row.held_e9s = whole(found["held"])
        row.earned_e9s = whole(found["earned"])
        row.margin_of, row.margin_known = found["orders"], found["known"]
        if found["known"]:
            row.realised_margin_e9s = whole(found["margin"])
    for found in by_month(delivered):
        month = MonthEarned(
            f"{found['month']:%Y-%m}", found["orders"], whole(found["sum"])
        )
        row_of(rows, found).months.append(month)
    for found in by_supplier(delivered):
        supplier = SupplierEarned(
            found["external_provider__pubkey"],
            found["external_provider__name"],
            found["orders"],
            whole(found["sum"]),
        )
        row_of(rows, found).providers.append(supplier)
    for currency, paid in paid_out(provider, span).items():
        row_of(rows, {"currency": currency}).paid_e9s = paid.to_e9s()
    return [rows[currency] for currency in sorted(rows)]


def row_of(rows: dict[str, Earnings], found: dict[str, Any]) -> Earnings:
    return rows.setdefault(found["currency"], Earnings(found["currency"]))


def whole(parts: int | None) -> int:
    return (parts or 0) * PART_E9S


def parts(name: str, *, only: Q | None = None) -> Sum:
    return Sum(F(name) / PART_E9S, filter=only)


def expected(own: OrderQuerySet) -> Any:
    """Commission of what is paid and still to be fulfilled."""
    coming = own.filter(state__in=OPEN_STATES).paid()
    return coming.order_by().values("currency").annotate(sum=parts("commission_e9s"))


def totals(delivered: OrderQuerySet) -> Any:
    known = Q(actual_cost_currency=F("currency"), actual_cost_e9s__isnull=False)
    margin = (F("total_paid_e9s") - F("actual_cost_e9s")) / PART_E9S
    held, earned = Q(state=OrderState.FULFILLED), Q(state=OrderState.COMPLETED)
    return (
        delivered.order_by()
        .values("currency")
        .annotate(
            held=parts("commission_e9s", only=held),
            earned=parts("commission_e9s", only=earned),
            orders=Count("pk"),
            known=Count("pk", filter=known),
            margin=Sum(margin, filter=known),
        )
    )


def by_month(delivered: OrderQuerySet) -> Any:
    month = TruncMonth("fulfilled_at", tzinfo=UTC)
    return (
        delivered.order_by()
        .values("currency", month=month)
        .annotate(orders=Count("pk"), sum=parts("commission_e9s"))
        .order_by("month")
    )


def by_supplier(delivered: OrderQuerySet) -> Any:
    """The suppliers of the most commission first."""
    named = ["external_provider__pubkey", "external_provider__name"]
    return (
        delivered.order_by()
        .values("currency", *named)
        .annotate(orders=Count("pk"), sum=parts("commission_e9s"))
        .order_by("-sum", "external_provider__pubkey")
    )


def paid_out(provider: Provider, span: MonthSpan) -> dict[str, Money]:
    """Commission that left in payouts, by currency, counted where it was earned."""
    paid = LedgerEntry.objects.filter(
        account=provider.account_id,
        status=EntryStatus.PAID,
        component=EntryComponent.COMMISSION,
    ).exclude(kind__in=LEAVING_KINDS)
    sums = in_span(paid, "occurred_at", span).order_by().values_list("currency")
    return {
        currency: Money(amount, currency)
        for currency, amount in sums.annotate(sum=Sum("amount_minor"))
    }


def in_span(rows: Rows, at: str, span: MonthSpan) -> Rows:
    if span.start:
        rows = rows.filter(**{f"{at}__gte": span.start})
    return rows.filter(**{f"{at}__lt": span.end}) if span.end else rows


def margin_of(order: ResellerOrder) -> Money | None:
    """Total less actual cost; None (N/A) when unknown or in another currency."""
    same = order.actual_cost_currency == order.currency
    if order.actual_cost_e9s is None or not same:
        return None
    margin = order.total_paid_e9s - order.actual_cost_e9s
    return Money.from_e9s(margin, order.currency)


def buying_now(orders: list[ResellerOrder]) -> dict[int, Money]:
    """What buying each order's offering would now leave, below its frozen margin.

    Only where the supplier's price has risen above the frozen base: total paid less
    the price of now, by order id. The orders come with their offering.
    """
    left = {}
    for order in orders:
        price = order.offering.base_price_e9s
        if order.offering.currency == order.currency and price > order.base_price_e9s:
            left[order.pk] = Money.from_e9s(
                order.total_paid_e9s - price, order.currency
            )
    return left
