"""What `verify_ledger` proves of the trunk's books, one function per invariant.

Each is named in the setting LEDGER_CHECKS under its id, runs inside one snapshot and
returns how many rows it looked at and the keys of those that break the rule.
Ids: 9-quality, section 1; details: 6-ledger, section 10.
"""

import uuid
from collections.abc import Callable
from datetime import timedelta

from django.db import IntegrityError, models, transaction
from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Coalesce

from resellers import pg
from resellers.commission import share
from resellers.errors import DomainError
from resellers.ledger.facts import fingerprint_of
from resellers.ledger.groups import Group
from resellers.models import EntryKind, EntryStatus, LedgerEntry
from resellers.models.ledger_entry import FOLLOWING_KINDS, ROOT_KINDS
from resellers.money import LIMIT_MINOR

AHEAD = timedelta(minutes=5)
CHUNK = 1000

Checked = tuple[int, list[str]]


def amounts_are_bounded() -> Checked:
    """V1: no entry is zero, beyond 10^14 or of no currency."""
    return _none_of(
        Q(amount_minor=0)
        | Q(amount_minor__gt=LIMIT_MINOR)
        | Q(amount_minor__lt=-LIMIT_MINOR)
        | ~Q(currency__regex=r"\A[A-Z]{3}\Z")
    )


def amounts_recompute() -> Checked:
    """V3: an earning is its base at its rate, a follower the standings' difference."""
    return _each(LedgerEntry.objects.order_by("id"), _recomputes)


def reversed_groups_are_empty() -> Checked:
    """V5: the reversed rows of a group add up to nothing."""
    rows = LedgerEntry.objects.filter(status=EntryStatus.REVERSED).order_by()
    sums = list(
        rows.annotate(root=Coalesce("reverses_id", "id"))
        .values("root")
        .annotate(left=Sum("amount_minor"), rows=Count("id"))
    )
    keys = [f"entry {each['root']}" for each in sums if each["left"]]
    return sum(each["rows"] for each in sums), keys


def groups_are_capped() -> Checked:
    """V9: a group lies between zero and its root."""
    followed = LedgerEntry.objects.exclude(reverses=None).values("reverses")
    roots = LedgerEntry.objects.filter(pk__in=followed).order_by("id")
    return _each(roots, _capped)


def times_are_in_order() -> Checked:
    """V13: occurred, posted, paid, in this order."""
    return _none_of(
        Q(occurred_at__gt=F("posted_at") + AHEAD)
        | Q(status=EntryStatus.PAID, posted_at__gt=F("status_at") + AHEAD)
    )


def adjustments_are_signed() -> Checked:
    """V16: what staff posted has reason, memo and author."""
    stated = Q(kind__in=[EntryKind.ADJUSTMENT, EntryKind.OPENING])
    return _none_of(stated & (Q(reason="") | Q(memo="") | Q(actor=None)))


def fingerprints_recompute() -> Checked:
    """V19: the fingerprint of a stated fact is that of its row."""
    stated = LedgerEntry.objects.filter(kind__in=ROOT_KINDS).order_by("id")
    return _each(stated, _fingerprint_holds)


def guards_stand_and_bite() -> Checked:
    """V20: the triggers are as generated, and refuse when tried."""
    guarded = pg.append_only_models()
    soft = [
        f"{model._meta.label} takes changes" for model in guarded if not _bites(model)
    ]
    return len(guarded), [*pg.missing_guards(), *soft]


def negative_accounts() -> list[tuple[str, str, int]]:
    """V15, listed rather than violated: code, currency and what the account owes."""
    unpaid = ~Q(status=EntryStatus.PAID)
    sums = (
        LedgerEntry.objects.order_by()
        .values_list("account__code", "currency")
        .annotate(balance=Sum("amount_minor", filter=unpaid, default=0))
        .filter(balance__lt=0)
    )
    return sorted(sums)


def _each(
    rows: models.QuerySet[LedgerEntry], holds: Callable[[LedgerEntry], bool]
) -> Checked:
    seen, broken = 0, []
    for row in rows.iterator(CHUNK):
        seen += 1
        if not holds(row):
            broken.append(row.key)
    return seen, broken


def _none_of(broken: Q) -> Checked:
    keys = LedgerEntry.objects.filter(broken).order_by("id")
    return LedgerEntry.objects.count(), list(keys.values_list("key", flat=True))


def _recomputes(entry: LedgerEntry) -> bool:
    if entry.kind in FOLLOWING_KINDS:
        return _follower_recomputes(entry)
    if entry.rate is None or entry.base is None:
        return True
    return share(entry.base, entry.rate) == entry.money


def _follower_recomputes(entry: LedgerEntry) -> bool:
    group = Group.of(entry.reverses or entry)
    until = [row for row in group.rows if row.pk <= entry.pk]
    standing = Group(group.root, until, group.commission)
    try:
        return standing.standing(standing.refunded) == standing.sum
    except DomainError:
        return False


def _capped(root: LedgerEntry) -> bool:
    total = Group.of(root).sum
    return 0 <= total.amount <= root.amount_minor


def _fingerprint_holds(entry: LedgerEntry) -> bool:
    return fingerprint_of(entry) == entry.fingerprint


def _bites(model: type[models.Model]) -> bool:
    rows: models.QuerySet[models.Model] = models.QuerySet(model)
    row = rows.order_by("-pk").first()
    if row is None:
        return True
    try:
        with transaction.atomic():
            rows.filter(pk=row.pk).update(id=_other_key(row))
            raise _NotRefused
    except IntegrityError:
        return True
    except _NotRefused:
        return False


def _other_key(row: models.Model) -> object:
    return uuid.uuid4() if isinstance(row.pk, uuid.UUID) else -1


class _NotRefused(Exception):
    """Rolls the attempt back where no guard did."""
