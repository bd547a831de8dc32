"""Keeping the sort key of the marketplace list: `Offering.list_price_e9s`.

The key is the lowest total, without an offer the base, and for prices on request the
largest number there is. It is never shown or charged, so it may be late for seconds: a
change of terms enqueues a job, and a daily task follows prices that grew too old.
Source: 4-marketplace, section 11.
"""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.db.models import Case, Min, QuerySet, When

from marketplace.models import (
    ON_REQUEST_SORT_KEY,
    Offering,
    OfferingStatus,
    Provider,
    ResellerRelationship,
)
from marketplace.models.offering import rentable
from marketplace.pricing import make_offer
from resellers import clock, jobs
from resellers.models import Job

JOB_KIND = "list_prices"
PRICE_COLUMNS = ["monthly_price_e9s", "setup_fee_e9s", "currency", "list_price_e9s"]


def request_list_prices(provider: Provider, *, cause: str) -> None:
    """Enqueue the job for an external provider; `cause` makes it one for one change.

    An audit entry's id is a good cause: the same change asks once, the next one again.
    """
    jobs.enqueue(JOB_KIND, f"{JOB_KIND}:{provider.pk}:{cause}", provider=provider.pk)


def run_job(job: Job) -> str:
    """Handler of the kind `list_prices`."""
    provider = Provider.objects.get(pk=job.payload["provider"])
    changed = set_list_prices(provider, clock.now(), alive=lambda: jobs.renew(job))
    return f"{changed:,} offerings"


def refresh_all(now: datetime) -> str:
    """Clock task, daily: prices that grew too old lose their offers."""
    providers = Provider.objects.external()
    changed = sum(set_list_prices(provider, now) for provider in providers)
    return f"{changed:,} offerings"


def set_list_prices(
    provider: Provider, now: datetime, *, alive: Callable[[], object] | None = None
) -> int:
    """Set the key of a provider's available offerings; answer how many changed.

    One update per distinct price: offerings of one price have one lowest total.
    `alive` is called after each; a job renews its lease by it.
    """
    percent = lowest_percent(provider)
    offerings = Offering.objects.filter(
        provider=provider, status=OfferingStatus.AVAILABLE
    ).annotate(offered=Case(When(rentable(now), then=True), default=False))
    prices = offerings.order_by().values_list(*PRICE_COLUMNS, "offered").distinct()
    changed = 0
    for price in list(prices):
        monthly, setup, currency, key, offered = price
        right = list_key(monthly, setup, currency, percent if offered else None)
        if right != key:
            same = dict(zip([*PRICE_COLUMNS, "offered"], price, strict=True))
            rows = offerings.filter(**same)
            changed += update_many(provider, rows, list_price_e9s=right)
            if alive:
                alive()
    return changed


@transaction.atomic
def update_many(provider: Provider, rows: QuerySet[Offering], **changed: object) -> int:
    """Update many offerings of one provider, its row locked first.

    So does an import: two who lock the same rows in other orders would end in a
    deadlock.
    """
    Provider.objects.select_for_update(no_key=True).get(pk=provider.pk)
    return rows.update(**changed)


def lowest_percent(provider: Provider) -> int | None:
    """The lowest mark-up an active reseller asks; a lower one is never dearer."""
    active = ResellerRelationship.objects.active().filter(external_provider=provider)
    percent: int | None = active.aggregate(lowest=Min("commission_percent"))["lowest"]
    return percent


def list_key(
    monthly_e9s: int, setup_e9s: int, currency: str, percent: int | None
) -> int:
    if monthly_e9s == 0:
        return ON_REQUEST_SORT_KEY
    base = monthly_e9s + setup_e9s
    return base if percent is None else make_offer(base, percent, currency).total_e9s
