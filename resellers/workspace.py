"""What a reseller's own pages read: entries, their sales, customers, what waits.

Everything begins with the reseller's account or referrals: tenancy stands in the query.
Source: 5-resellers, section 10.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from django.db.models import Count, Min, Q, Sum

from resellers.models import (
    Account,
    EndReason,
    EntryKind,
    EntryStatus,
    LedgerEntry,
    Outcome,
    Referral,
    Reseller,
    Sale,
)
from resellers.models.keyset import Keyset
from resellers.models.ledger_entry import LedgerEntryQuerySet
from resellers.models.referral import ReferralQuerySet
from resellers.models.sale import SOURCE, SaleQuerySet
from resellers.money import Money

LEFT = [EntryKind.PAYOUT, EntryKind.NETTING]
PAYOUTS = [EntryKind.PAYOUT, EntryKind.PAYOUT_RETURN, EntryKind.NETTING]

ENTRIES = Keyset("-id")
SALES = Keyset("-occurred_at", "-id")
REFERRALS = Keyset("-referred_at", "-id")


@dataclass(frozen=True, slots=True)
class Waiting:
    """Of one currency: when the first pending entry is free, and why others are held."""

    next_available_at: datetime | None
    hold_for: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Customers:
    """How many there ever were, mistakes apart, and how many are still referred."""

    ever: int
    present: int


@dataclass(frozen=True, slots=True)
class Added:
    """How many entries of one currency, and what they add up to."""

    money: Money
    count: int


def commissions(account: Account) -> LedgerEntryQuerySet:
    """Everything but the payouts: what stands on the account and when it may leave."""
    return LedgerEntry.objects.for_account(account).exclude(kind__in=LEFT)


def payouts(account: Account) -> LedgerEntryQuerySet:
    """What left the account, and what came back."""
    return LedgerEntry.objects.for_account(account).filter(kind__in=PAYOUTS)


def entries_of_customer(reseller: Reseller, customer_ref: str) -> list[str]:
    """How the ledger names the sales of one of the reseller's customers."""
    own = Sale.objects.for_reseller(reseller).paid()
    ids = own.filter(referral__customer_ref=customer_ref).order_by()
    return [str(pk) for pk in ids.values_list("pk", flat=True)]


def added(entries: LedgerEntryQuerySet) -> list[Added]:
    """Count and sum of these entries by currency; currencies never meet. One query."""
    sums = (
        entries.order_by()
        .values_list("currency")
        .annotate(sum=Sum("amount_minor"), count=Count("pk"))
        .order_by("currency")
    )
    return [
        Added(Money.sum_of(sum_, currency), count) for currency, sum_, count in sums
    ]


def waiting(account: Account) -> dict[str, Waiting]:
    """What pends and what is held, by currency. One query."""
    unpaid = [EntryStatus.PENDING, EntryStatus.HOLD]
    rows = (
        LedgerEntry.objects.for_account(account)
        .filter(status__in=unpaid)
        .order_by()
        .values_list("currency", "hold_for")
        .annotate(first=Min("available_at"))
        .order_by("currency", "hold_for")
    )
    found: dict[str, Waiting] = {}
    for currency, hold_for, first in rows:
        known = found.get(currency, Waiting(None, ()))
        found[currency] = (
            Waiting(known.next_available_at, (*known.hold_for, hold_for))
            if hold_for
            else Waiting(first, known.hold_for)
        )
    return found


def sales_of(entries: Iterable[LedgerEntry]) -> dict[str, Sale]:
    """The paid sale behind each of these entries, by the entry's `source_ref`."""
    refs = {entry.source_ref for entry in entries if entry.source == SOURCE}
    sales = Sale.objects.filter(pk__in=refs).select_related("referral")
    return {str(sale.pk): sale for sale in sales}


def with_sales(
    entries: LedgerEntryQuerySet, size: int
) -> Iterator[tuple[LedgerEntry, Sale | None]]:
    """Each entry with its sale, `size` at a time, for files that stream."""
    for rows in batched(entries.iterator(size), size):
        sales = sales_of(rows)
        for entry in rows:
            yield entry, sales.get(entry.source_ref)


def batched(
    entries: Iterable[LedgerEntry], size: int
) -> Iterator[Sequence[LedgerEntry]]:
    left = iter(entries)
    while rows := list(islice(left, size)):
        yield rows


def events_of(entry: LedgerEntry) -> list[Sale]:
    """What happened to the sale behind an entry, by its occurrence; itself first."""
    if entry.source != SOURCE:
        return []
    ref = entry.source_ref
    facts = Sale.objects.filter(Q(pk=ref) | Q(sale=ref), posted_at__isnull=False)
    return list(facts.select_related("sale").order_by("occurred_at", "received_at"))


def group_of(entry: LedgerEntry) -> list[LedgerEntry]:
    """The root of an entry and all that followed it, in order of posting."""
    return list(LedgerEntry.objects.group(entry.reverses or entry))


def without_commission(reseller: Reseller) -> SaleQuerySet:
    """Payments of the reseller's customers that put nothing on the account."""
    own = Sale.objects.for_reseller(reseller).paid()
    return own.filter(outcome__in=[Outcome.ZERO, Outcome.NO_RATE])


def customers(reseller: Reseller, text: str = "") -> ReferralQuerySet:
    """The reseller's customers; `text` is part of a reference or a whole address."""
    own = Referral.objects.for_reseller(reseller)
    word = text.strip()
    if not word:
        return own
    return own.filter(Q(customer_ref__icontains=word) | Q(customer_email__iexact=word))


def count_customers(reseller: Reseller) -> Customers:
    """The total of section 7, and those whose period is open. One query."""
    real = ~Q(end_reason=EndReason.MISTAKE)
    counts = Referral.objects.for_reseller(reseller).aggregate(
        ever=Count("customer_ref", distinct=True, filter=real),
        present=Count("customer_ref", filter=Q(ended_at=None)),
    )
    return Customers(**counts)
