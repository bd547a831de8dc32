"""The reseller's orders: the queue, one order, and the facts that move it."""

import re
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from marketplace import workspace
from marketplace.actions import endings, orders
from marketplace.actions.orders import details_version
from marketplace.forms.orders import (
    AcceptOrderForm,
    CorrectDetailsForm,
    EndOrderForm,
    FulfilOrderForm,
    PurchaseForm,
    QueueForm,
)
from marketplace.models import OPEN_STATES, Provider, ResellerOrder
from marketplace.models.order import OrderQuerySet
from marketplace.order_filters import OrderFilter
from marketplace.presentation import order_page, queue
from marketplace.presentation.tables import order_table
from marketplace.views.access import ProviderRequest, provider_member
from marketplace.views.parts import render_part
from resellers import audit, clock
from resellers.errors import submit
from resellers.models.keyset import KeysetPage
from resellers.tables import csv_lines

PAGE_SIZE = 50
KNOWN_ROWS = 250
KNOWN = re.compile(r"[0-9]{1,18}-[0-9a-f]{1,8}", re.ASCII)
LIST, DETAIL = "marketplace/order_list.html", "marketplace/order_detail.html"
NEWS = "order-news"


@require_safe
@provider_member()
@vary_on_headers("HX-Request", "HX-Target")
def order_list(request: ProviderRequest) -> HttpResponse:
    """The queue by tabs, nearest deadline first; for htmx its next rows or its news."""
    tab = request.GET.get("tab", workspace.NEEDS_ACTION)
    tab = tab if tab in workspace.TABS else workspace.NEEDS_ACTION
    text = request.GET.get("q", "")[:100]
    suppliers = workspace.counts_by_supplier(request.provider, text)
    form = narrowed(request, suppliers)
    page = queue_page(request, tab, form)
    counts = queue.sum_by_tab(suppliers, form.cleaned_data.get("provider", ""))
    facts = {
        "tab": tab,
        "tabs": queue.tabs(counts, tab, request.GET),
        "count": counts[tab],
        "form": form,
        "is_narrowed": any(request.GET.get(name) for name in queue.FILTERS),
        "clear_url": queue.tab_url(tab, {}),
        "here": queue.tab_url(tab, request.GET),
        "empty": queue.EMPTY_WORDS[tab],
        "keys": queue.KEYS,
    }
    if request.htmx.target == NEWS:
        facts |= news(request, page)
        return render_part(request, LIST, NEWS, facts)
    return render_part(request, LIST, "order-rows", facts | queue_rows(page))


def narrowed(
    request: ProviderRequest, suppliers: list[workspace.SupplierCounts]
) -> QueueForm:
    """The queue's form, validated: what it refuses does not narrow."""
    choices = [(supplier.pubkey, supplier.name) for supplier in suppliers]
    form = QueueForm(request.GET, suppliers=choices)
    form.is_valid()
    return form


def with_relations(orders: OrderQuerySet) -> OrderQuerySet:
    return orders.select_related("contract__payment", "external_provider")


def queue_page(
    request: ProviderRequest, tab: str, form: QueueForm
) -> KeysetPage[ResellerOrder]:
    """One page of a tab, narrowed by what the form accepted."""
    found = workspace.queue(request.provider, tab)
    found = found.filter(workspace.matches(form.cleaned_data.get("q", "")))
    pubkey = form.cleaned_data.get("provider", "")
    if pubkey:
        found = found.filter(external_provider__pubkey=pubkey)
    cursor = request.GET.get("cursor", "")
    ordering = workspace.ORDERINGS[tab]
    return ordering.page_or_first(with_relations(found), limit=PAGE_SIZE, cursor=cursor)


def queue_rows(page: KeysetPage[ResellerOrder]) -> dict[str, Any]:
    now = clock.now()
    return {"rows": [queue.order_row(o, now) for o in page.rows], "next": page.next}


def news(request: ProviderRequest, page: KeysetPage[ResellerOrder]) -> dict[str, Any]:
    """What changed since the list was read: rows in another state, orders not in it.

    The page says which rows it shows, and how each looked, in `rows`.
    """
    told = request.GET.get("rows", "").split(",")[:KNOWN_ROWS]
    known = {each for each in told if KNOWN.fullmatch(each)}
    ids = {int(each.partition("-")[0]) for each in known}
    own = ResellerOrder.objects.for_provider(request.provider).filter(pk__in=ids)
    now = clock.now()
    rows = [queue.order_row(order, now) for order in with_relations(own)]
    more = sum(order.pk not in ids for order in page.rows)
    return {
        "changed": [row for row in rows if row.known not in known],
        "more": queue.more_words(more),
        "more_count": more,
        "is_news": request.GET.get("more", "") != str(more),
    }


@require_safe
@provider_member()
def order_csv(request: ProviderRequest) -> StreamingHttpResponse:
    """Every order as CSV, newest first; the API's filters apply.

    A refused value is 400: a file that ignored it would look complete.
    """
    own = ResellerOrder.objects.for_provider(request.provider)
    filters = OrderFilter(request.GET, own)
    if not filters.is_valid():
        raise ValidationError(filters.form.errors.as_data())
    found = filters.qs.order_by("-id")
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
    refused = form if form is not None and form.errors else None
    member, now = request.member, clock.now()
    facts = {**order_forms(order, refused), "refused": refused, "said": said}
    status = 422 if refused else 200
    part = part_of_queue(request, order)
    if part:
        facts |= order_page.order_work(order, member, now)
        facts |= unplaced(facts, refused)
        facts["target"] = f"#order-{order.contract_id}"
        facts["is_open"] = refused is not None or order.state in OPEN_STATES
        return render_part(request, LIST, part, facts, status=status)
    trail = audit.entries(*audit.identity(order))
    facts |= order_page.order_page(order, trail, member, now)
    facts |= unplaced(facts, refused)
    facts["target"] = "#order-panel"
    facts["crumbs"] = [{"label": "Orders", "url": reverse("marketplace:order-list")}]
    return render_part(request, DETAIL, "order-panel", facts, status=status)


def part_of_queue(request: ProviderRequest, order: ResellerOrder) -> str:
    """What the queue asks for: a row acted on, the panel of a row just opened."""
    parts = {
        f"order-{order.contract_id}": "order-item",
        f"work-{order.contract_id}": "order-work",
    }
    return parts.get(request.htmx.target or "", "") if request.htmx else ""


def unplaced(facts: dict[str, Any], refused: forms.Form | None) -> dict[str, Any]:
    """What was typed, where the order's state no longer shows the form."""
    places = {
        "purchase_form": "may_buy",
        "fulfil_form": "may_fulfil",
        "details_form": "may_correct",
        "reject_form": "may_reject",
        "fail_form": "may_fail",
    }
    shown = any(
        facts[form] is refused and facts.get(may) for form, may in places.items()
    )
    return {} if refused is None or shown else {"typed": order_page.typed(refused)}


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
            if isinstance(refused, CorrectDetailsForm):
                refused.show_again(details_version(order))
            fresh[name] = refused
    return fresh


def auto_id(order: ResellerOrder, act: str) -> str:
    """Ids that stay unique with several orders open on one page."""
    return f"{act}-{order.contract_id[:8]}-%s"
