"""Onboarded providers and their members, as staff keep them.

A provider is made with its commission account, and members belong to one provider.
Source: 4-marketplace, section 1 (Provider, ProviderMember).
"""

import re
from typing import Any

from django.db import IntegrityError, transaction

from marketplace.errors import (
    AlreadyMember,
    InvalidPubkey,
    LastOwner,
    NotOnboarded,
    PubkeyTaken,
    RoleUnknown,
)
from marketplace.models import Provider, ProviderKind, ProviderMember, ProviderRole
from marketplace.models.fields import random_key
from resellers import audit
from resellers.actions.accounts import open_account, rename_account
from resellers.errors import NotFound
from resellers.models import AccountKind, Actor, User

HOLD_DAYS = 7
CODE_CHARACTERS = 12
EDITABLE = {
    "name",
    "domain",
    "website_url",
    "logo_url",
    "description",
    "support_email",
    "support_hours",
    "support_url",
    "refund_policy",
    "data_source",
}


@transaction.atomic
def onboard_provider(
    *, name: str, pubkey: str = "", actor: Actor, **facts: str
) -> Provider:
    """Make an onboarded provider and its account; without a key it gets a random one.

    `facts` are the editable columns. Raises InvalidPubkey, PubkeyTaken,
    ValidationError.
    """
    key = pubkey.strip().lower() or random_key()
    if not re.fullmatch(r"[0-9a-f]{64}", key):
        raise InvalidPubkey(field="pubkey")
    if Provider.objects.filter(pubkey=key).exists():
        raise PubkeyTaken(field="pubkey")
    provider = Provider(kind=ProviderKind.ONBOARDED, pubkey=key, name=name)
    for field, value in editable(facts).items():
        setattr(provider, field, value)
    provider.account = open_account(
        kind=AccountKind.PROVIDER,
        owner_ref=key,
        code=f"PR-{key[:CODE_CHARACTERS]}",
        name=name,
        hold_days=HOLD_DAYS,
        actor=actor,
    )
    provider.full_clean()
    provider.save(force_insert=True)
    after = {"kind": provider.kind, "name": name, **editable(facts)}
    audit.record(actor, "provider.created", provider, after=after)
    return provider


@transaction.atomic
def edit_provider(provider: Provider, *, actor: Actor, **facts: str) -> Provider:
    """Change what people read about a provider; key and kind never change.

    Equal facts change nothing. Raises ValidationError.
    """
    row = Provider.objects.select_for_update(no_key=True).get(pk=provider.pk)
    wanted = editable(facts)
    changed = {n: v for n, v in wanted.items() if getattr(row, n) != v}
    if not changed:
        return row
    before = {name: getattr(row, name) for name in changed}
    for name, value in changed.items():
        setattr(row, name, value)
    row.full_clean()
    row.save(update_fields=list(changed))
    audit.record(actor, "provider.changed", row, before=before, after=changed)
    if "name" in changed and row.account is not None:
        rename_account(row.account, name=row.name, actor=actor)
    return row


@transaction.atomic
def add_member(
    provider: Provider, *, user: User, role: str, actor: Actor
) -> ProviderMember:
    """Let a person act for an onboarded provider; one person, one provider.

    The same membership again changes nothing. Raises AlreadyMember, NotOnboarded.
    """
    if provider.kind != ProviderKind.ONBOARDED:
        raise NotOnboarded
    known_role(role)
    try:
        with transaction.atomic():
            member = ProviderMember.objects.create(
                provider=provider, user=user, role=role
            )
    except IntegrityError as refused:
        there = ProviderMember.objects.filter(user=user).first()
        if there is None:
            raise
        if (there.provider_id, there.role) == (provider.pk, role):
            return there
        raise AlreadyMember(field="user") from refused
    audit.record(
        actor, "member.added", provider, after={"user": str(user.pk), "role": role}
    )
    return member


@transaction.atomic
def change_role(member: ProviderMember, *, role: str, actor: Actor) -> ProviderMember:
    """Give a member another role. Raises LastOwner."""
    known_role(role)
    row = locked_member(member)
    if row.role == role:
        return row
    refuse_last_owner(row)
    before, row.role = row.role, role
    row.save(update_fields=["role"])
    audit.record(
        actor,
        "member.changed",
        row.provider,
        before={"user": str(row.user_id), "role": before},
        after={"user": str(row.user_id), "role": role},
    )
    return row


@transaction.atomic
def remove_member(member: ProviderMember, *, actor: Actor) -> None:
    """End a membership: the one row of the marketplace that may go.

    Raises LastOwner.
    """
    row = locked_member(member)
    refuse_last_owner(row)
    before = {"user": str(row.user_id), "role": row.role}
    audit.record(actor, "member.removed", row.provider, before=before)
    row.delete()


def editable(facts: dict[str, str]) -> dict[str, Any]:
    unknown = set(facts) - EDITABLE
    if unknown:
        raise TypeError(f"not editable: {', '.join(sorted(unknown))}")
    return dict(facts)


def known_role(role: str) -> None:
    if role not in ProviderRole.values:
        raise RoleUnknown(field="role")


def locked_member(member: ProviderMember) -> ProviderMember:
    """The member under the provider's lock: two owners cannot both leave at once.

    Raises NotFound when somebody else has removed it meanwhile.
    """
    Provider.objects.select_for_update(no_key=True).get(pk=member.provider_id)
    members = ProviderMember.objects.select_related("provider")
    row = members.filter(pk=member.pk).first()
    if row is None:
        raise NotFound
    return row


def refuse_last_owner(member: ProviderMember) -> None:
    owners = ProviderMember.objects.filter(
        provider=member.provider_id, role=ProviderRole.OWNER
    )
    if member.role == ProviderRole.OWNER and not owners.exclude(pk=member.pk).exists():
        raise LastOwner
