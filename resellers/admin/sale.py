"""Sales: facts with their answers. Attributed, posted again, recorded by hand."""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.safestring import SafeString

from resellers import clock, explanations, rights
from resellers.actions.sales import Recorded, record_sale
from resellers.admin import cells
from resellers.admin.boxes import BoxesFilter, box, reseller_box, resellers_meant
from resellers.admin.panels import Panel
from resellers.admin.sale_deeds import DEEDS, counted, may_edit, may_post
from resellers.admin.transfers import TransferMixin
from resellers.desk.admins import DeskAdmin
from resellers.desk.deeds import person
from resellers.desk.submitting import form_page
from resellers.errors import submit
from resellers.filters.values import CurrencyField
from resellers.forms.sales import RecordSaleForm, suggested_key
from resellers.models import LedgerEntry, Sale, SaleSource, TransferKind, User
from resellers.models.sale import CUSTOMER_KINDS, SOURCE
from resellers.sales import SaleFact


class DayField(forms.DateField):
    """A day, picked or typed as 2026-05-31."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def __init__(self, label: str) -> None:
        super().__init__(label=label, required=False, input_formats=["%Y-%m-%d"])


class SaleBoxesForm(forms.Form):
    reseller = reseller_box()
    customer = box("Customer reference", 255)
    currency = CurrencyField(required=False)
    occurred_from = DayField("From")
    occurred_to = DayField("To, included")


class SaleBoxes(BoxesFilter):
    """Days are those of UTC."""

    form_class = SaleBoxesForm

    def narrowed(self, rows: QuerySet[Sale], given: dict[str, Any]) -> QuerySet[Sale]:
        if "reseller" in given:
            meant = resellers_meant(given["reseller"])
            rows = rows.filter(referral__reseller__in=meant)
        if "customer" in given:
            rows = rows.filter(customer_ref=given["customer"])
        if "currency" in given:
            rows = rows.filter(currency=given["currency"])
        if "occurred_from" in given:
            rows = rows.filter(occurred_at__gte=first_moment(given["occurred_from"]))
        if "occurred_to" in given:
            end = first_moment(given["occurred_to"]) + timedelta(days=1)
            rows = rows.filter(occurred_at__lt=end)
        return rows


def first_moment(day: Any) -> datetime:
    return datetime.combine(day, time.min, tzinfo=UTC)


def record(*, actor: User, **facts: Any) -> Recorded:
    return record_sale(SaleFact(source=SaleSource.STAFF, **facts), actor=actor)


@admin.register(Sale)
class SaleAdmin(TransferMixin[Sale], DeskAdmin[Sale]):
    """Every row is read; nothing is edited, and nothing deleted."""

    transfer_kind = TransferKind.SALES
    actions = ["export_selected"]
    list_display = [
        "occurred",
        "kind",
        "customer_ref",
        "whose",
        "paid",
        "earned",
        "sign",
        "event_key",
    ]
    list_display_links = ["event_key"]
    list_filter = ["outcome", "kind", "source", SaleBoxes]
    search_fields = ["event_key"]
    search_help_text = (
        "Event key or its beginning; customer, invoice or payment reference, as written"
    )
    empty_value_display = cells.NONE
    ordering = ["-occurred_at", "-id"]
    sortable_by = ["occurred"]
    change_form_template = "admin/resellers/panels_form.html"
    deeds = DEEDS
    fieldsets = [
        ("Answer", {"fields": ["sign", "why", "earned", "rate", "posted"]}),
        ("Fact", {"fields": ["kind", "paid", "occurred", "description"]}),
        (
            "Whose",
            {"fields": ["customer_ref", "whose", "referral_link", "reseller_code"]},
        ),
        (
            "References",
            {
                "fields": [
                    "event_key",
                    "belongs_to",
                    "invoice_ref",
                    "payment_ref",
                    "source",
                    "received",
                ]
            },
        ),
    ]
    readonly_fields = [
        "sign",
        "why",
        "earned",
        "rate",
        "posted",
        "paid",
        "occurred",
        "whose",
        "referral_link",
        "belongs_to",
        "received",
    ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(rights.ADD_SALE)

    def has_deed_permission(self, request: HttpRequest) -> bool:
        """Editors attribute, finance posts again: each button asks for its own."""
        return may_edit(person(request)) or may_post(person(request))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Sale]:
        return super().get_queryset(request).select_related("referral__reseller")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Sale], search_term: str
    ) -> tuple[QuerySet[Sale], bool]:
        term = search_term.strip()
        if not term:
            return queryset, False
        found = (
            queryset.filter(event_key__startswith=term)
            | queryset.filter(customer_ref=term)
            | queryset.filter(sale_key=term)
            | queryset.filter(invoice_ref=term)
            | queryset.filter(payment_ref=term)
        )
        return found, False

    def desk_context(self, request: HttpRequest, row: Sale) -> dict[str, Any]:
        context = super().desk_context(request, row)
        context["buttons"] = [counted(each, row) for each in context["buttons"]]
        followers, entries = following(row), entries_of(row)
        panels = [entries_panel(entries)] if row.commission or entries else []
        if row.kind in CUSTOMER_KINDS and followers:
            panels.insert(0, followers_panel(followers))
        return {**context, "panels": panels}

    def add_view(
        self,
        request: HttpRequest,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        initial = {"event_key": suggested_key(), "occurred_at": clock.now()}
        form = RecordSaleForm(request.POST or None, initial=initial)
        made = None
        if request.method == "POST":
            made = submit(form, record, actor=person(request))
        if made is None:
            about = "For what reached no door: a shop's own events come by API."
            return form_page(
                self,
                request,
                form,
                title="Record a sale",
                button="Record",
                about=about,
                is_once=True,
            )
        tell(request, made)
        page = reverse("admin:resellers_sale_change", args=[made.sale.pk])
        return HttpResponseRedirect(page)

    @admin.display(description="occurred", ordering="occurred_at")
    def occurred(self, sale: Sale) -> SafeString:
        return cells.moment(sale.occurred_at)

    @admin.display(description="received")
    def received(self, sale: Sale) -> SafeString:
        return cells.moment(sale.received_at)

    @admin.display(description="posted")
    def posted(self, sale: Sale) -> SafeString | str:
        return cells.moment(sale.posted_at) if sale.posted_at else "not yet"

    @admin.display(description="reseller")
    def whose(self, sale: Sale) -> SafeString | str:
        return cells.link(sale.referral and sale.referral.reseller)

    @admin.display(description="amount")
    def paid(self, sale: Sale) -> SafeString | str:
        return cells.amount(sale.money)

    @admin.display(description="commission")
    def earned(self, sale: Sale) -> SafeString | str:
        return cells.amount(sale.commission)

    @admin.display(description="outcome")
    def sign(self, sale: Sale) -> SafeString:
        return cells.outcome_sign(sale)

    @admin.display(description="why")
    def why(self, sale: Sale) -> str:
        return f"{explanations.explain(sale)}."

    @admin.display(description="rate")
    def rate(self, sale: Sale) -> str:
        return cells.frozen_rate(sale)

    @admin.display(description="referral")
    def referral_link(self, sale: Sale) -> SafeString | str:
        return cells.link(sale.referral)

    @admin.display(description="belongs to the sale")
    def belongs_to(self, sale: Sale) -> SafeString | str:
        if sale.sale is None:
            return sale.sale_key or cells.NONE
        return cells.link(sale.sale)


def tell(request: HttpRequest, made: Recorded) -> None:
    why = f"{explanations.explain(made.sale)}."
    if made.replayed:
        messages.info(request, f"This was recorded before, with the same facts. {why}")
    else:
        messages.success(request, f"Recorded. {why}")


def following(sale: Sale) -> Sequence[Sale]:
    """What refers to a payment: waiting ones too."""
    return list(Sale.objects.following(sale.event_key))


def entries_of(sale: Sale) -> Sequence[LedgerEntry]:
    """All that the payment and what followed it posted."""
    ref = str(sale.sale_id or sale.pk)
    found = LedgerEntry.objects.from_source(SOURCE, ref)
    return list(found.select_related("account").order_by("id"))


def followers_panel(sales: Sequence[Sale]) -> Panel:
    why = explanations.explain_all(sales)
    rows = [
        (
            cells.moment(each.occurred_at),
            cells.link(each, each.get_kind_display()),
            cells.amount(each.money),
            cells.amount(each.commission),
            cells.outcome_sign(each),
            why[each.pk],
        )
        for each in sales
    ]
    headings = ["Occurred", "Kind", "Amount", "Commission", "Outcome", "Why"]
    return Panel("followed", "What followed", headings, rows, "Nothing.")


def entries_panel(entries: Sequence[LedgerEntry]) -> Panel:
    rows = [
        (
            cells.link(each, f"{each.pk}"),
            cells.link(each.account),
            each.get_kind_display(),
            cells.amount(each.money),
            each.get_status_display(),
            cells.moment(each.available_at),
        )
        for each in entries
    ]
    headings = ["Entry", "Account", "Kind", "Amount", "Status", "Available"]
    empty = "Nothing is posted for this."
    return Panel("entries", "Ledger entries", headings, rows, empty)
