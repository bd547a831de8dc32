"""Relationships: suspended and resumed by staff, terms corrected on request."""

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from marketplace.actions import relationships
from marketplace.admin import cells
from marketplace.models import Provider, RelationshipStatus, ResellerRelationship
from resellers.desk.admins import ActionAdmin
from resellers.desk.deeds import Deed, asks
from resellers.desk.forms import ActionForm, ConfirmForm, ReasonForm
from resellers.models import User
from resellers.templatetags.signs import status_html

TERMS = ["commission_percent", "accept_within_hours", "fulfil_within_hours"]
STATUS_SIGNS = {
    RelationshipStatus.ACTIVE: ("done", "Active"),
    RelationshipStatus.SUSPENDED: ("soon", "Suspended"),
}


class RelationshipForm(ActionForm):
    class Meta:
        model = ResellerRelationship
        fields = TERMS
        labels = {
            "commission_percent": "Mark-up, whole percent",
            "accept_within_hours": "Accept within, hours",
            "fulfil_within_hours": "Deliver within, hours",
        }
        help_texts = {"commission_percent": "0 to 50. New orders only."}


def is_active(relationship: ResellerRelationship) -> bool:
    return relationship.status == RelationshipStatus.ACTIVE


def may_be_suspended(relationship: ResellerRelationship) -> bool:
    """Staff take over what the reseller paused, so that only they resume it."""
    return is_active(relationship) or relationship.suspended_by == "reseller"


def is_suspended(relationship: ResellerRelationship) -> bool:
    return not is_active(relationship)


@admin.register(ResellerRelationship)
class RelationshipAdmin(ActionAdmin[ResellerRelationship]):
    form = RelationshipForm
    list_display = [
        "id",
        "reseller",
        "external_provider",
        "mark_up",
        "sign",
        "suspended_by",
        "created_at",
    ]
    list_display_links = ["id", "reseller"]
    list_filter = ["status", "suspended_by"]
    list_select_related = ["reseller", "external_provider"]
    search_fields = ["reseller__name"]
    search_help_text = "Name or public key of the reseller or the external provider"
    ordering = ["-id"]
    fieldsets = [
        (None, {"fields": ["sells", "sign", "suspended_by", "suspended_reason"]}),
        ("Terms", {"fields": [*TERMS]}),
        ("Since", {"fields": ["created_at", "updated_at"]}),
    ]
    readonly_fields = [
        "sells",
        "sign",
        "suspended_by",
        "suspended_reason",
        "created_at",
        "updated_at",
    ]
    deeds = [
        Deed(
            "suspend",
            "Suspend",
            relationships.suspend_relationship,
            may_be_suspended,
            form=asks(ReasonForm),
            about="The reseller's offers of this provider vanish with the next page"
            " that anybody opens. Open orders run on. Only staff can resume.",
            done="The relationship is suspended.",
            is_dangerous=True,
        ),
        Deed(
            "resume",
            "Resume",
            relationships.resume_relationship,
            is_suspended,
            form=asks(ConfirmForm),
            about="The reseller's offers stand again at the terms below.",
            done="The relationship is active.",
        ),
    ]
    actions = ["suspend_selected", "resume_selected"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[ResellerRelationship]:
        rows = super().get_queryset(request)
        return rows.select_related("reseller", "external_provider")

    def get_search_results(
        self,
        request: HttpRequest,
        queryset: QuerySet[ResellerRelationship],
        search_term: str,
    ) -> tuple[QuerySet[ResellerRelationship], bool]:
        term = search_term.strip()
        providers = Provider.objects.filter(
            Q(name__icontains=term) | Q(pubkey__startswith=term.lower())
        ).values("pk")
        found = Q(reseller__in=providers) | Q(external_provider__in=providers)
        return (queryset.filter(found) if term else queryset), False

    def edit(
        self, row: ResellerRelationship, facts: dict[str, Any], actor: User
    ) -> None:
        relationships.change_terms(row, **facts, actor=actor)

    @admin.action(description="Suspend the selected", permissions=["deed"])
    def suspend_selected(
        self, request: HttpRequest, rows: QuerySet[ResellerRelationship]
    ) -> None:
        self.each_selected(
            request, rows, relationships.suspend_relationship, "Suspended"
        )

    @admin.action(description="Resume the selected", permissions=["deed"])
    def resume_selected(
        self, request: HttpRequest, rows: QuerySet[ResellerRelationship]
    ) -> None:
        self.each_selected(request, rows, relationships.resume_relationship, "Resumed")

    @admin.display(description="mark-up", ordering="commission_percent")
    def mark_up(self, relationship: ResellerRelationship) -> str:
        return f"+{relationship.commission_percent} %"

    @admin.display(description="status", ordering="status")
    def sign(self, relationship: ResellerRelationship) -> str:
        return status_html(*STATUS_SIGNS[RelationshipStatus(relationship.status)])

    @admin.display(description="who resells whom")
    def sells(self, relationship: ResellerRelationship) -> str:
        return cells.pair(relationship.reseller, relationship.external_provider)
