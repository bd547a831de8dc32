"""A paid sale with all that followed it, its rates and its entries, read in batches."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from uuid import UUID

from django.db.models import Q

from resellers.commission import BasisPoints, share
from resellers.models import EntryKind, LedgerEntry, Rate, RateScope, Sale, SaleKind
from resellers.models.sale import SOURCE, SaleQuerySet
from resellers.money import Money
from resellers.sales import entry_key

CHUNK = 1_000
UUID_TEXT = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")

Postings = dict[str, tuple[str, int]]


@dataclass
class Trade:
    """A paid sale, the events that name it, and its entries: key, account, amount.

    Corrections by staff are facts of their own: they stand beside its entries, and
    what they took back a refund does not take again.
    """

    sale: Sale
    events: list[Sale] = field(default_factory=list)
    posted: Postings = field(default_factory=dict)
    is_corrected: bool = False

    @property
    def rows(self) -> int:
        return 1 + len(self.events)


def chunks(sales: SaleQuerySet) -> Iterator[list[Trade]]:
    """Paid sales with what followed and what was posted, a thousand at a time."""
    rows = sales.select_related("referral__reseller").order_by("pk")
    batch = list(rows[:CHUNK])
    while batch:
        trades = {sale.event_key: Trade(sale) for sale in batch}
        events = Sale.objects.exclude(sale_key="").filter(sale_key__in=trades)
        for event in events:
            trades[event.sale_key].events.append(event)
        read_postings(trades.values())
        yield list(trades.values())
        batch = list(rows.filter(pk__gt=batch[-1].pk)[:CHUNK])


def by_moment(trade: Trade) -> Iterator[list[Sale]]:
    """The posted events of a trade, those of one moment together."""
    posted = [(event.posted_at, event) for event in trade.events if event.posted_at]
    posted.sort(key=lambda pair: pair[0])
    for _, pairs in groupby(posted, key=lambda pair: pair[0]):
        yield [event for _, event in pairs]


def taken(event: Sale) -> int:
    """Minor units that this event takes off what was paid."""
    if event.kind == SaleKind.REFUNDED:
        return event.amount_minor
    return -event.amount_minor if event.kind == SaleKind.RESTORED else 0


def standing(paid: Money, refunded: int, rate: BasisPoints) -> int:
    """Minor units of commission that stand after these refunds.

    What is answered again in order of occurrence may pass the bounds on the way.
    """
    left = paid.amount - min(max(refunded, 0), paid.amount)
    return share(Money(left, paid.currency), rate).amount


@dataclass
class History:
    """The rates that may have counted for some sales, those of one owner together."""

    rows: dict[tuple[str, UUID | None], list[Rate]]

    @classmethod
    def of(cls, sales: Iterable[Sale]) -> "History":
        referrals = [sale.referral for sale in sales if sale.referral]
        rates = Rate.objects.filter(
            Q(scope=RateScope.PROGRAMME)
            | Q(reseller__in={each.reseller_id for each in referrals})
            | Q(referral__in={each.pk for each in referrals})
        )
        rows: defaultdict[tuple[str, UUID | None], list[Rate]] = defaultdict(list)
        for rate in rates.newest_first():
            rows[rate.scope, rate.referral_id or rate.reseller_id].append(rate)
        return cls(dict(rows))

    def known(self, sale: Sale, *, until: datetime) -> list[list[Rate]]:
        """Of customer, reseller and programme: what was set by then, newest first."""
        referral = sale.referral
        owners: list[tuple[str, UUID | None]] = [(RateScope.PROGRAMME, None)]
        if referral is not None:
            owners.insert(0, (RateScope.RESELLER, referral.reseller_id))
            owners.insert(0, (RateScope.REFERRAL, referral.pk))
        return [
            [rate for rate in self.rows.get(owner, []) if rate.created_at <= until]
            for owner in owners
        ]


def in_effect(scopes: list[list[Rate]], at: datetime) -> Rate | None:
    """The newest of the first scope that has a rate of its own at this moment."""
    for rates in scopes:
        newest = next((rate for rate in rates if rate.valid_from <= at), None)
        if newest is not None and newest.rate_bp is not None:
            return newest
    return None


def rate_of(sale: Sale, scopes: list[list[Rate]], *, until: datetime) -> Rate | None:
    """The rate when it occurred; none then, the earliest later one up to a moment."""
    found = in_effect(scopes, sale.occurred_at)
    if found is not None:
        return found
    starts = {rate.valid_from for rates in scopes for rate in rates}
    for start in sorted(start for start in starts if sale.occurred_at < start <= until):
        if (later := in_effect(scopes, start)) is not None:
            return later
    return None


def expected_postings(trade: Trade) -> Postings:
    """Key to account and amount: one entry per posted event that moves a cent."""
    referral = trade.sale.referral
    if referral is None or not trade.sale.is_posted:
        return {}
    account = str(referral.reseller.account_id)
    return {
        entry_key(row.event_key): (account, row.commission_minor)
        for row in [trade.sale, *trade.events]
        if row.is_posted and row.commission_minor
    }


def read_postings(trades: Iterable[Trade]) -> None:
    """Give each trade the entries that the ledger holds of it."""
    by_ref = {str(trade.sale.pk): trade for trade in trades}
    rows = LedgerEntry.objects.filter(source=SOURCE, source_ref__in=by_ref)
    for entry in rows:
        trade = by_ref[entry.source_ref]
        if entry.correction_group is None:
            trade.posted[entry.key] = (str(entry.account_id), entry.amount_minor)
        else:
            trade.is_corrected = True


def strange_postings() -> list[str]:
    """Keys of earnings whose sale does not exist."""
    rows = LedgerEntry.objects.filter(source=SOURCE, kind=EntryKind.EARNING)
    fields = rows.order_by("pk").values_list("pk", "source_ref", "key")
    strange: list[str] = []
    batch = list(fields[:CHUNK])
    while batch:
        refs = [ref for _, ref, _ in batch if UUID_TEXT.fullmatch(ref)]
        sales = Sale.objects.paid().filter(pk__in=refs)
        known = {str(pk) for pk in sales.values_list("pk", flat=True)}
        strange += [key for _, ref, key in batch if ref not in known]
        batch = list(fields.filter(pk__gt=batch[-1][0])[:CHUNK])
    return strange
