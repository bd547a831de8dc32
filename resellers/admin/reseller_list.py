"""The list of resellers: cells of two lines, and totals of the page's rows alone.

Whatever the number of rows, the page takes the same queries. Source: 5-resellers,
sections 7 and 9.
"""

from dataclasses import dataclass
from typing import Any, cast

from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from resellers import clock, totals
from resellers.admin.reseller_filters import SavedSearch
from resellers.models import RateScope, Reseller, ResellerStatus
from resellers.money import Money
from resellers.rates import RateInEffect, rates_of
from resellers.templatetags.moneys import money_html
from resellers.templatetags.signs import status_html

HEAVY = ["notes", "extended_values", "company_address", "search_text", "search_digits"]
NONE = format_html('<span class="none">{}</span>', "–")
STATUS_SIGNS = {
    ResellerStatus.APPLICANT: ("soon", "Applicant"),
    ResellerStatus.ACTIVE: ("done", "Active"),
    ResellerStatus.INACTIVE: ("neutral", "Inactive"),
    ResellerStatus.SUSPENDED: ("overdue", "Suspended"),
}


@dataclass(frozen=True)
class Listed:
    """What a row shows that is not the profile's."""

    customers: int
    revenue: Money
    rate: RateInEffect | None


class ResellerChangeList(ChangeList):
    """Reads no long texts, and looks up totals and rates once for the whole page."""

    @property
    def search(self) -> SavedSearch:
        return cast(SavedSearch, self.filter_specs[0])

    def get_queryset(self, request: HttpRequest, *args: Any) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request, *args)
        return rows.defer(*HEAVY)

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        rows = list(self.result_list)
        attach(rows, self.search.currency)
        self.result_list = rows


def attach(rows: list[Reseller], currency: str) -> None:
    ids = [row.pk for row in rows]
    brought = totals.brought_by(ids, currency)
    effective = rates_of(rows, clock.now())
    for row in rows:
        customers, revenue = brought[row.pk]
        vars(row)["listed"] = Listed(
            customers, Money.sum_of(revenue, currency), effective.get(row.pk)
        )


def listed(row: Reseller) -> Listed:
    found: Listed = vars(row)["listed"]
    return found


def two_lines(first: object, second: object) -> SafeString:
    """One above the other, the second in small; a dash for nothing at all."""
    if not first:
        first, second = second or NONE, ""
    under = format_html('<span class="under">{}</span>', second) if second else ""
    return format_html('<span class="over">{}</span>{}', first, under)


def address(email: str) -> SafeString:
    """An e-mail address that may break before its domain."""
    name, _, domain = email.rpartition("@")
    return format_html("{}<wbr>@{}", name, domain)


def status_sign(row: Reseller) -> SafeString:
    return status_html(*STATUS_SIGNS[ResellerStatus(row.status)])


def place(row: Reseller) -> str:
    """'Exampleton, FL'."""
    return ", ".join(filter(None, (row.city, row.state or row.state_name))) or NONE


def rate_cell(rate: RateInEffect | None) -> SafeString:
    if rate is None:
        return two_lines("none", "nothing is earned")
    whose = "own" if rate.scope == RateScope.RESELLER else "programme"
    return two_lines(rate.rate, whose)


def revenue_cell(row: Reseller) -> SafeString:
    return money_html(listed(row).revenue)
