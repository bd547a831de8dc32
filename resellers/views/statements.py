"""The reseller's months: opening, what was earned, what was paid, closing."""

from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.views.decorators.http import require_safe

from resellers import clock, workspace
from resellers.errors import DomainError
from resellers.presentation.portal import statements as shown
from resellers.presentation.portal.tables import STATEMENT_COLUMNS, statement_table
from resellers.statements import (
    Statement,
    entries_of,
    period_words,
    span_of,
    statements,
)
from resellers.views.access import ResellerRequest, own_profile
from resellers.views.parts import crumb, csv_file, portal_page

CHUNK = 500
LIST, DETAIL = "resellers/statement_list.html", "resellers/statement_detail.html"


@require_safe
@own_profile
def statement_list(request: ResellerRequest) -> HttpResponse:
    """A year of months, newest first; the present one is open."""
    account = request.reseller.account
    found = statements(account, clock.now())
    years = shown.years(found)
    asked = request.GET.get("year", "")
    year = asked if asked in years else next(iter(years), "")
    facts = {
        "rows": [shown.month_row(each) for each in found if each.month[:4] == year],
        "count": len(found),
        "tabs": shown.year_tabs(years, year),
        "zone": shown.zone_words(account),
    }
    return portal_page(request, LIST, facts)


@require_safe
@own_profile
def statement_detail(request: ResellerRequest, month: str) -> HttpResponse:
    """One month, a sheet for each currency; prints as a paper."""
    account, now = request.reseller.account, clock.now()
    found = own_statements(request, month)
    entries = list(entries_of(account, month))
    sales = workspace.sales_of(entries)
    facts = {
        "month": month,
        "title": period_words(month),
        "is_open": found[0].is_open,
        "sheets": [shown.sheet(each, entries, sales, account, now) for each in found],
        "zone": shown.zone_words(account),
        "now": now,
        "crumbs": [
            crumb("Earning", "reseller-dashboard"),
            crumb("Statements", "statement-list"),
        ],
    }
    return portal_page(request, DETAIL, facts)


@require_safe
@own_profile
def statement_csv(request: ResellerRequest, month: str) -> StreamingHttpResponse:
    """The lines of one month, every currency, in order of posting."""
    own_statements(request, month)
    rows = workspace.with_sales(entries_of(request.reseller.account, month), CHUNK)
    return csv_file(f"statement-{month}", STATEMENT_COLUMNS, statement_table(rows))


def own_statements(request: ResellerRequest, month: str) -> list[Statement]:
    """The only way to a month: the reseller's own, by currency; else 404."""
    account = request.reseller.account
    try:
        span_of(account, month)
    except DomainError as refusal:
        raise Http404 from refusal
    own = statements(account, clock.now())
    found = [each for each in own if each.month == month]
    if not found:
        raise Http404
    return found
