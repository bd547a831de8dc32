"""The list of resellers as the administration shows it: columns, search, address."""

from typing import Any, cast

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from resellers import folding
from resellers.admin.reseller_filters import SavedSearch, canonical
from resellers.admin.reseller_list import (
    NONE,
    ResellerChangeList,
    address,
    listed,
    place,
    rate_cell,
    revenue_cell,
    status_sign,
    two_lines,
)
from resellers.desk.admins import DeskAdmin
from resellers.models import Reseller
from resellers.models.reseller import ResellerQuerySet
from resellers.templatetags.moments import time_html

SEARCH_LENGTH = 100


class ResellerListing(DeskAdmin[Reseller]):
    """The list's half of the resellers' admin."""

    list_display = [
        "name",
        "contact",
        "organisation",
        "group",
        "place",
        "customers",
        "revenue",
        "rate",
        "sign",
        "created",
    ]
    list_filter = [SavedSearch]
    search_fields = ["search_text"]
    search_help_text = "Part of a name, organisation, e-mail, code or phone number"
    ordering = ["-created_at", "-id"]
    sortable_by = ["name", "organisation", "created"]
    change_list_template = "admin/resellers/reseller/change_list.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Reseller]:
        rows = super().get_queryset(request)
        return rows.select_related("user", "account", "contact_group")

    def get_changelist(self, request: HttpRequest, **_: Any) -> type[Any]:
        return ResellerChangeList

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Reseller], search_term: str
    ) -> tuple[QuerySet[Reseller], bool]:
        """Every word must occur; what looks like a phone number, its digits, too."""
        term = search_term.strip()[:SEARCH_LENGTH]
        if not term:
            return queryset, False
        words, digits = folding.words(term), folding.query_digits(term)
        if not words:
            return queryset.none(), False
        return cast(ResellerQuerySet, queryset).found_by(words, digits), False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        plain = canonical(request.GET) if request.method == "GET" else None
        if plain is not None:
            return HttpResponseRedirect(f"{request.path}?{plain.urlencode()}")
        return super().changelist_view(request, extra_context)

    @admin.display(description="name", ordering="last_name")
    def name(self, reseller: Reseller) -> str:
        return two_lines(reseller, reseller.code)

    @admin.display(description="contact")
    def contact(self, reseller: Reseller) -> str:
        return two_lines(address(reseller.email), reseller.phone)

    @admin.display(description="organisation", ordering="organization")
    def organisation(self, reseller: Reseller) -> str:
        return reseller.organization or NONE

    @admin.display(description="group, tier")
    def group(self, reseller: Reseller) -> str:
        return two_lines(reseller.contact_group or "–", reseller.partner_tier)

    @admin.display(description="place")
    def place(self, reseller: Reseller) -> str:
        return place(reseller)

    @admin.display(description="customers")
    def customers(self, reseller: Reseller) -> str:
        return f"{listed(reseller).customers:,}"

    @admin.display(description="revenue")
    def revenue(self, reseller: Reseller) -> str:
        return revenue_cell(reseller)

    @admin.display(description="rate")
    def rate(self, reseller: Reseller) -> str:
        return rate_cell(listed(reseller).rate)

    @admin.display(description="status")
    def sign(self, reseller: Reseller) -> str:
        return status_sign(reseller)

    @admin.display(description="created", ordering="created_at")
    def created(self, reseller: Reseller) -> str:
        return time_html(reseller.created_at)
