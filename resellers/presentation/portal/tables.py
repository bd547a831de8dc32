"""Commissions and statements as tables for a spreadsheet; amounts are decimals.

The memo and the author of an entry are the house's own and stay there.
Source: 5-resellers, section 10; 6-ledger, section 5.
"""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from resellers.models import EntryStatus, LedgerEntry, Sale
from resellers.money import Money
from resellers.tables import Cell

ENTRY_COLUMNS = [
    "date",
    "entry",
    "kind",
    "customer",
    "description",
    "sale",
    "paid",
    "rate_percent",
    "commission",
    "currency",
    "status",
    "available",
    "follows_entry",
]
STATEMENT_COLUMNS = [
    "date",
    "entry",
    "kind",
    "component",
    "source",
    "reference",
    "basis",
    "base",
    "rate",
    "amount",
    "currency",
    "status",
]


def entry_table(
    entries: Iterable[tuple[LedgerEntry, Sale | None]],
) -> Iterator[Sequence[Cell]]:
    """A row of `ENTRY_COLUMNS` for each entry."""
    for entry, sale in entries:
        yield entry_cells(entry, sale)


def entry_cells(entry: LedgerEntry, sale: Sale | None) -> Sequence[Cell]:
    has_date = entry.status in {EntryStatus.PENDING, EntryStatus.APPROVED}
    return [
        entry.occurred_at,
        entry.pk,
        entry.kind,
        sale.customer_ref if sale else "",
        sale.description if sale else "",
        sale.event_key if sale else "",
        amount(entry.base),
        Decimal(entry.rate.percent) if entry.rate else None,
        amount(entry.money),
        entry.currency,
        entry.status,
        entry.available_at if has_date else None,
        entry.reverses_id,
    ]


def statement_table(
    entries: Iterable[tuple[LedgerEntry, Sale | None]],
) -> Iterator[Sequence[Cell]]:
    """A row of `STATEMENT_COLUMNS` for each entry of a month."""
    for entry, sale in entries:
        yield [
            entry.posted_at,
            entry.pk,
            entry.kind,
            entry.component,
            entry.source,
            sale.event_key if sale else entry.source_ref,
            entry.basis,
            amount(entry.base),
            Decimal(entry.rate.percent) if entry.rate else None,
            amount(entry.money),
            entry.currency,
            entry.status,
        ]


def amount(money: Money | None) -> Decimal | None:
    """All decimals of the currency, as a number."""
    return None if money is None else Decimal(str(money))
