"""`/metrics` in Prometheus text: gauges by query, so that any process answers alike.

`gauges` serves the staff's system page as well. Source: 9-quality, section 1.
"""

import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from itertools import chain
from typing import Any

from django.conf import settings
from django.db.models import Count, Min
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.module_loading import import_string
from django.views.decorators.http import require_safe
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from config import verification
from marketplace.models import ResellerOrder
from resellers import jobs
from resellers.models import Job, JobState


@dataclass(frozen=True)
class Gauge:
    """One metric: its label names, and a value for each tuple of label values."""

    name: str
    about: str
    labels: tuple[str, ...]
    values: dict[tuple[str, ...], float]


def gauges() -> list[Gauge]:
    """Every room's gauges, in the order of METRIC_SOURCES."""
    sources = [import_string(dotted) for dotted in settings.METRIC_SOURCES]
    return list(chain.from_iterable(source() for source in sources))


def outbox() -> Iterator[Gauge]:
    counted = Job.objects.order_by().values_list("kind", "state").annotate(Count("id"))
    yield Gauge(
        "consign_outbox",
        "Jobs by kind and state",
        ("kind", "state"),
        {(kind, state): count for kind, state, count in counted},
    )
    waiting = Job.objects.filter(state=JobState.READY, run_at__lte=timezone.now())
    oldest = waiting.aggregate(oldest=Min("run_at"))["oldest"]
    yield Gauge(
        "consign_outbox_oldest_seconds",
        "How long the oldest due job has waited",
        (),
        {(): seconds_since(oldest) if oldest else 0},
    )


def clock() -> Iterator[Gauge]:
    yield Gauge(
        "consign_clock_last_run_seconds",
        "How long ago each task of the clock ended well",
        ("task",),
        {(task,): seconds_since(at) for task, at in jobs.last_runs().items() if at},
    )


def ledger() -> Iterator[Gauge]:
    """Absent before the first check, rather than zero."""
    last = verification.last_run()
    if last is None:
        return
    yield Gauge(
        "consign_ledger_violations",
        "Violations the last verify_ledger found",
        (),
        {(): last.violations},
    )
    yield Gauge(
        "consign_ledger_checked_seconds",
        "How long ago verify_ledger last ran",
        (),
        {(): seconds_since(last.at)},
    )


def orders() -> Iterator[Gauge]:
    counted = (
        ResellerOrder.objects.order_by().values_list("state").annotate(Count("pk"))
    )
    yield Gauge(
        "consign_orders",
        "Reseller orders by state",
        ("state",),
        {(state,): count for state, count in counted},
    )
    overdue = ResellerOrder.objects.overdue(timezone.now()).count()
    yield Gauge(
        "consign_orders_overdue", "Open orders past their deadline", (), {(): overdue}
    )


def build() -> Iterator[Gauge]:
    facts = (settings.VERSION, version("django"))
    yield Gauge(
        "consign_build_info", "What is running", ("version", "django"), {facts: 1}
    )


def seconds_since(moment: Any) -> float:
    seconds: float = (timezone.now() - moment).total_seconds()
    return max(seconds, 0)


class Gauges(Collector):
    """The gauges in the form the client library writes."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        for gauge in gauges():
            family = GaugeMetricFamily(gauge.name, gauge.about, labels=gauge.labels)
            for labels, value in gauge.values.items():
                family.add_metric(labels, value)
            yield family


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """404 without METRICS_TOKEN, 401 without its bearer."""
    token = settings.METRICS_TOKEN
    if not token:
        raise Http404
    given = request.headers.get("Authorization", "")
    if not hmac.compare_digest(given.encode(), f"Bearer {token}".encode()):
        return HttpResponse(status=401, headers={"WWW-Authenticate": "Bearer"})
    registry = CollectorRegistry()
    registry.register(Gauges())
    return HttpResponse(
        generate_latest(registry), content_type="text/plain; version=0.0.4"
    )
