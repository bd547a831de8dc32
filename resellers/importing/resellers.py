"""What each row of a file would do to the profiles of resellers.

A row belongs to the profile with its id, else to that with its e-mail address, else it
is new. What its cells mean is read by the very function that the actions read with, so
that the dry run says what the import will do. Source: 5-resellers, section 9, "Import".
"""

from functools import partial
from typing import Any
from uuid import UUID

from resellers import audit, extended, links, rights
from resellers.actions import profiles
from resellers.actions.profile_facts import FINANCE, read_columns
from resellers.actions.profiles import ABSENT, GivenRate
from resellers.commission import BasisPoints
from resellers.contact import read_email, read_rate
from resellers.errors import DomainError
from resellers.errors.profiles import FinanceRequired, UnknownContactGroup
from resellers.importing.headers import EXT, Row
from resellers.importing.known_resellers import Known, email_of
from resellers.importing.loading import uuid_of
from resellers.importing.outcomes import Options, Outcome
from resellers.importing.reseller_columns import (
    COUNTRY_CODE,
    GROUP,
    PLACE,
    RATE,
    TEXTS,
)
from resellers.importing.values import json_values
from resellers.models import Reseller, ResellerStatus
from resellers.models.versions import version_of

LEGACY_ID = "legacy_id"
STATUS_STAYS = "The status of a profile is changed on its page, with a reason."
EMAIL_STAYS = "The address of a profile is changed on its page, by a mailed link."
EMAIL_MISSING = "A new profile needs an e-mail address."
TWO_FORMS = "Give the extended values as columns or as JSON, not both."


def check(rows: list[Row], options: Options) -> list[Outcome]:
    """What each row would do, in their order; nothing is written."""
    known = Known(rows, options.at)
    seen: dict[UUID | str, int] = {}
    return [_Line(row, known, options).checked(seen) for row in rows]


