"""One entry: why this number, what it belongs to, and what happened to it.

Source: 5-resellers, section 10; 6-ledger, section 8 (receipt).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.html import format_html

from resellers.commission import share
from resellers.explanations import EntryExplanation, exact_share
from resellers.models import (
    EntryKind,
    EntryStatus,
    HoldFor,
    LedgerEntry,
    Sale,
    SaleKind,
)
from resellers.models.ledger_entry import FOLLOWING_KINDS, LEAVING_KINDS
from resellers.money import Money
from resellers.presentation.portal.dates import day_html
from resellers.presentation.portal.entries import (
    HOLD_WORDS,
    KIND_WORDS,
    entry_row,
    status_sign,
)
from resellers.statements import period_words, zone_of
from resellers.templatetags.moneys import money_html, money_text

EVENT_WORDS = {
    SaleKind.PAID: ("{customer} paid {money}", "card", "neutral"),
    SaleKind.REFUNDED: ("{money} was refunded", "undo", "soon"),
    SaleKind.RESTORED: ("A refund of {money} was given back", "check", "info"),
    SaleKind.DISPUTED: ("{customer} disputes the payment", "alert", "overdue"),
    SaleKind.RELEASED: ("The dispute is over", "check", "info"),
}
POSTED_WORDS = {
    EntryKind.EARNING: ("You earned {money}", "coins", "done"),
    EntryKind.REVERSAL: ("{money} was taken back", "undo", "soon"),
    EntryKind.RESTORE: ("{money} was given back", "coins", "done"),
}
STATUS_WORDS = {
    EntryStatus.APPROVED: ("Available for a payout", "check-circle", "done"),
    EntryStatus.PAID: ("Paid out", "check-circle", "done"),
    EntryStatus.REVERSED: ("Taken back before it was paid", "x-circle", "neutral"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a receipt."""

    label: str
    amount: str
    note: str = ""
    is_total: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """What is read of one entry: its group by posting, its sale, the sale's events."""

    entry: LedgerEntry
    group: Sequence[LedgerEntry]
    sale: Sale | None
    events: Sequence[Sale]


def entry_page(
    known: Known, explanation: EntryExplanation, now: datetime
) -> dict[str, Any]:
    entry = known.entry
    formula, *sentences = explanation.lines
    sales = {} if known.sale is None else {str(known.sale.pk): known.sale}
    return {
        "entry": entry,
        "title": title_words(entry),
        "status": status_sign(entry),
        "formula": formula,
        "sentences": sentences,
        "receipt": receipt_lines(known),
        "facts": facts_of(known, now),
        "events": timeline(known, now),
        "group": [
            entry_row(each, sales.get(each.source_ref), now) for each in known.group
        ]
        if len(known.group) > 1
        else [],
        "stands": money_html(
            Money.total((each.money for each in known.group), entry.currency)
        ),
    }


def title_words(entry: LedgerEntry) -> str:
    """'Commission of 10.08 USD', '2.02 USD taken back'."""
    kind = EntryKind(entry.kind)
    if kind in FOLLOWING_KINDS:
        return f"{money_text(abs(entry.money))} {KIND_WORDS[kind].lower()}"
    money = abs(entry.money) if kind in LEAVING_KINDS else entry.money
    return f"{KIND_WORDS[kind]} of {money_text(money)}"


def receipt_lines(known: Known) -> list[Line]:
    """From what was paid to this entry; nothing where no rate made it."""
    root, entry = known.group[0], known.entry
    if root.base is None or root.rate is None:
        return []
    paid, rate = root.base, root.rate
    lines = [Line("Paid", money_html(paid), "before tax")]
    refunded = Money(entry.refunded_minor or 0, entry.currency)
    if entry.kind in FOLLOWING_KINDS:
        lines.append(Line("Refunded so far", money_html(-refunded)))
        lines.append(Line("Left of it", money_html(paid - refunded)))
    left = paid - refunded
    exact, stands = exact_share(left, rate), share(left, rate)
    note = "share of what was paid"
    lines.append(Line(f"{rate} of it", f"{exact} {entry.currency}", note))
    if exact != str(stands):
        lines.append(Line("Rounded half-up", money_html(stands)))
    if entry.kind not in FOLLOWING_KINDS:
        return [*lines, Line("You earn", money_html(entry.money), is_total=True)]
    before = stands - entry.money
    word = "Taken back" if entry.amount_minor < 0 else "Given back"
    return [
        *lines,
        Line("Stood before", money_html(before)),
        Line(word, money_html(entry.money), is_total=True),
    ]


