"""Segments of resellers: made, renamed, put in order, switched off; never deleted.

Source: 5-resellers, section 1.
"""

import re
from collections.abc import Collection, Iterable
from typing import Any

from django.db import IntegrityError, transaction

from resellers import audit, extended, rights
from resellers.contact import read_text
from resellers.errors import AlreadyExists, DomainError, Invalid
from resellers.errors.profiles import InvalidSlug, ReadOnlyField
from resellers.models import Actor, ContactGroup
from resellers.models.versions import check_version

SLUG = re.compile(r"[a-z0-9_]{2,40}", re.ASCII)
NAME_LENGTH, DESCRIPTION_LENGTH, POSITION_LIMIT = 100, 500, 32_767
WRITABLE = {"name", "description", "position", "is_active", "suggested_keys"}


@transaction.atomic
def make_group(
    *,
    slug: str,
    name: str,
    description: str = "",
    position: int = 100,
    suggested_keys: Iterable[str] = (),
    actor: Actor,
) -> ContactGroup:
    """A new group; its slug never changes.

    Raises InvalidSlug, Invalid, the refusals of extended keys at `suggested_keys`
    (400), AlreadyExists (409), PermissionRefused (403).
    """
    rights.require(actor, rights.CHANGE)
    if not SLUG.fullmatch(slug):
        raise InvalidSlug(field="slug")
    told = {
        "name": name,
        "description": description,
        "position": position,
        "suggested_keys": suggested_keys,
    }
    facts = {field: _read(field, value) for field, value in told.items()}
    try:
        with transaction.atomic():
            group = ContactGroup.objects.create(slug=slug, **facts)
    except IntegrityError:
        raise AlreadyExists("This slug is taken.", field="slug") from None
    after = {"slug": slug, **facts}
    audit.record(actor, "contact_group.created", group, after=after)
    return group


@transaction.atomic
def change_group(
    group: ContactGroup,
    *,
    versions: Collection[str] | None = None,
    actor: Actor,
    **facts: Any,
) -> ContactGroup:
    """Change what is given; equal facts write nothing.

    An inactive group stays on its profiles and is chosen no more. Raises ReadOnlyField,
    Invalid (400), PermissionRefused (403), VersionChanged (412).
    """
    rights.require(actor, rights.CHANGE)
    for name in sorted(set(facts) - WRITABLE):
        raise ReadOnlyField(field=name)
    rows = ContactGroup.objects.select_for_update(no_key=True)
    row = rows.get(pk=group.pk)
    check_version(row, versions)
    read = {field: _read(field, value) for field, value in facts.items()}
    changed = {f: value for f, value in read.items() if getattr(row, f) != value}
    if not changed:
        return row
    before = {field: getattr(row, field) for field in changed}
    ContactGroup.objects.filter(pk=row.pk).update(**changed)
    for field, value in changed.items():
        setattr(row, field, value)
    audit.record(actor, "contact_group.changed", row, before=before, after=changed)
    return row


def _read(field: str, value: Any) -> Any:
    if field == "suggested_keys":
        return _keys(value)
    if field == "position":
        return _position(value)
    if field == "is_active":
        return bool(value)
    longest = NAME_LENGTH if field == "name" else DESCRIPTION_LENGTH
    text = read_text(value or "", field, longest)
    if field == "name" and not text:
        raise Invalid("Give the group a name.", field=field)
    return text


def _position(value: int) -> int:
    if not 0 <= value <= POSITION_LIMIT:
        raise Invalid(f"Give a number from 0 to {POSITION_LIMIT}.", field="position")
    return value


def _keys(keys: Iterable[str]) -> list[str]:
    """The keys as profiles would hold them. Raises the refusals of extended keys."""
    try:
        values = extended.read_values([{"key": key, "value": ""} for key in keys])
    except DomainError as refusal:
        refusal.field = "suggested_keys"
        raise
    return [pair["key"] for pair in values]
