"""Admin classes whose rows change by actions only.

`DeskAdmin` is read-only with buttons; `ActionAdmin` adds the stock form, whose saving
is an action as well. Neither deletes, and both tell history from the audit trail.
"""

from collections.abc import Callable, Iterable, Sequence
from http import HTTPStatus
from typing import Any, ClassVar, TypeVar

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path

from resellers import audit
from resellers.desk import deeds, history
from resellers.desk.deeds import Deed
from resellers.desk.forms import ActionForm
from resellers.desk.media import LeanMedia
from resellers.desk.paging import LeanPaginator
from resellers.errors import DomainError
from resellers.models import AuditEntry, User
from resellers.models.audit_entry import AuditEntryQuerySet

Row = TypeVar("Row", bound=models.Model)

LATEST = 5
EVENTS_PER_PAGE = 50
SELECTED_LIMIT = 200
REFUSAL = "consign.refusal"


class DeskAdmin(LeanMedia, admin.ModelAdmin[Row]):
    """Nothing is added, edited or deleted here; deeds are what the row's state allows.

    The right to change rows of the model is the right to its buttons.
    """

    deeds: ClassVar[Sequence[Deed]] = ()
    paginator = LeanPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    list_per_page = 50
    change_form_template = "admin/desk/change_form.html"

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

    def has_deed_permission(self, request: HttpRequest) -> bool:
        """Whether this person presses buttons: the model's change permission."""
        meta = self.model._meta
        return request.user.has_perm(f"{meta.app_label}.change_{meta.model_name}")

    def get_urls(self) -> list[URLPattern]:
        own = [
            path(
                f"<path:object_id>/{deed.word}/",
                self.admin_site.admin_view(
                    deeds.door(self, deed, self.has_deed_permission)
                ),
                name=deeds.url_name(self.model, deed.word).removeprefix("admin:"),
            )
            for deed in self.deeds
        ]
        return own + super().get_urls()

    def trail_of(self, row: Row) -> tuple[str, str]:
        """Type and reference under which the row's changes are filed."""
        return audit.identity(row)

    def trail_entries(self, row: Row) -> AuditEntryQuerySet:
        """The row's trail, newest first, with what `events` reads of it."""
        return audit.entries(*self.trail_of(row)).order_by("-id")

    def events(self, row: Row, entries: Iterable[AuditEntry]) -> list[history.Event]:
        """Entries of the row's trail in words."""
        return history.events(entries)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        row = self.get_object(request, unquote(object_id)) if object_id else None
        context = {} if row is None else self.desk_context(request, row)
        return super().changeform_view(
            request, object_id, form_url, {**context, **(extra_context or {})}
        )

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        title = history.words(str(self.opts.verbose_name_plural))
        return super().changelist_view(
            request, {"title": title, **(extra_context or {})}
        )

    def desk_context(self, request: HttpRequest, row: Row) -> dict[str, Any]:
        """Buttons and the latest of the trail, for the row's page."""
        may = self.has_deed_permission(request)
        latest = self.trail_entries(row)[:LATEST]
        return {
            "title": str(row),
            "subtitle": None,
            "buttons": deeds.buttons(list(self.deeds), row, request) if may else [],
            "latest": self.events(row, latest),
        }

    def history_view(
        self,
        request: HttpRequest,
        object_id: str,
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The row's audit entries, newest first."""
        row = self.get_object(request, unquote(object_id))
        if row is None:
            return super().history_view(request, object_id, extra_context)
        if not self.has_view_or_change_permission(request, row):
            raise PermissionDenied
        page = Paginator(self.trail_entries(row), EVENTS_PER_PAGE).get_page(
            request.GET.get("p")
        )
        context = {
            **self.admin_site.each_context(request),
            "title": "History",
            "subtitle": str(row),
            "opts": self.opts,
            "original": row,
            "page": page,
            "events": self.events(row, page.object_list),
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/desk/history.html", context)

    def each_selected(
        self,
        request: HttpRequest,
        rows: QuerySet[Row],
        action: Callable[..., Any],
        done: str,
    ) -> None:
        """Call an action for each selected row and say how many it was done for."""
        chosen = list(rows[: SELECTED_LIMIT + 1])
        if len(chosen) > SELECTED_LIMIT:
            messages.error(request, f"Choose at most {SELECTED_LIMIT} rows at once.")
            return
        count = 0
        for row in chosen:
            try:
                action(row, actor=deeds.person(request))
            except (DomainError, ValidationError) as refusal:
                messages.warning(request, f"{row}: {sentence(refusal)}")
            else:
                count += 1
        if count:
            messages.success(request, f"{done}: {count}.")


class ActionAdmin(DeskAdmin[Row]):
    """The stock form of a model whose saving is an action.

    What the action refuses lands on the form; a refused form is 422.
    """

    form = ActionForm

    def has_change_permission(
        self, request: HttpRequest, obj: Row | None = None
    ) -> bool:
        return self.has_deed_permission(request)

    def edit(self, row: Row, facts: dict[str, Any], actor: User) -> None:
        """Call the action that changes these facts of the row."""
        raise NotImplementedError

    def add(self, facts: dict[str, Any], actor: User) -> Row:
        """Call the action that makes the row."""
        raise NotImplementedError

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        view = super().changeform_view
        one_way = {"show_save_and_continue": False, "show_save_and_add_another": False}
        extra_context = {**one_way, **(extra_context or {})}
        try:
            page = view(request, object_id, form_url, extra_context)
        except (DomainError, ValidationError) as refusal:
            request.META[REFUSAL] = refusal
            page = view(request, object_id, form_url, extra_context)
        if request.method == "POST" and isinstance(page, TemplateResponse):
            page.status_code = HTTPStatus.UNPROCESSABLE_ENTITY
        return page

    def get_form(
        self,
        request: HttpRequest,
        obj: Row | None = None,
        change: bool = False,  # noqa: FBT001, FBT002 -- Django's signature
        **options: Any,
    ) -> type[forms.ModelForm[Row]]:
        form = super().get_form(request, obj, change, **options)
        refusal = request.META.get(REFUSAL)
        return type(form.__name__, (form,), {"refusal": refusal}) if refusal else form

    def formfield_for_dbfield(
        self, db_field: Any, request: HttpRequest, **options: Any
    ) -> Any:
        """A choice of related rows without the links to add, edit and delete them."""
        field = super().formfield_for_dbfield(db_field, request, **options)
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
        return field

    def save_model(
        self,
        request: HttpRequest,
        obj: Row,
        form: Any,
        change: bool,  # noqa: FBT001 -- Django's signature
    ) -> None:
        if not change:
            obj.pk = self.add(form.cleaned_data, deeds.person(request)).pk
            obj.refresh_from_db()
        elif facts := form.facts():
            self.edit(obj, facts, deeds.person(request))

    def save_related(self, *_: Any) -> None:
        """The action wrote what belongs to the row."""

    def log_addition(self, *_: Any) -> None:  # type: ignore[override]  # audited
        """The action wrote the audit entry; Django's own log stays empty."""

    def log_change(self, *_: Any) -> None:  # type: ignore[override]  # audited
        """The same."""


def sentence(refusal: DomainError | ValidationError) -> str:
    if isinstance(refusal, DomainError):
        return refusal.detail
    return " ".join(refusal.messages)
