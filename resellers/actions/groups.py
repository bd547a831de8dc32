"""Groups of rights: what the staff in them may see and change.

Only a superuser writes them, and no group is deleted: one without rights or people
does no harm. Source: 9-quality, section 6.
"""

from collections.abc import Iterable

from django.contrib.auth.models import Group, Permission
from django.db import transaction

from resellers import audit
from resellers.errors import PermissionRefused
from resellers.models import Actor, User


@transaction.atomic
def make_group(*, name: str, permissions: Iterable[Permission], actor: Actor) -> Group:
    """Raises PermissionRefused (403), ValidationError for a taken name."""
    refuse_others(actor)
    group = Group(name=name)
    group.full_clean()
    group.save(force_insert=True)
    group.permissions.set(permissions)
    after = {"name": name, "permissions": rights_of(group)}
    audit.record(actor, "group.created", group, after=after)
    return group


@transaction.atomic
def change_group(
    group: Group, *, name: str, permissions: Iterable[Permission], actor: Actor
) -> Group:
    """Rename it or change its rights; equal facts change nothing.

    Raises PermissionRefused (403), ValidationError for a taken name.
    """
    refuse_others(actor)
    row = Group.objects.select_for_update().get(pk=group.pk)
    before = {"name": row.name, "permissions": rights_of(row)}
    row.name = name
    row.full_clean()
    row.save(update_fields=["name"])
    row.permissions.set(permissions)
    after = {"name": row.name, "permissions": rights_of(row)}
    changed = [field for field in before if before[field] != after[field]]
    if changed:
        audit.record(
            actor,
            "group.changed",
            row,
            before={field: before[field] for field in changed},
            after={field: after[field] for field in changed},
        )
    return row


def refuse_others(actor: Actor) -> None:
    if actor is not None and not (isinstance(actor, User) and actor.is_superuser):
        raise PermissionRefused("Only a superuser changes rights.")


def rights_of(group: Group) -> list[str]:
    return sorted(group.permissions.values_list("codename", flat=True))
