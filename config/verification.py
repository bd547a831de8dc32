"""Runs the invariants that the rooms registered, and the recomputation of prices.

A check returns how many rows it looked at and the keys of those that break its rule.
Source: 9-quality, section 1; 6-ledger.
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.utils.module_loading import import_string

from resellers import jobs, pg
from resellers.models import Job, JobState

KEYS_SHOWN = 20
TASK = "verify_ledger"


@dataclass(frozen=True)
class Finding:
    """One invariant after its check."""

    id: str
    rows: int
    keys: list[str]

    @property
    def text(self) -> str:
        """One line: id, rows checked, violations, and the keys of some of them."""
        return self.with_keys(
            f"{self.id}: {self.rows} checked, {len(self.keys)} violated"
        )

    @property
    def difference(self) -> str:
        """The same of a recomputation: "1,234 orders, 0 differences"."""
        return self.with_keys(
            f"{self.rows:,} {self.id}, {len(self.keys):,} differences"
        )

    def with_keys(self, line: str) -> str:
        shown = ", ".join(self.keys[:KEYS_SHOWN])
        return f"{line}: {shown}" if shown else line

    @property
    def facts(self) -> dict[str, object]:
        return {
            "id": self.id,
            "checked": self.rows,
            "violations": len(self.keys),
            "keys": self.keys[:KEYS_SHOWN],
        }


def verify_ledger() -> list[Finding]:
    """Every registered invariant, in one snapshot of the database."""
    with pg.snapshot():
        return [
            Finding(name, *import_string(dotted)())
            for name, dotted in settings.LEDGER_CHECKS.items()
        ]


def replay_prices(since: date | None) -> list[Finding]:
    """Recompute what was sold since that date from its frozen inputs."""
    with pg.snapshot():
        return [
            Finding(name, *import_string(dotted)(since))
            for name, dotted in settings.PRICE_REPLAYERS.items()
        ]


def run_hourly(_now: datetime) -> str:
    """Task of the clock; its note is what the metric reads."""
    findings = verify_ledger()
    violated = sum(len(finding.keys) for finding in findings)
    return f"violations={violated} rows={sum(finding.rows for finding in findings)}"


@dataclass(frozen=True)
class LastRun:
    at: datetime
    violations: int


def last_run() -> LastRun | None:
    """The newest finished hourly verification; None before the first."""
    done = Job.objects.filter(
        kind=jobs.CLOCK_KIND,
        key__startswith=f"{jobs.CLOCK_KIND}:{TASK}:",
        state=JobState.DONE,
    )
    job = done.order_by("-finished_at", "-id").first()
    if job is None or job.finished_at is None:
        return None
    violations = job.note.split(" ")[0].removeprefix("violations=")
    return LastRun(job.finished_at, int(violations))
