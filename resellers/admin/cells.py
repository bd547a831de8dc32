"""Values of the trunk's lists and pages in signs, words and links."""

from django.db import models
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.http import urlencode
from django.utils.safestring import SafeString

from resellers.commission import BasisPoints
from resellers.models import BEGINNING, Outcome, Rate, RateScope, Referral, Sale
from resellers.money import Money
from resellers.templatetags.moments import exact, time_html
from resellers.templatetags.moneys import money_html
from resellers.templatetags.signs import status_html
from resellers.totals import CurrencyTotals

NONE = "–"
WHOSE = {
    RateScope.REFERRAL: "agreed for this customer",
    RateScope.RESELLER: "the reseller's own",
    RateScope.PROGRAMME: "the programme's",
}
OUTCOME_SIGNS = {
    Outcome.EARNED: ("done", "Earned"),
    Outcome.HELD: ("info", "Earned, put on hold"),
    Outcome.ZERO: ("neutral", "Zero"),
    Outcome.NOT_ATTRIBUTED: ("soon", "Nobody's customer"),
    Outcome.NO_RATE: ("soon", "No rate"),
    Outcome.REVERSED: ("refused", "Taken back"),
    Outcome.RESTORED: ("done", "Given back"),
    Outcome.NO_EFFECT: ("neutral", "No effect"),
    Outcome.WAITING: ("soon", "Waits for its sale"),
    Outcome.ON_HOLD: ("info", "Put on hold"),
    Outcome.RELEASED: ("done", "Let go"),
    Outcome.COUNTED: ("done", "Counted"),
}

moment = time_html


def outcome_sign(sale: Sale) -> SafeString:
    return status_html(*OUTCOME_SIGNS[Outcome(sale.outcome)])


def amount(money: Money | None) -> SafeString | str:
    """An amount, or a dash where the kind has none."""
    return NONE if money is None else money_html(money)


def link(row: models.Model | None, text: str = "") -> SafeString | str:
    """A link to the row's page in the admin."""
    if row is None:
        return NONE
    meta = row._meta
    page = f"admin:{meta.app_label}_{meta.model_name}_change"
    return format_html(
        '<a href="{}">{}</a>', reverse(page, args=[row.pk]), text or str(row)
    )


def list_link(model: type[models.Model], text: str, **filters: str) -> SafeString:
    """A link to the filtered list of a model."""
    page = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    query = f"?{urlencode(filters)}" if filters else ""
    return format_html('<a href="{}{}">{}</a>', page, query, text)


def rate_words(rate: BasisPoints | None) -> str:
    return "none of its own" if rate is None else str(rate)


def rate_row_words(row: Rate) -> str:
    """The programme has nobody to leave the rate to."""
    if row.rate is None and row.scope == RateScope.PROGRAMME:
        return "none"
    return rate_words(row.rate)


def since_words(rate: Rate) -> SafeString | str:
    """From when a rate holds."""
    if rate.valid_from == BEGINNING:
        return "the beginning"
    return moment(rate.valid_from)


def ended(referral: Referral) -> SafeString | str:
    """When and why a referral ended; a dash while it is open."""
    if referral.ended_at is None:
        return NONE
    reason = referral.get_end_reason_display()
    return format_html("{}, {}", moment(referral.ended_at), reason)


def frozen_rate(sale: Sale) -> str:
    """'15.5 %, the reseller's own, since 1 May 2026, 09:00 UTC'."""
    if sale.rate is None:
        return NONE
    whose = WHOSE[RateScope(sale.rate_scope)]
    if sale.rate_since is None or sale.rate_since == BEGINNING:
        return f"{sale.rate}, {whose}"
    return f"{sale.rate}, {whose}, since {exact(sale.rate_since)}"


def sums(totals: list[CurrencyTotals], figure: str) -> SafeString | str:
    """One figure of each currency, one under the other."""
    shown = [Money.sum_of(_figure(each, figure), each["currency"]) for each in totals]
    lines = format_html_join("", "<div>{}</div>", ((money_html(m),) for m in shown))
    return lines or NONE


def _figure(total: CurrencyTotals, figure: str) -> int:
    return total["revenue"] if figure == "revenue" else total["commission"]
