"""The page of an export, and the file that leaves.

The rows are those of the list as its address filters it, or those that were chosen on
it. The export is written down before the first row leaves; then the file is streamed.
"""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ERROR_FLAG
from django.db.models import QuerySet
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse

from resellers import clock, rights
from resellers.actions.exports import LIMIT, record_export
from resellers.desk.deeds import person
from resellers.errors import DomainError
from resellers.exporting.referrals import referrals_table
from resellers.exporting.resellers import resellers_table
from resellers.exporting.sales import sales_table
from resellers.exporting.sheets import Table
from resellers.forms.transfers import FORMATS, ExportForm
from resellers.models import TransferKind
from resellers.money import CURRENCIES
from resellers.tables import CSV_TYPE, XLSX_TYPE, csv_lines, xlsx_pieces

CHOSEN = "chosen"
CHOSEN_LIMIT = 1_000
LIST_ALONE = ("p", "all", ERROR_FLAG)
"""Parameters of the list that choose no rows."""


class ExportPage:
    """One request for an export; `owner` is the admin class of the list."""

    def __init__(self, owner: Any, request: HttpRequest) -> None:
        self.owner, self.request = owner, request
        self.kind: TransferKind = owner.transfer_kind

    def ask_for(self, rows: QuerySet[Any]) -> HttpResponse | None:
        """The page for rows that were chosen on the list."""
        ids = list(dict.fromkeys(rows.values_list("pk", flat=True)[: CHOSEN_LIMIT + 1]))
        if len(ids) > CHOSEN_LIMIT:
            self.owner.message_user(
                self.request,
                f"Choose at most {CHOSEN_LIMIT:,} rows, or export the filtered list.",
                "error",
            )
            return None
        return self._ask(len(ids), ExportForm(label_suffix=""), chosen=ids)

    def answer(self) -> HttpResponseBase:
        """Ask on GET; on POST write it down and hand the file out."""
        try:
            rows = self._rows()
        except IncorrectLookupParameters:
            page = self.owner.transfer_url("changelist")
            return HttpResponseRedirect(f"{page}?{ERROR_FLAG}=1")
        if self.request.method != "POST":
            return self._ask(rows.count(), ExportForm(label_suffix=""))
        form = ExportForm(self.request.POST, label_suffix="")
        ids = list(rows.values_list("pk", flat=True)[: LIMIT + 1])
        if not form.is_valid():
            return self._ask(len(ids), form)
        return self._export(ids, form)

    def _export(self, ids: list[UUID], form: ExportForm) -> HttpResponseBase:
        file_format = form.cleaned_data["file_format"]
        try:
            table = self._table(ids, file_format)
            record_export(
                kind=self.kind,
                file_format=file_format,
                rows=len(ids),
                filters=self._filters(),
                actor=person(self.request),
            )
        except DomainError as refusal:
            form.add_error(None, refusal.detail)
            return self._ask(len(ids), form)
        return _file(table, file_format, f"{self.kind}-{clock.now():%Y-%m-%d}")

    def _rows(self) -> QuerySet[Any]:
        """Those that were chosen, else those of the list as the address filters it."""
        plain = self.request.GET.copy()
        for name in LIST_ALONE:
            plain.pop(name, None)
        self.request.GET = plain  # type: ignore[assignment]  # a copy without the page
        rows: QuerySet[Any] = self.owner.get_changelist_instance(self.request).queryset
        if CHOSEN in self.request.POST:
            chosen = self.request.POST[CHOSEN].split(",")[:CHOSEN_LIMIT]
            rows = self.owner.get_queryset(self.request).filter(pk__in=_uuids(chosen))
            rows = rows.order_by(*self.owner.get_ordering(self.request))
        return rows

    def _table(self, ids: list[UUID], file_format: str) -> Table:
        at = clock.now()
        asked = self.request.GET.get("currency", "").upper()
        currency = asked if asked in CURRENCIES else settings.PROGRAMME_CURRENCY
        if self.kind == TransferKind.SALES:
            return sales_table(ids)
        if self.kind == TransferKind.REFERRALS:
            return referrals_table(ids, currency=currency, at=at)
        return resellers_table(
            ids,
            currency=currency,
            at=at,
            sees_finance=rights.may(person(self.request), rights.FINANCE),
            is_workbook=file_format == "xlsx",
        )

    def _filters(self) -> dict[str, str]:
        """The list's filters by name, as the trail keeps them."""
        if CHOSEN in self.request.POST:
            return {CHOSEN: "by hand"}
        lists = self.request.GET.lists()
        return {name: ", ".join(map(str, values)) for name, values in lists}

    def _ask(
        self, count: int, form: ExportForm, chosen: list[UUID] | None = None
    ) -> HttpResponse:
        query = self.request.GET.urlencode()
        asked = f"?{query}" if query else ""
        context = self.owner.transfer_context(
            self.request,
            title=f"Export {self.kind}",
            form=form,
            formats=FORMATS,
            count=count,
            is_too_long=count > LIMIT,
            limit=LIMIT,
            filters=self._filters() if chosen is None else {},
            chosen=",".join(map(str, chosen or [])),
            action=self.owner.transfer_url("export") + asked,
            way_back=self.owner.transfer_url("changelist") + asked,
        )
        status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
        template = "admin/resellers/transfers/export.html"
        return TemplateResponse(self.request, template, context, status=status)


def _uuids(texts: list[str]) -> Iterator[UUID]:
    for text in texts:
        try:
            yield UUID(text)
        except ValueError:
            continue


def _file(table: Table, file_format: str, name: str) -> StreamingHttpResponse:
    """The rows as they are read: neither the file nor the table is ever whole here."""
    is_workbook = file_format == "xlsx"
    write: Any = xlsx_pieces if is_workbook else csv_lines
    return StreamingHttpResponse(
        write(table.header, table.rows),
        content_type=XLSX_TYPE if is_workbook else CSV_TYPE,
        headers={"Content-Disposition": f'attachment; filename="{name}.{file_format}"'},
    )
