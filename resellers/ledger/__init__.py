"""Posting: one signed amount on one account, once, for ever.

Only this package inserts and moves entries, and only actions call it, inside their own
transaction. A fact is named by its key: posted again with equal figures it answers the
first entry, with others it is PostingConflict. Reversals and holds lock the account
first (`FOR NO KEY UPDATE`), several in id order; plain earnings never wait.
Source: 6-ledger, sections 3 and 4.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Aggregate, Q, Sum

from resellers import clock
from resellers.commission import BasisPoints
from resellers.errors import (
    Invalid,
    NothingLeftToReverse,
    PostingConflict,
    RefundExceedsPaid,
)
from resellers.ledger import statuses
from resellers.ledger.facts import Deed, fingerprint_of, fingerprint_of_follower
from resellers.ledger.groups import Group
from resellers.models import (
    Account,
    Actor,
    EntryComponent,
    EntryKind,
    EntryStatus,
    HoldFor,
    LedgerEntry,
)
from resellers.models.ledger_entry import LEAVING_KINDS, ROOT_KINDS
from resellers.money import Money


@dataclass(frozen=True)
class Posted:
    """The entry of a fact; None where the amount was zero. Replayed: it was there."""

    entry: LedgerEntry | None
    replayed: bool


@dataclass(frozen=True)
class Balance:
    """What one account has in one currency. balance + paid = earned + passed_on (base)."""

    pending: Money
    hold: Money
    available: Money
    paid: Money
    earned: Money
    passed_on: Money

    @property
    def balance(self) -> Money:
        return self.pending + self.hold + self.available


def post(
    account: Account,
    money: Money,
    *,
    key: str,
    kind: str,
    component: str,
    source: str,
    source_ref: str,
    occurred_at: datetime,
    actor: Actor,
    basis: str = "",
    base: Money | None = None,
    rate: BasisPoints | None = None,
    rule_ref: str = "",
    hold_for: str = "",
    reason: str = "",
    memo: str = "",
    correction_group: uuid.UUID | None = None,
) -> Posted:
    """Post an earning, an adjustment or an opening.

    Amounts in minor units. `basis`, `base` and `rate` say how a commission was made,
    all or none. An amount of zero posts nothing: the source shows 0.00.
    Raises PostingConflict (409) when the key names other figures.
    """
    if kind not in ROOT_KINDS:
        raise Invalid(f"Nobody posts a {kind} by hand.")
    entry = LedgerEntry(
        account=account,
        currency=money.currency,
        amount_minor=money.amount,
        kind=kind,
        component=component,
        source=source,
        source_ref=source_ref,
        available_at=occurred_at + timedelta(days=account.hold_days),
        basis=basis,
        base_minor=None if base is None else base.amount,
        rate_bp=None if rate is None else rate.bp,
        rule_ref=rule_ref,
    )
    stated = fingerprint_of(entry)
    deed = Deed(key, actor, occurred_at, reason, memo, correction_group)
    deed.sign(entry, stated)
    there, disputed = _known(key, source, source_ref)
    if there is not None:
        return _replay(there, stated)
    if not money:
        return Posted(None, replayed=False)
    statuses.begin(entry, statuses.hold_reason(entry, hold_for, disputed=disputed))
    return _insert(entry)


def reverse(
    root: LedgerEntry,
    *,
    key: str,
    actor: Actor,
    occurred_at: datetime,
    refund: Money | None = None,
    refunded_before: Money | None = None,
    reason: str = "",
    memo: str = "",
    correction_group: uuid.UUID | None = None,
) -> Posted:
    """Take back what a refund takes back: standing before less standing after.

    `refund` is this refund, of what the buyer paid (of a root without a basis: of
    its own amount); None reverses all that stands. `refunded_before` is the sum of
    earlier refunds less restores where the caller keeps it: one too small to change a
    cent leaves no entry behind. It counts as long as it explains what stands.
    Raises NothingLeftToReverse, RefundExceedsPaid, PostingConflict (409).
    """
    statuses.lock_accounts([root.account_id])
    deed = Deed(key, actor, occurred_at, reason, memo, correction_group)
    stated = fingerprint_of_follower(EntryKind.REVERSAL, root, refund)
    there = LedgerEntry.objects.filter(key=key).first()
    if there is not None:
        return _replay(there, stated)
    group = Group.of(root)
    if not group.sum:
        raise NothingLeftToReverse
    before = _refunded(group, refunded_before)
    after = group.paid if refund is None else before + refund
    if after > group.paid:
        raise RefundExceedsPaid
    return _follow(group, EntryKind.REVERSAL, after, deed, stated)


def restore(
    root: LedgerEntry,
    *,
    key: str,
    actor: Actor,
    occurred_at: datetime,
    refund: Money | None = None,
    refunded_before: Money | None = None,
    reason: str = "",
    memo: str = "",
    correction_group: uuid.UUID | None = None,
) -> Posted:
    """Give back what a reversal took: `refund` of it, or all of it.

    `refunded_before` as in `reverse`.
    Raises NothingLeftToReverse when nothing was reversed, PostingConflict (409).
    """
    statuses.lock_accounts([root.account_id])
    deed = Deed(key, actor, occurred_at, reason, memo, correction_group)
    stated = fingerprint_of_follower(EntryKind.RESTORE, root, refund)
    there = LedgerEntry.objects.filter(key=key).first()
    if there is not None:
        return _replay(there, stated)
    group = Group.of(root)
    before = _refunded(group, refunded_before)
    after = Money.zero(root.currency) if refund is None else before - refund
    if after.amount < 0 or not before:
        raise NothingLeftToReverse("Nothing was reversed that could be given back.")
    return _follow(group, EntryKind.RESTORE, after, deed, stated)


def hold(source: str, source_ref: str, *, hold_for: str, actor: Actor) -> int:
    """Stop what a source posted and nobody was paid yet. Answers the rows moved.

    Held for several reasons, the earlier word of HoldFor stays. Negative money does
    not wait: a reversal of a paid entry is left alone.
    """
    rows = statuses.locked(LedgerEntry.objects.from_source(source, source_ref))
    return statuses.hold(rows, hold_for)


def hold_account(account: Account) -> int:
    """Stop everything unpaid of an account."""
    return statuses.hold(
        statuses.locked(LedgerEntry.objects.for_account(account)), HoldFor.ACCOUNT
    )


def release(
    source: str,
    source_ref: str,
    *,
    hold_for: str,
    actor: Actor,
    available_at: datetime | None = None,
) -> int:
    """Let go what this reason held; `available_at` starts the wait anew.

    What an account's hold covers stays, for that. Raises SecondPersonRequired (403)
    when an author approves his own entry.
    """
    rows = statuses.locked(LedgerEntry.objects.from_source(source, source_ref))
    return statuses.release(rows, hold_for, actor, available_at)


def release_account(account: Account, actor: Actor) -> int:
    """Let go what the account's hold stopped; the account is open again by now."""
    rows = statuses.locked(LedgerEntry.objects.for_account(account))
    return statuses.release(rows, HoldFor.ACCOUNT, actor, None)


