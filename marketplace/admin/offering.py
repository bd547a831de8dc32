"""Offerings: corrected, retired, restored, their prices checked. Imports make them."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from marketplace.actions import offerings
from marketplace.admin import cells
from marketplace.models import Offering, OfferingStatus
from marketplace.models.listing import with_words
from marketplace.models.offering import INTEGER_LIMIT
from resellers.desk.admins import ActionAdmin
from resellers.desk.deeds import Deed, asks
from resellers.desk.forms import ActionForm, ConfirmForm, ReasonForm
from resellers.errors import DomainError
from resellers.models import User
from resellers.money import CURRENCIES, Money
from resellers.parsing.forms import LineField, WholeNumberField
from resellers.templatetags.signs import status_html

WORDS = ["offer_name", "description", "product_page_url", "external_checkout_url"]
SALE = ["visibility", "stock_status", "billing_interval"]
KIND = ["product_type", "virtualization_type", "datacenter_country", "datacenter_city"]
AMOUNTS = {"monthly_price": "monthly_price_e9s", "setup_fee": "setup_fee_e9s"}
SPEC_LABELS = {
    "processor_cores": "Processor cores",
    "memory_mb": "Memory, MB",
    "storage_gb": "Storage, GB",
    "uplink_mbps": "Uplink, Mbps",
    "traffic_gb": "Traffic, GB",
    "gpu_count": "GPUs",
    "min_contract_hours": "Shortest contract, hours",
    "max_contract_hours": "Longest contract, hours",
}
STATUS_SIGNS = {
    OfferingStatus.AVAILABLE: ("done", "Available"),
    OfferingStatus.RETIRED: ("neutral", "Retired"),
}


def amount_field(label: str) -> LineField:
    return LineField(
        label=label,
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )


def count_field(name: str) -> WholeNumberField:
    return WholeNumberField(
        label=SPEC_LABELS[name], min_value=0, max_value=INTEGER_LIMIT, required=False
    )


class OfferingForm(ActionForm):
    """Prices in decimals of the currency; never a float on the way."""

    currency = forms.ChoiceField(choices=[(code, code) for code in sorted(CURRENCIES)])
    monthly_price = amount_field("Monthly price")
    setup_fee = amount_field("Set-up fee")
    reason = LineField(label="Why", max_length=200, required=False)

    class Meta:
        model = Offering
        fields = [
            *WORDS,
            *SALE,
            "currency",
            *KIND,
            *SPEC_LABELS,
            "unmetered_bandwidth",
        ]
        widgets = {"description": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in SPEC_LABELS:
            if name in self.fields:
                self.fields[name] = count_field(name)
        for name, column in AMOUNTS.items():
            if name in self.fields and self.instance.pk is not None:
                filed = getattr(self.instance, column)
                money = Money.from_e9s(filed, self.instance.currency)
                self.fields[name].initial = str(money)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        for name, column in AMOUNTS.items():
            if name in data and "currency" in data:
                data[column] = self.amount(name, data[name], data["currency"])
        return data

    def amount(self, name: str, text: str, currency: str) -> int | None:
        """In 10⁻⁹ units; the refusal stands at the field."""
        try:
            money = Money.parse(text, currency)
        except DomainError as refused:
            self.add_error(name, ValidationError(refused.detail, code=refused.code))
            return None
        if money.amount < 0:
            self.add_error(name, ValidationError("Zero or more.", code="negative"))
        return money.to_e9s()

    def facts(self) -> dict[str, Any]:
        """A changed currency or price hands on all three: they are read together."""
        facts = super().facts()
        priced = {"currency", *AMOUNTS} & set(facts)
        for name in AMOUNTS:
            facts.pop(name, None)
        if priced:
            columns = ("currency", *AMOUNTS.values())
            facts |= {column: self.cleaned_data[column] for column in columns}
        return {} if set(facts) == {"reason"} else facts


def is_available(offering: Offering) -> bool:
    return offering.status == OfferingStatus.AVAILABLE


def is_retired(offering: Offering) -> bool:
    return offering.status == OfferingStatus.RETIRED


@admin.register(Offering)
class OfferingAdmin(ActionAdmin[Offering]):
    form = OfferingForm
    list_display = [
        "offer_name",
        "provider",
        "code",
        "monthly",
        "setup",
        "sign",
        "visibility",
        "stock_status",
        "checked",
    ]
    list_filter = ["status", "visibility", "stock_status", "provider"]
    list_select_related = ["provider"]
    search_fields = ["code"]
    search_help_text = "Words of the name, code, provider or city; or the code itself"
    ordering = ["-id"]
    fieldsets = [
        (None, {"fields": ["sold_by", "code", "sign", "retired_at", "retired_by"]}),
        (
            "Price",
            {
                "fields": [
                    ("monthly_price", "setup_fee", "currency"),
                    ("price_source", "price_checked_at"),
                    ("before", "price_changed_at"),
                ],
                "description": "A new price counts as checked now. Nothing that was"
                " sold changes.",
            },
        ),
        ("Words and links", {"fields": [*WORDS]}),
        ("Sale", {"fields": [*SALE, "reason"]}),
        (
            "What it is",
            {"fields": [*KIND, *SPEC_LABELS, "unmetered_bandwidth"]},
        ),
    ]
    readonly_fields = [
        "sold_by",
        "code",
        "sign",
        "retired_at",
        "retired_by",
        "price_source",
        "price_checked_at",
        "before",
        "price_changed_at",
    ]
    deeds = [
        Deed(
            "checked",
            "Price checked today",
            offerings.mark_checked,
            is_available,
            done="The price counts as checked now.",
        ),
        Deed(
            "retire",
            "Retire",
            offerings.retire,
            is_available,
            form=asks(ReasonForm),
            about="It is no longer listed and its offers end; the page stays, open"
            " orders run on. An import does not bring it back.",
            done="The offering is retired.",
            is_dangerous=True,
        ),
        Deed(
            "restore",
            "Restore",
            offerings.restore,
            is_retired,
            form=asks(ConfirmForm),
            about="It is listed again, and its resellers offer it again.",
            done="The offering is available.",
        ),
    ]
    actions = ["check_selected", "retire_selected"]

    def get_fieldsets(self, request: HttpRequest, obj: Offering | None = None) -> Any:
        """Who may only look reads the prices; the form's own fields are not shown."""
        sets = super().get_fieldsets(request, obj)
        if self.has_change_permission(request, obj):
            return sets
        shown: dict[Any, Any] = {
            ("monthly_price", "setup_fee", "currency"): ("monthly", "setup")
        }
        return [
            (
                title,
                {
                    "fields": [
                        shown.get(name, name)
                        for name in options["fields"]
                        if name != "reason"
                    ]
                },
            )
            for title, options in sets
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Offering]:
        return super().get_queryset(request).select_related("provider")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Offering], search_term: str
    ) -> tuple[QuerySet[Offering], bool]:
        term = search_term.strip()
        if not term:
            return queryset, False
        worded = with_words(Offering.objects.all(), term).values("pk")
        return queryset.filter(Q(code=term) | Q(pk__in=worded)), False

    def edit(self, row: Offering, facts: dict[str, Any], actor: User) -> None:
        offerings.change_offering(row, **facts, actor=actor)

    @admin.action(description="Prices checked today", permissions=["deed"])
    def check_selected(self, request: HttpRequest, rows: QuerySet[Offering]) -> None:
        self.each_selected(request, rows, offerings.mark_checked, "Checked")

    @admin.action(description="Retire the selected", permissions=["deed"])
    def retire_selected(self, request: HttpRequest, rows: QuerySet[Offering]) -> None:
        self.each_selected(request, rows, offerings.retire, "Retired")

    @admin.display(description="monthly", ordering="monthly_price_e9s")
    def monthly(self, offering: Offering) -> str:
        if not offering.monthly_price_e9s:
            return "On request"
        return cells.amount(offering.monthly_price_e9s, offering.currency)

    @admin.display(description="set-up")
    def setup(self, offering: Offering) -> str:
        return cells.amount(offering.setup_fee_e9s, offering.currency)

    @admin.display(description="status", ordering="status")
    def sign(self, offering: Offering) -> str:
        return status_html(*STATUS_SIGNS[OfferingStatus(offering.status)])

    @admin.display(description="price checked", ordering="price_checked_at")
    def checked(self, offering: Offering) -> str:
        return cells.moment(offering.price_checked_at)

    @admin.display(description="base before")
    def before(self, offering: Offering) -> str:
        return cells.amount(offering.previous_price_e9s, offering.currency)

    @admin.display(description="provider")
    def sold_by(self, offering: Offering) -> str:
        return cells.link(offering.provider)
