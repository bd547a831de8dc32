"""The reseller's overview: what is there, what comes, the months, code and rate."""

from django.conf import settings
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from resellers import clock, ledger, rates, statements, workspace
from resellers.presentation.portal import entries, overview
from resellers.views.access import ResellerRequest, own_profile
from resellers.views.parts import portal_page

LAST_ENTRIES = 5


@require_safe
@own_profile
def reseller_dashboard(request: ResellerRequest) -> HttpResponse:
    """Numbers first; each leads to exactly the entries that make it."""
    reseller, now = request.reseller, clock.now()
    account = reseller.account
    months = statements.statements(account, now)
    last = list(workspace.commissions(account).order_by("-id")[:LAST_ENTRIES])
    rate = rates.rates_of([reseller], now).get(reseller.pk)
    strips = overview.strips(
        ledger.balances(account),
        workspace.waiting(account),
        account,
        settings.PROGRAMME_CURRENCY,
    )
    currencies = [strip.currency for strip in strips]
    facts = {
        "strips": strips,
        "charts": overview.month_charts(currencies, account, months, now),
        "rows": entries.entry_rows(last, workspace.sales_of(last), now),
        "code_note": overview.code_note(reseller),
        "nothing_yet": overview.nothing_yet(reseller),
        "rate": overview.rate_facts(rate),
        "customers": workspace.count_customers(reseller),
    }
    return portal_page(request, "resellers/reseller_dashboard.html", facts)
