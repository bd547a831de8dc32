"""Who may resell whose offerings, at which mark-up. Deleting means suspending.

New terms reach new orders only; open orders run on at theirs. The sort key of the
supplier's offerings follows by a job. Source: 4-marketplace, section 6.
"""

from collections.abc import Collection
from typing import Any

from django.db import IntegrityError, transaction

from marketplace.actions.list_prices import request_list_prices
from marketplace.actions.moves import checked, is_staff
from marketplace.errors import (
    CommissionNotInteger,
    CommissionOutOfRange,
    HoursOutOfRange,
    InvalidStatus,
    NothingToChange,
    NotResellable,
    RelationshipExists,
    SuspendedByStaff,
)
from marketplace.models import (
    Provider,
    ProviderKind,
    ProviderMember,
    RelationshipStatus,
    ResellerRelationship,
    SuspendedBy,
)
from marketplace.models.relationship import COMMISSION_PERCENT_LIMIT
from resellers import audit, pg
from resellers.errors import Invalid, NotFound
from resellers.models import Actor, User
from resellers.models.versions import check_version

ACCEPT_HOURS = range(1, 73)
FULFIL_HOURS = range(1, 337)
REASON_LIMIT = 500
PRICED = {"commission_percent", "status"}
"""What an offer's price or existence hangs on; the hours only its order."""


@transaction.atomic
def become_reseller(
    reseller: Provider,
    *,
    external_provider: Provider,
    commission_percent: int = 10,
    accept_within_hours: int = 12,
    fulfil_within_hours: int = 48,
    actor: Actor,
) -> ResellerRelationship:
    """Begin to resell one external provider; its offers exist from the next query on.

    Raises RelationshipExists (a suspended one, too), CommissionOutOfRange,
    HoursOutOfRange, NotResellable; NotFound for a provider that is not external.
    """
    if external_provider.kind != ProviderKind.EXTERNAL:
        raise NotFound
    if reseller.kind != ProviderKind.ONBOARDED:
        raise NotResellable
    terms = {
        "commission_percent": checked_percent(commission_percent),
        "accept_within_hours": accept_within_hours,
        "fulfil_within_hours": fulfil_within_hours,
    }
    check_hours(accept_within_hours, fulfil_within_hours)
    try:
        with transaction.atomic():
            relationship = ResellerRelationship.objects.create(
                reseller=reseller, external_provider=external_provider, **terms
            )
    except IntegrityError as refused:
        pair = ResellerRelationship.objects.filter(
            reseller=reseller, external_provider=external_provider
        )
        if pair.exists():
            raise RelationshipExists(relationship=pair.get().status) from refused
        raise
    after = {"status": relationship.status, **terms}
    entry = audit.record(actor, "relationship.created", relationship, after=after)
    request_list_prices(external_provider, cause=str(entry.pk))
    return relationship


@transaction.atomic
def change_terms(
    relationship: ResellerRelationship,
    *,
    commission_percent: int | None = None,
    accept_within_hours: int | None = None,
    fulfil_within_hours: int | None = None,
    status: str | None = None,
    versions: Collection[str] | None = None,
    actor: Actor,
) -> ResellerRelationship:
    """Change what is given and keep the rest; equal terms change nothing.

    `versions` are those it may have been read in. Raises NothingToChange without any
    term, VersionChanged, CommissionOutOfRange, HoursOutOfRange, InvalidStatus,
    SuspendedByStaff.
    """
    given: dict[str, Any] = {
        "commission_percent": commission_percent,
        "accept_within_hours": accept_within_hours,
        "fulfil_within_hours": fulfil_within_hours,
        "status": status,
    }
    wanted = {name: value for name, value in given.items() if value is not None}
    if not wanted:
        raise NothingToChange
    row = locked(relationship)
    check_version(row, versions)
    if "commission_percent" in wanted:
        checked_percent(wanted["commission_percent"])
    check_hours(
        wanted.get("accept_within_hours", row.accept_within_hours),
        wanted.get("fulfil_within_hours", row.fulfil_within_hours),
    )
    if status is not None:
        wanted |= status_change(row, status, actor, reason="")
    return write(row, wanted, "relationship.changed", actor)


