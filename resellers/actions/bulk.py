"""One deed on many profiles: each in its own savepoint, all under one batch id.

A refused row leaves the others alone and is told with its reason. What became of every
row stands in one entry of the trail (`batch.applied`), so that the result can be read
again. Rows are locked in the order of their ids, so that two batches never wait for
each other. Source: 5-resellers, section 9, "Bulk actions".
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.db import transaction

from resellers import audit, clock, rights
from resellers.actions.invitations import invite
from resellers.actions.profiles import change_reseller
from resellers.actions.rates import set_rate
from resellers.actions.reasons import read_reason
from resellers.actions.statuses import change_status
from resellers.commission import BasisPoints
from resellers.errors import DomainError, Invalid
from resellers.models import (
    Actor,
    AuditEntry,
    ContactGroup,
    PartnerTier,
    RateScope,
    Reseller,
    ResellerStatus,
)
from resellers.rates import own_rate

LIMIT: Final = 1_000
"""Profiles of one batch."""

DONE, UNCHANGED, REFUSED = "done", "unchanged", "refused"
BATCH: Final = "resellers.batch"
GONE: Final = "There is no such profile."

Deed = Callable[[Reseller], bool]
"""Does it for one locked profile; whether anything changed."""


class TooManyRows(Invalid):
    code = "too_many_rows"
    title = "These are too many profiles for one batch"
    sentence = f"Choose at most {LIMIT:,} profiles at once."


@dataclass(frozen=True, slots=True)
class RowResult:
    """What became of one profile; `why` is the refusal's sentence."""

    reseller_id: UUID
    outcome: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch as its entry in the trail tells it.

    `deed` is status, tier, group, rate or invitation, and `value` what was set, in
    words ("" for invitations).
    """

    id: UUID
    deed: str
    value: str
    reason: str
    at: datetime
    by: str
    rows: Sequence[RowResult]

    def count(self, outcome: str) -> int:
        return sum(row.outcome == outcome for row in self.rows)


@dataclass(frozen=True)
class _Label:
    """A batch, as the trail names it."""

    audit_ref: str
    audit_label: str = BATCH


def change_statuses(
    ids: Sequence[UUID], *, status: str, reason: str, actor: Actor
) -> Batch:
    """Move each profile to the status; what its state or the right forbids is refused.

    Raises PermissionRefused, ReasonRequired, TooManyRows.
    """
    rights.require(actor, rights.CHANGE)
    why = read_reason(reason)

    def deed(reseller: Reseller) -> bool:
        before = reseller.status
        after = change_status(reseller, status=status, reason=why, actor=actor)
        return after.status != before

    word = ResellerStatus(status).label
    return _run(ids, deed, name="status", value=word, reason=why, actor=actor)


def change_tiers(
    ids: Sequence[UUID], *, partner_tier: str, reason: str, actor: Actor
) -> Batch:
    """Give each profile the tier. Raises as `change_statuses`."""
    rights.require(actor, rights.CHANGE)
    why = read_reason(reason)

    def deed(reseller: Reseller) -> bool:
        if reseller.partner_tier == partner_tier:
            return False
        change_reseller(reseller, partner_tier=partner_tier, reason=why, actor=actor)
        return True

    word = PartnerTier(partner_tier).label
    return _run(ids, deed, name="tier", value=word, reason=why, actor=actor)


def change_groups(
    ids: Sequence[UUID],
    *,
    contact_group: ContactGroup | None,
    reason: str,
    actor: Actor,
) -> Batch:
    """Put each profile into the group; None takes it out. Raises as the others."""
    rights.require(actor, rights.CHANGE)
    why = read_reason(reason)
    wanted = None if contact_group is None else contact_group.pk

    def deed(reseller: Reseller) -> bool:
        if reseller.contact_group_id == wanted:
            return False
        change_reseller(reseller, contact_group=contact_group, reason=why, actor=actor)
        return True

    word = "no group" if contact_group is None else contact_group.name
    return _run(ids, deed, name="group", value=word, reason=why, actor=actor)


def set_rates(
    ids: Sequence[UUID],
    *,
    commission_rate: BasisPoints | None,
    reason: str,
    actor: Actor,
) -> Batch:
    """Give each profile this rate of its own from now; None: none of its own.

    Raises as the others; needs finance.
    """
    rights.require(actor, rights.FINANCE)
    why = read_reason(reason)
    now = clock.now()

    def deed(reseller: Reseller) -> bool:
        own = own_rate(reseller, now)
        if (None if own is None else own.rate) == commission_rate:
            return False
        set_rate(
            scope=RateScope.RESELLER,
            reseller=reseller,
            rate=commission_rate,
            reason=why,
            actor=actor,
        )
        return True

    word = "no rate of its own" if commission_rate is None else str(commission_rate)
    return _run(ids, deed, name="rate", value=word, reason=why, actor=actor)


def invite_all(ids: Sequence[UUID], *, reason: str, actor: Actor) -> Batch:
    """Mail each reseller the link that sets a password; who has one is refused."""
    rights.require(actor, rights.CHANGE)
    why = read_reason(reason)

    def deed(reseller: Reseller) -> bool:
        invite(reseller, actor=actor)
        return True

    return _run(ids, deed, name="invitation", value="", reason=why, actor=actor)


def find_batch(batch_id: UUID) -> Batch | None:
    """The batch with this id, read from the trail."""
    found = audit.entries(BATCH, str(batch_id)).select_related("actor")
    entry = found.first()
    return None if entry is None else _read(entry)


def _run(
    ids: Sequence[UUID],
    deed: Deed,
    *,
    name: str,
    value: str,
    reason: str,
    actor: Actor,
) -> Batch:
    """Do it for each of the ids once, in one transaction, and tell it in the trail."""
    wanted = list(dict.fromkeys(ids))
    if len(wanted) > LIMIT:
        raise TooManyRows
    batch_id = uuid4()
    with transaction.atomic(), audit.in_batch(batch_id):
        known = _locked(wanted)
        results = {row.pk: _one(row, deed) for row in known}
        rows = [results.get(pk, RowResult(pk, REFUSED, GONE)) for pk in wanted]
        entry = audit.record(
            actor,
            "batch.applied",
            _Label(str(batch_id)),
            after={"deed": name, "value": value, **_told(rows)},
            reason=reason,
        )
    return _read(entry)


def _locked(ids: Sequence[UUID]) -> Iterable[Reseller]:
    rows = Reseller.objects.filter(pk__in=ids).select_related("user", "account")
    return rows.select_for_update(no_key=True, of=("self",)).order_by("pk")


def _one(reseller: Reseller, deed: Deed) -> RowResult:
    try:
        with transaction.atomic():
            changed = deed(reseller)
    except DomainError as refusal:
        return RowResult(reseller.pk, REFUSED, refusal.detail)
    except ValidationError as refusal:
        return RowResult(reseller.pk, REFUSED, " ".join(refusal.messages))
    return RowResult(reseller.pk, DONE if changed else UNCHANGED)


def _told(rows: Sequence[RowResult]) -> dict[str, object]:
    """The rows as the trail keeps them: ids by outcome, refusals with their reason."""
    return {
        DONE: [str(row.reseller_id) for row in rows if row.outcome == DONE],
        UNCHANGED: [str(row.reseller_id) for row in rows if row.outcome == UNCHANGED],
        REFUSED: {
            str(row.reseller_id): row.why for row in rows if row.outcome == REFUSED
        },
    }


def _read(entry: AuditEntry) -> Batch:
    told = entry.after or {}
    refused = [RowResult(UUID(pk), REFUSED, why) for pk, why in told[REFUSED].items()]
    others = [
        RowResult(UUID(pk), outcome)
        for outcome in (DONE, UNCHANGED)
        for pk in told[outcome]
    ]
    return Batch(
        id=UUID(entry.object_ref),
        deed=told["deed"],
        value=told["value"],
        reason=entry.reason,
        at=entry.at,
        by=entry.actor.email if entry.actor else entry.actor_label,
        rows=[*refused, *others],
    )
