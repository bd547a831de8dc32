"""Access keys: issued here, shown once, revoked at once."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.cache import add_never_cache_headers

from resellers import keys
from resellers.actions import keys as actions
from resellers.desk.admins import DeskAdmin
from resellers.desk.deeds import Deed, asks
from resellers.desk.forms import ReasonForm
from resellers.desk.submitting import form_page
from resellers.errors import submit
from resellers.models import AccessKey, PrincipalKind, User


def scope_choices() -> list[tuple[str, str]]:
    known = {scope for scopes in keys.known_scopes().values() for scope in scopes}
    return [(scope, scope) for scope in sorted(known)]


class IssueKeyForm(forms.Form):
    principal_kind = forms.ChoiceField(
        label="Stands for", choices=PrincipalKind.choices
    )
    user = forms.ModelChoiceField(
        User.objects.filter(is_active=True, is_staff=True),
        required=False,
        help_text="For a key of a user",
    )
    principal_ref = forms.CharField(
        label="Public key or id",
        required=False,
        max_length=120,
        help_text="For a key of a provider or partner",
    )
    scopes = forms.MultipleChoiceField(
        choices=scope_choices, widget=forms.CheckboxSelectMultiple
    )
    days = forms.IntegerField(
        label="Days until it expires", min_value=1, max_value=keys.MAX_DAYS, initial=90
    )


@admin.register(AccessKey)
class AccessKeyAdmin(DeskAdmin[AccessKey]):
    list_display = [
        "prefix",
        "principal_kind",
        "principal_ref",
        "created_at",
        "expires_at",
        "revoked_at",
        "last_used_at",
    ]
    list_filter = ["principal_kind"]
    search_fields = ["=prefix", "=principal_ref", "=user__email"]
    search_help_text = "Prefix, principal or e-mail address"
    ordering = ["-created_at", "id"]
    exclude = ["secret_sha256", "slot"]
    deeds = [
        Deed(
            "revoke",
            "Revoke",
            actions.revoke_key,
            lambda key: key.revoked_at is None,
            form=asks(ReasonForm),
            about="The key opens nothing from this moment on, and never again.",
            done="The key was revoked.",
            is_dangerous=True,
        )
    ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return admin.ModelAdmin.has_add_permission(self, request)

    def add_view(
        self,
        request: HttpRequest,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The form; when it is accepted, the key's text on a page shown once."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = IssueKeyForm(request.POST or None)
        issued = None
        if request.method == "POST":
            issued = submit(form, actions.issue_key, actor=request.user)
        if issued is None:
            return form_page(
                self, request, form, title="Issue an access key", button="Issue key"
            )
        key, text = issued
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": "Access key issued",
            "key": key,
            "text": text,
        }
        page = TemplateResponse(request, "admin/resellers/issued.html", context)
        add_never_cache_headers(page)
        return page