def facts_of(known: Known, now: datetime) -> list[dict[str, str]]:
    """What the entry belongs to."""
    entry, sale = known.entry, known.sale
    month = entry.posted_at.astimezone(zone_of(entry.account)).strftime("%Y-%m")
    statement = format_html(
        '<a href="{}">{}</a>',
        reverse("resellers:statement-detail", args=[month]),
        period_words(month),
    )
    found: list[tuple[str, str]] = [("Date", day_html(entry.occurred_at, now))]
    if sale is not None:
        found += [
            ("Customer", customer_link(sale.customer_ref)),
            ("Bought", sale.description),
            ("Invoice", sale.invoice_ref),
            ("Sale", sale.event_key),
        ]
    elif entry.reason:
        found.append(("Reason", entry.get_reason_display()))
    found += [("Statement", statement), ("Entry", str(entry.pk))]
    return [{"label": label, "value": value} for label, value in found if value]


def customer_link(customer_ref: str) -> str:
    page = reverse("resellers:commission-list")
    query = urlencode({"customer": customer_ref})
    return format_html('<a href="{}?{}">{}</a>', page, query, customer_ref)


def timeline(known: Known, now: datetime) -> list[dict[str, Any]]:
    """The facts of the sale, what they posted, where this entry stands, what comes."""
    told = [
        *(fact_event(each) for each in known.events if each.kind in EVENT_WORDS),
        *(posted_event(each, known.entry) for each in known.group),
        *status_events(known.entry),
    ]
    past = sorted(told, key=lambda event: event["at"])
    return [*past, *ahead(known.entry)]


def fact_event(sale: Sale) -> dict[str, Any]:
    title, icon, tone = EVENT_WORDS[SaleKind(sale.kind)]
    root = sale.sale or sale
    money = "" if sale.money is None else money_text(sale.money)
    words = title.format(customer=root.customer_ref, money=money)
    return {"title": words, "at": sale.occurred_at, "icon": icon, "tone": tone}


def posted_event(entry: LedgerEntry, here: LedgerEntry) -> dict[str, Any]:
    words = f"{KIND_WORDS[EntryKind(entry.kind)]} of {{money}}"
    known = POSTED_WORDS.get(EntryKind(entry.kind), (words, "coins", "neutral"))
    title, icon, tone = known
    return {
        "title": title.format(money=money_text(abs(entry.money))),
        "at": entry.posted_at,
        "text": "This entry" if entry.pk == here.pk else "",
        "icon": icon,
        "tone": tone,
    }


def status_events(entry: LedgerEntry) -> Iterator[dict[str, Any]]:
    """The last move of the entry's status, where there was one after its posting."""
    if entry.status_at <= entry.posted_at and entry.status != EntryStatus.HOLD:
        return
    if entry.status == EntryStatus.HOLD:
        why = HOLD_WORDS[HoldFor(entry.hold_for)]
        yield {
            "title": f"On hold {why}",
            "at": entry.status_at,
            "icon": "pause",
            "tone": "soon",
        }
    elif entry.status in STATUS_WORDS:
        title, icon, tone = STATUS_WORDS[EntryStatus(entry.status)]
        if entry.status == EntryStatus.APPROVED and entry.amount_minor < 0:
            title = "Comes off your next payout"
        yield {"title": title, "at": entry.status_at, "icon": icon, "tone": tone}


def ahead(entry: LedgerEntry) -> Iterable[dict[str, Any]]:
    if entry.status == EntryStatus.PENDING:
        yield {
            "title": "Available for a payout",
            "at": entry.available_at,
            "icon": "clock",
            "is_ahead": True,
        }
