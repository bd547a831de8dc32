"""What staff do with offerings: retire, restore, check prices, correct facts.

What a catalogue file does with them stands in `actions.catalogue_import`.
"""

from datetime import datetime
from typing import Any

from django.db import transaction

from marketplace.actions.list_prices import (
    list_key,
    request_list_prices,
    update_many,
)
from marketplace.catalogue.words import search_text
from marketplace.errors import OfferingState
from marketplace.models import Offering, OfferingStatus, Provider
from marketplace.models.offering import RetiredBy
from resellers import audit, clock
from resellers.models import Actor
from resellers.money import Money

STAFF_SOURCE = "staff"
PRICE_FIELDS = ["monthly_price_e9s", "setup_fee_e9s", "currency"]
EDITABLE_FIELDS = {
    "offer_name",
    "description",
    "product_page_url",
    "external_checkout_url",
    "visibility",
    "stock_status",
    "billing_interval",
    "product_type",
    "virtualization_type",
    "datacenter_country",
    "datacenter_city",
    "processor_cores",
    "memory_mb",
    "storage_gb",
    "uplink_mbps",
    "traffic_gb",
    "gpu_count",
    "min_contract_hours",
    "max_contract_hours",
    "unmetered_bandwidth",
    *PRICE_FIELDS,
}


@transaction.atomic
def retire(
    offering: Offering, *, reason: str = "", at: datetime | None = None, actor: Actor
) -> Offering:
    """Take an offering off the marketplace; no import brings it back, `restore` does.

    Its page stays, its offers end, its orders run on. Raises OfferingState when it is
    retired already.
    """
    moved = Offering.objects.filter(
        pk=offering.pk, status=OfferingStatus.AVAILABLE
    ).update(
        status=OfferingStatus.RETIRED,
        retired_at=at or clock.now(),
        retired_by=RetiredBy.STAFF,
    )
    return _moved(offering, moved, "offering.retired", reason, actor)


@transaction.atomic
def restore(offering: Offering, *, reason: str = "", actor: Actor) -> Offering:
    """Put a retired offering back. Raises OfferingState when it is not retired."""
    moved = Offering.objects.filter(
        pk=offering.pk, status=OfferingStatus.RETIRED
    ).update(status=OfferingStatus.AVAILABLE, retired_at=None, retired_by="")
    return _moved(offering, moved, "offering.restored", reason, actor)


def _moved(
    offering: Offering, moved: int, action: str, reason: str, actor: Actor
) -> Offering:
    before = offering.status
    offering.refresh_from_db()
    if not moved:
        raise OfferingState(offering=offering.status)
    entry = audit.record(
        actor,
        action,
        offering,
        before={"status": before},
        after={"status": offering.status},
        reason=reason,
    )
    request_list_prices(offering.provider, cause=str(entry.pk))
    return offering


@transaction.atomic
def mark_checked(
    offering: Offering, *, at: datetime | None = None, actor: Actor
) -> Offering:
    """Staff looked at the supplier's page: the price stands as of now."""
    before = offering.price_checked_at
    offering.price_checked_at = at or clock.now()
    offering.price_source = STAFF_SOURCE
    offering.save(update_fields=["price_checked_at", "price_source"])
    entry = audit.record(
        actor,
        "offering.price_checked",
        offering,
        before={"price_checked_at": before},
        after={"price_checked_at": offering.price_checked_at},
    )
    request_list_prices(offering.provider, cause=str(entry.pk))
    return offering


@transaction.atomic
def mark_all_checked(
    provider: Provider, *, at: datetime | None = None, actor: Actor
) -> int:
    """The same for every available offering of a provider; answer how many."""
    checked_at = at or clock.now()
    available = Offering.objects.filter(
        provider=provider, status=OfferingStatus.AVAILABLE
    )
    count = update_many(
        provider, available, price_checked_at=checked_at, price_source=STAFF_SOURCE
    )
    entry = audit.record(
        actor,
        "provider.prices_checked",
        provider,
        after={"price_checked_at": checked_at, "offerings": count},
    )
    request_list_prices(provider, cause=str(entry.pk))
    return count


@transaction.atomic
def change_offering(
    offering: Offering, *, reason: str = "", actor: Actor, **facts: Any
) -> Offering:
    """Correct an offering by hand: any of EDITABLE_FIELDS, at least one.

    A new price counts as checked now and moves nothing that was sold. What stays equal
    is not written; nothing new at all is no deed. Raises ValidationError.
    """
    if unknown := set(facts) - EDITABLE_FIELDS:
        raise TypeError(f"not editable: {', '.join(sorted(unknown))}")
    offering = Offering.objects.select_for_update(no_key=True).get(pk=offering.pk)
    new = {f: value for f, value in facts.items() if getattr(offering, f) != value}
    if not new:
        return offering
    before = {field: getattr(offering, field) for field in new}
    derived = _derived(offering, new)
    for field, value in (new | derived).items():
        setattr(offering, field, value)
    offering.full_clean()
    offering.save(update_fields=[*new, *derived])
    entry = audit.record(
        actor, "offering.changed", offering, before=before, after=new, reason=reason
    )
    request_list_prices(offering.provider, cause=str(entry.pk))
    return offering


def _derived(offering: Offering, new: dict[str, Any]) -> dict[str, Any]:
    """What follows from the new facts: words to search, and the price's history."""
    facts = {f: getattr(offering, f) for f in EDITABLE_FIELDS} | new
    derived: dict[str, Any] = {
        "search_text": search_text(
            facts["offer_name"],
            offering.code,
            offering.provider.name,
            facts["datacenter_city"],
        )
    }
    if new.keys() & set(PRICE_FIELDS):
        monthly, setup, currency = (facts[field] for field in PRICE_FIELDS)
        for amount in (monthly, setup):
            Money.from_e9s(amount, currency)  # refuses what is not whole minor units
        now = clock.now()
        same_currency = currency == offering.currency
        derived |= {
            "previous_price_e9s": offering.base_price_e9s if same_currency else None,
            "price_changed_at": now,
            "price_checked_at": now,
            "price_source": STAFF_SOURCE,
            "list_price_e9s": list_key(monthly, setup, currency, None),
        }
    return derived
