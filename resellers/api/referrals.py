"""What a referral's JSON shows beside its row."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from resellers.commission import BasisPoints
from resellers.models import Rate, RateScope, Referral


def own_rates(
    referrals: Iterable[Referral], now: datetime
) -> dict[UUID | None, BasisPoints]:
    """The rate that each of these has of its own; others are left out. One query."""
    rows = Rate.objects.filter(
        scope=RateScope.REFERRAL,
        referral__in=[referral.pk for referral in referrals],
        valid_from__lte=now,
    ).order_by("valid_from", "created_at", "id")
    newest = dict(rows.values_list("referral_id", "rate_bp"))
    return {
        owner: BasisPoints(rate_bp)
        for owner, rate_bp in newest.items()
        if rate_bp is not None
    }
