"""Providers: onboarded and edited; all their relationships stopped or resumed."""

from functools import partial
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from marketplace.actions import offerings, onboarding, providers, relationships
from marketplace.admin import cells
from marketplace.models import Provider, ProviderKind
from resellers.desk.admins import ActionAdmin
from resellers.desk.deeds import Deed, asks
from resellers.desk.forms import ActionForm, ConfirmForm, ReasonForm
from resellers.models import User

ABOUT_IT = ["name", "domain", "website_url", "logo_url", "description"]
SUPPORT = ["support_email", "support_hours", "support_url", "refund_policy"]
ONLY_EXTERNAL = ["data_source"]


class ProviderForm(ActionForm):
    """The public key is asked for only when an onboarded provider is made."""

    class Meta:
        model = Provider
        fields = ["kind", "pubkey", *ABOUT_IT, *SUPPORT, *ONLY_EXTERNAL]
        widgets = {
            "pubkey": forms.TextInput(attrs={"size": 70, "spellcheck": "false"}),
            "description": forms.Textarea(attrs={"rows": 4}),
            "refund_policy": forms.Textarea(attrs={"rows": 4}),
        }
        help_texts = {
            "pubkey": "64 hexadecimal characters; left empty, a new one is made."
            " An external provider's is worked out from its domain.",
            "domain": "Required for an external provider, which it identifies.",
            "logo_url": "A link; pages draw initials and load nothing from elsewhere.",
            "refund_policy": "Shown on the buyer's contract.",
        }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if "pubkey" in self.fields:
            self.fields["pubkey"].required = False
            self.fields["pubkey"].initial = ""

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        external = data.get("kind") == ProviderKind.EXTERNAL
        if external and not data.get("domain"):
            self.add_error("domain", "An external provider is known by its domain.")
        if external and data.get("pubkey"):
            self.add_error("pubkey", "Leave it empty: it follows from the domain.")
        return data


def is_onboarded(provider: Provider) -> bool:
    return provider.kind == ProviderKind.ONBOARDED


def is_external(provider: Provider) -> bool:
    return provider.kind == ProviderKind.EXTERNAL


@admin.register(Provider)
class ProviderAdmin(ActionAdmin[Provider]):
    form = ProviderForm
    list_display = ["name", "kind", "domain", "key", "data_source", "created_at"]
    list_filter = ["kind", "data_source"]
    search_fields = ["name", "domain", "^pubkey", "=support_email"]
    search_help_text = "Name, domain, public key or its beginning, support address"
    ordering = ["name", "id"]
    deeds = [
        Deed(
            "suspend",
            "Suspend all relationships",
            relationships.suspend_provider,
            is_onboarded,
            form=asks(ReasonForm),
            about="Every offer of this reseller vanishes with the next page that"
            " anybody opens. Open orders run on at their terms. Only staff can resume.",
            done="All relationships are suspended.",
            is_dangerous=True,
        ),
        Deed(
            "resume",
            "Resume what staff suspended",
            relationships.resume_provider,
            is_onboarded,
            form=asks(ConfirmForm),
            about="Its offers stand again at the terms they had. What the reseller"
            " suspended itself stays suspended.",
            done="The relationships stand again.",
        ),
        Deed(
            "checked",
            "Prices checked today",
            offerings.mark_all_checked,
            is_external,
            form=asks(ConfirmForm),
            about="Somebody has looked at the supplier's pages: every available"
            " offering's price counts as checked now.",
            done="The prices count as checked now.",
        ),
    ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return admin.ModelAdmin.has_add_permission(self, request)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Provider]:
        return super().get_queryset(request).select_related("account")

    def get_fieldsets(self, request: HttpRequest, obj: Provider | None = None) -> Any:
        if obj is None:
            return [
                (None, {"fields": ["kind", *ABOUT_IT, "pubkey"]}),
                ("Support, for onboarded providers", {"fields": SUPPORT}),
                ("For external providers", {"fields": ONLY_EXTERNAL}),
            ]
        facts = ["kind", "pubkey", "created_at"]
        if is_external(obj):
            return [
                (None, {"fields": [*facts, *ABOUT_IT, *ONLY_EXTERNAL]}),
            ]
        return [
            (None, {"fields": [*facts, "earns_on", *ABOUT_IT]}),
            ("Support", {"fields": SUPPORT}),
        ]

    def get_readonly_fields(
        self, request: HttpRequest, obj: Provider | None = None
    ) -> list[str]:
        """The key of an external provider is made of its domain: both stay."""
        if obj is None:
            return []
        fixed = ["kind", "pubkey", "created_at", "earns_on"]
        return [*fixed, "domain"] if is_external(obj) else fixed

    def add(self, facts: dict[str, Any], actor: User) -> Provider:
        known = {name: value for name, value in facts.items() if value}
        if known.pop("kind") == ProviderKind.ONBOARDED:
            make = partial(onboarding.onboard_provider, **known)
        else:
            make = partial(providers.ensure_external_provider, **only_external(known))
        return make(actor=actor)

    def edit(self, row: Provider, facts: dict[str, Any], actor: User) -> None:
        onboarding.edit_provider(row, **facts, actor=actor)

    @admin.display(description="public key", ordering="pubkey")
    def key(self, provider: Provider) -> str:
        return cells.short(provider.pubkey)

    @admin.display(description="commission account")
    def earns_on(self, provider: Provider) -> str:
        return cells.link(provider.account)


def only_external(facts: dict[str, Any]) -> dict[str, Any]:
    names = ("domain", "name", "website_url", "data_source")
    return {name: facts[name] for name in names if name in facts}
