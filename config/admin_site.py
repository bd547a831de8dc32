"""The administration, entered through the same door as everything else."""

from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse
from django.views.decorators.http import require_safe

from config import staff
from resellers.desk.deeds import person


class ConsignAdminSite(AdminSite):
    """No second sign-in form: lockout, second factor and fresh proofs hold here, too.

    Its front page is what waits for staff, and nothing is ever deleted in bulk.
    """

    site_header = site_title = "Consign"
    index_title = "Waiting for staff"
    index_template = "admin/desk/index.html"
    enable_nav_sidebar = False

    def __init__(self, name: str = "admin") -> None:
        super().__init__(name)
        self.disable_action("delete_selected")

    def get_urls(self) -> list[URLPattern | URLResolver]:
        system = self.admin_view(require_safe(self.system))
        return [path("system/", system, name="system"), *super().get_urls()]

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        front = staff.front_page(person(request))
        return super().index(request, {**front, **(extra_context or {})})

    def system(self, request: HttpRequest) -> HttpResponse:
        """How the machine does: the figures of /metrics, the clock, dead jobs."""
        who = person(request)
        if not who.has_perm(staff.VIEW_JOBS):
            raise PermissionDenied
        context = {
            **self.each_context(request),
            "title": "System",
            **staff.system_page(who),
        }
        return TemplateResponse(request, "admin/desk/system.html", context)

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if self.has_permission(request):
            return HttpResponseRedirect(reverse("admin:index"))
        if request.user.is_authenticated:
            raise PermissionDenied
        target = request.GET.get("next") or reverse("admin:index")
        return redirect_to_login(target, reverse("account_login"))

    def password_change(  # type: ignore[override]  # nothing of the page is left
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return HttpResponseRedirect(reverse("account_change_password"))
