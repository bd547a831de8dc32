"""What resellers brought and earned: read by query, never stored.

Integers in minor units, never added across currencies. One grouped query per figure,
whatever the number of resellers. Source: 5-resellers, section 7.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypedDict
from uuid import UUID

from django.db.models import Aggregate, Count, Q, QuerySet, Sum

from resellers.models import (
    EndReason,
    EntryComponent,
    LedgerEntry,
    Outcome,
    Referral,
    Reseller,
    Sale,
    SaleKind,
)
from resellers.models.ledger_entry import LEAVING_KINDS
from resellers.models.sale import MONEY_KINDS
from resellers.pg.among import Among

BRINGS = Q(kind__in=[SaleKind.PAID, SaleKind.RESTORED])


@dataclass(frozen=True, slots=True)
class Totals:
    """Of one reseller: people, documents, and minor units of one currency."""

    customers: int = 0
    documents: int = 0
    revenue: int = 0
    commission: int = 0


class CurrencyTotals(TypedDict):
    """Revenue and commission in minor units of one currency."""

    currency: str
    revenue: int
    commission: int


def totals_of(ids: Sequence[UUID], currency: str) -> dict[UUID, Totals]:
    """The four totals of each of these resellers, zeros included. Four queries."""
    customers = dict(_customers(ids))
    documents = dict(_documents(ids))
    revenue = dict(_revenue(ids, currency))
    commission = dict(_commission(ids, currency))
    return {
        each: Totals(
            customers.get(each, 0),
            documents.get(each, 0),
            revenue.get(each, 0),
            commission.get(each, 0),
        )
        for each in ids
    }


def brought_by(ids: Sequence[UUID], currency: str) -> dict[UUID, tuple[int, int]]:
    """Customers and revenue of each of these resellers, for lists. Two queries."""
    customers = dict(_customers(ids))
    revenue = dict(_revenue(ids, currency))
    return {each: (customers.get(each, 0), revenue.get(each, 0)) for each in ids}


def by_currency(reseller: Reseller) -> list[CurrencyTotals]:
    """One element per currency that occurs, by its code. Two queries."""
    sales = _money_sales().filter(referral__reseller=reseller)
    revenue = sales.values_list("currency").annotate(sum=_revenue_sum())
    earned = _earned().filter(account=reseller.account_id)
    commission = earned.values_list("currency").annotate(sum=_sum("amount_minor"))
    return _joined(dict(revenue), dict(commission))


def referral_totals(ids: Iterable[UUID]) -> dict[UUID, list[CurrencyTotals]]:
    """What each of these customers brought, and its reseller earned of it.

    Only referrals with a sale occur. One query.
    """
    sums = (
        _money_sales()
        .filter(referral__in=ids)
        .values("referral", "currency")
        .annotate(revenue=_revenue_sum(), earned=_sum("commission_minor"))
        .order_by("currency")
    )
    totals: defaultdict[UUID, list[CurrencyTotals]] = defaultdict(list)
    for row in sums:
        totals[row["referral"]].append(
            {
                "currency": row["currency"],
                "revenue": row["revenue"],
                "commission": row["earned"],
            }
        )
    return dict(totals)


def _customers(ids: Sequence[UUID]) -> QuerySet[Any, Any]:
    """Distinct customers, ended ones included, mistakes not."""
    referrals = Referral.objects.filter(Among("reseller", ids)).order_by()
    counted = referrals.exclude(end_reason=EndReason.MISTAKE)
    return counted.values_list("reseller").annotate(
        count=Count("customer_ref", distinct=True)
    )


def _documents(ids: Sequence[UUID]) -> QuerySet[Any, Any]:
    documents = Sale.objects.filter(
        Among("referral__reseller", ids),
        kind=SaleKind.DOCUMENT,
        outcome=Outcome.COUNTED,
    )
    return (
        documents.order_by()
        .values_list("referral__reseller")
        .annotate(count=Count("pk"))
    )


def _revenue(ids: Sequence[UUID], currency: str) -> QuerySet[Any, Any]:
    sales = _money_sales().filter(Among("referral__reseller", ids), currency=currency)
    return sales.values_list("referral__reseller").annotate(sum=_revenue_sum())


def _commission(ids: Sequence[UUID], currency: str) -> QuerySet[Any, Any]:
    entries = _earned().filter(Among("account__reseller", ids), currency=currency)
    return entries.values_list("account__reseller").annotate(sum=_sum("amount_minor"))


def _money_sales() -> QuerySet[Sale]:
    """Payments and what followed them: a refund names its sale's referral.

    A sale without a rate is attributed and counts; one without a referral does not.
    """
    return Sale.objects.filter(kind__in=MONEY_KINDS).order_by()


def _earned() -> QuerySet[LedgerEntry]:
    """Everything on an account but what left it and came back."""
    entries = LedgerEntry.objects.filter(component=EntryComponent.COMMISSION)
    return entries.exclude(kind__in=LEAVING_KINDS).order_by()


def _revenue_sum() -> Any:
    """Paid less refunded plus restored."""
    brought = Sum("amount_minor", filter=BRINGS, default=0)
    taken = Sum("amount_minor", filter=~BRINGS, default=0)
    return brought - taken


def _sum(field: str) -> Aggregate:
    return Sum(field, default=0)


def _joined(
    revenue: dict[str, int], commission: dict[str, int]
) -> list[CurrencyTotals]:
    return [
        {
            "currency": currency,
            "revenue": revenue.get(currency, 0),
            "commission": commission.get(currency, 0),
        }
        for currency in sorted(revenue.keys() | commission.keys())
    ]
