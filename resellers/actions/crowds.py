"""Profiles and referrals by the hundred: the same rows and entries as one by one.

Reading, rights and refusals are those of `actions.profiles` and `actions.referrals`;
only the inserts are gathered, so that a crowd takes few statements. All or nothing:
what the database refuses is an IntegrityError of the whole crowd. Each may have its own
moment. Source: 2-architecture, "What lives where".
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from resellers import audit, clock, rights
from resellers.actions import profiles, rates
from resellers.actions.profile_accounts import NAME_LENGTH, new_code
from resellers.actions.profile_facts import STAFF, read_columns, refuse_others
from resellers.actions.reasons import read_reason
from resellers.actions.referrals import (
    read_customer_email,
    read_customer_ref,
    refuse_inactive,
    told,
)
from resellers.commission import BasisPoints
from resellers.contact import read_email
from resellers.models import (
    Account,
    AccountKind,
    Actor,
    AuditEntry,
    RateScope,
    Referral,
    Reseller,
    ResellerStatus,
    User,
)


@dataclass(frozen=True)
class NewReseller:
    """What `create_reseller` is given for somebody whom nobody knows yet."""

    email: str
    at: datetime
    status: str = ResellerStatus.ACTIVE
    commission_rate: BasisPoints | None = None
    reason: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class NewReferral:
    """What `attribute_customer` is given for a customer who is new to all."""

    reseller: Reseller
    customer_ref: str
    at: datetime
    origin: str
    customer_email: str = ""


@transaction.atomic
def create_resellers(people: Sequence[NewReseller], *, actor: Actor) -> list[Reseller]:
    """Make the profiles, users and accounts of people who are new.

    Raises what `create_reseller` does; IntegrityError for an address that is in use.
    """
    rights.require(actor, rights.ADD)
    made: list[Reseller] = []
    entries: list[AuditEntry] = []
    for person in people:
        with clock.at(person.at):
            row, given = _profile(person, actor)
            made.append(row)
            entries += _entries(row, given, person, actor)
    User.objects.bulk_create([row.user for row in made])
    Account.objects.bulk_create([row.account for row in made])
    Reseller.objects.bulk_create(made)
    AuditEntry.objects.bulk_create(entries)
    for row, person in zip(made, people, strict=True):
        if person.commission_rate is not None:
            with clock.at(person.at):
                rates.set_rate(
                    scope=RateScope.RESELLER,
                    reseller=row,
                    rate=person.commission_rate,
                    reason=person.reason,
                    actor=actor,
                    from_beginning=True,
                    record=False,
                )
    return made


@transaction.atomic
def attribute_customers(
    referrals: Sequence[NewReferral], *, actor: Actor
) -> list[Referral]:
    """Give new customers to resellers, each from its moment on.

    Raises what `attribute_customer` does; IntegrityError for a customer who is
    somebody's.
    """
    made: list[Referral] = []
    for given in referrals:
        refuse_inactive(given.reseller)
        with clock.at(given.at):
            made.append(_referral(given, actor))
    Referral.objects.bulk_create(made)
    entries = []
    for row in made:
        with clock.at(row.created_at):
            action = "referral.created"
            entry = audit.entry_of(actor, action, row.reseller, after=told(row))
            entries.append(entry)
    AuditEntry.objects.bulk_create(entries)
    return made


def _profile(person: NewReseller, actor: Actor) -> tuple[Reseller, dict[str, Any]]:
    """The rows of one person, unwritten, and what differs from an empty profile."""
    refuse_others(person.facts, STAFF)
    profiles.check_start(person.status, imported=False)
    now = clock.now()
    row = Reseller(status=person.status)
    given = profiles.differences(row, read_columns(row, person.facts))
    profiles.demand_finance(given, person.commission_rate or profiles.ABSENT, actor)
    profiles.assign(row, given)
    row.status_changed_at = row.created_at = row.updated_at = now
    name = row.full_name[:NAME_LENGTH]
    row.user = User(email=read_email(person.email), name=name, is_active=False)
    row.user.set_unusable_password()
    row.code = new_code()
    row.account = Account(
        kind=AccountKind.RESELLER,
        owner_ref=str(row.pk),
        code=row.code,
        name=str(row)[:NAME_LENGTH],
        hold_days=row.hold_days,
    )
    profiles.assign(row, row.search_columns)
    row.clean_fields(exclude={"user", "account", "contact_group"})
    return row, given


def _entries(
    row: Reseller, given: Mapping[str, Any], person: NewReseller, actor: Actor
) -> list[AuditEntry]:
    user = {"email": row.user.email, "name": row.user.name}
    user_rights = {"is_staff": False, "is_active": False}
    account = {"code": row.code, "hold_days": row.hold_days}
    after = profiles.told_whole(row, given)
    if person.commission_rate is not None:
        after[profiles.RATE] = person.commission_rate.percent
    why = read_reason(person.reason, required=False)
    return [
        audit.entry_of(actor, "user.created", row.user, after=user | user_rights),
        audit.entry_of(actor, "account.opened", row.account, after=account),
        audit.entry_of(actor, "reseller.created", row, after=after, reason=why),
    ]


def _referral(given: NewReferral, actor: Actor) -> Referral:
    now = clock.now()
    return Referral(
        reseller=given.reseller,
        customer_ref=read_customer_ref(given.customer_ref),
        customer_email=read_customer_email(given.customer_email, given.reseller),
        referred_at=now,
        origin=given.origin,
        created_by=actor if isinstance(actor, User) else None,
        created_at=now,
    )
