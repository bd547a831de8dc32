"""People: made, renamed, given rights, switched off. Nobody is deleted.

Source: 5-resellers, section 1 (User); 9-quality, section 6.
"""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import Group
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from resellers import audit
from resellers.errors import EmailTaken, Invalid, PermissionRefused
from resellers.models import Actor, Reseller, User

RIGHTS = ("is_active", "is_staff", "is_superuser")


def sign_up(*, email: str, name: str, password: str) -> User:
    """A visitor makes an account; the actor of the entry is the new person.

    Raises ValidationError for a weak password, EmailTaken (409).
    """
    validate_password(password, User(email=email, name=name))
    return _create(None, "user.signed_up", email, name, password)


def create_user(
    *,
    email: str,
    name: str = "",
    is_staff: bool = False,
    is_active: bool = True,
    actor: Actor,
) -> User:
    """Staff make an account; its owner chooses a password by mail.

    One that is not active waits for its invitation.

    Raises PermissionRefused (403) when somebody else than a superuser makes staff.
    """
    if is_staff and isinstance(actor, User) and not actor.is_superuser:
        raise PermissionRefused("Only a superuser adds staff.", field="is_staff")
    rights = {"is_staff": is_staff} | ({} if is_active else {"is_active": False})
    return _create(actor, "user.created", email, name, None, **rights)


@transaction.atomic
def rename_user(user: User, *, name: str, actor: Actor) -> User:
    return _change(user, actor, "user.renamed", name=name)


@transaction.atomic
def change_email(user: User, *, email: str, actor: Actor) -> User:
    """Sign in with another address from now on. Raises EmailTaken (409)."""
    folded = email.strip().lower()
    if folded == user.email:
        return user
    changed = _change(user, actor, "user.email_changed", email=folded)
    for profile in Reseller.objects.for_user(changed).select_related("user"):
        Reseller.objects.filter(pk=profile.pk).update(**profile.search_columns)
    return changed


@transaction.atomic
def change_password(user: User, *, password: str, actor: Actor) -> User:
    """Raises ValidationError for a weak password. Other sessions end with it."""
    validate_password(password, user)
    user.set_password(password)
    user.save(update_fields=["password"])
    audit.record(actor, "user.password_changed", user)
    return user


@transaction.atomic
def change_rights(
    user: User,
    *,
    is_active: bool,
    is_staff: bool,
    is_superuser: bool,
    groups: Iterable[Group],
    reason: str = "",
    actor: Actor,
) -> User:
    """Give or take rights. Only a superuser touches staff, and nobody himself.

    Raises PermissionRefused (403).
    """
    chosen = sorted(groups, key=lambda group: group.name)
    flags = {"is_active": is_active, "is_staff": is_staff, "is_superuser": is_superuser}
    before = {name: getattr(user, name) for name in RIGHTS}
    old_groups = sorted(user.groups.values_list("name", flat=True))
    new_groups = [group.name for group in chosen]
    if flags == before and new_groups == old_groups:
        return user
    _may_change_rights(user, actor)
    for name, value in flags.items():
        setattr(user, name, value)
    user.full_clean(exclude=["password"])
    user.save(update_fields=list(RIGHTS))
    user.groups.set(chosen)
    audit.record(
        actor,
        "user.rights_changed",
        user,
        before={**before, "groups": old_groups},
        after={**flags, "groups": new_groups},
        reason=reason,
    )
    return user


@transaction.atomic
def edit_user(
    user: User,
    *,
    email: str,
    name: str,
    is_active: bool,
    is_staff: bool,
    is_superuser: bool,
    groups: Iterable[Group],
    reason: str = "",
    actor: Actor,
) -> User:
    """The staff's form: each thing that differs is changed by its own action."""
    user = User.objects.select_for_update().get(pk=user.pk)
    if user.is_superuser and isinstance(actor, User) and not actor.is_superuser:
        raise PermissionRefused("Only a superuser changes a superuser.")
    rename_user(user, name=name, actor=actor)
    change_email(user, email=email, actor=actor)
    return change_rights(
        user,
        is_active=is_active,
        is_staff=is_staff,
        is_superuser=is_superuser,
        groups=groups,
        reason=reason,
        actor=actor,
    )


def _may_change_rights(user: User, actor: Actor) -> None:
    if actor is None:
        return
    if not (isinstance(actor, User) and actor.is_superuser):
        raise PermissionRefused("Only a superuser changes rights.")
    if actor.pk == user.pk:
        raise PermissionRefused("Nobody changes their own rights.")


@transaction.atomic
def _create(
    actor: Actor, action: str, email: str, name: str, password: str | None, **facts: Any
) -> User:
    try:
        with transaction.atomic():
            user = User.objects.create_user(email, password, name=name, **facts)
    except IntegrityError:
        raise EmailTaken(field="email") from None
    except ValidationError as refusal:
        raise _taken(refusal) from None
    after = {"email": user.email, "name": user.name, **facts}
    audit.record(
        user if action == "user.signed_up" else actor, action, user, after=after
    )
    return user


def _change(user: User, actor: Actor, action: str, **facts: str) -> User:
    before = {name: getattr(user, name) for name in facts}
    if before == facts:
        return user
    for name, value in facts.items():
        setattr(user, name, value)
    try:
        user.full_clean(exclude=["password"])
        with transaction.atomic():
            user.save(update_fields=list(facts))
    except (IntegrityError, ValidationError) as refusal:
        for name, value in before.items():
            setattr(user, name, value)
        raise _taken(refusal) from None
    audit.record(actor, action, user, before=before, after=facts)
    return user


def _taken(refusal: Exception) -> Exception:
    """The sentence for an address that is in use; any other refusal as it is."""
    if isinstance(refusal, IntegrityError):
        return EmailTaken(field="email")
    if isinstance(refusal, ValidationError) and hasattr(refusal, "error_dict"):
        codes = {error.code for error in refusal.error_dict.get("__all__", [])}
        codes |= {error.code for error in refusal.error_dict.get("email", [])}
        if codes & {"email_taken", "unique"}:
            return EmailTaken(field="email")
        if "email" in refusal.error_dict:
            return Invalid("Give a valid e-mail address.", field="email")
    return refusal
