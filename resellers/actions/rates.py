"""Rates are set by adding a row; what was sold keeps the rate it met.

Source: 5-resellers, section 5.
"""

from datetime import datetime
from types import SimpleNamespace
from typing import Any

from django.db import transaction

from resellers import audit, clock, pg, rights
from resellers.actions.reasons import read_reason
from resellers.commission import BasisPoints
from resellers.errors.profiles import RateBackdated
from resellers.models import (
    BEGINNING,
    Actor,
    Rate,
    RateScope,
    Referral,
    Reseller,
    User,
)
from resellers.models.rate import RateQuerySet

PROGRAMME = SimpleNamespace(audit_label="resellers.programme", audit_ref="programme")
"""Where the entries of the programme's rates are filed."""

AT_CREATION = "given at creation"


@transaction.atomic
def set_rate(
    *,
    scope: str,
    reseller: Reseller | None = None,
    referral: Referral | None = None,
    rate: BasisPoints | None,
    valid_from: datetime | None = None,
    reason: str = "",
    actor: Actor,
    from_beginning: bool = False,
    record: bool = True,
) -> Rate:
    """Let a rate hold from now or from a later `valid_from`; None: no own rate.

    The first row of the programme holds from the beginning, and so does one given
    `from_beginning`, with its owner; any other that would reach into the past is
    refused. The rate that holds now anyway, or is planned for just that moment, is
    answered and nothing is written; a plan is kept even if it equals today's rate,
    for that may change before. `record` False leaves the audit entry to the
    caller, whose deed it is part of.
    Raises PermissionRefused (403), RateBackdated, ReasonRequired (400).
    """
    rights.require(actor, rights.FINANCE, field="commission_rate")
    why = read_reason(reason, required=not from_beginning) or AT_CREATION
    owner: dict[str, Any] = {"scope": scope, "reseller": reseller, "referral": referral}
    pg.lock_names([f"rate:{scope}:{getattr(referral or reseller, 'pk', '')}"])
    now = clock.now()
    rows = Rate.objects.filter(**owner)
    since = _since(rows, scope, valid_from, now, from_beginning=from_beginning)
    there = rows.filter(valid_from__lte=since).newest_first().first()
    if (
        there is not None
        and there.rate == rate
        and (since <= now or there.valid_from == since)
    ):
        return there
    row = Rate.objects.create(
        **owner,
        rate_bp=None if rate is None else rate.bp,
        valid_from=since,
        reason=why,
        created_by=actor if isinstance(actor, User) else None,
        created_at=now,
    )
    if record:
        _record(row, there, actor)
    return row


def _since(
    rows: RateQuerySet,
    scope: str,
    valid_from: datetime | None,
    now: datetime,
    *,
    from_beginning: bool,
) -> datetime:
    """From when a new row holds. Raises RateBackdated."""
    if valid_from is not None and valid_from < now:
        raise RateBackdated(field="valid_from")
    first = from_beginning or (scope == RateScope.PROGRAMME and valid_from is None)
    if first and not rows.exists():
        return BEGINNING
    if from_beginning:
        raise RateBackdated("It has a rate already.", field="valid_from")
    return valid_from or now


def _record(row: Rate, before: Rate | None, actor: Actor) -> None:
    """File the entry at the reseller it is about, or at the programme."""
    after: dict[str, Any] = {
        "commission_rate": _percent(row),
        "rate_scope": str(row.scope),
        "valid_from": row.valid_from,
    }
    owner: object = row.reseller or PROGRAMME
    if row.referral is not None:
        owner = row.referral.reseller
        after["referral_id"] = str(row.referral_id)
        after["customer_ref"] = row.referral.customer_ref
    audit.record(
        actor,
        "rate.set",
        owner,
        before={"commission_rate": None if before is None else _percent(before)},
        after=after,
        reason=row.reason,
    )


def _percent(row: Rate) -> str | None:
    return None if row.rate is None else row.rate.percent
