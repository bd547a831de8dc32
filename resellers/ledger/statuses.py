"""When an entry may leave: its first status, and the guarded moves.

Source: 6-ledger, section 3.
"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet

from resellers import clock
from resellers.errors import SecondPersonRequired
from resellers.models import (
    Account,
    AccountState,
    Actor,
    EntryKind,
    EntryStatus,
    HoldFor,
    LedgerEntry,
    User,
)
from resellers.models.ledger_entry import MOVES, UNPAID

ADJUSTMENT_LIMIT_MINOR = 10_000
_PRECEDENCE = list(HoldFor.values)


def lock_accounts(ids: Iterable[UUID]) -> None:
    """Lock accounts in id order; on SQLite the write transaction is the lock."""
    locked = Account.objects.filter(pk__in=set(ids)).order_by("pk")
    list(locked.select_for_update(no_key=True).values_list("pk", flat=True))


def hold_reason(entry: LedgerEntry, stated: str, *, disputed: bool) -> str:
    """The first reason, in the order of HoldFor, why a new entry must wait."""
    limit = getattr(settings, "ADJUSTMENT_LIMIT_MINOR", ADJUSTMENT_LIMIT_MINOR)
    reasons = {
        HoldFor.APPROVAL: entry.kind == EntryKind.ADJUSTMENT
        and entry.amount_minor > limit,
        HoldFor.DISPUTE: disputed,
        HoldFor.ACCOUNT: entry.account.state != AccountState.OPEN,
    }
    found = {reason for reason, holds in reasons.items() if holds} | {stated} - {""}
    return min(found, key=_PRECEDENCE.index, default="")


def begin(entry: LedgerEntry, hold_reason: str) -> None:
    """First status of a new entry. Negative money never waits."""
    ahead = entry.available_at > clock.now()
    if entry.amount_minor < 0:
        entry.status = EntryStatus.APPROVED
    elif hold_reason:
        entry.status, entry.hold_for = EntryStatus.HOLD, hold_reason
    else:
        entry.status = EntryStatus.PENDING if ahead else EntryStatus.APPROVED


def begin_follower(entry: LedgerEntry, root: LedgerEntry) -> None:
    """With its root while that waits; else a reversal at once, a restore by date."""
    entry.available_at = root.available_at
    if root.status in {EntryStatus.PENDING, EntryStatus.HOLD}:
        entry.status, entry.hold_for = root.status, root.hold_for
        return
    begin(entry, hold_reason(entry, "", disputed=False))


def close_group(root: LedgerEntry) -> None:
    """When what is unpaid of a group adds up to nothing, it is reversed."""
    unpaid = LedgerEntry.objects.group(root).unpaid()
    if not sum(unpaid.values_list("amount_minor", flat=True)):
        move(unpaid, EntryStatus.REVERSED)


def locked(rows: QuerySet[LedgerEntry]) -> QuerySet[LedgerEntry]:
    """The same rows, their accounts locked."""
    lock_accounts(rows.order_by().values_list("account_id", flat=True).distinct())
    return rows


def hold(rows: QuerySet[LedgerEntry], hold_for: str) -> int:
    waits = Q(amount_minor__gt=0) | Q(
        kind=EntryKind.REVERSAL, reverses__status__in=UNPAID
    )
    ids = list(rows.filter(waits).values_list("pk", flat=True))
    mine = LedgerEntry.objects.filter(pk__in=ids)
    later = _PRECEDENCE[_PRECEDENCE.index(hold_for) + 1 :]
    mine.filter(status=EntryStatus.HOLD, hold_for__in=later).update(hold_for=hold_for)
    return move(mine, EntryStatus.HOLD, hold_for)


def release(
    rows: QuerySet[LedgerEntry],
    hold_for: str,
    actor: Actor,
    available_at: datetime | None,
) -> int:
    held = rows.filter(status=EntryStatus.HOLD, hold_for=hold_for)
    person = actor if isinstance(actor, User) else None
    if hold_for == HoldFor.APPROVAL and held.filter(actor=person).exists():
        raise SecondPersonRequired
    if available_at is not None:
        held.update(available_at=available_at)
    ids = list(held.values_list("pk", flat=True))
    mine = LedgerEntry.objects.filter(pk__in=ids)
    stopped = mine.exclude(account__state=AccountState.OPEN)
    stopped.update(hold_for=HoldFor.ACCOUNT)
    free = mine.filter(account__state=AccountState.OPEN)
    now = clock.now()
    ahead = move(free.filter(available_at__gt=now), EntryStatus.PENDING)
    return ahead + move(free.filter(available_at__lte=now), EntryStatus.APPROVED)


def move(rows: QuerySet[LedgerEntry], to: EntryStatus, hold_for: str = "") -> int:
    """The guarded update of a status; answers how many rows moved."""
    return (
        rows.filter(status__in=MOVES[to])
        .order_by()
        .update(status=to, status_at=clock.now(), hold_for=hold_for)
    )
