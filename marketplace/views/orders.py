"""The reseller's orders: the queue, one order, and the facts that move it."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from marketplace import workspace
from marketplace.actions import endings, orders
from marketplace.forms.orders import (
    AcceptOrderForm,
    CorrectDetailsForm,
    EndOrderForm,
    FulfilOrderForm,
    PurchaseForm,
)
from marketplace.models import Provider, ResellerOrder
from marketplace.order_filters import OrderFilter
from marketplace.presentation import queue
from marketplace.presentation.tables import order_table
from marketplace.views.access import ProviderRequest, provider_member
from marketplace.views.parts import render_part
from resellers import audit, clock
from resellers.errors import submit
from resellers.tables import csv_lines

PAGE_SIZE = 25
LIST, DETAIL = "marketplace/order_list.html", "marketplace/order_detail.html"
KEYS = [
    {"key": "a", "text": "Accept"},
    {"key": "f", "text": "Fulfil: go to the form"},
    {"key": "o", "text": "Open the order's own page"},
]


@require_safe
@provider_member()
@vary_on_headers("HX-Request")
def order_list(request: ProviderRequest) -> HttpResponse:
    """The queue by tabs, nearest deadline first."""
    now, cursor = clock.now(), request.GET.get("cursor", "")
    tab = request.GET.get("tab", workspace.NEEDS_ACTION)
    tab = tab if tab in workspace.TABS else workspace.NEEDS_ACTION
    text = request.GET.get("q", "")[:100]
    found = workspace.matching(workspace.queue(request.provider, tab), text)
    rows = found.select_related("contract__payment", "external_provider")
    page = workspace.ORDERINGS[tab].page_or_first(rows, limit=PAGE_SIZE, cursor=cursor)
    facts = {
        "tab": tab,
        "q": text,
        "rows": [queue.order_row(order, now) for order in page.rows],
        "next": page.next,
        "empty": queue.EMPTY_WORDS[tab],
        "keys": KEYS,
    }
    if not (cursor and request.htmx):
        counts = workspace.tab_counts(request.provider)
        facts |= {"tabs": queue.tabs(counts, tab), "count": counts[tab]}
    part = "order-tabs" if request.htmx.target == "order-tabs" else "order-rows"
    return render_part(request, LIST, part, facts)


@require_safe
@provider_member()
def order_csv(request: ProviderRequest) -> StreamingHttpResponse:
    """Every order as CSV, newest first; the API's filters apply."""
    own = ResellerOrder.objects.for_provider(request.provider)
    found = OrderFilter(request.GET, own).qs.order_by("-id")
    rows = found.select_related("contract__payment", "external_provider")
    header, lines = order_table(rows.iterator(chunk_size=500))
    return StreamingHttpResponse(
        csv_lines(header, lines),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="orders.csv"'},
    )


@require_safe
@never_cache
@provider_member()
def order_detail(request: ProviderRequest, contract_id: str) -> HttpResponse:
    """All about one order; from the queue, its row opened in place."""
    return order_panel(request, own_order(request.provider, contract_id))


@require_POST
@never_cache
@provider_member("operator")
def order_accept(request: ProviderRequest, contract_id: str) -> HttpResponse:
    """Say that the order will be fulfilled."""
    form = AcceptOrderForm(request.POST)
    return act(request, contract_id, form, orders.accept_order, "Order accepted.")


@require_POST
@never_cache
@provider_member("operator")
def order_purchase(request: ProviderRequest, contract_id: str) -> HttpResponse:
    """Record what was bought at the external provider."""
    order = own_order(request.provider, contract_id)
    form = PurchaseForm(request.POST, order=order)
    return act(request, contract_id, form, orders.record_purchase, "Purchase recorded.")


@require_POST
@never_cache
@provider_member("operator")
def order_fulfil(request: ProviderRequest, contract_id: str) -> HttpResponse:
    """Deliver: close the order with the external provider's facts."""
    order = own_order(request.provider, contract_id)
    form = FulfilOrderForm(request.POST, order=order)
    said = "Order fulfilled. The buyer has been told."
    return act(request, contract_id, form, orders.fulfil_order, said)


