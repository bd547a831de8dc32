"""What somebody rented: the list, the contract, and the buyer's three acts."""

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from marketplace.actions import endings, orders, problems
from marketplace.forms.contracts import (
    CancelContractForm,
    ConfirmContractForm,
    ReportProblemForm,
)
from marketplace.models import Contract, ResellerOrder
from marketplace.presentation.contract_page import contract_page
from marketplace.presentation.contracts import contract_row
from marketplace.presentation.mails import BUYER, mails_about
from marketplace.views.access import PersonRequest, contract_or_404
from marketplace.views.parts import render_part
from resellers import audit, clock
from resellers.errors import submit
from resellers.models.keyset import Keyset, count_up_to

PAGE_SIZE = 25
NEWEST_FIRST = Keyset("-created_at", "-contract_id")
CONFIRMED = "Thank you: the contract is confirmed."
REPORTED = "Reported. The seller and our staff have been told."
CANCELLED = "Cancelled."


@require_safe
@login_required
@vary_on_headers("HX-Request")
def contract_list(request: PersonRequest) -> HttpResponse:
    """Everything the person rented, newest first."""
    now, cursor = clock.now(), request.GET.get("cursor", "")
    own = Contract.objects.for_buyer(request.user)
    found = own.select_related("payment", "seller", "reseller_order")
    page = NEWEST_FIRST.page_or_first(found, limit=PAGE_SIZE, cursor=cursor)
    facts: dict[str, object] = {
        "rows": [contract_row(contract, now) for contract in page.rows],
        "next": page.next,
    }
    if not (cursor and request.htmx):
        facts["count"] = count_up_to(own)
    return render_part(
        request, "marketplace/contract_list.html", "contract-rows", facts
    )


@require_safe
@never_cache
@login_required
def contract_detail(request: PersonRequest, contract_id: str) -> HttpResponse:
    """Status, what to do, the timeline; delivered details behind "Show"."""
    return contract_panel(request, contract_or_404(request, contract_id))


@require_POST
@never_cache
@login_required
def contract_cancel(request: PersonRequest, contract_id: str) -> HttpResponse:
    """Step back: before the seller accepts, or when delivery is overdue."""
    form = CancelContractForm(request.POST)
    return act(request, contract_id, form, endings.cancel_order, CANCELLED)


@require_POST
@never_cache
@login_required
def contract_confirm(request: PersonRequest, contract_id: str) -> HttpResponse:
    """Say "It works"."""
    form = ConfirmContractForm(request.POST)
    return act(request, contract_id, form, orders.complete_order, CONFIRMED)


@require_POST
@never_cache
@login_required
def contract_problem(request: PersonRequest, contract_id: str) -> HttpResponse:
    """Say what does not work."""
    form = ReportProblemForm(request.POST)
    return act(request, contract_id, form, problems.report_problem, REPORTED)


def act(
    request: PersonRequest,
    contract_id: str,
    form: forms.Form,
    action: Callable[..., ResellerOrder],
    said: str,
) -> HttpResponse:
    """Do one of the buyer's acts and answer with the contract as it now is."""
    contract = contract_or_404(request, contract_id)
    submit(form, action, contract.reseller_order, actor=request.user)
    if form.errors or request.htmx:
        again = contract_or_404(request, contract_id)
        return contract_panel(request, again, form, "" if form.errors else said)
    messages.success(request, said)
    return redirect("marketplace:contract-detail", contract_id)


def contract_panel(
    request: PersonRequest,
    contract: Contract,
    form: forms.Form | None = None,
    said: str = "",
) -> HttpResponse:
    """The contract's page, for htmx its panel; 422 when an act was refused."""
    order = contract.reseller_order
    trail = audit.entries(*audit.identity(order))
    mails = mails_about(order, reader=BUYER)
    refused = form is not None and bool(form.errors)
    is_report = isinstance(form, ReportProblemForm) and refused
    facts = {
        **contract_page(contract, trail, mails, clock.now()),
        "form": form if refused else None,
        "problem_form": form if is_report else ReportProblemForm(),
        "said": said,
        "crumbs": [
            {"label": "My contracts", "url": reverse("marketplace:contract-list")}
        ],
    }
    status = 422 if refused else 200
    page = "marketplace/contract_detail.html"
    return render_part(request, page, "contract-panel", facts, status=status)
