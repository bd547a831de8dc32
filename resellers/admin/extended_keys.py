"""The catalogue of extended keys: how often each is used, which look alike, renaming.

`ExtendedKeysMixin` stands among the bases of the resellers' admin. A renaming is tried
first: the page lists what would change, and who would be skipped. Source: 5-resellers,
section 3.
"""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_safe

from resellers.actions.extended_keys import RenameResult, rename_key
from resellers.desk.admins import DeskAdmin
from resellers.desk.deeds import person
from resellers.errors import submit
from resellers.extended_catalogue import catalogue
from resellers.forms.extended_keys import RenameKeyForm
from resellers.models import Reseller

KEYS_PER_PAGE = 100
SHOWN = 50
PAGE = "admin:resellers_reseller_extended-keys"
TEMPLATES = "admin/resellers/extended_keys"


class ExtendedKeysMixin(DeskAdmin[Reseller]):
    """Pages under `…/extended-keys/`."""

    def get_urls(self) -> list[URLPattern]:
        name = "resellers_reseller_extended-keys"
        view = self.admin_site.admin_view
        own = [
            path("extended-keys/", view(require_safe(self.extended_keys)), name=name),
            path(
                "extended-keys/rename/", view(self.rename_view), name=f"{name}_rename"
            ),
        ]
        return own + super().get_urls()

    def extended_keys(self, request: HttpRequest) -> HttpResponse:
        """Every key, with its use and those it resembles."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        search = request.GET.get("q", "").strip()
        keys = catalogue(search)
        context = {
            "title": "Extended keys",
            "search": search,
            "count": len(keys),
            "page": Paginator(keys, KEYS_PER_PAGE).get_page(request.GET.get("p")),
            "may_rename": self.has_deed_permission(request),
        }
        return self._keys_page(request, "list", context)

    def rename_view(self, request: HttpRequest) -> HttpResponse:
        """Asked with both names it says what would happen; POST does it."""
        if not self.has_deed_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            form = RenameKeyForm(request.POST)
            done = submit(form, rename_key, dry_run=False, actor=person(request))
            if done is not None:
                messages.success(request, done_words(form.cleaned_data, done))
                return HttpResponseRedirect(reverse(PAGE))
            return self._ask_name(request, form, None)
        if "new" not in request.GET:
            initial = {"old": request.GET.get("old", "")}
            return self._ask_name(request, RenameKeyForm(initial=initial), None)
        form = RenameKeyForm(request.GET)
        return self._ask_name(
            request,
            form,
            submit(form, rename_key, dry_run=True, actor=person(request)),
        )

    def _ask_name(
        self, request: HttpRequest, form: RenameKeyForm, tried: RenameResult | None
    ) -> HttpResponse:
        old = str(form["old"].value() or "")
        context = {
            "title": f"Rename {old}" if old else "Rename a key",
            "form": form,
            "old": old,
            "new": str(form["new"].value() or "").strip().lower(),
            "tried": tried,
            "parts": [] if tried is None else parts(tried),
        }
        return self._keys_page(request, "rename", context, is_refused=bool(form.errors))

    def _keys_page(
        self,
        request: HttpRequest,
        page: str,
        context: dict[str, Any],
        *,
        is_refused: bool = False,
    ) -> HttpResponse:
        facts = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            **context,
        }
        status = HTTPStatus.UNPROCESSABLE_ENTITY if is_refused else HTTPStatus.OK
        template = f"{TEMPLATES}/{page}.html"
        return TemplateResponse(request, template, facts, status=status)


def parts(tried: RenameResult) -> list[tuple[str, str, list[Reseller], int]]:
    """What would change and what would be skipped: title, note, the first, the rest."""
    both = "They hold both keys; nobody but you knows which value is meant."
    told = [
        ("To rename", "Value and place stay as they are.", tried.changed),
        ("To skip", both, tried.skipped),
    ]
    return [
        (f"{title}: {len(rows):,}", note, rows[:SHOWN], max(len(rows) - SHOWN, 0))
        for title, note, rows in told
        if rows
    ]


def done_words(names: dict[str, str], done: RenameResult) -> str:
    said = f"{names['old']} is {names['new'].lower()} now: {profiles(done.changed)}."
    return f"{said} Skipped: {profiles(done.skipped)}." if done.skipped else said


def profiles(rows: list[Reseller]) -> str:
    return "1 profile" if len(rows) == 1 else f"{len(rows):,} profiles"
