"""The list of referrals: its filters, and sums and rates of the page's rows alone."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest

from resellers import clock, totals
from resellers.admin.boxes import BoxesFilter, reseller_box, resellers_meant
from resellers.models import Referral
from resellers.rates import rates_of_customers
from resellers.totals import CurrencyTotals


class Standing(admin.SimpleListFilter):
    title = "standing"
    parameter_name = "standing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[Any]:
        return [("open", "Open"), ("ended", "Ended")]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Referral]
    ) -> QuerySet[Referral]:
        if self.value() == "open":
            return queryset.filter(ended_at=None)
        if self.value() == "ended":
            return queryset.exclude(ended_at=None)
        return queryset


class ReferralBoxesForm(forms.Form):
    reseller = reseller_box()


class ReferralBoxes(BoxesFilter):
    form_class = ReferralBoxesForm

    def narrowed(
        self, rows: QuerySet[Referral], given: dict[str, Any]
    ) -> QuerySet[Referral]:
        return rows.filter(reseller__in=resellers_meant(given["reseller"]))


class ReferralChangeList(ChangeList):
    """Looks up totals and own rates once for the page."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        rows = list(self.result_list)
        ids = [row.pk for row in rows]
        brought, own = totals.referral_totals(ids), rates_of_customers(ids, clock.now())
        for row in rows:
            vars(row)["brought"] = brought.get(row.pk, [])
            vars(row)["own_rate"] = own.get(row.pk)
        self.result_list = rows


def brought(referral: Referral) -> list[CurrencyTotals]:
    """Looked up with the list; of a single row by a query."""
    found = vars(referral).get("brought")
    if found is None:
        found = totals.referral_totals([referral.pk]).get(referral.pk, [])
        vars(referral)["brought"] = found
    sums: list[CurrencyTotals] = found
    return sums
