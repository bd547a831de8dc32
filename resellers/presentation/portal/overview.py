"""The overview: per currency what is there and what comes, the months, code and rate.

Source: 5-resellers, section 10; 10-face, "Earning".
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from resellers.ledger import Balance
from resellers.models import (
    BEGINNING,
    Account,
    AccountState,
    EntryStatus,
    HoldFor,
    RateScope,
    Reseller,
    ResellerStatus,
)
from resellers.money import Money
from resellers.presentation.portal.dates import day
from resellers.presentation.portal.entries import HOLD_WORDS
from resellers.rates import RateInEffect
from resellers.statements import Statement, last_months, period_words
from resellers.templatetags.charts import Bar, Chart
from resellers.templatetags.moneys import money_html, money_text
from resellers.workspace import Waiting

MONTHS_SHOWN = 12
NOTHING = Waiting(None, ())
SCOPE_WORDS = {
    RateScope.PROGRAMME: "The programme’s rate",
    RateScope.RESELLER: "Your own rate",
    RateScope.REFERRAL: "The rate of one customer",
}
CODE_WORDS = {
    ResellerStatus.APPLICANT: "It works as soon as your application is approved.",
    ResellerStatus.ACTIVE: "Customers give it when they buy; their sales are yours.",
    ResellerStatus.INACTIVE: "It brings no new customers at present.",
    ResellerStatus.SUSPENDED: "It brings no new customers at present.",
}

NOTHING_YET_WORDS = {
    ResellerStatus.APPLICANT: "Sales appear here once your application is approved.",
    ResellerStatus.ACTIVE: "Give your code to a customer; sales appear here.",
    ResellerStatus.INACTIVE: "Sales of your customers appear here.",
    ResellerStatus.SUSPENDED: "Sales of your customers appear here.",
}


@dataclass(frozen=True, slots=True)
class Strip:
    """The four numbers of one currency."""

    currency: str
    stats: list[dict[str, Any]]


def strips(
    balances: Sequence[Balance],
    waiting: Mapping[str, Waiting],
    account: Account,
    default_currency: str,
) -> list[Strip]:
    """A strip for each currency, the programme's first; zeros where nothing is yet."""
    zero = Money.zero(default_currency)
    rows = balances or [Balance(zero, zero, zero, zero, zero, zero)]
    rows = sorted(rows, key=lambda row: row.available.currency != default_currency)
    return [
        Strip(
            row.available.currency,
            stats(row, waiting.get(row.available.currency, NOTHING), account),
        )
        for row in rows
    ]


def stats(row: Balance, waiting: Waiting, account: Account) -> list[dict[str, Any]]:
    owes = row.available.amount < 0
    currency = row.available.currency
    return [
        {
            "label": "Available",
            "value": money_html(row.available),
            "note": available_note(row.available, account),
            "url": entries_url(currency, EntryStatus.APPROVED),
            "tone": "overdue" if owes else "",
        },
        {
            "label": "Pending",
            "value": money_html(row.pending),
            "note": first_words(waiting.next_available_at),
            "url": entries_url(currency, EntryStatus.PENDING),
        },
        {
            "label": "On hold",
            "value": money_html(row.hold),
            "note": hold_note(waiting.hold_for),
            "url": entries_url(currency, EntryStatus.HOLD),
            "tone": "soon" if row.hold else "",
        },
        {
            "label": "Paid",
            "value": money_html(row.paid),
            "note": "so far" if row.paid else "no payout yet",
            "url": reverse("resellers:payout-list"),
        },
    ]


def entries_url(currency: str, status: str) -> str:
    """The list of exactly the entries that make a figure."""
    query = urlencode({"currency": currency, "status": str(status)})
    return f"{reverse('resellers:commission-list')}?{query}"


def available_note(available: Money, account: Account) -> str:
    if available.amount < 0:
        return "you owe this; it comes off your next payout"
    if account.state != AccountState.OPEN:
        return "payouts are stopped at present"
    return "for your next payout" if available else "nothing for a payout yet"


def first_words(at: datetime | None) -> str:
    return "nothing on its way" if at is None else f"the first on {day(at)}"


def hold_note(reasons: Iterable[str]) -> str:
    return ", ".join(HOLD_WORDS[HoldFor(each)] for each in reasons) or "nothing held"


def month_charts(
    currencies: Iterable[str],
    account: Account,
    statements: Sequence[Statement],
    now: datetime,
) -> list[Chart]:
    """One chart per currency, the last twelve months, as the statements say."""
    months = last_months(account, now, MONTHS_SHOWN)
    return [
        month_chart([s for s in statements if s.currency == currency], months)
        for currency in currencies
        if any(each.currency == currency for each in statements)
    ]


def month_chart(statements: Sequence[Statement], months: Sequence[str]) -> Chart:
    currency = statements[0].currency
    made = {each.month: each.made for each in statements}
    zero = Money.zero(currency)
    amounts = [made.get(month, zero) for month in months]
    bars = [
        Bar(
            period_words(month),
            (money.amount,),
            (money_text(money),),
            short=period_words(month)[:3],
        )
        for month, money in zip(months, amounts, strict=True)
    ]
    return Chart(
        title=f"Commission by month, {currency}",
        series=("Commission",),
        bars=tuple(bars),
        axis=("0", money_text(max([zero, *amounts]))),
        empty="Nothing earned in the last twelve months",
        notes=tuple(
            f"{bar.label}: {bar.texts[0]}. More was taken back than earned."
            for bar in bars
            if bar.values[0] < 0
        ),
    )


def code_note(reseller: Reseller) -> str:
    return CODE_WORDS[ResellerStatus(reseller.status)]


def nothing_yet(reseller: Reseller) -> str:
    """What an empty account waits for; only an active code brings customers."""
    return NOTHING_YET_WORDS[ResellerStatus(reseller.status)]


def rate_facts(rate: RateInEffect | None) -> dict[str, str]:
    """The percent, whose it is, and since when; N/A where none was agreed."""
    if rate is None:
        return {
            "percent": "N/A",
            "scope": "No rate is set yet. Sales are kept, and earn once there is one.",
        }
    since = "" if rate.since == BEGINNING else f" since {day(rate.since)}"
    return {
        "percent": str(rate.rate),
        "scope": f"{SCOPE_WORDS[RateScope(rate.scope)]}{since}.",
    }
