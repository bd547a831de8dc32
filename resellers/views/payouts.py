"""What was paid to the reseller, and how the next payout will come."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from resellers import clock, ledger, workspace
from resellers.models.keyset import count_up_to
from resellers.presentation.portal import payouts as shown
from resellers.views.access import ResellerRequest, own_profile
from resellers.views.parts import portal_page

PAGE_SIZE = 25
LIST = "resellers/payout_list.html"


@require_safe
@own_profile
def payout_list(request: ResellerRequest) -> HttpResponse:
    """Payouts, newest first; beside them method, terms and what is due next."""
    account, now = request.reseller.account, clock.now()
    cursor = request.GET.get("cursor", "")
    own = workspace.payouts(account)
    page = workspace.ENTRIES.page_or_first(own, limit=PAGE_SIZE, cursor=cursor)
    facts = {
        "rows": [shown.payout_row(each, now) for each in page.rows],
        "next": page.next,
        "count": count_up_to(own),
        "due": shown.due(ledger.balances(account)),
        "set_up": shown.set_up(request.reseller),
    }
    return portal_page(request, LIST, facts, part="payout-rows")
