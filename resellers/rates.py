"""Which rate holds: the referral's, else the reseller's, else the programme's.

In each scope the row with the newest `valid_from` at or before the moment counts, then
the newest `created_at`; a missing row, or one without a rate, passes to the next scope.
Group, tier and extended values never decide. Source: 5-resellers, section 5.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from django.db.models import OuterRef, Q, Subquery

from resellers.commission import BasisPoints
from resellers.models import BEGINNING, Rate, RateScope, Referral, Reseller
from resellers.models.rate import RateQuerySet

PRECEDENCE = [RateScope.REFERRAL, RateScope.RESELLER, RateScope.PROGRAMME]


@dataclass(frozen=True)
class RateInEffect:
    """A rate, the scope it was found in, and since when its row holds."""

    rate: BasisPoints
    scope: RateScope
    since: datetime

    @property
    def rule_ref(self) -> str:
        """How an entry names the rule: "reseller since 2026-05-01" (UTC)."""
        if self.since == BEGINNING:
            return f"{self.scope.value} since the beginning"
        return f"{self.scope.value} since {self.since.astimezone(UTC):%Y-%m-%d}"


def rate_at(referral: Referral, at: datetime) -> RateInEffect | None:
    """The rate of a sale to this customer at that time; None: no rate at all."""
    rows = _rows_of(referral).filter(valid_from__lte=at).newest_first()
    return _first_with_rate(_newest_by_scope(rows))


def first_rate_after(
    referral: Referral, after: datetime, *, until: datetime
) -> RateInEffect | None:
    """The earliest rate that came to hold after one moment, up to another.

    For a sale that met no rate at all: posted again it takes this one.
    """
    rows = _rows_of(referral).filter(valid_from__lte=until).newest_first()
    history = list(reversed(rows))
    holding: dict[str, Rate] = {}
    for place, row in enumerate(history):
        holding[row.scope] = row
        following = history[place + 1 : place + 2]
        if following and following[0].valid_from == row.valid_from:
            continue  # of one moment the newest row of each scope counts
        found = _first_with_rate(holding)
        if found is not None and found.since > after:
            return found
    return None


def rates_of(resellers: Iterable[Reseller], at: datetime) -> dict[UUID, RateInEffect]:
    """Effective rates by reseller: the own one, else the programme's. One query.

    Those without any rate are left out.
    """
    ids = [each.pk for each in resellers]
    mine = Q(scope=RateScope.RESELLER, reseller__in=ids)
    rows = (
        Rate.objects.filter(Q(scope=RateScope.PROGRAMME) | mine, valid_from__lte=at)
        .order_by("valid_from", "created_at", "id")
        .values_list("reseller_id", "rate_bp", "valid_from")
    )
    newest: dict[UUID | None, tuple[int | None, datetime]] = {
        owner: (rate_bp, since) for owner, rate_bp, since in rows
    }
    programme = _in_effect(newest.get(None), RateScope.PROGRAMME)
    found = {}
    for each in ids:
        rate = _in_effect(newest.get(each), RateScope.RESELLER) or programme
        if rate is not None:
            found[each] = rate
    return found


def own_rate(reseller: Reseller, at: datetime) -> Rate | None:
    """The row that gives the reseller a rate of its own at that time, if one does."""
    rows = Rate.objects.of_reseller(reseller).filter(valid_from__lte=at)
    row = rows.newest_first().first()
    return row if row is not None and row.rate_bp is not None else None


def rates_of_customers(
    referrals: Iterable[UUID], at: datetime
) -> dict[UUID | None, BasisPoints]:
    """Referrals' own rates by their id; those without one are left out. One query."""
    rows = Rate.objects.filter(
        scope=RateScope.REFERRAL,
        referral__in=list(referrals),
        valid_from__lte=at,
    ).order_by("valid_from", "created_at", "id")
    newest = dict(rows.values_list("referral_id", "rate_bp"))
    return {pk: BasisPoints(bp) for pk, bp in newest.items() if bp is not None}


def own_rate_bp(at: datetime) -> Subquery:
    """Own rate of each reseller of a query, NULL without one: to filter and sort."""
    rows = Rate.objects.filter(
        scope=RateScope.RESELLER, reseller=OuterRef("pk"), valid_from__lte=at
    )
    return Subquery(rows.newest_first().values("rate_bp")[:1])


def _rows_of(referral: Referral) -> RateQuerySet:
    return Rate.objects.filter(
        Q(scope=RateScope.PROGRAMME)
        | Q(scope=RateScope.RESELLER, reseller=referral.reseller_id)
        | Q(scope=RateScope.REFERRAL, referral=referral.pk)
    )


def _newest_by_scope(newest_first: Iterable[Rate]) -> dict[str, Rate]:
    newest: dict[str, Rate] = {}
    for row in newest_first:
        newest.setdefault(row.scope, row)
    return newest


def _first_with_rate(by_scope: dict[str, Rate]) -> RateInEffect | None:
    for scope in PRECEDENCE:
        row = by_scope.get(scope)
        if row is not None and row.rate is not None:
            return RateInEffect(row.rate, scope, row.valid_from)
    return None


def _in_effect(
    row: tuple[int | None, datetime] | None, scope: RateScope
) -> RateInEffect | None:
    if row is None or row[0] is None:
        return None
    return RateInEffect(BasisPoints(row[0]), scope, row[1])
