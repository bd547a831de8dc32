"""Profiles of resellers: made, changed by staff, applied for, edited by their owners.

The profile's row is locked before it is read, so that of two changes the second sees
the first; its account comes after it. A profile is never deleted: `actions.statuses`
makes it inactive. Source: 5-resellers, sections 1, 2, 8 and 10.
"""

from collections.abc import Collection, Mapping
from enum import Enum
from typing import Any, Final

from django.db import IntegrityError, transaction

from resellers import audit, clock, extended, rights
from resellers.actions import invitations, profile_accounts, rates, users
from resellers.actions.profile_facts import (
    APPLICATION,
    FINANCE,
    LEGACY,
    OWN,
    STAFF,
    read_columns,
    refuse_others,
)
from resellers.actions.reasons import read_reason
from resellers.commission import BasisPoints
from resellers.contact import read_email
from resellers.errors import EmailTaken, PermissionRefused
from resellers.errors.profiles import (
    FinanceRequired,
    InvalidChoice,
    ResellerExists,
    UserOrEmail,
)
from resellers.models import (
    Actor,
    RateScope,
    Reseller,
    ResellerStatus,
    User,
)
from resellers.models.reseller import STARTING_STATUSES
from resellers.models.versions import check_version
from resellers.rates import own_rate

RATE = "commission_rate"


class Absent(Enum):
    """What was not said, where None says something."""

    ABSENT = "absent"


ABSENT: Final = Absent.ABSENT
GivenRate = BasisPoints | None | Absent


@transaction.atomic
def create_reseller(
    *,
    user: User | None = None,
    email: str = "",
    status: str = ResellerStatus.ACTIVE,
    commission_rate: BasisPoints | None = None,
    invite: bool = False,
    reason: str = "",
    imported: bool = False,
    actor: Actor,
    **facts: Any,
) -> Reseller:
    """Staff make the profile of a user, or of whoever has this e-mail address.

    Nobody has it: a user is made who cannot sign in before an invitation is accepted.
    `facts` are columns as typed (`profile_facts`), the legacy ones too; an import may
    give any status. The rate holds from the beginning.
    Raises UserOrEmail and the refusals of section 2 (400), FinanceRequired (403),
    ResellerExists (409) with `reseller_id`.
    """
    rights.require(actor, rights.ADD)
    refuse_others(facts, STAFF | LEGACY)
    check_start(status, imported=imported)
    if (user is None) == (not email.strip()):
        raise UserOrEmail
    row = Reseller(status=status)
    given = differences(row, read_columns(row, facts))
    demand_finance(given, commission_rate or ABSENT, actor)
    why = read_reason(reason, required=False)
    assign(row, given)
    made = _insert(row, user or _person(email, row.full_name, actor), actor)
    after = told_whole(made, given)
    if commission_rate is not None:
        after[RATE] = commission_rate.percent
        _set_rate(made, commission_rate, why, actor, first=True)
    audit.record(actor, "reseller.created", made, after=after, reason=why)
    if invite:
        invitations.invite(made, actor=actor)
    return made


@transaction.atomic
def apply_for_profile(user: User, *, message: str = "", **facts: Any) -> Reseller:
    """A user asks to become a reseller: an applicant, who earns nothing yet.

    `facts` are names, organisation and phones; the message goes to the notes.
    Raises ReadOnlyField and the refusals of section 2 (400), ResellerExists (409).
    """
    refuse_others(facts, APPLICATION)
    row = Reseller(status=ResellerStatus.APPLICANT)
    given = differences(row, read_columns(row, {**facts, "notes": message}))
    assign(row, given)
    made = _insert(row, user, user)
    audit.record(user, "reseller.created", made, after=told_whole(made, given))
    return made


