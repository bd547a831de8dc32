"""The provider's own pages: what is resold at which mark-up, and what it earns."""

from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import retarget

from marketplace import reports, workspace
from marketplace.actions import relationships
from marketplace.forms.relationships import (
    ChangeTermsForm,
    PercentForm,
    SuspendForm,
    TermsForm,
)
from marketplace.models import Provider, ResellerRelationship
from marketplace.models.relationship import RelationshipStatus
from marketplace.offers import OfferBook
from marketplace.presentation import dashboard
from marketplace.presentation.tables import earnings_table
from marketplace.views.access import ProviderRequest, provider_member
from marketplace.views.parts import render_part
from resellers import clock
from resellers.errors import submit
from resellers.tables import csv_lines

PAGE = "marketplace/relationship_dashboard.html"


@require_safe
@provider_member()
def provider_dashboard(request: ProviderRequest) -> HttpResponse:
    """A member's way to the reseller section."""
    return redirect("marketplace:relationship-dashboard")


@require_safe
@provider_member()
def relationship_dashboard(request: ProviderRequest) -> HttpResponse:
    """Four figures, the relationships, the suppliers to choose from, the earnings."""
    return dashboard_page(request)


@require_safe
@provider_member()
def earnings_csv(request: ProviderRequest) -> StreamingHttpResponse:
    """Earnings by currency, month and external provider, as CSV."""
    header, lines = earnings_table(reports.earnings(request.provider))
    return StreamingHttpResponse(
        csv_lines(header, lines),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="earnings.csv"'},
    )


@require_POST
@provider_member("owner")
def relationship_create(request: ProviderRequest, pubkey: str) -> HttpResponse:
    """Become a reseller of an external provider."""
    supplier = supplier_or_404(pubkey)
    form = TermsForm(request.POST, auto_id=f"terms-{pubkey[:8]}-%s")
    submit(
        form,
        relationships.become_reseller,
        request.provider,
        external_provider=supplier,
        actor=request.user,
    )
    return answer(request, supplier, form, f"You now resell {supplier.name}.")


@require_POST
@provider_member("owner")
def relationship_form(request: ProviderRequest, pubkey: str) -> HttpResponse:
    """Change mark-up and promises; orders that exist keep theirs."""
    row = own_relationship(request.provider, pubkey)
    form = ChangeTermsForm(request.POST, auto_id=f"terms-{pubkey[:8]}-%s")
    submit(form, relationships.change_terms, row, actor=request.user)
    said = f"New terms for {row.external_provider.name} apply to new orders."
    return answer(request, row.external_provider, form, said)


@require_POST
@provider_member("owner")
def relationship_suspend(request: ProviderRequest, pubkey: str) -> HttpResponse:
    """Take every offer of this supplier off the marketplace."""
    row = own_relationship(request.provider, pubkey)
    form = SuspendForm(request.POST, auto_id=f"suspend-{pubkey[:8]}-%s")
    submit(form, relationships.suspend_relationship, row, actor=request.user)
    said = f"Your offers of {row.external_provider.name} are off the marketplace."
    return answer(request, row.external_provider, form, said)


@require_POST
@provider_member("owner")
def relationship_resume(request: ProviderRequest, pubkey: str) -> HttpResponse:
    """Offer again."""
    row = own_relationship(request.provider, pubkey)
    form = forms.Form(request.POST)
    submit(form, relationships.resume_relationship, row, actor=request.user)
    said = f"Your offers of {row.external_provider.name} are back."
    return answer(request, row.external_provider, form, said)


@require_safe
@provider_member()
def relationship_preview(request: ProviderRequest, pubkey: str) -> HttpResponse:
    """What buyers would pay and the provider earn at a percent, on three offerings."""
    supplier = supplier_or_404(pubkey)
    form = PercentForm({"percent": preview_percent(request)})
    return render_part(
        request,
        "marketplace/relationship_preview.html",
        "relationship-preview",
        {
            "form": form,
            "supplier": supplier,
            "lines": preview_lines(request.provider, supplier, form),
            "crumbs": [
                {
                    "label": "Reselling",
                    "url": reverse("marketplace:relationship-dashboard"),
                }
            ],
        },
        status=200 if form.is_valid() else 422,
    )


def preview_percent(request: ProviderRequest) -> str:
    """The percent under either name: the preview's own, or that of the terms form."""
    return request.GET.get("percent", request.GET.get("commission_percent", ""))


