"""Whose customer somebody is, and for how long.

The row of a customer is never given to another reseller: a move ends it and opens a
new one at the same instant, and earlier sales stay where they were. Two attributions
at once are decided by the database. Every entry is filed at the reseller.
Source: 5-resellers, sections 1 and 6.
"""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any, NoReturn

from django.db import IntegrityError, transaction

from resellers import audit, clock, rights
from resellers.actions.rates import set_rate
from resellers.actions.reasons import read_reason
from resellers.commission import BasisPoints
from resellers.contact import read_email, read_text
from resellers.errors import Invalid
from resellers.errors.profiles import (
    CustomerAlreadyReferred,
    InvalidCharacter,
    OccurredAhead,
    OccurredTooEarly,
    ReferralEnded,
    ReferralOverlaps,
    ResellerNotActive,
    SelfReferral,
)
from resellers.models import (
    BEGINNING,
    AccessKey,
    Actor,
    EndReason,
    Origin,
    RateScope,
    Referral,
    Reseller,
    Sale,
    User,
)
from resellers.models.sale import CUSTOMER_KINDS, SaleQuerySet
from resellers.models.versions import check_version

REF_LENGTH = 255
NOTES_LENGTH = 2000
AHEAD = timedelta(minutes=5)
"""How far the clocks of two systems may differ."""


@transaction.atomic
def attribute_customer(
    reseller: Reseller,
    *,
    customer_ref: str,
    customer_email: str = "",
    referred_at: datetime | None = None,
    commission_rate: BasisPoints | None = None,
    notes: str = "",
    origin: str,
    actor: Actor,
) -> Referral:
    """Give a customer to a reseller, from now or from an earlier time.

    A rate of its own holds from the beginning and is set by finance alone.
    Raises ResellerNotActive, CustomerAlreadyReferred, ReferralOverlaps (409),
    SelfReferral, OccurredAhead, OccurredTooEarly and those of texts (400), PermissionRefused (403).
    """
    rights.require(actor, rights.CHANGE)
    owner = locked_reseller(reseller)
    referral = Referral(
        reseller=owner,
        customer_ref=read_customer_ref(customer_ref),
        customer_email=read_customer_email(customer_email, owner),
        referred_at=_read_start(referred_at),
        notes=read_text(notes, "notes", NOTES_LENGTH, multiline=True),
        origin=origin,
        created_by=actor if isinstance(actor, User) else None,
        created_at=clock.now(),
    )
    refuse_inactive(owner)
    open_referral(referral, actor=actor, rate=commission_rate)
    if commission_rate is not None:
        set_rate(
            scope=RateScope.REFERRAL,
            referral=referral,
            rate=commission_rate,
            actor=actor,
            from_beginning=True,
            record=False,
        )
    return referral


@transaction.atomic
def move_referral(
    referral: Referral, *, to: Reseller, reason: str, actor: Actor
) -> Referral:
    """End the customer's referral and open one at another reseller, at one instant.

    Earlier sales stay; a rate of the old referral is not taken along. Answers the
    new one. Raises ReferralEnded, ResellerNotActive (409), SelfReferral, Invalid for
    the same reseller, ReasonRequired (400).
    """
    rights.require(actor, rights.CHANGE)
    why = read_reason(reason)
    owner = locked_reseller(to)
    row = _locked(referral)
    if row.reseller_id == owner.pk:
        raise Invalid("The customer is this reseller's already.", field="reseller_id")
    refuse_inactive(owner)
    _refuse_self(row.customer_email, owner)
    at = _end(row, EndReason.MOVED)
    opened = Referral(
        reseller=owner,
        customer_ref=row.customer_ref,
        customer_email=row.customer_email,
        referred_at=at,
        notes=row.notes,
        origin=Origin.API if isinstance(actor, AccessKey) else Origin.STAFF,
        created_by=actor if isinstance(actor, User) else None,
        created_at=at,
    )
    _insert(opened)
    ended = {**_named(row), "ended_at": at, "to": owner.code}
    _record(actor, "referral.moved", row, after=ended, reason=why)
    begun = {**told(opened), "from": row.reseller.code}
    _record(actor, "referral.created", opened, after=begun, reason=why)
    return opened


