"""What each row of a file would do to referrals.

A row belongs to the referral with its id, else to the customer's open one, else it is
new. The reseller and the beginning of a referral never change: a move is made on its
page. Source: 5-resellers, section 9, "Import".
"""

from collections.abc import Collection
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from resellers import rights
from resellers.actions import referrals
from resellers.actions.profiles import ABSENT, Absent, GivenRate
from resellers.actions.rates import set_rate
from resellers.contact import read_email, read_rate, read_text
from resellers.errors import DomainError
from resellers.errors.profiles import (
    CustomerAlreadyReferred,
    FinanceRequired,
    OccurredAhead,
    ResellerNotActive,
    SelfReferral,
)
from resellers.importing.headers import Columns, Row, plain
from resellers.importing.known_referrals import Known, ref_of
from resellers.importing.outcomes import Options, Outcome
from resellers.importing.values import moment_of
from resellers.models import Origin, RateScope, Referral, Reseller, User
from resellers.models.versions import version_of

RATE = "commission_rate"
RESELLER_NAMES = ("reseller_id", "reseller_code", "reseller_email")
"""Of these one says whose customer it is; the first that is filled counts."""

TEXTS = ("customer_email", "notes")
_FIELDS = ("id", "customer_ref", "referred_at", *RESELLER_NAMES, *TEXTS, RATE)
_READ_ONLY = """
    resellerName endedAt endReason origin createdAt revenue commission totalsCurrency
"""
COLUMNS = Columns(
    fields={plain(name): name for name in _FIELDS},
    read_only=frozenset(plain(name) for name in _READ_ONLY.split()),
    known_by=("customer_ref",),
)

RESELLER_MISSING = "Say whose customer it is: by the reseller's code, id or e-mail."
RESELLER_UNKNOWN = "There is no such reseller."
RESELLER_STAYS = "A customer is moved to another reseller on the referral's page."
START_STAYS = "The beginning of a referral never changes."
REF_STAYS = "The customer of a referral never changes."


def check(rows: list[Row], options: Options) -> list[Outcome]:
    """What each row would do, in their order; nothing is written."""
    known = Known(rows, options.at)
    seen: dict[UUID | str, int] = {}
    return [_Line(row, known, options).checked(seen) for row in rows]


def change(
    referral: Referral,
    *,
    versions: Collection[str],
    rate: GivenRate,
    reason: str,
    actor: User,
    **facts: str,
) -> None:
    """Change a referral that is still as it was read, and its own rate."""
    row = referrals.edit_referral(referral, versions=versions, actor=actor, **facts)
    if not isinstance(rate, Absent):
        scope = RateScope.REFERRAL
        set_rate(scope=scope, referral=row, rate=rate, reason=reason, actor=actor)


