"""Referrals as a table, with what each customer brought."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from resellers.exporting.sheets import Sheet, Table, column, decimal_of, in_chunks
from resellers.models import Referral
from resellers.money import Money
from resellers.rates import rates_of_customers
from resellers.totals import referral_totals


@dataclass
class Line:
    """A referral with its own rate, and sums in one currency."""

    referral: Referral
    own_rate: str
    revenue: Decimal | None
    commission: Decimal | None
    currency: str


class ReferralSheet(Sheet):
    id = column("id", "referral__pk")
    customer_ref = column("customerRef", "referral__customer_ref")
    customer_email = column("customerEmail", "referral__customer_email")
    reseller_id = column("resellerId", "referral__reseller_id")
    reseller_code = column("resellerCode", "referral__reseller__code")
    reseller_name = column("resellerName", "referral__reseller__full_name")
    referred_at = column("referredAt", "referral__referred_at")
    ended_at = column("endedAt", "referral__ended_at")
    end_reason = column("endReason", "referral__end_reason")
    origin = column("origin", "referral__origin")
    commission_rate = column("commissionRate", "own_rate")
    revenue = column("revenue", "revenue")
    commission = column("commission", "commission")
    currency = column("totalsCurrency", "currency")
    notes = column("notes", "referral__notes")
    created_at = column("createdAt", "referral__created_at")


def referrals_table(ids: Sequence[UUID], *, currency: str, at: datetime) -> Table:
    """The referrals in this order: three queries for each 500."""
    sheet = ReferralSheet()

    def rows() -> Iterator[list[Any]]:
        for chunk in in_chunks(ids):
            found = Referral.objects.select_related("reseller").in_bulk(chunk)
            own = rates_of_customers(chunk, at)
            totals = referral_totals(chunk)
            for pk in filter(found.__contains__, chunk):
                sums = [t for t in totals.get(pk, []) if t["currency"] == currency]
                revenue = Money.sum_of(sum(each["revenue"] for each in sums), currency)
                earned = Money.sum_of(
                    sum(each["commission"] for each in sums), currency
                )
                yield sheet.cells(
                    Line(
                        found[pk],
                        own[pk].percent if pk in own else "",
                        decimal_of(revenue),
                        decimal_of(earned),
                        currency,
                    )
                )

    return Table(sheet.header, rows())