@transaction.atomic
def end_referral(
    referral: Referral, *, end_reason: str, reason: str, actor: Actor
) -> Referral:
    """The customer is nobody's from now on; what was sold so far stays.

    `end_reason` is customer_left, mistake or other. Raises ReferralEnded (409),
    ReasonRequired, Invalid (400), PermissionRefused (403).
    """
    rights.require(actor, rights.CHANGE)
    why = read_reason(reason)
    if end_reason not in set(EndReason.values) - {EndReason.MOVED}:
        raise Invalid("Say customer_left, mistake or other.", field="end_reason")
    row = _locked(referral)
    at = _end(row, end_reason)
    after = {**_named(row), "ended_at": at, "end_reason": str(end_reason)}
    _record(actor, "referral.ended", row, after=after, reason=why)
    return row


@transaction.atomic
def edit_referral(
    referral: Referral,
    *,
    actor: Actor,
    versions: Collection[str] | None = None,
    customer_email: str | None = None,
    notes: str | None = None,
) -> Referral:
    """Change what is given and keep the rest; without a difference write nothing.

    Raises VersionChanged (412), SelfReferral and those of texts (400),
    PermissionRefused (403).
    """
    rights.require(actor, rights.CHANGE)
    row = _locked(referral)
    check_version(row, versions)
    wanted: dict[str, str] = {}
    if customer_email is not None:
        wanted["customer_email"] = read_customer_email(customer_email, row.reseller)
    if notes is not None:
        wanted["notes"] = read_text(notes, "notes", NOTES_LENGTH, multiline=True)
    before = {name: getattr(row, name) for name in wanted}
    changed = {name: each for name, each in wanted.items() if each != before[name]}
    if not changed:
        return row
    Referral.objects.filter(pk=row.pk).update(**changed)
    for name, value in changed.items():
        setattr(row, name, value)
    _record(
        actor,
        "referral.updated",
        row,
        before={name: _shown(name, before[name]) for name in changed},
        after={
            **_named(row),
            **{name: _shown(name, value) for name, value in changed.items()},
        },
    )
    return row


def earlier_sales(referral: Referral) -> SaleQuerySet:
    """Payments and documents of the customer in the period without a final answer."""
    sales = Sale.objects.unposted().filter(
        kind__in=CUSTOMER_KINDS,
        customer_ref=referral.customer_ref,
        occurred_at__gte=referral.referred_at,
    )
    if referral.ended_at is not None:
        sales = sales.filter(occurred_at__lt=referral.ended_at)
    return sales.order_by("occurred_at", "received_at", "id")


# Shared with the sales that bring a code


def read_customer_ref(text: str) -> str:
    """The customer's reference: 1 to 255 visible characters, trimmed, case kept."""
    ref = read_text(text, "customer_ref", REF_LENGTH)
    if not ref:
        raise Invalid("Give the customer's reference.", field="customer_ref")
    if not ref.isprintable():
        raise InvalidCharacter(
            "Leave out characters that cannot be seen.", field="customer_ref"
        )
    return ref


def locked_reseller(reseller: Reseller) -> Reseller:
    """The reseller as it is now; nobody suspends it until the transaction ends."""
    rows = Reseller.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("user", "account").get(pk=reseller.pk)


def open_referral(
    referral: Referral, *, actor: Actor, rate: BasisPoints | None = None
) -> None:
    """Insert an open referral and its entry; who was faster is named in the refusal.

    The entry tells of the rate, too, which the caller sets. Raises CustomerAlreadyReferred, ReferralOverlaps (409).
    """
    _insert(referral)
    after = told(referral)
    if rate is not None:
        after["commission_rate"] = rate.percent
    _record(actor, "referral.created", referral, after=after)


