"""Members: who acts for an onboarded provider, in which role."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from marketplace.actions import onboarding
from marketplace.admin import cells
from marketplace.models import Provider, ProviderMember
from resellers import audit
from resellers.desk.admins import ActionAdmin
from resellers.desk.deeds import Deed, asks
from resellers.desk.forms import ActionForm, ConfirmForm
from resellers.models import User


class MemberForm(ActionForm):
    """The person is named by their address, so that nobody scrolls through users."""

    email = forms.EmailField(
        label="E-mail address of the person",
        help_text="Of somebody who has an account and is no member yet.",
    )

    class Meta:
        model = ProviderMember
        fields = ["provider", "role"]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        provider = self.fields.get("provider")
        if isinstance(provider, forms.ModelChoiceField):
            provider.queryset = Provider.objects.onboarded()
        if self.instance.pk is not None:
            self.fields.pop("email", None)

    def clean_email(self) -> User:
        address = self.cleaned_data["email"].lower()
        user = User.objects.filter(email=address, is_active=True).first()
        if user is None:
            raise ValidationError("Nobody who can sign in has this address.")
        return user


@admin.register(ProviderMember)
class ProviderMemberAdmin(ActionAdmin[ProviderMember]):
    form = MemberForm
    list_display = ["user", "provider", "role", "created_at"]
    list_display_links = ["user"]
    list_filter = ["role"]
    list_select_related = ["user", "provider"]
    search_fields = ["user__email"]
    search_help_text = "E-mail address or its beginning, provider's name"
    ordering = ["-id"]
    deeds = [
        Deed(
            "remove",
            "Remove member",
            onboarding.remove_member,
            form=asks(ConfirmForm),
            about="The person no longer acts for this provider. The last owner stays.",
            done="The member was removed.",
            is_dangerous=True,
            removes=True,
        )
    ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return admin.ModelAdmin.has_add_permission(self, request)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ProviderMember]:
        return super().get_queryset(request).select_related("user", "provider")

    def get_fields(
        self, request: HttpRequest, obj: ProviderMember | None = None
    ) -> Any:
        if obj is None:
            return ["provider", "email", "role"]
        return ["person", "sells_for", "role", "created_at"]

    def get_readonly_fields(
        self, request: HttpRequest, obj: ProviderMember | None = None
    ) -> list[str]:
        return [] if obj is None else ["person", "sells_for", "created_at"]

    def get_search_results(
        self,
        request: HttpRequest,
        queryset: QuerySet[ProviderMember],
        search_term: str,
    ) -> tuple[QuerySet[ProviderMember], bool]:
        term = search_term.strip()
        people = Q(user__email__startswith=term.lower())
        found = people | Q(provider__name__icontains=term)
        return (queryset.filter(found) if term else queryset), False

    def trail_of(self, row: ProviderMember) -> tuple[str, str]:
        """Members are told of on their provider."""
        return audit.identity(row.provider)

    def add(self, facts: dict[str, Any], actor: User) -> ProviderMember:
        return onboarding.add_member(
            facts["provider"],
            user=facts["email"],
            role=facts["role"],
            actor=actor,
        )

    def edit(self, row: ProviderMember, facts: dict[str, Any], actor: User) -> None:
        onboarding.change_role(row, role=facts["role"], actor=actor)

    @admin.display(description="person")
    def person(self, member: ProviderMember) -> str:
        return cells.link(member.user)

    @admin.display(description="provider")
    def sells_for(self, member: ProviderMember) -> str:
        return cells.link(member.provider)
