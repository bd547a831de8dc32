"""Rows of the commissions: what each entry is, whose, and when it may leave.

The customer's reference is shown, never more of the customer. Source: 5-resellers,
section 10.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from resellers.models import (
    EntryKind,
    EntryStatus,
    HoldFor,
    LedgerEntry,
    Sale,
)
from resellers.models.ledger_entry import FOLLOWING_KINDS
from resellers.presentation.portal.dates import day_html
from resellers.templatetags.moments import relative_words
from resellers.templatetags.moneys import money_html, money_text
from resellers.templatetags.signs import status_html
from resellers.workspace import Added

KIND_WORDS = {
    EntryKind.EARNING: "Commission",
    EntryKind.REVERSAL: "Taken back",
    EntryKind.RESTORE: "Given back",
    EntryKind.ADJUSTMENT: "Adjustment",
    EntryKind.OPENING: "Opening balance",
    EntryKind.PAYOUT: "Payout",
    EntryKind.PAYOUT_RETURN: "Payout returned",
    EntryKind.NETTING: "Netted",
}
STATUS_SIGNS = {
    EntryStatus.PENDING: ("info", "Pending"),
    EntryStatus.HOLD: ("soon", "On hold"),
    EntryStatus.APPROVED: ("done", "Available"),
    EntryStatus.PAID: ("neutral", "Paid"),
    EntryStatus.REVERSED: ("neutral", "Taken back"),
}
PAID_ICON = "check-circle"
HOLD_WORDS = {
    HoldFor.APPROVAL: "until a second person has looked at it",
    HoldFor.DISPUTE: "while the customer disputes the payment",
    HoldFor.FINANCE: "while we check it",
    HoldFor.ACCOUNT: "while your account is under review",
}


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One entry, finished texts; `note` may hold the link to what it follows."""

    public_id: int
    url: str
    date: str
    title: str
    note: str
    kind: str
    status: str
    available: str
    amount: str


@dataclass(frozen=True, slots=True)
class SaleRow:
    """A payment that put nothing on the account, and why."""

    public_id: str
    date: str
    customer: str
    note: str
    paid: str
    why: str


def entry_url(entry_id: int) -> str:
    return reverse("resellers:commission-detail", args=[entry_id])


def entry_rows(
    entries: Iterable[LedgerEntry], sales: Mapping[str, Sale], now: datetime
) -> list[EntryRow]:
    return [entry_row(each, sales.get(each.source_ref), now) for each in entries]


def entry_row(entry: LedgerEntry, sale: Sale | None, now: datetime) -> EntryRow:
    return EntryRow(
        public_id=entry.pk,
        url=entry_url(entry.pk),
        date=day_html(entry.occurred_at, now),
        title=title_of(entry, sale),
        note=note_of(entry, sale, now),
        kind=KIND_WORDS[EntryKind(entry.kind)],
        status=status_sign(entry),
        available=available_html(entry, now),
        amount=money_html(entry.money),
    )


def title_of(entry: LedgerEntry, sale: Sale | None) -> str:
    """The customer, or what the entry is where no customer stands behind it."""
    if sale is not None:
        return sale.customer_ref
    return KIND_WORDS[EntryKind(entry.kind)]


def note_of(entry: LedgerEntry, sale: Sale | None, now: datetime) -> SafeString:
    """What was bought; for a refund the sale that it belongs to."""
    if entry.kind in FOLLOWING_KINDS and entry.reverses_id:
        what = "of the sale of"
        when = day_html(sale.occurred_at, now) if sale else "an earlier entry"
        url = entry_url(entry.reverses_id)
        return format_html('{} <a href="{}">{}</a>', what, url, when)
    if sale is not None:
        return format_html("{}", sale.description)
    return format_html("{}", entry.get_reason_display() if entry.reason else "")


def status_sign(entry: LedgerEntry) -> SafeString:
    """The state in a word; money owed back is no money to be had."""
    if entry.status == EntryStatus.APPROVED and entry.amount_minor < 0:
        return status_html("neutral", "Deduction", "undo")
    tone, word = STATUS_SIGNS[EntryStatus(entry.status)]
    icon = PAID_ICON if entry.status == EntryStatus.PAID else ""
    return status_html(tone, word, icon)


def available_html(entry: LedgerEntry, now: datetime) -> SafeString:
    """When it may leave, or left; why it is held."""
    at = day_html(entry.available_at, now)
    match entry.status:
        case EntryStatus.PENDING:
            words = relative_words(entry.available_at, now)
            return (
                format_html('{} <span class="note">{}</span>', at, words)
                if words.startswith("in ")
                else at
            )
        case EntryStatus.HOLD:
            why = HOLD_WORDS[HoldFor(entry.hold_for)]
            return format_html('<span class="note">{}</span>', why)
        case EntryStatus.PAID:
            return format_html("paid {}", day_html(entry.status_at, now))
        case EntryStatus.REVERSED:
            return format_html('<span class="none">{}</span>', "never")
    if entry.amount_minor < 0:
        return format_html('<span class="note">{}</span>', "off your next payout")
    return at


def sale_rows(
    sales: Iterable[Sale], why: Mapping[UUID, str], now: datetime
) -> list[SaleRow]:
    return [
        SaleRow(
            public_id=str(sale.pk),
            date=day_html(sale.occurred_at, now),
            customer=sale.customer_ref,
            note=sale.description,
            paid=money_html(sale.money),
            why=why[sale.pk],
        )
        for sale in sales
    ]


def sum_words(sums: Iterable[Added]) -> str:
    """'12 entries, 120.96 USD · 1 entry, 3.00 EUR'; currencies are never added."""
    return " · ".join(
        f"{each.count:,} {'entry' if each.count == 1 else 'entries'},"
        f" {money_text(each.money)}"
        for each in sums
    )
