"""Groups of rights, in place of Django's own admin of them, which keeps no trail."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.models import Group, Permission
from django.http import HttpRequest

from resellers.actions import groups
from resellers.desk.admins import ActionAdmin
from resellers.desk.forms import ActionForm
from resellers.models import User

NOT_OFFERED = ("admin", "sessions", "contenttypes", "account", "mfa", "config")


class RightsField(forms.ModelMultipleChoiceField[Permission]):
    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Permission) -> str:
        return f"{obj.content_type.app_label}: {obj.name}"


class GroupForm(ActionForm):
    """No right to delete is offered: nothing is deleted here."""

    permissions = RightsField(
        Permission.objects.exclude(codename__startswith="delete_")
        .exclude(content_type__app_label__in=NOT_OFFERED)
        .exclude(content_type__model="permission")
        .select_related("content_type"),
        label="Rights",
        required=False,
    )

    class Meta:
        model = Group
        fields = ["name", "permissions"]

    def facts(self) -> dict[str, Any]:
        """Both, since the action says what a group is, when one of them changed."""
        return dict(self.cleaned_data) if self.changed_data else {}


class GroupAdmin(ActionAdmin[Group]):
    form = GroupForm
    list_display = ["name"]
    search_fields = ["name"]
    ordering = ["name", "id"]
    fields = ["name", "permissions"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return admin.ModelAdmin.has_add_permission(self, request)

    def add(self, facts: dict[str, Any], actor: User) -> Group:
        return groups.make_group(**facts, actor=actor)

    def edit(self, row: Group, facts: dict[str, Any], actor: User) -> None:
        groups.change_group(row, **facts, actor=actor)


admin.site.unregister(Group)
admin.site.register(Group, GroupAdmin)