@transaction.atomic
def change_reseller(
    reseller: Reseller,
    *,
    versions: Collection[str] | None = None,
    reason: str = "",
    imported: bool = False,
    commission_rate: GivenRate = ABSENT,
    extended_values_patch: object = None,
    actor: Actor,
    **facts: Any,
) -> Reseller:
    """Staff change what is given and keep the rest; equal facts write nothing.

    `versions` are those it may have been read in. Terms, tax id and rate need finance
    and a reason; a rate of None takes the reseller's own away. An import may write
    the legacy columns.
    Raises UseStatusEndpoint, UseEmailEndpoint, ReadOnlyField, ReasonRequired and the
    refusals of sections 2 and 3 (400), FinanceRequired (403), VersionChanged (412).
    """
    rights.require(actor, rights.CHANGE)
    if extended_values_patch is not None:
        facts[extended.PATCH_FIELD] = extended_values_patch
    refuse_others(facts, STAFF | LEGACY if imported else STAFF)
    row = locked(reseller)
    check_version(row, versions)
    given = differences(row, read_columns(row, facts))
    rate = commission_rate
    if rate is not ABSENT and rate == _own_rate(row):
        rate = ABSENT
    demanded = demand_finance(given, rate, actor)
    why = read_reason(reason, required=demanded)
    return _write(row, given, rate, why, actor)


@transaction.atomic
def edit_own(
    reseller: Reseller,
    *,
    versions: Collection[str] | None = None,
    actor: Actor,
    **facts: Any,
) -> Reseller:
    """Resellers change their own contact, address, web and industry.

    Raises ReadOnlyField and the refusals of section 2 (400), PermissionRefused (403)
    for anybody else, VersionChanged (412).
    """
    if not (isinstance(actor, User) and actor.pk == reseller.user_id):
        raise PermissionRefused("Only resellers edit their own profile here.")
    refuse_others(facts, OWN)
    row = locked(reseller)
    check_version(row, versions)
    return _write(row, differences(row, read_columns(row, facts)), ABSENT, "", actor)


@transaction.atomic
def reveal_tax_id(reseller: Reseller, *, reason: str, actor: Actor) -> str:
    """The whole tax id, for finance and on the record.

    Raises ReasonRequired (400), FinanceRequired (403).
    """
    if not rights.may(actor, rights.FINANCE):
        raise FinanceRequired
    why = read_reason(reason)
    row = Reseller.objects.get(pk=reseller.pk)
    audit.record(actor, "reseller.tax_id_revealed", row, reason=why)
    return row.tax_id


def locked(reseller: Reseller) -> Reseller:
    """The profile as it is now, locked until the transaction ends."""
    rows = Reseller.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("user", "account", "contact_group").get(pk=reseller.pk)


def check_start(status: str, *, imported: bool) -> None:
    """Raises InvalidChoice for a status that no new profile has."""
    allowed = ResellerStatus.values if imported else STARTING_STATUSES
    if status not in allowed:
        words = ", ".join(str(each) for each in allowed)
        raise InvalidChoice(f"A new profile is one of {words}.", field="status")


def _person(email: str, name: str, actor: Actor) -> User:
    address = read_email(email)
    known = User.objects.filter(email=address).first()
    if known is not None:
        return known
    try:
        return users.create_user(
            email=address,
            name=name[: profile_accounts.NAME_LENGTH],
            is_active=False,
            actor=actor,
        )
    except EmailTaken:  # somebody was faster
        return User.objects.get(email=address)


def _insert(row: Reseller, person: User, actor: Actor) -> Reseller:
    """Insert the profile; the person's lock lets no second one pass."""
    row.user = User.objects.select_for_update(no_key=True).get(pk=person.pk)
    _refuse_second(row.user)
    if not row.organization:
        row.organization = row.company_name
    row.status_changed_at = row.created_at = row.updated_at = clock.now()
    row.clean_fields(exclude={"user", "account", "code"})
    try:
        made = profile_accounts.save_with_account(row, actor=actor)
    except IntegrityError:
        _refuse_second(row.user)
        raise
    if made.status == ResellerStatus.SUSPENDED:
        profile_accounts.stop(made, actor=actor)
    return made