@require_POST
@never_cache
@provider_member("operator")
def order_details(request: ProviderRequest, contract_id: str) -> HttpResponse:
    """Correct the delivered access data."""
    order = own_order(request.provider, contract_id)
    form = CorrectDetailsForm(request.POST, order=order)
    said = "Access data corrected. The buyer has been told."
    return act(request, contract_id, form, orders.correct_details, said)


@require_POST
@never_cache
@provider_member("operator")
def order_reject(request: ProviderRequest, contract_id: str) -> HttpResponse:
    """Decline before anything was bought."""
    form = EndOrderForm(request.POST, prefix="reject")
    said = "Order rejected. The buyer is refunded."
    return act(request, contract_id, form, endings.reject_order, said)


@require_POST
@never_cache
@provider_member("operator")
def order_fail(request: ProviderRequest, contract_id: str) -> HttpResponse:
    """Give up an accepted or ordered order."""
    form = EndOrderForm(request.POST, prefix="fail")
    said = "Order failed. The buyer is refunded."
    return act(request, contract_id, form, endings.fail_order, said)


def own_order(provider: Provider, contract_id: str) -> ResellerOrder:
    """The only way to an order: the reseller's own."""
    own = ResellerOrder.objects.for_provider(provider).select_related(
        "contract__payment", "external_provider", "offering", "reseller"
    )
    return get_object_or_404(own, contract_id=contract_id)


def act(
    request: ProviderRequest,
    contract_id: str,
    form: forms.Form,
    action: Callable[..., ResellerOrder],
    said: str,
) -> HttpResponse:
    """Do one act and answer with the order as it now is."""
    order = own_order(request.provider, contract_id)
    submit(form, action, order, actor=request.user)
    if form.errors or request.htmx:
        again = own_order(request.provider, contract_id)
        return order_panel(request, again, form, "" if form.errors else said)
    messages.success(request, said)
    return redirect("marketplace:order-detail", contract_id)


def order_panel(
    request: ProviderRequest,
    order: ResellerOrder,
    form: forms.Form | None = None,
    said: str = "",
) -> HttpResponse:
    """The order's page, for htmx its panel or its row; 422 when an act was refused."""
    trail = audit.entries(*audit.identity(order))
    refused = form is not None and bool(form.errors)
    in_queue = is_in_queue(request, order)
    facts = {
        **queue.order_page(order, trail, request.member, clock.now()),
        **order_forms(order, form if refused else None),
        "refused": form if refused else None,
        "said": said,
        "target": f"#order-{order.contract_id}" if in_queue else "#order-panel",
        "crumbs": [{"label": "Orders", "url": reverse("marketplace:order-list")}],
    }
    status = 422 if refused else 200
    if in_queue:
        return render_part(request, LIST, "order-item", facts, status=status)
    return render_part(request, DETAIL, "order-panel", facts, status=status)


def is_in_queue(request: HttpRequest, order: ResellerOrder) -> bool:
    htmx: Any = getattr(request, "htmx", None)
    return bool(htmx) and htmx.target == f"order-{order.contract_id}"


def order_forms(order: ResellerOrder, refused: forms.Form | None) -> dict[str, Any]:
    """A form for each act, the refused one with what was typed into it."""
    fresh: dict[str, forms.Form] = {
        "purchase_form": PurchaseForm(order=order, auto_id=auto_id(order, "purchase")),
        "fulfil_form": FulfilOrderForm(order=order, auto_id=auto_id(order, "fulfil")),
        "details_form": CorrectDetailsForm(
            order=order, auto_id=auto_id(order, "details")
        ),
        "reject_form": EndOrderForm(prefix="reject", auto_id=auto_id(order, "reject")),
        "fail_form": EndOrderForm(prefix="fail", auto_id=auto_id(order, "fail")),
    }
    for name, form in fresh.items():
        same = type(form) is type(refused) and form.prefix == getattr(
            refused, "prefix", None
        )
        if refused is not None and same:
            refused.auto_id = form.auto_id
            fresh[name] = refused
    return fresh


def auto_id(order: ResellerOrder, act: str) -> str:
    """Ids that stay unique with several orders open on one page."""
    return f"{act}-{order.contract_id[:8]}-%s"
