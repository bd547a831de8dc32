"""People: made and changed by actions; passwords are chosen by their owners."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from resellers.actions import users
from resellers.desk.admins import DeskAdmin
from resellers.desk.submitting import form_page
from resellers.errors import submit
from resellers.models import User


class CreateUserForm(forms.Form):
    email = forms.EmailField(label="E-mail address", max_length=255)
    name = forms.CharField(max_length=200, required=False)
    is_staff = forms.BooleanField(
        label="Staff", required=False, help_text="May enter the administration"
    )


class EditUserForm(forms.Form):
    email = forms.EmailField(label="E-mail address", max_length=255)
    name = forms.CharField(max_length=200, required=False)
    is_active = forms.BooleanField(
        label="Active", required=False, help_text="Without it nobody can sign in"
    )
    is_staff = forms.BooleanField(
        label="Staff", required=False, help_text="May enter the administration"
    )
    is_superuser = forms.BooleanField(
        label="Superuser", required=False, help_text="May do everything"
    )
    groups = forms.ModelMultipleChoiceField(Group.objects.all(), required=False)
    reason = forms.CharField(max_length=200, required=False)


@admin.register(User)
class UserAdmin(DeskAdmin[User]):
    list_display = ["email", "name", "is_active", "is_staff", "last_login"]
    list_filter = ["is_active", "is_staff", "is_superuser", "groups"]
    search_fields = ["email", "name"]
    ordering = ["email", "id"]
    exclude = ["password", "user_permissions"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return admin.ModelAdmin.has_add_permission(self, request)

    def has_change_permission(
        self, request: HttpRequest, obj: User | None = None
    ) -> bool:
        return admin.ModelAdmin.has_change_permission(self, request, obj)

    def add_view(
        self,
        request: HttpRequest,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = CreateUserForm(request.POST or None)
        made = None
        if request.method == "POST":
            made = submit(form, users.create_user, actor=request.user)
        if made is None:
            return form_page(self, request, form, title="Add a user", button="Add user")
        messages.success(request, f"{made.email} was added; no password is set yet.")
        return HttpResponseRedirect(self._page(made))

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        user = self.get_object(request, object_id)
        if user is None or not self.has_change_permission(request, user):
            return super().change_view(request, object_id, form_url, extra_context)
        names = [name for name in EditUserForm.base_fields if name != "reason"]
        initial = {name: getattr(user, name) for name in names if name != "groups"}
        initial["groups"] = user.groups.all()
        form = EditUserForm(request.POST or None, initial=initial)
        done = None
        if request.method == "POST":
            done = submit(form, users.edit_user, user, actor=request.user)
        if done is None:
            context = self.desk_context(request, user)
            return form_page(self, request, form, row=user, **context)
        messages.success(request, f"{user.email} was changed.")
        return HttpResponseRedirect(self._page(user))

    def _page(self, user: User) -> str:
        return reverse("admin:resellers_user_change", args=[user.pk])
