"""The staff's front page and the system page: what waits, and how the machine does.

Rooms yield their tasks by `settings.STAFF_TASKS` and their figures by
`settings.METRIC_SOURCES`. Source: 4-marketplace, section 9; 9-quality, section 1.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.module_loading import import_string

from config import verification
from config.metrics import Gauge, gauges
from resellers import clock, jobs
from resellers.desk import history
from resellers.desk.tasks import StaffTask
from resellers.models import AuditEntry, Job, User
from resellers.templatetags.moments import span_words

OWN_EVENTS = 8
DEAD_SHOWN = 50
CLOCK_GAUGE = "consign_clock_last_run_seconds"
"""Shown as the table of the clock."""
VIEW_JOBS, CHANGE_JOBS = "resellers.view_job", "resellers.change_job"
VIEW_TRAIL = "resellers.view_auditentry"
LEDGER_LATE = timedelta(hours=2)
CLOCK_LATE = timedelta(minutes=5)


def tasks(person: User) -> list[StaffTask]:
    """What waits for staff and this person may see; first what waits."""
    now = clock.now()
    sources = [import_string(dotted) for dotted in settings.STAFF_TASKS]
    found = chain.from_iterable(source(now) for source in sources)
    allowed = [task for task in found if person.has_perm(task.permission)]
    return sorted(allowed, key=lambda task: not task.count)


def ledger(now: datetime) -> Iterator[StaffTask]:
    """The last verification of the books: broken rules, or none made lately."""
    last = verification.last_run()
    facts: dict[str, Any] = {
        "label": "Ledger check",
        "url": reverse("admin:system"),
        "permission": VIEW_JOBS,
        "tone": "overdue",
        "moment": last.at if last else None,
    }
    if last is None:
        about = "The books were never verified; the worker does it every hour"
        yield StaffTask(count=1, count_words="never", about=about, **facts)
    elif last.violations:
        about = "Rules that the books break: stop payouts and look"
        yield StaffTask(count=last.violations, about=about, **facts)
    elif now - last.at > LEDGER_LATE:
        about = "No rule was broken, but the last check is old: is the worker running?"
        yield StaffTask(count=1, count_words="late", about=about, **facts)
    else:
        yield StaffTask(count=0, about="No rule of the books is broken", **facts)


def front_page(person: User) -> dict[str, Any]:
    own = AuditEntry.objects.filter(actor=person).order_by("-id")[:OWN_EVENTS]
    return {
        "tasks": tasks(person),
        "own": history.events(own) if person.has_perm(VIEW_TRAIL) else [],
    }


@dataclass(frozen=True, slots=True)
class ClockTask:
    """A task of the clock; late when its last good end is longer ago than a run."""

    name: str
    every: str
    at: datetime | None
    is_late: bool


@dataclass(frozen=True, slots=True)
class Figure:
    """A gauge of /metrics with its values in words."""

    name: str
    about: str
    rows: list[tuple[str, str]]


def system_page(person: User) -> dict[str, Any]:
    dead = Job.objects.dead().order_by("-id")
    return {
        "figures": [figure(gauge) for gauge in gauges() if gauge.name != CLOCK_GAUGE],
        "clock_tasks": list(clock_tasks(clock.now())),
        "dead": dead[:DEAD_SHOWN],
        "dead_count": dead.count(),
        "may_change": person.has_perm(CHANGE_JOBS),
    }


def clock_tasks(now: datetime) -> Iterator[ClockTask]:
    ended = jobs.last_runs()
    for name, (_, seconds) in settings.CLOCK_TASKS.items():
        at = ended[name]
        limit = timedelta(seconds=seconds) + CLOCK_LATE
        late = at is None or now - at > limit
        yield ClockTask(history.words(name), span_words(seconds), at, late)


def figure(gauge: Gauge) -> Figure:
    in_seconds = gauge.name.endswith("_seconds")
    rows = [
        (
            ", ".join(labels) or "now",
            span_words(int(value)) if in_seconds and value else f"{value:,.0f}",
        )
        for labels, value in sorted(gauge.values.items())
    ]
    return Figure(gauge.name, gauge.about, rows)