def backdate(referral: Referral, to: datetime, *, actor: Actor) -> None:
    """Let a referral begin earlier, in a time in which the customer was nobody's."""
    before, referral.referred_at = referral.referred_at, to
    Referral.objects.filter(pk=referral.pk).update(referred_at=to)
    _record(
        actor,
        "referral.updated",
        referral,
        before={"referred_at": before},
        after={**_named(referral), "referred_at": to},
    )


def refuse_inactive(reseller: Reseller) -> None:
    if not reseller.may_receive_referrals:
        raise ResellerNotActive(current_status=reseller.status)


def _insert(referral: Referral) -> None:
    _refuse_overlap(referral)
    try:
        with transaction.atomic():
            referral.save(force_insert=True)
    except IntegrityError as refused:
        _refuse_overlap(referral, refused)
        raise


def _refuse_overlap(referral: Referral, cause: IntegrityError | None = None) -> None:
    theirs = Referral.objects.of_customer(referral.customer_ref)
    overlapping = theirs.overlapping(referral.referred_at)
    other = overlapping.select_related("reseller").order_by("-referred_at").first()
    if other is not None:
        _refuse(other, cause)


def _refuse(other: Referral, cause: IntegrityError | None) -> NoReturn:
    refusal = ReferralOverlaps if other.ended_at else CustomerAlreadyReferred
    raise refusal(
        f"{other.customer_ref} belongs to {other.reseller} ({other.reseller.code})"
        f" since {other.referred_at:%Y-%m-%d}"
        + (f" until {other.ended_at:%Y-%m-%d}." if other.ended_at else "."),
        field="customer_ref",
        reseller_id=str(other.reseller_id),
        reseller_code=other.reseller.code,
    ) from cause


def read_customer_email(text: str, reseller: Reseller) -> str:
    if not text.strip():
        return ""
    email = read_email(text, "customer_email")
    _refuse_self(email, reseller)
    return email


def _refuse_self(email: str, reseller: Reseller) -> None:
    if email and email == reseller.user.email.lower():
        raise SelfReferral(field="customer_email")


def _read_start(referred_at: datetime | None) -> datetime:
    now = clock.now()
    if referred_at is None:
        return now
    if referred_at > now + AHEAD:
        raise OccurredAhead(field="referred_at")
    if referred_at < BEGINNING:
        raise OccurredTooEarly(field="referred_at")
    return referred_at


def _locked(referral: Referral) -> Referral:
    rows = Referral.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("reseller__user").get(pk=referral.pk)


def _end(row: Referral, end_reason: str) -> datetime:
    """Close the period now; one that has hardly begun lasts a moment."""
    if row.ended_at is not None:
        raise ReferralEnded(ended_at=row.ended_at.isoformat())
    at = max(clock.now(), row.referred_at + timedelta(microseconds=1))
    Referral.objects.filter(pk=row.pk).update(ended_at=at, end_reason=end_reason)
    row.ended_at, row.end_reason = at, str(end_reason)
    return at


def _named(referral: Referral) -> dict[str, Any]:
    """Which referral an entry is about; a reference that is an address is masked."""
    ref = referral.customer_ref
    shown = audit.mask_email(ref) if "@" in ref else ref
    return {"referral_id": str(referral.pk), "customer_ref": shown}


def _shown(name: str, text: str) -> str:
    """Notes may hold anything about anybody: the trail keeps their length."""
    return f"{len(text)} characters" if name == "notes" else text


def told(referral: Referral) -> dict[str, Any]:
    """What is told of a new one; its notes stand in the row."""
    facts = {
        "customer_email": referral.customer_email,
        "referred_at": referral.referred_at,
        "origin": str(referral.origin),
    }
    return {**_named(referral), **{name: fact for name, fact in facts.items() if fact}}


def _record(
    actor: Actor,
    action: str,
    referral: Referral,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any],
    reason: str = "",
) -> None:
    audit.record(
        actor, action, referral.reseller, before=before, after=after, reason=reason
    )
