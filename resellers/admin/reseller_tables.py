"""What stands below and beside a profile's form: money, customers, sales, rates.

Finished values; the newest only, and a way to all of them.
"""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import models
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString

from resellers import ledger, totals
from resellers.admin import cells
from resellers.desk.deeds import url_name
from resellers.models import Rate, Referral, Reseller, Sale, SaleKind
from resellers.templatetags.moments import time_html
from resellers.templatetags.moneys import money_html
from resellers.templatetags.signs import status_html
from resellers.totals import CurrencyTotals

NEWEST = 20
RATES_SHOWN = 12


@dataclass(frozen=True)
class RateLine:
    rate: str
    since: SafeString | str
    mark: SafeString | str
    reason: str
    by: str


@dataclass(frozen=True)
class Purse:
    """The account in one currency."""

    currency: str
    lines: list[tuple[str, SafeString]]


@dataclass(frozen=True)
class ReferralLine:
    customer: str
    email: str
    since: SafeString
    ended: SafeString | str
    revenue: SafeString | str
    commission: SafeString | str
    page: str
    acts: list[tuple[str, str]]


@dataclass(frozen=True)
class SaleLine:
    at: SafeString
    kind: str
    about: str
    customer: str
    amount: SafeString | str
    commission: SafeString | str
    rate: str
    sign: SafeString
    page: str


def page_of(row: models.Model, role: str = "change", back: str = "") -> str:
    """The address of a row's page; "" where the administration has none."""
    try:
        page = reverse(url_name(type(row), role), args=[row.pk])
    except NoReverseMatch:
        return ""
    return f"{page}?{urlencode({'next': back})}" if back else page


def list_of(model: type[models.Model], **query: str) -> str:
    try:
        return f"{reverse(url_name(model, 'changelist'))}?{urlencode(query)}"
    except NoReverseMatch:
        return ""


def rate_lines(reseller: Reseller, now: datetime) -> list[RateLine]:
    """The own rates, planned ones first; the one that holds is marked."""
    rows = list(
        Rate.objects.of_reseller(reseller)
        .select_related("created_by")
        .newest_first()[:RATES_SHOWN]
    )
    holding = next((row for row in rows if row.valid_from <= now), None)
    return [_rate_line(row, holding, now) for row in rows]


def _rate_line(row: Rate, holding: Rate | None, now: datetime) -> RateLine:
    mark: SafeString | str = ""
    if row.valid_from > now:
        mark = status_html("info", "Planned")
    elif row == holding:
        mark = status_html("done", "Now")
    return RateLine(
        rate=cells.rate_words(row.rate),
        since=cells.since_words(row),
        mark=mark,
        reason=row.reason,
        by="" if row.created_by is None else row.created_by.email,
    )


def purses(reseller: Reseller) -> list[Purse]:
    """What the account holds, by state; without entries one empty purse."""
    found = ledger.balances(reseller.account)
    return [
        Purse(
            each.balance.currency,
            [
                ("Pending", money_html(each.pending)),
                ("On hold", money_html(each.hold)),
                ("Available", money_html(each.available)),
                ("In payout", money_html(None)),
                ("Paid", money_html(each.paid)),
            ],
        )
        for each in found
    ]


def total_lines(reseller: Reseller) -> list[tuple[str, SafeString | str]]:
    """The four totals, revenue and commission once per currency."""
    currency = settings.PROGRAMME_CURRENCY
    counted = totals.totals_of([reseller.pk], currency)[reseller.pk]
    sums = totals.by_currency(reseller)
    zero = [CurrencyTotals(currency=currency, revenue=0, commission=0)]
    return [
        ("Customers referred", f"{counted.customers:,}"),
        ("Documents processed", f"{counted.documents:,}"),
        ("Revenue generated", cells.sums(sums or zero, "revenue")),
        ("Commission earned", cells.sums(sums or zero, "commission")),
    ]


def referral_lines(
    reseller: Reseller, back: str, *, may_change: bool
) -> list[ReferralLine]:
    rows = list(Referral.objects.for_reseller(reseller)[:NEWEST])
    brought = totals.referral_totals([row.pk for row in rows])
    lines = []
    for row in rows:
        sums = brought.get(row.pk, [])
        acts = _referral_acts(row, back) if may_change else []
        lines.append(
            ReferralLine(
                customer=row.customer_ref,
                email=row.customer_email,
                since=time_html(row.referred_at),
                ended=_ended(row),
                revenue=cells.sums(sums, "revenue"),
                commission=cells.sums(sums, "commission"),
                page=page_of(row),
                acts=acts,
            )
        )
    return lines


def _ended(row: Referral) -> SafeString | str:
    if row.ended_at is None:
        return ""
    reason = row.get_end_reason_display()
    return format_html("{}, {}", time_html(row.ended_at), reason)


def _referral_acts(row: Referral, back: str) -> list[tuple[str, str]]:
    """Buttons of an open referral; each leads back to the profile."""
    if row.ended_at is not None:
        return []
    pages = [
        ("Move", page_of(row, "move", back)),
        ("End", page_of(row, "end", back)),
    ]
    return [(label, page) for label, page in pages if page]


def sale_lines(reseller: Reseller) -> list[SaleLine]:
    rows = Sale.objects.for_reseller(reseller).select_related("referral")[:NEWEST]
    return [_sale_line(row) for row in rows]


def _sale_line(row: Sale) -> SaleLine:
    return SaleLine(
        at=time_html(row.occurred_at),
        kind=SaleKind(row.kind).label.capitalize(),
        about=row.description or row.event_key,
        customer=row.referral.customer_ref if row.referral else row.customer_ref,
        amount=cells.amount(row.money),
        commission=cells.amount(row.commission),
        rate="" if row.rate is None else str(row.rate),
        sign=cells.outcome_sign(row),
        page=page_of(row),
    )
