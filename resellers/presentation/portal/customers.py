"""Rows of the reseller's customers; of their address no more than a hint.

Source: 5-resellers, section 10; 1-product, decision 6.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from resellers.audit import mask_email
from resellers.commission import BasisPoints
from resellers.models import EndReason, Referral
from resellers.money import Money
from resellers.presentation.portal.dates import day_html
from resellers.templatetags.moneys import money_html
from resellers.totals import CurrencyTotals

END_WORDS = {
    EndReason.MOVED: "with another reseller now",
    EndReason.CUSTOMER_LEFT: "left",
    EndReason.MISTAKE: "was a mistake",
    EndReason.OTHER: "ended",
}


@dataclass(frozen=True, slots=True)
class CustomerRow:
    """One customer of one period."""

    public_id: str
    url: str
    reference: str
    email: str
    rate: str
    since: str
    ended: str
    revenue: str
    commission: str


def customer_row(
    referral: Referral,
    sums: Sequence[CurrencyTotals],
    rate: BasisPoints | None,
    now: datetime,
) -> CustomerRow:
    page = reverse("resellers:commission-list")
    return CustomerRow(
        public_id=str(referral.pk),
        url=f"{page}?{urlencode({'customer': referral.customer_ref})}",
        reference=referral.customer_ref,
        email=mask_email(referral.customer_email) if referral.customer_email else "",
        rate=f"{rate} for this customer" if rate else "",
        since=day_html(referral.referred_at, now),
        ended=ended_html(referral, now),
        revenue=amounts([(row["revenue"], row["currency"]) for row in sums]),
        commission=amounts([(row["commission"], row["currency"]) for row in sums]),
    )


def ended_html(referral: Referral, now: datetime) -> str:
    if referral.ended_at is None:
        return ""
    why = END_WORDS[EndReason(referral.end_reason)]
    ended = day_html(referral.ended_at, now)
    return format_html('{} <span class="note">{}</span>', ended, why)


def amounts(sums: Sequence[tuple[int, str]]) -> SafeString:
    """An amount for each currency, one below the other; N/A without a sale."""
    if not sums:
        return money_html(None)
    each = [(money_html(Money.sum_of(amount, currency)),) for amount, currency in sums]
    return format_html_join("", '<span class="amount-line">{}</span>', each)
