"""Statements in finished values: the list of months, and one month as a paper.

Source: 5-resellers, section 10; 6-ledger, section 5.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse

from resellers.models import Account, EntryKind, LedgerEntry, Sale
from resellers.money import Money
from resellers.presentation.portal.dates import day, day_html
from resellers.presentation.portal.entries import (
    KIND_WORDS,
    entry_url,
    status_sign,
    title_of,
)
from resellers.statements import PARTS, Statement, period_words, zone_of
from resellers.templatetags.moneys import money_html
from resellers.templatetags.signs import status_html

LAST_DAY = timedelta(microseconds=1)
PART_WORDS = {
    "earned": "Commission earned",
    "reversed": "Taken back by refunds",
    "adjusted": "Adjustments",
    "paid": "Paid out",
    "returned": "Payouts returned",
}


@dataclass(frozen=True, slots=True)
class MonthRow:
    """One statement of the list."""

    public_id: str
    url: str
    month: str
    state: str
    opening: str
    made: str
    paid: str
    closing: str


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One entry of a statement."""

    public_id: int
    url: str
    date: str
    what: str
    note: str
    status: str
    amount: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """One month in one currency: header, sums, lines."""

    number: str
    currency: str
    state: str
    period: str
    sums: list[dict[str, object]]
    lines: list[StatementLine]
    payouts: list[StatementLine]


def month_row(statement: Statement) -> MonthRow:
    page = reverse("resellers:statement-detail", args=[statement.month])
    return MonthRow(
        public_id=f"{statement.month}-{statement.currency.lower()}",
        url=f"{page}#statement-{statement.currency.lower()}",
        month=period_words(statement.month),
        state=state_sign(statement),
        opening=money_html(statement.opening),
        made=money_html(statement.made),
        paid=money_html(statement.paid + statement.returned),
        closing=money_html(statement.closing),
    )


def state_sign(statement: Statement) -> str:
    if statement.is_open:
        return status_html("info", "Open, not final")
    return status_html("neutral", "Closed", "check")


def sheet(
    statement: Statement,
    entries: Iterable[LedgerEntry],
    sales: Mapping[str, Sale],
    account: Account,
    now: datetime,
) -> Sheet:
    own = [each for each in entries if each.currency == statement.currency]
    leaving = {*PARTS["paid"], *PARTS["returned"]}
    zone = zone_of(account)
    last = statement.ends_at - LAST_DAY
    lines = {
        each: statement_line(each, sales.get(each.source_ref), account, now)
        for each in own
    }
    return Sheet(
        number=statement.number,
        currency=statement.currency,
        state=state_sign(statement),
        period=f"{day(statement.starts_at, zone)} to {day(last, zone)}",
        sums=sums(statement),
        lines=[line for each, line in lines.items() if each.kind not in leaving],
        payouts=[line for each, line in lines.items() if each.kind in leaving],
    )


def sums(statement: Statement) -> list[dict[str, object]]:
    """Opening, each kind with a sum, closing: they add up from top to bottom."""
    parts = [
        (PART_WORDS[name], getattr(statement, name))
        for name in PARTS
        if getattr(statement, name) or name in {"earned", "paid"}
    ]
    end = "Balance so far" if statement.is_open else "Closing balance"
    return [
        line("Opening balance", statement.opening),
        *(line(label, money) for label, money in parts),
        {**line(end, statement.closing), "is_total": True},
    ]


def line(label: str, money: Money) -> dict[str, object]:
    return {"label": label, "amount": money_html(money)}


def statement_line(
    entry: LedgerEntry, sale: Sale | None, account: Account, now: datetime
) -> StatementLine:
    kind = KIND_WORDS[EntryKind(entry.kind)]
    notes = [] if sale is None else [kind, sale.description]
    return StatementLine(
        public_id=entry.pk,
        url=entry_url(entry.pk),
        date=day_html(entry.posted_at, now, zone_of(account)),
        what=title_of(entry, sale),
        note=" · ".join(filter(None, notes)),
        status=status_sign(entry),
        amount=money_html(entry.money),
    )


def years(statements: Sequence[Statement]) -> list[str]:
    """The years that have statements, newest first."""
    return sorted({each.month[:4] for each in statements}, reverse=True)


def year_tabs(found: Sequence[str], here: str) -> list[dict[str, object]]:
    """A link for each year; none where there is one year alone."""
    page = reverse("resellers:statement-list")
    tabs: list[dict[str, object]] = [
        {"label": year, "url": f"{page}?year={year}", "is_here": year == here}
        for year in found
    ]
    return tabs if len(tabs) > 1 else []


def zone_words(account: Account) -> str:
    """Said where months are not those of UTC."""
    return "" if account.zone == "UTC" else account.zone
