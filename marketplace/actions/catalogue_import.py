"""Importing a catalogue file: what it changes is planned first, then written at once.

The plan is the report; a dry run stops there. Source: 4-marketplace, section 7.
"""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction

from marketplace.actions.list_prices import list_key, set_list_prices
from marketplace.actions.providers import ensure_external_provider, external_provider
from marketplace.catalogue.cells import Finding
from marketplace.catalogue.reader import FiledOffering, read_catalogue
from marketplace.catalogue.words import search_text
from marketplace.errors.catalogue import CheckedInFuture, TooManyVanished
from marketplace.models import (
    Offering,
    OfferingStatus,
    Provider,
    ResellerRelationship,
)
from marketplace.models.offering import RetiredBy
from resellers import audit, clock, jobs
from resellers.models import Actor

JUMP_LIMIT_PERCENT = 50
VANISHED_LIMIT_PERCENT = 20
BATCH_ROWS = 500
CLOCK_SKEW = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Supplier:
    """Whose offerings a file holds; blank facts leave a known provider as it is."""

    domain: str
    name: str = ""
    website_url: str = ""
    data_source: str = ""


@dataclass(slots=True)
class Counts:
    """What an import does, in offerings; `rows` are those of the file."""

    rows: int = 0
    created: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0
    prices_changed: int = 0
    prices_rose: int = 0
    retired: int = 0
    returned: int = 0


@dataclass(slots=True)
class ImportReport:
    """What a file did, or with a dry run would have done."""

    file: str
    supplier: str
    sha256: str
    checked_at: datetime
    dry_run: bool
    counts: Counts
    errors: list[Finding]
    warnings: list[Finding]


@dataclass(slots=True)
class Plan:
    """The rows to write; `changes` are the fields of `changed` that differ."""

    created: list[Offering] = field(default_factory=list)
    changed: list[Offering] = field(default_factory=list)
    changes: set[str] = field(default_factory=set)
    seen: list[int] = field(default_factory=list)
    vanished: list[int] = field(default_factory=list)
    counts: Counts = field(default_factory=Counts)
    errors: list[Finding] = field(default_factory=list)


@transaction.atomic
def import_catalogue(
    data: bytes,
    *,
    file: str,
    supplier: Supplier,
    checked_at: datetime | None = None,
    dry_run: bool = False,
    accept_large_changes: bool = False,
    actor: Actor,
) -> ImportReport:
    """Bring one provider's offerings to what a catalogue file says.

    Good rows apply, bad ones are errors in the report. Raises a CatalogueRefused when
    the file as a whole is refused: then nothing is written. The same bytes again change
    only when and where the prices were checked.
    """
    now = clock.now()
    checked_at = checked_at or now
    if checked_at > now + CLOCK_SKEW:
        raise CheckedInFuture
    catalogue = read_catalogue(data)
    provider = _provider(supplier, actor, dry_run=dry_run)
    known = known_offerings(provider, lock=not dry_run)
    planner = Planner(
        provider, known, checked_at, accept_large_changes=accept_large_changes
    )
    plan = planner.plan(catalogue.offerings, errors=catalogue.errors)
    plan.counts.rows = catalogue.row_count
    plan.counts.refused = catalogue.row_count - len(planner.codes)
    report = ImportReport(
        file=file,
        supplier=provider.name,
        sha256=catalogue.sha256,
        checked_at=checked_at,
        dry_run=dry_run,
        counts=plan.counts,
        errors=plan.errors,
        warnings=catalogue.warnings,
    )
    if not dry_run:
        _write(plan, provider, report, actor)
    return report


def _provider(supplier: Supplier, actor: Actor, *, dry_run: bool) -> Provider:
    """The provider, its row locked: two imports of one provider follow each other."""
    if dry_run:
        return external_provider(**asdict(supplier))
    return ensure_external_provider(**asdict(supplier), actor=actor)


def known_offerings(provider: Provider, *, lock: bool) -> list[Offering]:
    """What is compared with the file; locked until it is written.

    Else a retirement or correction between plan and write would be undone.
    """
    if provider.pk is None:
        return []
    known = Offering.objects.filter(provider=provider).order_by("pk")
    return list(known.select_for_update(no_key=True) if lock else known)