@transaction.atomic
def suspend_relationship(
    relationship: ResellerRelationship, *, reason: str = "", actor: Actor
) -> ResellerRelationship:
    """Let its offers vanish with the next query. Suspending twice is once.

    Staff may take over what the reseller suspended; never the other way round.
    """
    row = locked(relationship)
    why = reason.strip()
    if len(why) > REASON_LIMIT:
        raise Invalid("Say why in at most 500 characters.", field="reason")
    wanted = status_change(row, RelationshipStatus.SUSPENDED, actor, reason=why)
    return write(row, wanted, "relationship.suspended", actor, reason=why)


@transaction.atomic
def resume_relationship(
    relationship: ResellerRelationship, *, actor: Actor
) -> ResellerRelationship:
    """Offer again. Raises SuspendedByStaff when only staff may do so."""
    row = locked(relationship)
    wanted = status_change(row, RelationshipStatus.ACTIVE, actor, reason="")
    return write(row, wanted, "relationship.resumed", actor)


@transaction.atomic
def suspend_provider(reseller: Provider, *, reason: str, actor: Actor) -> int:
    """Staff suspend every relationship of a reseller. Answers how many it has."""
    rows = list(ResellerRelationship.objects.for_provider(reseller).order_by("pk"))
    for row in rows:
        suspend_relationship(row, reason=reason, actor=actor)
    return len(rows)


@transaction.atomic
def resume_provider(reseller: Provider, *, actor: Actor) -> int:
    """Staff resume what staff suspended; what the reseller suspended stays so."""
    rows = ResellerRelationship.objects.for_provider(reseller).filter(
        suspended_by=SuspendedBy.STAFF
    )
    resumed = list(rows.order_by("pk"))
    for row in resumed:
        resume_relationship(row, actor=actor)
    return len(resumed)


def locked(relationship: ResellerRelationship) -> ResellerRelationship:
    rows = ResellerRelationship.objects.select_for_update(no_key=True)
    return rows.get(pk=relationship.pk)


def status_change(
    row: ResellerRelationship, status: str, actor: Actor, *, reason: str
) -> dict[str, Any]:
    """The columns of a status, with who may resume it."""
    if status not in RelationshipStatus.values:
        raise InvalidStatus(field="status")
    by_staff = acts_as_staff(row, actor)
    stopped_by_staff = row.suspended_by == SuspendedBy.STAFF
    if status == RelationshipStatus.ACTIVE:
        if stopped_by_staff and not by_staff:
            raise SuspendedByStaff
        return {"status": status, "suspended_by": "", "suspended_reason": ""}
    if row.status == RelationshipStatus.SUSPENDED and (
        stopped_by_staff or not by_staff
    ):
        return {"status": status}
    by = SuspendedBy.STAFF if by_staff else SuspendedBy.RESELLER
    return {"status": status, "suspended_by": by, "suspended_reason": reason}


def acts_as_staff(row: ResellerRelationship, actor: Actor) -> bool:
    """Staff, unless they are members of the reseller themselves."""
    if not is_staff(actor):
        return False
    members = ProviderMember.objects.filter(provider=row.reseller_id)
    return not (isinstance(actor, User) and members.filter(user=actor).exists())


def write(
    row: ResellerRelationship,
    wanted: dict[str, Any],
    action: str,
    actor: Actor,
    *,
    reason: str = "",
) -> ResellerRelationship:
    """Write what differs, with its audit entry and its price job."""
    before = {name: getattr(row, name) for name in wanted}
    changed = {n: v for n, v in wanted.items() if before[n] != v}
    if not changed:
        return row
    checked(row, changed)
    updated_at = pg.db_now()
    rows = ResellerRelationship.objects.filter(pk=row.pk)
    rows.update(**changed, updated_at=updated_at)
    for name, value in changed.items():
        setattr(row, name, value)
    row.updated_at = updated_at
    entry = audit.record(
        actor,
        action,
        row,
        before={name: before[name] for name in changed},
        after=changed,
        reason=reason,
    )
    if PRICED & set(changed):
        request_list_prices(row.external_provider, cause=str(entry.pk))
    return row


def checked_percent(percent: object) -> int:
    if not isinstance(percent, int) or isinstance(percent, bool):
        raise CommissionNotInteger(field="commission_percent")
    if not 0 <= percent <= COMMISSION_PERCENT_LIMIT:
        raise CommissionOutOfRange(field="commission_percent")
    return percent


def check_hours(accept: int, fulfil: int) -> None:
    if accept not in ACCEPT_HOURS:
        raise HoursOutOfRange(field="accept_within_hours")
    if fulfil not in FULFIL_HOURS or fulfil < accept:
        raise HoursOutOfRange(field="fulfil_within_hours")
