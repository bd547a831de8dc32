"""Referrals: whose customer somebody is. Attributed, moved, ended; never deleted."""

from dataclasses import replace
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.safestring import SafeString

from resellers import clock, rates, rights
from resellers.actions.referrals import (
    attribute_customer,
    earlier_sales,
    edit_referral,
)
from resellers.admin import cells
from resellers.admin.panels import Panel
from resellers.admin.rate_tables import history_panel
from resellers.admin.referral_deeds import DEEDS, POST_EARLIER, may_rate
from resellers.admin.referral_list import (
    ReferralBoxes,
    ReferralChangeList,
    Standing,
    brought,
)
from resellers.admin.transfers import TransferMixin
from resellers.desk.admins import ActionAdmin
from resellers.desk.deeds import Button, person
from resellers.desk.forms import ActionForm
from resellers.desk.submitting import form_page
from resellers.errors import submit
from resellers.forms.referrals import AttributeCustomerForm, email_field, notes_field
from resellers.models import (
    AuditEntry,
    Origin,
    Rate,
    Referral,
    Reseller,
    Sale,
    TransferKind,
    User,
)
from resellers.models.audit_entry import AuditEntryQuerySet

SALES_SHOWN = 20


class ReferralForm(ActionForm):
    customer_email = email_field()
    notes = notes_field()

    class Meta:
        model = Referral
        fields = ["customer_email", "notes"]


@admin.register(Referral)
class ReferralAdmin(TransferMixin[Referral], ActionAdmin[Referral]):
    transfer_kind = TransferKind.REFERRALS
    actions = ["export_selected"]
    form = ReferralForm
    list_display = [
        "customer_ref",
        "whose",
        "since",
        "until",
        "own_rate",
        "revenue",
        "commission",
        "origin",
    ]
    list_filter = [Standing, "end_reason", "origin", ReferralBoxes]
    search_fields = ["customer_ref"]
    search_help_text = "Customer reference or its beginning, or their e-mail address"
    empty_value_display = cells.NONE
    ordering = ["-referred_at", "-id"]
    sortable_by = ["since"]
    change_form_template = "admin/resellers/panels_form.html"
    deeds = DEEDS
    fieldsets = [
        (None, {"fields": ["customer_ref", "whose", "since", "until"]}),
        ("Money", {"fields": ["rate_now", "revenue", "commission"]}),
        ("To find them by", {"fields": ["customer_email", "notes"]}),
        ("Origin", {"fields": ["origin", "created_by", "created_at"]}),
    ]
    readonly_fields = [
        "customer_ref",
        "whose",
        "since",
        "until",
        "rate_now",
        "revenue",
        "commission",
        "origin",
        "created_by",
        "created_at",
    ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(rights.CHANGE)

    def has_deed_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(rights.CHANGE)

    def get_changelist(self, request: HttpRequest, **_: Any) -> type[ChangeList]:
        return ReferralChangeList

    def get_queryset(self, request: HttpRequest) -> QuerySet[Referral]:
        rows = super().get_queryset(request)
        return rows.select_related("reseller", "created_by")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Referral], search_term: str
    ) -> tuple[QuerySet[Referral], bool]:
        term = search_term.strip()
        if not term:
            return queryset, False
        by_email = Q(customer_email=term.lower())
        return queryset.filter(by_email | Q(customer_ref__istartswith=term)), False

    def trail_entries(self, row: Referral) -> AuditEntryQuerySet:
        """Of the reseller's trail, where it is filed, what is about this customer."""
        entries: AuditEntryQuerySet = AuditEntry.objects.of(
            "resellers.reseller", str(row.reseller_id)
        )
        return entries.filter(after__referral_id=str(row.pk)).order_by("-id")

    def desk_context(self, request: HttpRequest, row: Referral) -> dict[str, Any]:
        context = super().desk_context(request, row)
        context["buttons"] = [counted(each, row) for each in context["buttons"]]
        empty = "None of its own: the reseller's or the programme's rate holds."
        own = Rate.objects.of_referral(row)
        history = history_panel(
            own, clock.now(), title="Rate for this customer", empty=empty
        )
        return {**context, "panels": [sales_panel(row), history]}

    def edit(self, row: Referral, facts: dict[str, Any], actor: User) -> None:
        edit_referral(row, **facts, actor=actor)

    def add_view(
        self,
        request: HttpRequest,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        who, may = person(request), may_rate(person(request))
        initial = {"reseller": request.GET.get("reseller", "")}
        form = AttributeCustomerForm(
            request.POST or None, initial=initial, may_rate=may
        )
        made = None
        if request.method == "POST":
            made = submit(form, attribute, actor=who)
        if made is None:
            title = "Attribute a customer"
            return form_page(
                self, request, form, title=title, button="Attribute", is_once=True
            )
        messages.success(request, f"{made.customer_ref} is {made.reseller}'s customer.")
        page = reverse("admin:resellers_referral_change", args=[made.pk])
        return HttpResponseRedirect(page)

    @admin.display(description="reseller")
    def whose(self, referral: Referral) -> SafeString | str:
        return cells.link(referral.reseller)

    @admin.display(description="since", ordering="referred_at")
    def since(self, referral: Referral) -> SafeString:
        return cells.moment(referral.referred_at)

    @admin.display(description="until")
    def until(self, referral: Referral) -> SafeString | str:
        return cells.ended(referral)

    @admin.display(description="own rate")
    def own_rate(self, referral: Referral) -> str:
        rate = vars(referral).get("own_rate")
        return cells.NONE if rate is None else str(rate)

    @admin.display(description="rate")
    def rate_now(self, referral: Referral) -> str:
        now = rates.rate_at(referral, clock.now())
        if now is None:
            return "None holds: sales earn nothing"
        return f"{now.rate} of what is paid, {cells.WHOSE[now.scope]}"

    @admin.display(description="revenue")
    def revenue(self, referral: Referral) -> SafeString | str:
        return cells.sums(brought(referral), "revenue")

    @admin.display(description="commission")
    def commission(self, referral: Referral) -> SafeString | str:
        return cells.sums(brought(referral), "commission")


def attribute(*, reseller: Reseller, actor: User, **facts: Any) -> Referral:
    return attribute_customer(reseller, origin=Origin.STAFF, actor=actor, **facts)


def counted(button: Button, referral: Referral) -> Button:
    """The button that posts several says how many."""
    if button.word != POST_EARLIER:
        return button
    count = earlier_sales(referral).count()
    return replace(button, label=f"Post {count} earlier {plural('sale', count)}")


def plural(noun: str, count: int) -> str:
    return noun if count == 1 else f"{noun}s"


def sales_panel(referral: Referral) -> Panel:
    """The newest, and what of the customer has no answer yet."""
    unposted = Q(pk__in=earlier_sales(referral).order_by().values("pk"))
    sales = Sale.objects.filter(Q(referral=referral) | unposted)[:SALES_SHOWN]
    rows = [
        (
            cells.moment(each.occurred_at),
            cells.link(each, each.get_kind_display()),
            cells.amount(each.money),
            cells.amount(each.commission),
            cells.outcome_sign(each),
            each.description,
        )
        for each in sales
    ]
    headings = ["Occurred", "Kind", "Amount", "Commission", "Outcome", "About"]
    more = cells.list_link(
        Sale, "All sales of this customer", customer=referral.customer_ref
    )
    return Panel("sales", "Newest sales", headings, rows, "No sale yet.", more)