class Planner:
    """Compares the rows of a file with what is known of the provider."""

    def __init__(
        self,
        provider: Provider,
        known: list[Offering],
        checked_at: datetime,
        *,
        accept_large_changes: bool,
    ) -> None:
        self.provider = provider
        self.checked_at = checked_at
        self.accept_large_changes = accept_large_changes
        self.known = {offering.code: offering for offering in known}
        self.codes: set[str] = set()
        self.result = Plan()

    def plan(self, filed: Iterable[FiledOffering], *, errors: list[Finding]) -> Plan:
        self.result.errors = errors
        for row in filed:
            self._plan_row(row)
        self.result.errors.sort(key=lambda finding: finding.row)
        if not self.result.errors:
            self._plan_vanished()
        return self.result

    def _plan_row(self, row: FiledOffering) -> None:
        offering = self.known.get(row.code)
        facts = row.facts | {"search_text": self._words(row)}
        if offering is None:
            self.codes.add(row.code)
            self.result.created.append(self._new(row.code, facts))
            self.result.counts.created += 1
            return
        jump = None if self.accept_large_changes else price_jump(offering, facts)
        if jump:
            error = Finding(row.row, "monthly_price", "price_jump", jump)
            self.result.errors.append(error)
            return
        self.codes.add(row.code)
        self.result.seen.append(offering.pk)
        self._plan_known(offering, facts)

    def _words(self, row: FiledOffering) -> str:
        city = row.facts["datacenter_city"]
        return search_text(row.facts["offer_name"], row.code, self.provider.name, city)

    def _new(self, code: str, facts: dict[str, Any]) -> Offering:
        return Offering(
            code=code,
            price_checked_at=self.checked_at,
            list_price_e9s=list_key(
                facts["monthly_price_e9s"],
                facts["setup_fee_e9s"],
                facts["currency"],
                None,
            ),
            **facts,
        )

    def _plan_known(self, offering: Offering, facts: dict[str, Any]) -> None:
        counts = self.result.counts
        new = {f: value for f, value in facts.items() if getattr(offering, f) != value}
        new |= self._price_history(offering, facts)
        if offering.retired_by == RetiredBy.IMPORT:
            new |= {"status": OfferingStatus.AVAILABLE}
            new |= {"retired_at": None, "retired_by": ""}
            counts.returned += 1
        if not new:
            counts.unchanged += 1
            return
        for name, value in new.items():
            setattr(offering, name, value)
        counts.changed += 1
        self.result.changed.append(offering)
        self.result.changes |= new.keys()

    def _price_history(
        self, offering: Offering, facts: dict[str, Any]
    ) -> dict[str, Any]:
        old, new = offering.base_price_e9s, base_of(facts)
        same_currency = facts["currency"] == offering.currency
        if old == new and same_currency:
            return {}
        self.result.counts.prices_changed += 1
        if same_currency and rose(old, new):
            self.result.counts.prices_rose += 1
        return {
            "previous_price_e9s": old if same_currency else None,
            "price_changed_at": self.checked_at,
        }

    def _plan_vanished(self) -> None:
        available = [
            offering
            for offering in self.known.values()
            if offering.status == OfferingStatus.AVAILABLE
        ]
        gone = [o.pk for o in available if o.code not in self.codes]
        too_many = len(gone) * 100 > VANISHED_LIMIT_PERCENT * len(available)
        if too_many and not self.accept_large_changes:
            raise TooManyVanished(
                f"{len(gone):,} of {len(available):,} offerings of"
                f" {self.provider.name} are not in the file. {TooManyVanished.sentence}"
            )
        self.result.vanished = gone
        self.result.counts.retired = len(gone)


def base_of(facts: dict[str, Any]) -> int:
    base: int = facts["monthly_price_e9s"] + facts["setup_fee_e9s"]
    return base


def rose(old_e9s: int, new_e9s: int) -> bool:
    """True when a price rose by more than PRICE_DRIFT_PERCENT."""
    percent: int = settings.PRICE_DRIFT_PERCENT
    return old_e9s > 0 and new_e9s * 100 > old_e9s * (100 + percent)


def price_jump(offering: Offering, facts: dict[str, Any]) -> str:
    """Say why a new price looks like a mistake; empty when it does not.

    What buyers pay for the first month counts; an offering that had no price has
    nothing to compare.
    """
    old, new = offering.base_price_e9s, base_of(facts)
    if offering.monthly_price_e9s == 0:
        return ""
    if facts["currency"] != offering.currency:
        return f"The currency was {offering.currency} and is now {facts['currency']}."
    if abs(new - old) * 100 > JUMP_LIMIT_PERCENT * old:
        return f"The price moves by more than {JUMP_LIMIT_PERCENT} percent."
    return ""


def _write(plan: Plan, provider: Provider, report: ImportReport, actor: Actor) -> None:
    source = f"import:{report.file}"[:200]
    for offering in plan.created:
        offering.provider = provider
        offering.price_source = source
    Offering.objects.bulk_create(plan.created, batch_size=BATCH_ROWS)
    if plan.changed:
        # An upsert by key: one statement of values where `bulk_update` builds a CASE.
        Offering.objects.bulk_create(
            plan.changed,
            batch_size=BATCH_ROWS,
            update_conflicts=True,
            unique_fields=["id"],
            update_fields=sorted(plan.changes),
        )
    for pks in batched(plan.seen, BATCH_ROWS):
        Offering.objects.filter(pk__in=pks).update(
            price_checked_at=report.checked_at, price_source=source
        )
    for pks in batched(plan.vanished, BATCH_ROWS):
        available = Offering.objects.filter(pk__in=pks, status=OfferingStatus.AVAILABLE)
        available.update(
            status=OfferingStatus.RETIRED,
            retired_at=report.checked_at,
            retired_by=RetiredBy.IMPORT,
        )
    set_list_prices(provider, clock.now())
    entry = audit.record(
        actor,
        "catalogue.imported",
        provider,
        after={
            "file": report.file,
            "sha256": report.sha256,
            "price_checked_at": report.checked_at,
            **asdict(report.counts),
        },
    )
    if report.counts.prices_rose:
        _tell_resellers(provider, entry.pk)


def batched(pks: list[int], size: int) -> Iterator[list[int]]:
    for start in range(0, len(pks), size):
        yield pks[start : start + size]


def _tell_resellers(provider: Provider, import_entry: int) -> None:
    """One mail for each reseller and import; the entry holds the numbers."""
    for relationship in ResellerRelationship.objects.active().filter(
        external_provider=provider
    ):
        jobs.enqueue(
            "mail",
            f"mail:prices_rose:{relationship.pk}:{import_entry}",
            about=f"marketplace.resellerrelationship:{relationship.pk}",
            relationship=relationship.pk,
            import_entry=import_entry,
        )