def make_available(source: str, source_ref: str, *, at: datetime, actor: Actor) -> int:
    """A channel says when its entries may be paid: now, or anew from another day."""
    rows = statuses.locked(LedgerEntry.objects.from_source(source, source_ref))
    waiting = rows.filter(status__in=[EntryStatus.PENDING, EntryStatus.HOLD])
    moved = waiting.update(available_at=at)
    due = rows.filter(status=EntryStatus.PENDING, available_at__lte=clock.now())
    statuses.move(due, EntryStatus.APPROVED)
    return moved


def settle_due(now: datetime) -> int:
    """Make available what has waited long enough; the clock's task. Twice is once."""
    due = LedgerEntry.objects.filter(status=EntryStatus.PENDING, available_at__lte=now)
    return statuses.move(due, EntryStatus.APPROVED)


def balances(account: Account) -> list[Balance]:
    """One row per currency with entries, by currency. One query."""
    of = LedgerEntry.objects.for_account(account)
    leaving = Q(kind__in=LEAVING_KINDS)
    commission = Q(component=EntryComponent.COMMISSION)
    sums = of.values("currency").annotate(
        pending=_sum(Q(status=EntryStatus.PENDING)),
        hold=_sum(Q(status=EntryStatus.HOLD)),
        available=_sum(Q(status=EntryStatus.APPROVED)),
        left=_sum(leaving),
        earned=_sum(commission & ~leaving),
        passed_on=_sum(~commission & ~leaving),
    )
    return [
        Balance(
            **{
                name: Money.sum_of(row[name], row["currency"])
                for name in ("pending", "hold", "available", "earned", "passed_on")
            },
            paid=-Money.sum_of(row["left"], row["currency"]),
        )
        for row in sums.order_by("currency")
    ]


def _refunded(group: Group, stated: Money | None) -> Money:
    """Refunds less restores so far: the caller's sum, if nobody else took of it."""
    if stated is None or group.standing(stated) != group.sum:
        return group.refunded
    return stated


def _follow(
    group: Group, kind: EntryKind, refunded: Money, deed: Deed, stated: str
) -> Posted:
    """Post the difference between what stands and what stood; close the group."""
    amount = group.standing(refunded) - group.sum
    if not amount:
        return Posted(None, replayed=False)
    entry = group.follower(kind, amount, refunded)
    deed.sign(entry, stated)
    statuses.begin_follower(entry, group.root)
    posted = _insert(entry)
    statuses.close_group(group.root)
    return posted


def _known(key: str, source: str, source_ref: str) -> tuple[LedgerEntry | None, bool]:
    """The entry of this key, and whether its source is in dispute: one query."""
    disputed = Q(source=source, source_ref=source_ref, hold_for=HoldFor.DISPUTE)
    rows = list(LedgerEntry.objects.filter(Q(key=key) | disputed))
    there = next((row for row in rows if row.key == key), None)
    return there, any(row.hold_for == HoldFor.DISPUTE for row in rows)


def _replay(there: LedgerEntry, stated: str) -> Posted:
    if there.fingerprint != stated:
        raise PostingConflict(key=there.key)
    return Posted(there, replayed=True)


def _insert(entry: LedgerEntry) -> Posted:
    entry.clean_fields(exclude=["account", "reverses", "actor", "actor_key"])
    try:
        with transaction.atomic():
            entry.save(force_insert=True)
    except IntegrityError:
        there = LedgerEntry.objects.filter(key=entry.key).first()
        if there is None:
            raise
        return _replay(there, entry.fingerprint)
    return Posted(entry, replayed=False)


def _sum(condition: Q) -> Aggregate:
    return Sum("amount_minor", filter=condition, default=0)
