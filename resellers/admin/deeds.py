"""Admin classes whose rows change by actions only: read-only fields and buttons.

A deed is a button on a row's page. It posts to its own address, calls its action with
the signed-in person as actor, and shows the refusal's sentence when there is one.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_POST

from resellers.errors import DomainError

Row = TypeVar("Row", bound=models.Model)


@dataclass(frozen=True)
class Deed:
    """One button: its word in the address, its label, its action, when it is there."""

    word: str
    label: str
    action: Callable[..., Any]
    when: Callable[[Any], bool]
    reason: bool = False


class ReadOnlyAdmin(admin.ModelAdmin[Row]):
    """Nothing is added, changed or deleted here."""

    show_full_result_count = False
    list_per_page = 50

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(
        self, request: HttpRequest, obj: Row | None = None
    ) -> bool:
        return False

    def has_delete_permission(
        self, request: HttpRequest, obj: Row | None = None
    ) -> bool:
        return False


class DeedAdmin(ReadOnlyAdmin[Row]):
    """Read-only fields, and the deeds that the row's state allows."""

    deeds: ClassVar[Sequence[Deed]] = ()
    change_form_template = "admin/resellers/deeds.html"

    def may(self, request: HttpRequest) -> bool:
        """Whether this person changes rows: the model's change permission."""
        meta = self.model._meta
        return request.user.has_perm(f"{meta.app_label}.change_{meta.model_name}")

    def get_urls(self) -> list[URLPattern]:
        meta = self.model._meta
        own = [
            path(
                f"<path:object_id>/{deed.word}",
                self.admin_site.admin_view(require_POST(self._door(deed))),
                name=f"{meta.app_label}_{meta.model_name}_{deed.word}",
            )
            for deed in self.deeds
        ]
        return own + super().get_urls()

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        row = self.get_object(request, object_id)
        shown = row is not None and self.may(request)
        deeds = [deed for deed in self.deeds if shown and deed.when(row)]
        meta = self.model._meta
        buttons = [
            {
                "deed": deed,
                "url": reverse(
                    f"admin:{meta.app_label}_{meta.model_name}_{deed.word}",
                    args=[object_id],
                ),
            }
            for deed in deeds
        ]
        return super().change_view(
            request, object_id, form_url, {**(extra_context or {}), "buttons": buttons}
        )

    def _door(self, deed: Deed) -> Callable[..., HttpResponse]:
        def perform(request: HttpRequest, object_id: str) -> HttpResponse:
            row = get_object_or_404(self.get_queryset(request), pk=object_id)
            if not self.may(request):
                raise PermissionDenied
            facts = {"reason": request.POST.get("reason", "")} if deed.reason else {}
            try:
                deed.action(row, **facts, actor=request.user)
            except DomainError as refusal:
                messages.error(request, refusal.detail)
            else:
                messages.success(request, f"{deed.label}: done.")
            meta = self.model._meta
            page = f"admin:{meta.app_label}_{meta.model_name}_change"
            return HttpResponseRedirect(reverse(page, args=[row.pk]))

        return perform
