"""Access keys: who issues and revokes them. The key itself: `resellers.keys`."""

from collections.abc import Iterable

from django.db import transaction

from resellers import audit, keys
from resellers.errors import Invalid, NotFound, PermissionRefused
from resellers.models import AccessKey, Actor, PrincipalKind, User


@transaction.atomic
def issue_key(
    *,
    principal_kind: str,
    user: User | None = None,
    principal_ref: str = "",
    scopes: Iterable[str] = (),
    days: int = 90,
    actor: Actor,
    text: str | None = None,
) -> tuple[AccessKey, str]:
    """A new key and its text, which is shown once; `text` is given by the demo alone.

    Raises TooManyKeys (409), UnknownScope and Invalid (400).
    """
    if (principal_kind == PrincipalKind.USER) != (user is not None):
        raise Invalid("A key of a user names the user, others do not.", field="user")
    if user is None and not principal_ref:
        raise Invalid("Name the provider or partner.", field="principal_ref")
    common = isinstance(actor, User) and not actor.is_superuser
    if common and user is not None and user != actor:
        raise PermissionRefused("A key that stands for another is a superuser's.")
    key, shown = keys.issue(
        principal_kind=principal_kind,
        user=user,
        principal_ref=principal_ref,
        scopes=scopes,
        days=days,
        text=text,
    )
    principal = f"{key.principal_kind}:{key.principal_ref}"
    after = {"principal": principal, "scopes": key.scopes, "days": days}
    audit.record(actor, "access_key.issued", key, after=after)
    return key, shown


@transaction.atomic
def revoke_key(key: AccessKey, *, reason: str = "", actor: Actor) -> AccessKey:
    """Twice is once."""
    if keys.revoke(key):
        audit.record(
            actor,
            "access_key.revoked",
            key,
            before={"revoked_at": None},
            after={"revoked_at": key.revoked_at},
            reason=reason,
        )
    return key


@transaction.atomic
def revoke_prefix(prefix: str, *, actor: Actor) -> AccessKey:
    """Revoke by the public prefix (command `revoke_access_key`); NotFound."""
    key = AccessKey.objects.filter(prefix=prefix).first()
    if key is None:
        raise NotFound("No access key has this prefix.")
    return revoke_key(key, actor=actor)
