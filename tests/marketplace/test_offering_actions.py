"""Retire, restore, check and correct offerings by hand."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from marketplace.actions.offerings import (
    change_offering,
    mark_all_checked,
    mark_checked,
    restore,
    retire,
)
from marketplace.errors import OfferingState
from marketplace.models import Offering
from resellers.errors import SubMinorUnit
from resellers.models import AuditEntry, Job
from tests.conftest import NOW
from tests.factories.marketplace import OfferingFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def last_entry():
    entry = AuditEntry.objects.order_by("-id")[0]
    return entry.action, entry.object_ref, entry.before, entry.after, entry.reason


def list_prices_asked():
    return Job.objects.filter(kind="list_prices").count()


def test_retire_and_restore(offering, staff):
    retired = retire(offering, reason="Sold no more", actor=staff)
    assert (retired.status, retired.retired_by) == ("retired", "staff")
    assert retired.retired_at == NOW
    assert last_entry() == (
        "offering.retired",
        str(offering.pk),
        {"status": "available"},
        {"status": "retired"},
        "Sold no more",
    )
    with pytest.raises(OfferingState) as refused:
        retire(offering, actor=staff)
    assert refused.value.extra == {"offering": "retired"}
    restored = restore(offering, actor=staff)
    assert (restored.status, restored.retired_by) == ("available", "")
    assert restored.retired_at is None
    assert AuditEntry.objects.count() == list_prices_asked() == 2
    with pytest.raises(OfferingState):
        restore(offering, actor=staff)
    restored.full_clean()


def test_mark_checked(offering, staff, clock):
    clock.shift(timedelta(days=5))
    mark_checked(offering, actor=staff)
    offering.refresh_from_db()
    assert offering.price_checked_at == NOW + timedelta(days=5)
    assert offering.price_source == "staff"
    assert last_entry()[0] == "offering.price_checked"
    assert list_prices_asked() == 1


def test_mark_all_checked_leaves_retired_ones_alone(supplier, staff):
    OfferingFactory.create_batch(2, provider=supplier)
    gone = OfferingFactory.create(provider=supplier)
    retire(gone, actor=staff)
    other = OfferingFactory.create()
    assert mark_all_checked(supplier, actor=staff) == 2
    checked = Offering.objects.filter(price_source="staff", price_checked_at=NOW)
    assert set(checked.values_list("provider", flat=True)) == {supplier.pk}
    assert checked.count() == 2
    assert other.price_source != "staff"
    assert last_entry()[3] == {
        "price_checked_at": "2026-03-02T09:00:00Z",
        "offerings": 2,
    }


def test_new_price_keeps_its_history(offering, staff):
    changed = change_offering(
        offering, monthly_price_e9s=7_130_000_000, reason="Typo", actor=staff
    )
    changed.refresh_from_db()
    assert changed.monthly_price_e9s == changed.list_price_e9s == 7_130_000_000
    assert changed.previous_price_e9s == 5_770_000_000
    assert changed.price_changed_at == changed.price_checked_at == NOW
    assert changed.price_source == "staff"
    assert last_entry() == (
        "offering.changed",
        str(offering.pk),
        {"monthly_price_e9s": 5_770_000_000},
        {"monthly_price_e9s": 7_130_000_000},
        "Typo",
    )


def test_new_name_is_found(offering, staff):
    change_offering(
        offering, offer_name="Wölkchen 1", datacenter_city="Bonn", actor=staff
    )
    offering.refresh_from_db()
    assert offering.search_text == f"wolkchen 1 {offering.code} hetzner bonn".replace(
        "-", " "
    )
    assert offering.previous_price_e9s is None


def test_equal_facts_are_no_deed(offering, staff):
    change_offering(offering, offer_name=offering.offer_name, actor=staff)
    assert AuditEntry.objects.count() == list_prices_asked() == 0


@pytest.mark.parametrize(
    ("facts", "error"),
    [
        ({"offer_name": ""}, ValidationError),
        ({"visibility": "hidden"}, ValidationError),
        ({"product_page_url": "javascript:alert(1)"}, ValidationError),
        ({"monthly_price_e9s": 5_770_000_001}, SubMinorUnit),
        ({"code": "other"}, TypeError),
        ({"status": "retired"}, TypeError),
    ],
)
def test_bad_facts_change_nothing(offering, staff, facts, error):
    before = Offering.objects.values().get()
    with pytest.raises(error):
        change_offering(offering, actor=staff, **facts)
    assert Offering.objects.values().get() == before
    assert AuditEntry.objects.count() == 0


@pytest.mark.parametrize(
    ("old", "new", "days", "risen"),
    [
        (10, 11, 0, 0),
        (100, 111, 0, 1),
        (100, 111, 30, 1),
        (100, 111, 31, 0),
        (100, 89, 0, 0),
        (0, 10, 0, 0),
    ],
)
def test_risen_by_provider(supplier, old, new, days, risen):
    cents = 10_000_000
    OfferingFactory.create(
        provider=supplier,
        monthly_price_e9s=new * cents - cents,
        setup_fee_e9s=cents,
        previous_price_e9s=old * cents,
        price_changed_at=NOW - timedelta(days=days),
    )
    OfferingFactory.create(provider=supplier, price_changed_at=NOW)
    found = Offering.objects.risen_by_provider(NOW)
    assert found == ({supplier.pk: 1} if risen else {})


def test_risen_compares_the_largest_prices(supplier):
    OfferingFactory.create(
        monthly_price_e9s=10**18,
        previous_price_e9s=9 * 10**17,
        price_changed_at=NOW,
    )
    assert sum(Offering.objects.risen_by_provider(NOW).values()) == 1
