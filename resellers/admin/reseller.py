"""Profiles of resellers: found, read, changed and moved; every save is an action.

Source: 5-resellers, section 9.
"""

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    JsonResponse,
)
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from resellers import clock, rights, trails
from resellers.actions import profiles
from resellers.admin import reseller_page, reseller_tables
from resellers.admin.bulk import BulkMixin
from resellers.admin.extended_keys import ExtendedKeysMixin
from resellers.admin.reseller_asks import AttributeForm
from resellers.admin.reseller_conflict import Conflict, merged
from resellers.admin.reseller_deeds import DEEDS
from resellers.admin.reseller_form import AddResellerForm, ChangeResellerForm
from resellers.admin.reseller_history import event_of
from resellers.admin.reseller_list import status_sign
from resellers.admin.reseller_listing import ResellerListing
from resellers.admin.transfers import TransferMixin
from resellers.desk.deeds import Button, person
from resellers.desk.history import Event
from resellers.errors import DomainError
from resellers.models import AuditEntry, Referral, Reseller, Sale, TransferKind
from resellers.models.audit_entry import AuditEntryQuerySet
from resellers.models.versions import VersionChanged
from resellers.pg.extended_keys import count_keys

KEYS_OFFERED = 500
TEMPLATES = "admin/resellers/reseller"


@admin.register(Reseller)
class ResellerAdmin(
    BulkMixin, ExtendedKeysMixin, TransferMixin[Reseller], ResellerListing
):
    """A profile's page and what is done there; the list is told in its bases."""

    transfer_kind = TransferKind.RESELLERS
    change_list_template = f"{TEMPLATES}/change_list.html"
    actions = [*BulkMixin.actions, "export_selected"]
    deeds = DEEDS

    def has_add_permission(self, request: HttpRequest) -> bool:
        return admin.ModelAdmin.has_add_permission(self, request)

    def has_change_permission(
        self, request: HttpRequest, obj: Reseller | None = None
    ) -> bool:
        return self.has_deed_permission(request)

    def get_urls(self) -> list[URLPattern]:
        keys = self.admin_site.admin_view(self.keys_view)
        own = [path("keys/", keys, name="resellers_reseller_keys")]
        return own + super().get_urls()

    # Making one

    def add_view(
        self,
        request: HttpRequest,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = AddResellerForm(
            request.POST if request.method == "POST" else None,
            is_finance=rights.may(person(request), rights.FINANCE),
            email=request.GET.get("email", ""),
        )
        made = self._made(form, request) if request.method == "POST" else None
        if made is not None:
            messages.success(request, f"{made} was added as {made.code}.")
            return HttpResponseRedirect(self._page(made))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": "Add a reseller",
            "form": form,
            "sections": reseller_page.adding_sections(form),
        }
        return self._answer(request, "add_form", context, form)

    def _made(self, form: AddResellerForm, request: HttpRequest) -> Reseller | None:
        if not form.is_valid():
            return None
        facts = form.facts()
        try:
            return profiles.create_reseller(**facts, actor=person(request))
        except (DomainError, ValidationError) as refusal:
            form.refuse_all(refusal, Reseller(), facts)
        return None

    # Reading and changing one

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        row = self.get_object(request, unquote(object_id))
        if row is None or not self.has_view_or_change_permission(request, row):
            return super().change_view(request, object_id, form_url, extra_context)
        may_edit = self.has_change_permission(request, row)
        if request.method == "POST":
            if not may_edit:
                raise PermissionDenied
            return self._save(request, row)
        form = ChangeResellerForm(row=row) if may_edit else None
        return self._show(request, row, form)

    def _save(self, request: HttpRequest, row: Reseller) -> HttpResponse:
        form = ChangeResellerForm(request.POST, row=row)
        if form.is_valid():
            try:
                self._change(form, row, request)
            except VersionChanged:
                now = Reseller.objects.select_related(
                    "user", "account", "contact_group"
                ).get(pk=row.pk)
                fresh, conflict = merged(form, now)
                return self._show(request, now, fresh, conflict)
            except (DomainError, ValidationError) as refusal:
                form.refuse_all(refusal, row, form.facts())
        if form.errors:
            return self._show(request, row, form)
        return HttpResponseRedirect(self._page(row))

    def _change(
        self, form: ChangeResellerForm, row: Reseller, request: HttpRequest
    ) -> None:
        facts = form.facts()
        if not facts:
            messages.info(request, "Nothing was changed.")
            return
        profiles.change_reseller(
            row,
            versions=[form.cleaned_data["version"]],
            reason=form.cleaned_data["reason"],
            actor=person(request),
            **facts,
        )
        messages.success(request, f"{row} was saved.")

    def _show(
        self,
        request: HttpRequest,
        row: Reseller,
        form: ChangeResellerForm | None,
        conflict: Conflict | None = None,
    ) -> HttpResponse:
        """The profile's page; 422 when something was refused."""
        context = self.desk_context(request, row)
        page, now = self._page(row), clock.now()
        may_edit = self.has_change_permission(request, row)
        context |= {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": row,
            "sign": status_sign(row),
            "form": form,
            "conflict": conflict,
            "sections": reseller_page.sections(row, form, context["buttons"]),
            "totals": reseller_tables.total_lines(row),
            "purses": reseller_tables.purses(row),
            "rates": reseller_tables.rate_lines(row, now),
            "referrals": reseller_tables.referral_lines(row, page, may_change=may_edit),
            "sales": reseller_tables.sale_lines(row),
            "may_change_referrals": may_edit,
            "all_referrals": reseller_tables.list_of(Referral, reseller=row.code),
            "all_sales": reseller_tables.list_of(Sale, reseller=row.code),
            "account_page": reseller_tables.page_of(row.account),
            "attribute": AttributeForm(auto_id="attribute_%s", label_suffix=""),
            "attribute_page": attribute_page(context["buttons"]),
        }
        return self._answer(request, "change_form", context, form, conflict)

    def _answer(
        self,
        request: HttpRequest,
        template: str,
        context: dict[str, Any],
        form: Any,
        conflict: Conflict | None = None,
    ) -> HttpResponse:
        refused = conflict is not None or bool(form is not None and form.errors)
        status = HTTPStatus.UNPROCESSABLE_ENTITY if refused else HTTPStatus.OK
        name = f"{TEMPLATES}/{template}.html"
        return TemplateResponse(request, name, context, status=status)

    def trail_entries(self, row: Reseller) -> AuditEntryQuerySet:
        return trails.entries_of(row)

    def events(self, row: Reseller, entries: Iterable[AuditEntry]) -> list[Event]:
        return [event_of(entry, row) for entry in entries]

    def keys_view(self, request: HttpRequest) -> HttpResponse:
        """The keys of extended values in use, the most used first, as JSON."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        known = sorted(count_keys(), key=lambda row: (-row[1], row[0]))
        return JsonResponse([row[0] for row in known[:KEYS_OFFERED]], safe=False)

    def _page(self, row: Reseller) -> str:
        return reverse("admin:resellers_reseller_change", args=[row.pk])


def attribute_page(buttons: list[Button]) -> str:
    """Where the row that adds a customer is sent; "" for who may not."""
    return next((each.url for each in buttons if each.word == "attribute"), "")
