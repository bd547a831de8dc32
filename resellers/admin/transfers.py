"""Import and export on the lists of resellers, referrals and sales.

`TransferMixin` stands before `DeskAdmin` in the bases and names its `transfer_kind`;
a list with a template of its own includes `admin/resellers/transfers/_buttons.html`
among its tools. The bulk action `export_selected` stands beside others:
`actions = [..., "export_selected"]`. Source: 5-resellers, section 9.
"""

from collections.abc import Callable
from typing import Any, ClassVar, TypeVar
from uuid import UUID

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_http_methods

from resellers import rights
from resellers.admin.transfer_exports import ExportPage
from resellers.admin.transfer_imports import ImportPage
from resellers.desk.admins import DeskAdmin
from resellers.models import TransferKind

Row = TypeVar("Row", bound=models.Model)
View = Callable[..., HttpResponseBase]

READ_AND_POST = require_http_methods(["GET", "HEAD", "POST"])


class TransferMixin(DeskAdmin[Row]):
    """Buttons for those with the right, and the pages behind them."""

    transfer_kind: ClassVar[TransferKind]
    change_list_template = "admin/resellers/transfers/change_list.html"

    def has_import_permission(self, request: HttpRequest) -> bool:
        """Sales are imported by those who may also record them."""
        may = request.user.has_perm(rights.IMPORT)
        if self.transfer_kind == TransferKind.SALES:
            may = may and request.user.has_perm(rights.ADD_SALE)
        return may and self.has_view_permission(request)

    def has_export_permission(self, request: HttpRequest) -> bool:
        may = request.user.has_perm(rights.EXPORT)
        return may and self.has_view_permission(request)

    def get_urls(self) -> list[URLPattern]:
        views: list[tuple[str, str, View]] = [
            ("import/", "import", self.import_view),
            ("import/<uuid:upload_id>/", "upload", self.upload_view),
            ("export/", "export", self.export_view),
        ]
        own = [
            path(
                route,
                self.admin_site.admin_view(READ_AND_POST(view)),
                name=f"{self.opts.app_label}_{self.opts.model_name}_{role}",
            )
            for route, role, view in views
        ]
        return own + super().get_urls()

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        buttons = {}
        if self.has_import_permission(request):
            buttons["import_url"] = self.transfer_url("import")
        if self.has_export_permission(request):
            query = request.GET.copy()
            query.pop("p", None)
            asked = f"?{query.urlencode()}" if query else ""
            buttons["export_url"] = self.transfer_url("export") + asked
        return super().changelist_view(request, {**buttons, **(extra_context or {})})

    @admin.action(description="Export…", permissions=["export"])
    def export_selected(self, request: HttpRequest, rows: QuerySet[Row]) -> Any:
        """The page of the export, for the chosen rows."""
        return ExportPage(self, request).ask_for(rows)

    def export_view(self, request: HttpRequest) -> HttpResponseBase:
        """How many rows, in which format; then the file."""
        if not self.has_export_permission(request):
            raise PermissionDenied
        return ExportPage(self, request).answer()

    def import_view(self, request: HttpRequest) -> HttpResponse:
        if not self.has_import_permission(request):
            raise PermissionDenied
        return ImportPage(self, request).answer_form()

    def upload_view(self, request: HttpRequest, upload_id: UUID) -> HttpResponse:
        if not self.has_import_permission(request):
            raise PermissionDenied
        return ImportPage(self, request).answer_upload(upload_id)

    def transfer_url(self, role: str, *args: object) -> str:
        name = f"{self.opts.app_label}_{self.opts.model_name}_{role}"
        return reverse(f"admin:{name}", args=args)

    def transfer_context(self, request: HttpRequest, **facts: Any) -> dict[str, Any]:
        """What every page of a transfer shows."""
        return {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "kind": self.transfer_kind,
            "way_back": self.transfer_url("changelist"),
            **facts,
        }
