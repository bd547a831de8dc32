"""Every entry on the reseller's account, sales without one, and why each is so."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse, StreamingHttpResponse
from django.http.request import QueryDict
from django.urls import reverse
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from resellers import clock, explanations, statements, workspace
from resellers.filters.portal import EntryFilter
from resellers.models.keyset import count_up_to
from resellers.presentation.portal import entries, overview, receipt
from resellers.presentation.portal.tables import ENTRY_COLUMNS, entry_table
from resellers.views.access import ResellerRequest, own_entry, own_profile
from resellers.views.parts import crumb, csv_file, portal_page

PAGE_SIZE = 50
CHUNK = 500
LIST, DETAIL = "resellers/commission_list.html", "resellers/commission_detail.html"
WITHOUT = "without"


@require_safe
@own_profile
@vary_on_headers("HX-Request")
def commission_list(request: ResellerRequest) -> HttpResponse:
    """The entries as filtered, with their sum; in a second tab sales without one."""
    without = workspace.without_commission(request.reseller)
    facts: dict[str, Any] = {"without_count": count_up_to(without)}
    if request.GET.get("tab") == WITHOUT:
        return sales_page(request, facts)
    return entries_page(request, facts)


def entries_page(request: ResellerRequest, facts: dict[str, Any]) -> HttpResponse:
    reseller, now = request.reseller, clock.now()
    filters = EntryFilter(
        request.GET, workspace.commissions(reseller.account), reseller=reseller
    )
    cursor = request.GET.get("cursor", "")
    page = workspace.ENTRIES.page_or_first(
        filters.entries, limit=PAGE_SIZE, cursor=cursor
    )
    facts |= {
        "rows": entries.entry_rows(page.rows, workspace.sales_of(page.rows), now),
        "next": page.next,
    }
    if not (cursor and request.htmx):
        everything = workspace.added(workspace.commissions(reseller.account))
        found = workspace.added(filters.entries) if filters.is_narrowed else everything
        filters.offer(
            months=statements.months_since(reseller.account, now),
            currencies=[each.money.currency for each in everything],
        )
        facts |= {
            "count": sum(each.count for each in found),
            "has_entries": bool(everything),
            "nothing_yet": overview.nothing_yet(reseller),
            "tabs": tabs(facts["without_count"], "", request.GET),
            "form": filters.form,
            "is_narrowed": filters.is_narrowed,
            "shows_currency": len(everything) > 1,
            "sums": entries.sum_words(found),
            "csv_url": csv_url(request.GET),
        }
    return portal_page(request, LIST, facts, part="entry-rows")


def sales_page(request: ResellerRequest, facts: dict[str, Any]) -> HttpResponse:
    found = workspace.without_commission(request.reseller).select_related("referral")
    cursor = request.GET.get("cursor", "")
    page = workspace.SALES.page_or_first(found, limit=PAGE_SIZE, cursor=cursor)
    why = explanations.explain_all(page.rows, for_reseller=True)
    facts |= {
        "sales": entries.sale_rows(page.rows, why, clock.now()),
        "tabs": tabs(facts["without_count"], WITHOUT, request.GET),
        "is_without": True,
        "next": page.next,
    }
    return portal_page(request, LIST, facts, part="sale-rows")


def tabs(without: int, here: str, query: QueryDict) -> list[dict[str, Any]]:
    """Entries, and sales that made none; the filters belong to the entries."""
    page = reverse("resellers:commission-list")
    return [
        {
            "label": "Commissions",
            "url": page if here else f"{page}?{query.urlencode()}" if query else page,
            "is_here": not here,
        },
        {
            "label": "Without commission",
            "url": f"{page}?tab={WITHOUT}",
            "is_here": here == WITHOUT,
            "count": without,
        },
    ]


def csv_url(query: QueryDict) -> str:
    """The file with what the page shows."""
    kept = query.copy()
    kept.pop("cursor", None)
    page = reverse("resellers:commission-csv")
    return f"{page}?{kept.urlencode()}" if kept else page


@require_safe
@own_profile
def commission_csv(request: ResellerRequest) -> StreamingHttpResponse:
    """The entries as filtered, newest first; a refused filter is 400.

    A file that ignored it would look complete.
    """
    own = workspace.commissions(request.reseller.account)
    filters = EntryFilter(request.GET, own, reseller=request.reseller)
    if not filters.is_valid():
        raise ValidationError(filters.form.errors.as_data())
    rows = workspace.with_sales(filters.entries.order_by("-id"), CHUNK)
    return csv_file("commissions", ENTRY_COLUMNS, entry_table(rows))


@require_safe
@own_profile
def commission_detail(request: ResellerRequest, entry_id: int) -> HttpResponse:
    """Why this number: the rule, what it belongs to, what happened to it."""
    entry = own_entry(request.reseller, entry_id)
    entry.account = request.reseller.account
    known = receipt.Known(
        entry=entry,
        group=workspace.group_of(entry),
        sale=workspace.sales_of([entry]).get(entry.source_ref),
        events=workspace.events_of(entry),
    )
    facts = receipt.entry_page(known, explanations.explain_entry(entry), clock.now())
    crumbs = [
        crumb("Earning", "reseller-dashboard"),
        crumb("Commissions", "commission-list"),
    ]
    return portal_page(request, DETAIL, {**facts, "crumbs": crumbs})
