"""An account by the month: opening, what was posted, what left, closing.

A month is one of the account's zone, half-open, and takes what was posted in it; so
each entry stands in exactly one. Computed from the ledger at every reading; the
present month is open, not final. Currencies never meet.
Source: 6-ledger, sections 2 and 5; 5-resellers, section 10.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import MAXYEAR, UTC, datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Min, Q, Sum
from django.db.models.functions import TruncMonth
from django.utils.formats import date_format

from resellers.errors import Invalid
from resellers.models import Account, EntryKind, LedgerEntry
from resellers.models.ledger_entry import LedgerEntryQuerySet
from resellers.money import Money

PERIOD = re.compile(r"(?P<year>[1-9][0-9]{3})(-(?P<month>0[1-9]|1[0-2]))?", re.ASCII)
MONTHS = 12

EARNED = [EntryKind.EARNING]
REVERSED = [EntryKind.REVERSAL, EntryKind.RESTORE]
ADJUSTED = [EntryKind.ADJUSTMENT, EntryKind.OPENING]
PAID = [EntryKind.PAYOUT, EntryKind.NETTING]
RETURNED = [EntryKind.PAYOUT_RETURN]
PARTS: dict[str, list[EntryKind]] = {
    "earned": EARNED,
    "reversed": REVERSED,
    "adjusted": ADJUSTED,
    "paid": PAID,
    "returned": RETURNED,
}
"""The sums of a statement and the kinds of entries that make them; each kind once."""


class InvalidPeriod(Invalid):
    code = "invalid_period"
    title = "The period is neither a year nor a month"
    sentence = "Give a year or a month such as 2026 or 2026-05."


@dataclass(frozen=True, slots=True)
class Statement:
    """One month of one account in one currency; all sums signed as on the account."""

    account_code: str
    month: str
    currency: str
    starts_at: datetime
    ends_at: datetime
    is_open: bool
    opening: Money
    earned: Money
    reversed: Money
    adjusted: Money
    paid: Money
    returned: Money
    entry_count: int

    @property
    def number(self) -> str:
        """`RS-4K9QZ7/2026-10/USD`."""
        return f"{self.account_code}/{self.month}/{self.currency}"

    @property
    def made(self) -> Money:
        """What the month brought, before payouts."""
        return self.earned + self.reversed + self.adjusted

    @property
    def closing(self) -> Money:
        return self.opening + self.made + self.paid + self.returned


def zone_of(account: Account) -> tzinfo:
    return ZoneInfo(account.zone)


def span_of(account: Account, period: str) -> tuple[datetime, datetime]:
    """The half-open span of a year or a month of the account's zone.

    Raises InvalidPeriod.
    """
    match = PERIOD.fullmatch(period)
    if match is None or int(match["year"]) >= MAXYEAR:
        raise InvalidPeriod
    year, zone = int(match["year"]), zone_of(account)
    start = datetime(year, int(match["month"] or 1), 1, tzinfo=zone)
    if match["month"] is None:
        return start, start.replace(year=year + 1)
    return start, next_month(start)


def period_words(period: str) -> str:
    """'May 2026' for a month, '2026' for a year."""
    if "-" not in period:
        return period
    return date_format(datetime.fromisoformat(f"{period}-01"), "F Y")


def next_month(start: datetime) -> datetime:
    year, month = divmod(start.year * MONTHS + start.month, MONTHS)
    return start.replace(year=year, month=month + 1)


def statements(account: Account, now: datetime) -> list[Statement]:
    """Every month with entries or a balance, newest first. One query."""
    found = list(_sums(account))
    present = now.astimezone(zone_of(account))
    made: list[Statement] = []
    for currency in sorted({row["currency"] for row in found}):
        rows = [row for row in found if row["currency"] == currency]
        made += _chain(account, currency, rows, present)
    return sorted(made, key=lambda each: each.month, reverse=True)


def entries_of(account: Account, month: str) -> LedgerEntryQuerySet:
    """What was posted in a month, in order of posting. Raises InvalidPeriod."""
    start, end = span_of(account, month)
    own = LedgerEntry.objects.for_account(account)
    return own.filter(posted_at__gte=start, posted_at__lt=end).order_by("id")


def months_since(account: Account, now: datetime) -> list[str]:
    """Every month from the first entry to the present one, newest first. One query."""
    own = LedgerEntry.objects.for_account(account)
    first = own.aggregate(first=Min("posted_at"))["first"]
    if first is None:
        return []
    zone = zone_of(account)
    return list(reversed(list(_months(first.astimezone(zone), now.astimezone(zone)))))


def last_months(account: Account, now: datetime, count: int) -> list[str]:
    """So many months up to the present one, oldest first."""
    present = now.astimezone(zone_of(account))
    end = present.year * MONTHS + present.month - 1
    return [_month(place) for place in range(end - count + 1, end + 1)]


def _sums(account: Account) -> Any:
    """Sums by kind of each currency and month with entries, oldest first."""
    zone = zone_of(account)
    return (
        LedgerEntry.objects.for_account(account)
        .order_by()
        .values("currency", month=TruncMonth("posted_at", tzinfo=zone))
        .annotate(
            entry_count=Count("pk"),
            **{
                name: Sum("amount_minor", filter=Q(kind__in=kinds), default=0)
                for name, kinds in PARTS.items()
            },
        )
        .order_by("currency", "month")
    )


def _chain(
    account: Account, currency: str, rows: list[dict[str, Any]], present: datetime
) -> Iterator[Statement]:
    """Month after month, each opening with the closing before it."""
    zero = {**dict.fromkeys(PARTS, 0), "entry_count": 0}
    known = defaultdict(lambda: zero, {f"{row['month']:%Y-%m}": row for row in rows})
    last = max(present, rows[-1]["month"])
    opening = Money.zero(currency)
    for month in _months(rows[0]["month"], last):
        sums = known[month]
        start, end = span_of(account, month)
        statement = Statement(
            account_code=account.code,
            month=month,
            currency=currency,
            starts_at=start.astimezone(UTC),
            ends_at=end.astimezone(UTC),
            is_open=end > present,
            opening=opening,
            **{name: Money.sum_of(sums[name], currency) for name in PARTS},
            entry_count=sums["entry_count"],
        )
        opening = statement.closing
        if statement.entry_count or statement.opening:
            yield statement


def _months(first: datetime, last: datetime) -> Iterator[str]:
    """`2026-01` to `2026-05`, both included."""
    start, end = (each.year * MONTHS + each.month - 1 for each in (first, last))
    for place in range(start, end + 1):
        yield _month(place)


def _month(place: int) -> str:
    year, month = divmod(place, MONTHS)
    return f"{year}-{month + 1:02d}"
