"""Bulk actions on the list of resellers: a page that asks, a page that tells.

`BulkMixin` stands first in the bases of the resellers' admin; its `actions` stand
beside others: `actions = [*BulkMixin.actions, "export"]`. The rows are fixed by their
ids when they are chosen. Source: 5-resellers, section 9.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from resellers import rights
from resellers.actions import bulk
from resellers.actions.bulk import LIMIT, Batch, RowResult, TooManyRows
from resellers.desk.admins import DeskAdmin
from resellers.desk.deeds import person, way_back
from resellers.errors import submit
from resellers.forms.bulk import (
    BulkForm,
    BulkGroupForm,
    BulkInvitationForm,
    BulkRateForm,
    BulkStatusForm,
    BulkTierForm,
)
from resellers.models import Reseller, ResellerStatus
from resellers.templatetags.signs import status_html

NAMES_SHOWN = 20
LIST = "admin:resellers_reseller_changelist"
SIGNS = {
    bulk.DONE: ("done", "Done"),
    bulk.UNCHANGED: ("neutral", "Unchanged"),
    bulk.REFUSED: ("refused", "Refused"),
}


@dataclass(frozen=True)
class BulkDeed:
    """What is done to each chosen profile; `title` and `button` end in "… resellers".

    `told` begins what the page of the result says: "Status set to inactive".
    """

    word: str
    title: str
    button: str
    told: str
    about: str
    form: type[BulkForm]
    action: Callable[..., Batch]
    right: str = rights.CHANGE


DEEDS = {
    deed.word: deed
    for deed in (
        BulkDeed(
            "status",
            "Change the status of",
            "Change status",
            "Status set to",
            "Inactive: no new customers; those they have keep earning. Suspended: new"
            " and unpaid commission is on hold, payouts are blocked; only finance ends"
            " it, and what was held returns. Who is approved, suspended or reactivated"
            " gets a mail without the reason.",
            BulkStatusForm,
            bulk.change_statuses,
        ),
        BulkDeed(
            "tier",
            "Change the tier of",
            "Change tier",
            "Tier set to",
            "A label: no rate and no amount changes.",
            BulkTierForm,
            bulk.change_tiers,
        ),
        BulkDeed(
            "group",
            "Change the contact group of",
            "Change contact group",
            "Contact group set to",
            "For finding and addressing them: no rate and no amount changes.",
            BulkGroupForm,
            bulk.change_groups,
        ),
        BulkDeed(
            "rate",
            "Set the commission rate of",
            "Set commission rate",
            "Commission rate set to",
            "For sales from now on; what was sold keeps the rate it met. A rate agreed"
            " for one customer still goes before it.",
            BulkRateForm,
            bulk.set_rates,
            rights.FINANCE,
        ),
        BulkDeed(
            "invitation",
            "Invite",
            "Send invitations",
            "Invited",
            "Each gets a mail with a link, good for seven days, to choose a password."
            " Who has one already is refused.",
            BulkInvitationForm,
            bulk.invite_all,
        ),
    )
}


@dataclass(frozen=True, slots=True)
class ResultRow:
    """One profile on the page of the result; without `url` there is no such one."""

    name: str
    code: str
    url: str
    sign: str
    why: str


class BulkMixin(DeskAdmin[Reseller]):
    """The bulk actions of the list, and their pages under `…/bulk/`."""

    actions = ["bulk_status", "bulk_tier", "bulk_group", "bulk_rate", "bulk_invitation"]

    def has_finance_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(rights.FINANCE)

    def get_urls(self) -> list[URLPattern]:
        name = "resellers_reseller"
        own = [
            path(
                f"bulk/{deed.word}/",
                self.admin_site.admin_view(self._bulk_door(deed)),
                name=f"{name}_bulk_{deed.word}",
            )
            for deed in DEEDS.values()
        ]
        result = self.admin_site.admin_view(require_safe(self.batch_view))
        own.append(path("bulk/<uuid:batch_id>/", result, name=f"{name}_batch"))
        return own + super().get_urls()

    @admin.action(description="Change status…", permissions=["deed"])
    def bulk_status(self, request: HttpRequest, rows: QuerySet[Reseller]) -> Any:
        return self._choose_bulk(request, rows, DEEDS["status"])

    @admin.action(description="Change tier…", permissions=["deed"])
    def bulk_tier(self, request: HttpRequest, rows: QuerySet[Reseller]) -> Any:
        return self._choose_bulk(request, rows, DEEDS["tier"])

    @admin.action(description="Change contact group…", permissions=["deed"])
    def bulk_group(self, request: HttpRequest, rows: QuerySet[Reseller]) -> Any:
        return self._choose_bulk(request, rows, DEEDS["group"])

    @admin.action(description="Set commission rate…", permissions=["finance"])
    def bulk_rate(self, request: HttpRequest, rows: QuerySet[Reseller]) -> Any:
        return self._choose_bulk(request, rows, DEEDS["rate"])

    @admin.action(description="Send invitation…", permissions=["deed"])
    def bulk_invitation(self, request: HttpRequest, rows: QuerySet[Reseller]) -> Any:
        return self._choose_bulk(request, rows, DEEDS["invitation"])

    def batch_view(self, request: HttpRequest, batch_id: UUID) -> HttpResponse:
        """What became of each row, from the trail."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        batch = bulk.find_batch(batch_id)
        if batch is None:
            raise Http404
        counts = [(batch.count(outcome), *SIGNS[outcome]) for outcome in SIGNS]
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": heading(batch),
            "batch": batch,
            "counts": [each for each in counts if each[0]],
            "rows": result_rows(batch.rows),
            "way_back": way_back(request) or reverse(LIST),
        }
        return TemplateResponse(request, "admin/resellers/bulk/result.html", context)

    def _choose_bulk(
        self, request: HttpRequest, rows: QuerySet[Reseller], deed: BulkDeed
    ) -> HttpResponse | None:
        """The page that asks, for the rows as they are found now."""
        ids = list(dict.fromkeys(rows.values_list("pk", flat=True)[: LIMIT + 1]))
        if len(ids) > LIMIT:
            messages.error(request, TooManyRows.sentence)
            return None
        back = request.get_full_path()
        return self._ask_bulk(request, deed, deed.form(initial={"ids": ids}), ids, back)

    def _bulk_door(self, deed: BulkDeed) -> Callable[[HttpRequest], HttpResponse]:
        def perform(request: HttpRequest) -> HttpResponse:
            if not request.user.has_perm(deed.right):
                raise PermissionDenied
            if request.method != "POST":
                return HttpResponseRedirect(reverse(LIST))
            form = deed.form(request.POST)
            batch = submit(form, deed.action, actor=person(request))
            if batch is None:
                ids = form.cleaned_data.get("ids", [])
                return self._ask_bulk(request, deed, form, ids, way_back(request))
            page = reverse("admin:resellers_reseller_batch", args=[batch.id])
            back = way_back(request)
            query = f"?{urlencode({'next': back})}" if back else ""
            return HttpResponseRedirect(page + query)

        return perform

    def _ask_bulk(
        self,
        request: HttpRequest,
        deed: BulkDeed,
        form: BulkForm,
        ids: Sequence[UUID],
        back: str,
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": f"{deed.title} {resellers(len(ids))}",
            "about": deed.about,
            "button": deed.button,
            "action": reverse(f"admin:resellers_reseller_bulk_{deed.word}"),
            "form": form,
            "names": first_names(ids),
            "more": max(len(ids) - NAMES_SHOWN, 0),
            "statuses": status_counts(ids),
            "way_back": back or reverse(LIST),
        }
        status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
        template = "admin/resellers/bulk/confirm.html"
        return TemplateResponse(request, template, context, status=status)


