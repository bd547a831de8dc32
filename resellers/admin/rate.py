"""Rates: the programme's, and the history of all. Rows are added, never edited."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.safestring import SafeString

from resellers import clock, rights
from resellers.actions import rates
from resellers.actions.rates import PROGRAMME
from resellers.admin import cells
from resellers.admin.boxes import resellers_meant
from resellers.admin.rate_tables import history_panel
from resellers.desk.admins import DeskAdmin
from resellers.desk.deeds import person
from resellers.desk.forms import WhyForm
from resellers.desk.submitting import form_page
from resellers.errors import submit
from resellers.forms.referrals import ProgrammeRateForm
from resellers.models import Rate, RateScope, Referral, User
from resellers.templatetags.signs import status_html

ABOUT = (
    "A share of what customers pay, for all who have no rate of their own. Sales keep"
    " the rate of their time: nothing that was sold is computed anew."
)


class SetProgrammeRateForm(ProgrammeRateForm, WhyForm):
    field_order = ["rate", "valid_from", "reason"]


class Planned(admin.SimpleListFilter):
    title = "time"
    parameter_name = "from"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return [("planned", "Planned"), ("begun", "Begun")]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Rate]
    ) -> QuerySet[Rate]:
        if self.value() == "planned":
            return queryset.filter(valid_from__gt=clock.now())
        if self.value() == "begun":
            return queryset.filter(valid_from__lte=clock.now())
        return queryset


@admin.register(Rate)
class RateAdmin(DeskAdmin[Rate]):
    """A reseller's or referral's rate is set on its own page, the programme's here."""

    list_display = ["shown", "owner", "since", "sign", "reason", "by", "created"]
    list_filter = ["scope", Planned]
    search_fields = ["reason"]
    search_help_text = "Reseller, or reference of a customer with a rate of their own"
    empty_value_display = ""
    ordering = ["-created_at", "-id"]
    sortable_by = ["since", "created"]
    change_list_template = "admin/resellers/rate_list.html"
    fields = ["shown", "scope", "owner", "since", "sign", "reason", "by", "created"]
    readonly_fields = ["shown", "owner", "since", "sign", "by", "created"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(rights.FINANCE)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Rate]:
        rows = super().get_queryset(request)
        return rows.select_related("reseller", "referral__reseller", "created_by")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Rate], search_term: str
    ) -> tuple[QuerySet[Rate], bool]:
        term = search_term.strip()
        if not term:
            return queryset, False
        referrals = Referral.objects.filter(
            Q(customer_ref=term) | Q(reseller__in=resellers_meant(term))
        )
        theirs = Q(referral__in=referrals.order_by().values("pk"))
        return queryset.filter(theirs | Q(reseller__in=resellers_meant(term))), False

    def trail_of(self, row: Rate) -> tuple[str, str]:
        """A rate is told of at its reseller, or at the programme."""
        owner = row.referral.reseller if row.referral else row.reseller
        if owner is None:
            return PROGRAMME.audit_label, PROGRAMME.audit_ref
        return "resellers.reseller", str(owner.pk)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        empty = "There is none yet: only resellers with a rate of their own earn."
        programme = history_panel(
            Rate.objects.programme(),
            clock.now(),
            title="The programme's rate",
            empty=empty,
        )
        context = {"panels": [programme], "title": "Rates"}
        return super().changelist_view(request, {**context, **(extra_context or {})})

    def add_view(
        self,
        request: HttpRequest,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = SetProgrammeRateForm(request.POST or None)
        made = None
        if request.method == "POST":
            made = submit(form, set_programme_rate, actor=person(request))
        if made is None:
            title = "Set the programme's rate"
            return form_page(
                self,
                request,
                form,
                title=title,
                button="Set rate",
                about=ABOUT,
                is_once=True,
            )
        messages.success(request, f"The programme's rate is set: {made.rate}.")
        return HttpResponseRedirect(reverse("admin:resellers_rate_changelist"))

    @admin.display(description="rate", ordering="rate_bp")
    def shown(self, rate: Rate) -> str:
        return cells.rate_row_words(rate)

    @admin.display(description="of")
    def owner(self, rate: Rate) -> SafeString | str:
        if rate.scope == RateScope.PROGRAMME:
            return "The programme"
        return cells.link(rate.referral or rate.reseller)

    @admin.display(description="from", ordering="valid_from")
    def since(self, rate: Rate) -> SafeString | str:
        return cells.since_words(rate)

    @admin.display(description="")
    def sign(self, rate: Rate) -> SafeString | str:
        planned = rate.valid_from > clock.now()
        return status_html("info", "Planned") if planned else ""

    @admin.display(description="by")
    def by(self, rate: Rate) -> str:
        return "system" if rate.created_by is None else rate.created_by.email

    @admin.display(description="set", ordering="created_at")
    def created(self, rate: Rate) -> SafeString:
        return cells.moment(rate.created_at)


def set_programme_rate(*, actor: User, **facts: Any) -> Rate:
    return rates.set_rate(scope=RateScope.PROGRAMME, actor=actor, **facts)
