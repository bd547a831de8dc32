"""The reseller's customers, what they paid and what that earned."""

from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from resellers import clock, totals, workspace
from resellers.forms.portal import CustomersForm
from resellers.models.keyset import count_up_to
from resellers.presentation.portal import customers
from resellers.rates import rates_of_customers
from resellers.views.access import ResellerRequest, own_profile
from resellers.views.parts import portal_page

PAGE_SIZE = 50
LIST = "resellers/referral_list.html"


@require_safe
@own_profile
@vary_on_headers("HX-Request")
def referral_list(request: ResellerRequest) -> HttpResponse:
    """Customers, newest first; a search by reference or whole address."""
    now, cursor = clock.now(), request.GET.get("cursor", "")
    form = CustomersForm(request.GET)
    form.is_valid()
    text = form.cleaned_data.get("q", "")
    found = workspace.customers(request.reseller, text)
    page = workspace.REFERRALS.page_or_first(found, limit=PAGE_SIZE, cursor=cursor)
    ids = [each.pk for each in page.rows]
    sums, rates = totals.referral_totals(ids), rates_of_customers(ids, now)
    facts: dict[str, Any] = {
        "rows": [
            customers.customer_row(each, sums.get(each.pk, []), rates.get(each.pk), now)
            for each in page.rows
        ],
        "next": page.next,
        "form": form,
        "is_narrowed": bool(text),
    }
    if not (cursor and request.htmx):
        facts["count"] = count_up_to(workspace.customers(request.reseller))
    return portal_page(request, LIST, facts, part="referral-rows")
