"""For whom a call acts: a provider (member or key), or a buyer.

Source: 4-marketplace, sections 1 and 8.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from rest_framework.request import Request
from rest_framework.viewsets import GenericViewSet

from marketplace.errors import NotAProviderMember, RoleRequired
from marketplace.models import Provider, ProviderMember, ProviderRole
from resellers.errors import PermissionRefused
from resellers.models import AccessKey, Actor, PrincipalKind, User


class NotABuyer(PermissionRefused):
    code = "not_a_buyer"
    title = "Only people can rent"
    sentence = "Sign in as a person, or use the access key of one."


class Seat:
    """The provider a call acts for, and the role it has there."""

    def __init__(self, provider: Provider, role: str) -> None:
        self.provider = provider
        self.role = role

    def may(self, role: str) -> bool:
        return ProviderMember(role=self.role).may(role)


def seat_of(request: Request) -> Seat | None:
    """A member's seat; a provider's own key acts as owner within its scopes."""
    who: Any = request.user
    if isinstance(who, AccessKey):
        if who.principal_kind != PrincipalKind.PROVIDER:
            return None
        found = Provider.objects.onboarded().filter(pubkey=who.principal_ref).first()
        return Seat(found, ProviderRole.OWNER) if found else None
    if not isinstance(who, User):
        return None
    member = (
        ProviderMember.objects.select_related("provider__account")
        .filter(user=who)
        .first()
    )
    return Seat(member.provider, member.role) if member else None


class MemberViewSet(GenericViewSet[Any]):
    """Base of what providers reach: `roles` names actions that need more than viewer.

    Raises NotAProviderMember and RoleRequired before anything is looked up.
    """

    scope = "marketplace"
    entry_problems = (NotAProviderMember, RoleRequired)
    roles: ClassVar[Mapping[str, str]] = {}
    seat: Seat
    actor: Actor

    def check_permissions(self, request: Request) -> None:
        super().check_permissions(request)
        seat = seat_of(request)
        if seat is None:
            raise NotAProviderMember
        if not seat.may(self.roles.get(self.action, ProviderRole.VIEWER)):
            raise RoleRequired
        who: Any = request.user
        self.seat, self.actor = seat, who


class BuyerViewSet(GenericViewSet[Any]):
    """Base of what people rent: `self.buyer` is the person. Raises NotABuyer."""

    scope = "marketplace"
    entry_problems = (NotABuyer,)
    buyer: User

    def check_permissions(self, request: Request) -> None:
        super().check_permissions(request)
        who: Any = request.user
        if not isinstance(who, User):
            raise NotABuyer
        self.buyer = who