def resellers(count: int) -> str:
    return "1 reseller" if count == 1 else f"{count:,} resellers"


def heading(batch: Batch) -> str:
    """'Status set to inactive: 57 resellers'."""
    told = f"{DEEDS[batch.deed].told} {batch.value}".strip()
    return f"{told}: {resellers(len(batch.rows))}"


def first_names(ids: Sequence[UUID]) -> list[Reseller]:
    """The first of the chosen, in their order."""
    shown = list(ids[:NAMES_SHOWN])
    found = Reseller.objects.in_bulk(shown)
    return [found[pk] for pk in shown if pk in found]


def status_counts(ids: Sequence[UUID]) -> list[tuple[int, str]]:
    """How many of the chosen have each status now, in the order of the statuses."""
    rows = Reseller.objects.filter(pk__in=ids).order_by()
    counts = dict(rows.values_list("status").annotate(count=Count("pk")))
    return [(counts[each], each.label) for each in ResellerStatus if each in counts]


def result_rows(results: Sequence[RowResult]) -> list[ResultRow]:
    """In one query for all names."""
    found = Reseller.objects.in_bulk([each.reseller_id for each in results])
    return [_result_row(each, found.get(each.reseller_id)) for each in results]


def _result_row(result: RowResult, row: Reseller | None) -> ResultRow:
    sign = status_html(*SIGNS[result.outcome])
    if row is None:
        return ResultRow(str(result.reseller_id), "", "", sign, result.why)
    page = reverse("admin:resellers_reseller_change", args=[row.pk])
    return ResultRow(str(row), row.code, page, sign, result.why)
