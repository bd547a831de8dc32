"""Contact groups: made, renamed, put in order, switched off; never deleted."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString

from resellers import rights
from resellers.actions import contact_groups
from resellers.admin import cells
from resellers.desk.admins import ActionAdmin
from resellers.desk.forms import ActionForm
from resellers.models import ContactGroup, Reseller, User
from resellers.parsing.forms import LineField

KEYS_LENGTH = 2_000


class KeysField(LineField):
    """Keys with blanks or commas between them."""

    def prepare_value(self, value: Any) -> Any:
        return " ".join(value) if isinstance(value, list) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return split(initial) != split(data)

    def clean(self, value: Any) -> Any:
        return split(super().clean(value))


def split(keys: Any) -> list[str]:
    """The keys of a text; of a list, of whatever was read before, the same."""
    if isinstance(keys, list):
        return [str(key) for key in keys]
    return str(keys or "").replace(",", " ").split()


class ContactGroupForm(ActionForm):
    suggested_keys = KeysField(
        label="Suggested keys",
        max_length=KEYS_LENGTH,
        required=False,
        help_text="Extended values offered on a profile of this group, such as"
        " event_name event_date",
        widget=forms.TextInput(attrs={"size": 60, "spellcheck": "false"}),
    )

    class Meta:
        model = ContactGroup
        fields = [
            "slug",
            "name",
            "description",
            "position",
            "is_active",
            "suggested_keys",
        ]
        widgets = {"description": forms.Textarea(attrs={"rows": 2})}
        help_texts = {"position": "Small numbers come first."}


@admin.register(ContactGroup)
class ContactGroupAdmin(ActionAdmin[ContactGroup]):
    form = ContactGroupForm
    list_display = ["name", "slug", "is_active", "profiles", "keys", "position"]
    list_filter = ["is_active"]
    search_fields = ["name", "slug"]
    search_help_text = "Part of the name or the slug"
    ordering = ["position", "slug"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(rights.CHANGE)

    def has_deed_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(rights.CHANGE)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ContactGroup]:
        rows = super().get_queryset(request)
        return rows.annotate(profile_count=Count("resellers"))

    def get_fields(self, request: HttpRequest, obj: ContactGroup | None = None) -> Any:
        if obj is None:
            return ["slug", "name", "description", "position", "suggested_keys"]
        rest = ["name", "description", "position", "is_active", "suggested_keys"]
        return ["slug", "profiles", *rest]

    def get_readonly_fields(
        self, request: HttpRequest, obj: ContactGroup | None = None
    ) -> list[str]:
        return [] if obj is None else ["slug", "profiles"]

    def add(self, facts: dict[str, Any], actor: User) -> ContactGroup:
        return contact_groups.make_group(**facts, actor=actor)

    def edit(self, row: ContactGroup, facts: dict[str, Any], actor: User) -> None:
        contact_groups.change_group(row, **facts, actor=actor)

    @admin.display(description="profiles", ordering="profile_count")
    def profiles(self, group: ContactGroup) -> SafeString | str:
        count = vars(group).get("profile_count", 0)
        if not count:
            return "none"
        return cells.list_link(Reseller, f"{count:,}", contactGroup=group.slug)

    @admin.display(description="suggested keys")
    def keys(self, group: ContactGroup) -> str:
        return ", ".join(group.suggested_keys) or cells.NONE