def _refuse_second(user: User) -> None:
    there = Reseller.objects.for_user(user).first()
    if there is not None:
        raise ResellerExists(reseller_id=str(there.pk))


def _write(
    row: Reseller, given: dict[str, Any], rate: GivenRate, reason: str, actor: Actor
) -> Reseller:
    """Write what differs, with the one entry that tells of it."""
    if not given and rate is ABSENT:
        return row
    before, after = _told(row, given)
    row.updated_at = clock.now()
    if not isinstance(rate, Absent):
        before[RATE], after[RATE] = (_percent(own) for own in (_own_rate(row), rate))
        _set_rate(row, rate, reason, actor)
    days = row.hold_days
    assign(row, given)
    row.clean_fields(exclude=_all_but(given))
    searched = row.search_columns
    Reseller.objects.filter(pk=row.pk).update(
        **given, **searched, updated_at=row.updated_at
    )
    assign(row, searched)
    profile_accounts.follow_name(row, actor=actor)
    if row.hold_days != days:
        profile_accounts.follow_terms(row)
        before["hold_days"], after["hold_days"] = days, row.hold_days
    audit.record(
        actor, "reseller.updated", row, before=before, after=after, reason=reason
    )
    return row


def differences(row: Reseller, columns: Mapping[str, Any]) -> dict[str, Any]:
    return {n: value for n, value in columns.items() if getattr(row, n) != value}


def assign(row: Reseller, given: Mapping[str, Any]) -> None:
    for name, value in given.items():
        setattr(row, name, value)


def _all_but(given: Mapping[str, Any]) -> set[str]:
    return {each.name for each in Reseller._meta.concrete_fields} - set(given)


def demand_finance(given: Mapping[str, Any], rate: GivenRate, actor: Actor) -> bool:
    """Whether money is touched. Raises FinanceRequired for others than finance."""
    touched = sorted(FINANCE & set(given)) + ([RATE] if rate is not ABSENT else [])
    if touched and not rights.may(actor, rights.FINANCE):
        raise FinanceRequired(field=touched[0])
    return bool(touched)


def _own_rate(row: Reseller) -> BasisPoints | None:
    own = own_rate(row, clock.now())
    return None if own is None else own.rate


def _set_rate(
    row: Reseller,
    rate: BasisPoints | None,
    reason: str,
    actor: Actor,
    *,
    first: bool = False,
) -> None:
    rates.set_rate(
        scope=RateScope.RESELLER,
        reseller=row,
        rate=rate,
        reason=reason,
        actor=actor,
        from_beginning=first,
        record=False,
    )


def _percent(rate: BasisPoints | None) -> str | None:
    return None if rate is None else rate.percent


def told_whole(row: Reseller, given: Mapping[str, Any]) -> dict[str, Any]:
    """What the entry of a new profile tells."""
    _, after = _told(Reseller(), {**given, "organization": row.organization})
    told = {name: value for name, value in after.items() if value not in ("", None)}
    return {"email": row.email, "code": row.code, "status": row.status, **told}


def _told(
    row: Reseller, given: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Before and after in the trail's words: groups by slug, extended values by key."""
    before, after = {}, {}
    for name, value in given.items():
        old = getattr(row, name)
        if name == extended.FIELD:
            for key, (was, now) in _told_values(old, value).items():
                before[key], after[key] = was, now
        elif name == "contact_group":
            before[name], after[name] = old and old.slug, value and value.slug
        else:
            before[name], after[name] = old, value
    return before, after


def _told_values(old: extended.Values, new: extended.Values) -> dict[str, Any]:
    """Each key that differs; where only the order does, both orders."""
    changed = extended.changes(old, new)
    if changed:
        return {f"{audit.EXTENDED}{key}": pair for key, pair in changed.items()}
    return {
        extended.FIELD: tuple([pair["key"] for pair in each] for each in (old, new))
    }
