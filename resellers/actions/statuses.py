"""Moves of a profile's status. Suspension stops the money, its end brings it back.

"Reactivated" is a move, not a status. The profile's row is locked first, its account
after it; the update is guarded all the same: it is what decides on SQLite.
Source: 5-resellers, section 4.
"""

from django.db import transaction

from resellers import audit, clock, jobs, rights
from resellers.actions import profile_accounts
from resellers.actions.profiles import locked
from resellers.actions.reasons import read_reason
from resellers.errors.profiles import (
    FinanceRequired,
    InvalidChoice,
    StatusMoveNotAllowed,
)
from resellers.models import Actor, AuditEntry, Reseller, ResellerStatus
from resellers.models.reseller import MOVES, moves_from

APPLICANT, ACTIVE, INACTIVE, SUSPENDED = ResellerStatus
MAILS: dict[tuple[str, str], str] = {
    (APPLICANT, ACTIVE): "profile_approved",
    (ACTIVE, SUSPENDED): "profile_suspended",
    (INACTIVE, SUSPENDED): "profile_suspended",
    (INACTIVE, ACTIVE): "profile_reactivated",
    (SUSPENDED, ACTIVE): "profile_reactivated",
    (SUSPENDED, INACTIVE): "profile_reactivated",
}
"""The moves a reseller is told of, without the reason."""


@transaction.atomic
def change_status(
    reseller: Reseller, *, status: str, reason: str, actor: Actor
) -> Reseller:
    """Move a profile to another status; to its own changes nothing.

    Out of suspended is finance's. Raises InvalidChoice, ReasonRequired (400),
    PermissionRefused, FinanceRequired (403), StatusMoveNotAllowed (409) with
    `current_status` and `allowed`.
    """
    rights.require(actor, rights.CHANGE)
    if status not in ResellerStatus.values:
        words = ", ".join(ResellerStatus.values)
        raise InvalidChoice(f"Give one of {words}.", field="status")
    row = locked(reseller)
    before, to = row.status, ResellerStatus(status)
    if before == to:
        return row
    if before not in MOVES[to]:
        raise _refused(before)
    if before == SUSPENDED and not rights.may(actor, rights.FINANCE):
        raise FinanceRequired(field="status")
    why = read_reason(reason)
    _move(row, to)
    if to == SUSPENDED:
        profile_accounts.stop(row, actor=actor)
    elif before == SUSPENDED:
        profile_accounts.let_go(row, actor=actor)
    entry = audit.record(
        actor,
        "reseller.status_changed",
        row,
        before={"status": before},
        after={"status": to.value},
        reason=why,
    )
    _tell(row, MAILS.get((before, to)), entry)
    return row


def _move(row: Reseller, to: ResellerStatus) -> None:
    now = clock.now()
    moved = Reseller.objects.filter(pk=row.pk, status__in=sorted(MOVES[to])).update(
        status=to, status_changed_at=now, updated_at=now
    )
    if not moved:
        row.refresh_from_db(fields=["status"])
        raise _refused(row.status)
    row.status, row.status_changed_at, row.updated_at = to, now, now


def _refused(status: str) -> StatusMoveNotAllowed:
    allowed = [str(each) for each in moves_from(status)]
    words = " or ".join(allowed) or "no other"
    return StatusMoveNotAllowed(
        f"From {status} a profile moves to {words}.",
        current_status=status,
        allowed=allowed,
    )


def _tell(row: Reseller, kind: str | None, entry: AuditEntry) -> None:
    if kind is not None:
        jobs.enqueue(
            "mail",
            f"mail:{kind}:{row.pk}:{entry.pk}",
            about=f"resellers.reseller:{row.pk}",
            reseller=row.pk,
        )