def preview_lines(
    provider: Provider, supplier: Provider, form: PercentForm
) -> list[dashboard.PreviewLine]:
    if not form.is_valid():
        return []
    now, currency = clock.now(), settings.PROGRAMME_CURRENCY
    sample = workspace.price_samples([supplier.pk], currency, now).get(supplier.pk)
    if sample is None:
        return []
    terms = would_be(provider, supplier, form.cleaned_data["percent"])
    costs = workspace.known_costs(provider, [o.pk for o in sample.offerings])
    book = OfferBook(sample.offerings, now)
    return [
        dashboard.preview_line(offering, book, terms, costs.get(offering.pk))
        for offering in sample.offerings
    ]


def would_be(
    provider: Provider, supplier: Provider, percent: int
) -> ResellerRelationship:
    """The relationship as it would stand at this percent; it is never saved."""
    own = ResellerRelationship.objects.for_provider(provider)
    terms = own.filter(external_provider=supplier).first() or ResellerRelationship(
        reseller=provider, external_provider=supplier
    )
    terms.reseller, terms.external_provider = provider, supplier
    terms.commission_percent = percent
    terms.status = RelationshipStatus.ACTIVE
    return terms


def supplier_or_404(pubkey: str) -> Provider:
    return get_object_or_404(Provider.objects.external(), pubkey=pubkey)


def own_relationship(provider: Provider, pubkey: str) -> ResellerRelationship:
    """The only way to a relationship: the provider's own."""
    own = ResellerRelationship.objects.for_provider(provider)
    rows = own.select_related("external_provider", "reseller")
    return get_object_or_404(rows, external_provider__pubkey=pubkey)


def answer(
    request: ProviderRequest, supplier: Provider, form: forms.Form, said: str
) -> HttpResponse:
    """The supplier's card as it now is; without htmx the page again."""
    if form.errors:
        return dashboard_page(request, supplier, form)
    if request.htmx:
        return dashboard_page(request, supplier, said=said)
    messages.success(request, said)
    return redirect("marketplace:relationship-dashboard")


def dashboard_page(
    request: ProviderRequest,
    supplier: Provider | None = None,
    refused: forms.Form | None = None,
    said: str = "",
) -> HttpResponse:
    """The whole page; for htmx the card refused, or the lists after a change.

    A change may move the card from one list to the other, so both are answered.
    """
    now = clock.now()
    cards = supplier_cards(request, now, supplier, refused)
    facts: dict[str, Any] = {"said": said, "acted_on": supplier and supplier.pubkey}
    facts["own"] = [card for card in cards if card.is_resold]
    facts["others"] = [card for card in cards if not card.is_resold]
    if request.htmx and supplier is not None:
        return dashboard_part(request, facts, cards, refused)
    rows = reports.earnings(request.provider)
    facts |= {
        "stats": dashboard.stats(workspace.needs(request.provider, now), rows, now),
        "charts": dashboard.earnings_charts(rows),
        "earnings": [dashboard.earnings_row(row) for row in rows],
    }
    return render(request, PAGE, facts, status=422 if refused else 200)


def dashboard_part(
    request: ProviderRequest,
    facts: dict[str, Any],
    cards: list[dashboard.SupplierCard],
    refused: forms.Form | None,
) -> HttpResponse:
    if refused is None:
        lists = render(request, f"{PAGE}#supplier-lists", facts)
        return retarget(lists, "#supplier-lists")
    facts["card"] = next(card for card in cards if card.pubkey == facts["acted_on"])
    return render(request, f"{PAGE}#supplier-card", facts, status=422)


def supplier_cards(
    request: ProviderRequest,
    now: datetime,
    acted_on: Provider | None,
    refused: forms.Form | None,
) -> list[dashboard.SupplierCard]:
    """A card for each external provider, by name, with this provider's terms."""
    suppliers = list(Provider.objects.external().order_by("name", "id"))
    own = ResellerRelationship.objects.for_provider(request.provider)
    rows = {row.external_provider_id: row for row in own}
    ids = [supplier.pk for supplier in suppliers]
    known = dashboard.Known(
        samples=workspace.price_samples(ids, settings.PROGRAMME_CURRENCY, now),
        open_orders=workspace.open_orders_by_supplier(request.provider),
        risen=workspace.risen(list(rows), now),
    )
    return [
        dashboard.supplier_card(
            supplier,
            rows.get(supplier.pk),
            known,
            may_edit=request.member.may("owner"),
            refused=refused if acted_on and acted_on.pk == supplier.pk else None,
        )
        for supplier in suppliers
    ]