class _Line:
    """One row beside the referral it belongs to."""

    def __init__(self, row: Row, known: Known, options: Options) -> None:
        self.row, self.known, self.options = row, known, options
        self.there = known.referral(row)
        self.outcome = Outcome(row.number, is_new=self.there is None)
        self.outcome.label = ref_of(row)
        self.start = self._start()
        self.facts: dict[str, Any] = {}
        self.rate: GivenRate = ABSENT

    def checked(self, seen: dict[UUID | str, int]) -> Outcome:
        self._refuse_strays(seen)
        reseller = self._reseller()
        if self.there is not None:
            self._check_there(self.there, reseller)
        else:
            self._check_new(reseller)
        return self.outcome

    def refuse(self, name: str, refusal: DomainError | str) -> None:
        self.outcome.refuse(self.row.head(name) if name else "", refusal)

    def _refuse_strays(self, seen: dict[UUID | str, int]) -> None:
        if self.row.stray:
            self.refuse("", "A cell stands beyond the last column.")
        key = self.there.pk if self.there else ref_of(self.row)
        first = seen.setdefault(key, self.row.number)
        if first != self.row.number:
            self.refuse("", f"Row {first:,} is the same customer.")

    def _reseller(self) -> Reseller | None:
        """Whom the row names; None where it names nobody, or somebody unknown."""
        for name in RESELLER_NAMES:
            if text := self.row.text(name):
                found = self.known.reseller(name, text)
                if found is None:
                    self.refuse(name, RESELLER_UNKNOWN)
                return found
        if self.there is None:
            self.refuse(RESELLER_NAMES[1], RESELLER_MISSING)
        return None

    def _check_there(self, there: Referral, reseller: Reseller | None) -> None:
        if ref_of(self.row) != there.customer_ref:
            self.refuse("customer_ref", REF_STAYS)
        if reseller is not None and reseller.pk != there.reseller_id:
            name = next(each for each in RESELLER_NAMES if self.row.text(each))
            self.refuse(name, RESELLER_STAYS)
        if self.start is not None and self.start != there.referred_at:
            self.refuse("referred_at", START_STAYS)
        self._read_texts(there.reseller)
        self._read_rate()
        for name, value in list(self.facts.items()):
            before = getattr(there, name)
            if value == before:
                del self.facts[name]
            else:
                self.outcome.change(self.row.head(name), before, value)
        if self.outcome.changes:
            self.outcome.action = partial(
                change,
                there,
                versions=[version_of(there)],
                rate=self.rate,
                reason=self.options.reason,
                **self.facts,
            )

    def _check_new(self, reseller: Reseller | None) -> None:
        ref = self._customer_ref()
        start = self.start or self.options.at
        if start > self.options.at + referrals.AHEAD:
            self.refuse("referred_at", OccurredAhead())
        other = self.known.overlapping(ref, start)
        if other is not None:
            taken = f"The customer was {other.reseller}’s then ({other.reseller.code})."
            self.refuse("customer_ref", CustomerAlreadyReferred(taken))
        if reseller is None:
            return
        if not reseller.may_receive_referrals:
            self.refuse("", ResellerNotActive())
        self._read_texts(reseller)
        self._read_rate()
        self.outcome.change("reseller", "", f"{reseller} ({reseller.code})")
        for name, value in self.facts.items():
            self.outcome.change(self.row.head(name), "", value)
        self.outcome.action = partial(
            referrals.attribute_customer,
            reseller,
            customer_ref=ref,
            referred_at=self.start,
            commission_rate=None if isinstance(self.rate, Absent) else self.rate,
            origin=Origin.IMPORT,
            **self.facts,
        )

    def _customer_ref(self) -> str:
        try:
            return referrals.read_customer_ref(self.row.text("customer_ref"))
        except DomainError as refusal:
            self.refuse("customer_ref", refusal)
            return ""

    def _start(self) -> datetime | None:
        try:
            return moment_of(self.row.given.get("referred_at"), "referred_at")
        except DomainError as refusal:
            self.refuse("referred_at", refusal)
            return None

    def _read_texts(self, reseller: Reseller) -> None:
        """As the action will read them."""
        longest = referrals.NOTES_LENGTH
        for name in TEXTS:
            if name not in self.row.given:
                continue
            text = self.row.text(name)
            try:
                if name == "notes":
                    text = read_text(text, name, longest, multiline=True)
                elif text.strip():
                    text = read_email(text, name)
                    if text == reseller.user.email:
                        raise SelfReferral
            except DomainError as refusal:
                self.refuse(name, refusal)
            else:
                self.facts[name] = text

    def _read_rate(self) -> None:
        """The referral's own rate, where it is another than that of now."""
        if RATE not in self.row.given:
            return
        text, rate = self.row.text(RATE).strip(), None
        try:
            rate = read_rate(text) if text else None
        except DomainError as refusal:
            self.refuse(RATE, refusal)
            return
        before = self.known.own_rate(self.there) if self.there else None
        if rate == before:
            return
        if not rights.may(self.options.actor, rights.FINANCE):
            self.refuse(RATE, FinanceRequired("Only finance sets this."))
        self.rate = rate
        told = ["" if each is None else str(each) for each in (before, rate)]
        self.outcome.change(self.row.head(RATE), *told)
