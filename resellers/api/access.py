"""Who may do what of `/api/admin`: the key's scope and the person's permission.

A session has no scopes, its person's permissions decide. An action is done by the key
when one was used, so that the trail names it. Source: 5-resellers, sections 8 and 9.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from rest_framework.exceptions import NotAuthenticated, PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from resellers import rights
from resellers.api.names import respoken, spoken
from resellers.errors import PermissionRefused
from resellers.models import AccessKey, Actor, User


@dataclass(frozen=True)
class Right:
    """What a key must carry, and what its person must be permitted."""

    scope: str
    permissions: tuple[str, ...]


READ = Right("resellers:read", (rights.VIEW,))
WRITE = Right("resellers:write", (rights.CHANGE,))
CREATE = Right("resellers:write", (rights.ADD, rights.CHANGE))
SELL = Right("sales:write", (rights.ADD_SALE,))
FINANCE = Right("finance", (rights.FINANCE,))


class StaffViewSet(GenericViewSet[Any]):
    """Base of `/api/admin`: `needs` names the right of each action.

    Raises PermissionRefused, which names the permission, before anything is looked up.
    """

    needs: ClassVar[Mapping[str, Right]] = {}
    entry_problems = (PermissionRefused,)
    actor: Actor

    @property
    def scopes(self) -> dict[str, str]:
        """What `DeclaredPermission` asks of a key."""
        return {action: right.scope for action, right in self.needs.items()}

    def check_permissions(self, request: Request) -> None:
        super().check_permissions(request)
        self.actor = actor_of(request)
        for permission in self.needs[self.action].permissions:
            rights.require(self.actor, permission)

    def sees_finance(self) -> bool:
        return has_scope(self.request, FINANCE) and rights.may(
            self.actor, rights.FINANCE
        )

    def require_finance(self, names: Iterable[str] = ()) -> None:
        """Refuse a body with one of these columns to whom lacks the right of finance.

        Without names the call itself needs it. Raises PermissionDenied
        (`insufficient_scope`) and PermissionRefused.
        """
        body = self.request.data
        given = body.keys() if isinstance(body, dict) else ()
        touched = [name for name in names if spoken(name) in given]
        if names and not touched:
            return
        if not has_scope(self.request, FINANCE):
            raise PermissionDenied(
                f"The access key lacks the scope {FINANCE.scope}.",
                code="insufficient_scope",
            )
        field = touched[0] if touched else None
        for permission in FINANCE.permissions:
            rights.require(self.actor, permission, field=field)

    def handle_exception(self, exc: Exception) -> Response:
        return super().handle_exception(respoken(exc))


def actor_of(request: Request) -> Actor:
    """The key that was used, else the person of the session."""
    key, who = request.auth, request.user
    if isinstance(key, AccessKey):
        return key
    if not isinstance(who, User | AccessKey):
        raise NotAuthenticated
    return who


def has_scope(request: Request, right: Right) -> bool:
    """Whether the key carries the right's scope; a session has no scopes."""
    key = request.auth
    return not isinstance(key, AccessKey) or key.has_scope(right.scope)