class _Line:
    """One row beside the profile it belongs to.

    `facts` are what its cells say, in the actions' words; `differ` the columns of the
    profile that they would change.
    """

    def __init__(self, row: Row, known: Known, options: Options) -> None:
        self.row, self.known, self.options = row, known, options
        self.there = known.profile(row)
        self.outcome = Outcome(row.number, is_new=self.there is None)
        self.email = self._email()
        self.profile = self.there or Reseller(status=self._new_status())
        self.rate: GivenRate = ABSENT
        self.facts: dict[str, Any] = {}
        self.differ: dict[str, Any] = {}

    def checked(self, seen: dict[UUID | str, int]) -> Outcome:
        self._refuse_strays(seen)
        self._read_texts()
        self._read_group()
        self._read_extended()
        self._compare()
        self._read_rate()
        self._demand_finance()
        self._tell()
        self.outcome.label = self._label()
        if self.there is None:
            self.outcome.action = self._creation()
        elif self.outcome.changes:
            self.outcome.action = self._change(self.there)
        return self.outcome

    def refuse(self, name: str, refusal: DomainError | str) -> None:
        self.outcome.refuse(self.row.head(name) if name else "", refusal)

    # Whose row it is

    def _email(self) -> str:
        text = email_of(self.row)
        if self.there is not None:
            if "email" in self.row.given and text != self.there.user.email:
                self.refuse("email", EMAIL_STAYS)
            return self.there.user.email
        try:
            return read_email(text)
        except DomainError as refusal:
            self.refuse("email", refusal if text else EMAIL_MISSING)
        return text

    def _new_status(self) -> str:
        status = self.row.text("status").strip().lower() or ResellerStatus.ACTIVE.value
        try:
            profiles.check_start(status, imported=True)
        except DomainError as refusal:
            self.refuse("status", refusal)
        return status

    def _refuse_strays(self, seen: dict[UUID | str, int]) -> None:
        if self.row.stray:
            self.refuse("", "A cell stands beyond the last column.")
        key = self.there.pk if self.there else self.email
        first = seen.setdefault(key, self.row.number)
        if key and first != self.row.number:
            self.refuse("", f"Row {first:,} is the same profile.")
        if self.there is not None and "status" in self.row.given:
            status = self.row.text("status").strip().lower()
            if status != self.there.status:
                self.refuse("status", STATUS_STAYS)

    # What its cells say

    def _read_texts(self) -> None:
        row = self.row
        self.facts = {name: row.text(name) for name in TEXTS if name in row.given}
        if COUNTRY_CODE in row.given:
            self.facts.setdefault("country", row.text(COUNTRY_CODE))

    def _read_group(self) -> None:
        """Another group than the profile's; the action looks it up again."""
        if GROUP not in self.row.given:
            return
        slug = self.row.text(GROUP).strip()
        now = self.profile.contact_group
        if slug == (now.slug if now else ""):
            return
        group = self.known.groups.get(slug)
        if slug and not (group and group.is_active):
            self.refuse(GROUP, UnknownContactGroup())
            return
        self.facts[GROUP], self.differ[GROUP] = slug, group

    def _read_extended(self) -> None:
        row = self.row
        patch: dict[str, str | None] = {
            name.removeprefix(EXT): None if said is None else row.text(name)
            for name, said in row.given.items()
            if name.startswith(EXT)
        }
        has_columns = bool(patch)
        old_id = row.text("id").strip()
        if old_id and (self.there is None or uuid_of(old_id) != self.there.pk):
            patch.setdefault(LEGACY_ID, old_id)
        if extended.FIELD not in row.given:
            if patch:
                self.facts[extended.PATCH_FIELD] = patch
        elif has_columns:
            self.refuse(extended.FIELD, TWO_FORMS)
        else:
            self._read_json(patch)

    def _read_json(self, patch: dict[str, str | None]) -> None:
        try:
            values = json_values(self.row.text(extended.FIELD))
            self.facts[extended.FIELD] = extended.patched(values, patch)
        except DomainError as refusal:
            self.refuse(extended.FIELD, refusal)

    def _compare(self) -> None:
        """Read the facts as the actions will; what is refused leaves them."""
        while facts := {n: each for n, each in self.facts.items() if n != GROUP}:
            try:
                columns = read_columns(self.profile, facts)
            except DomainError as refusal:
                self.outcome.refuse(_where(self.row, refusal), refusal)
                _drop(self.facts, refusal)
                continue
            self.differ |= {
                name: value
                for name, value in columns.items()
                if getattr(self.profile, name) != value
            }
            return

    def _read_rate(self) -> None:
        """The rate where it is another than the profile's own of now."""
        if RATE not in self.row.given:
            return
        text, rate = self.row.text(RATE).strip(), None
        try:
            rate = read_rate(text) if text else None
        except DomainError as refusal:
            self.refuse(RATE, refusal)
            return
        if rate != self.known.own_rate(self.profile):
            self.rate = rate

    def _demand_finance(self) -> None:
        if rights.may(self.options.actor, rights.FINANCE):
            return
        touched = sorted(FINANCE & set(self.differ))
        for name in touched if self.rate is ABSENT else [*touched, RATE]:
            self.refuse(name, FinanceRequired("Only finance sets this."))

    # What it would do

    def _tell(self) -> None:
        if self.outcome.is_new:
            self._change_of("status", "", self.profile.status)
        for name, value in self.differ.items():
            if name == extended.FIELD:
                self._tell_extended(value)
            elif name != "state_name" or "state" not in self.differ:
                self._change_of(name, *_shown(name, self.profile, self.differ))
        if self.rate is not ABSENT:
            before = self.known.own_rate(self.profile)
            self._change_of(RATE, _percent(before), _percent(self.rate))

    def _tell_extended(self, values: extended.Values) -> None:
        pairs = extended.changes(self.profile.extended_values, values)
        for key, (old, new) in pairs.items():
            self._change_of(EXT + key, old or "", new or "")
        if not pairs:
            self._change_of(extended.FIELD, "one order", "another order")

    def _change_of(self, name: str, before: str, after: str) -> None:
        self.outcome.change(self.row.head(name), before, after)

    def _label(self) -> str:
        if self.there is not None:
            return f"{self.there} ({self.email})"
        given = self.differ
        names = " ".join(filter(None, map(given.get, ("first_name", "last_name"))))
        name = names or given.get("organization", "")
        return f"{name} ({self.email})" if name else self.email

    def _creation(self) -> partial[Reseller]:
        person = self.known.people.get(self.email)
        is_invited = person is None or not links.has_accepted(person)
        return partial(
            profiles.create_reseller,
            email=self.email,
            status=self.profile.status,
            commission_rate=None if self.rate is ABSENT else self.rate,
            invite=self.options.sends_invitations and is_invited,
            reason=self.options.reason,
            imported=True,
            **self.facts,
        )

    def _change(self, there: Reseller) -> partial[Reseller]:
        """With the facts that differ, for a profile that is still as it was read."""
        differ = set(self.differ)
        if differ & PLACE:
            differ |= PLACE
        if extended.FIELD in differ:
            differ.add(extended.PATCH_FIELD)
        return partial(
            profiles.change_reseller,
            there,
            versions=[version_of(there)],
            commission_rate=self.rate,
            reason=self.options.reason,
            imported=True,
            **{name: each for name, each in self.facts.items() if name in differ},
        )


def _where(row: Row, refusal: DomainError) -> str:
    """The head of the column that a refusal of `read_columns` is about."""
    if refusal.field == extended.PATCH_FIELD and "key" in refusal.extra:
        return row.head(f"{EXT}{refusal.extra['key']}")
    return row.head(refusal.field or "")


def _drop(facts: dict[str, Any], refusal: DomainError) -> None:
    """Take out what was refused, so that the rest can be read."""
    patch = facts.get(extended.PATCH_FIELD, {})
    if refusal.field == extended.PATCH_FIELD and refusal.extra.get("key") in patch:
        del patch[refusal.extra["key"]]
    elif refusal.field == "zip_code" and refusal.field in facts:
        del facts["zip_code"]
    elif refusal.field in PLACE:
        for name in PLACE:
            facts.pop(name, None)
    elif refusal.field in facts:
        del facts[refusal.field]
    else:
        facts.clear()


def _shown(name: str, profile: Reseller, differ: dict[str, Any]) -> tuple[str, str]:
    """Before and after as a person reads them."""
    old, new = getattr(profile, name), differ[name]
    if name == GROUP:
        return old.slug if old else "", new.slug if new else ""
    if name == "state":
        return old or profile.state_name, new or differ.get("state_name", "")
    if name == "tax_id":
        return _masked(old), _masked(new)
    return str(old), str(new)


def _masked(tax_id: str) -> str:
    return audit.mask_tax_id(tax_id) if tax_id else ""


def _percent(rate: BasisPoints | None) -> str:
    return "" if rate is None else str(rate)
