"""The sort key of the list: late at most, and never more than a sort key."""

from datetime import timedelta

import pytest

from marketplace.actions.list_prices import (
    refresh_all,
    request_list_prices,
    set_list_prices,
)
from marketplace.models import ON_REQUEST_SORT_KEY, Offering
from marketplace.pricing import make_offer
from resellers import clock, jobs
from resellers.models import Job
from tests.factories.marketplace import OfferingFactory, RelationshipFactory

pytestmark = pytest.mark.django_db


def keys():
    return dict(Offering.objects.values_list("code", "list_price_e9s"))


def test_key_is_lowest_total_base_or_on_request(relationship):
    supplier = relationship.external_provider
    RelationshipFactory.create(external_provider=supplier, commission_percent=7)
    RelationshipFactory.create(
        external_provider=supplier,
        commission_percent=0,
        status="suspended",
        suspended_by="staff",
    )
    make = OfferingFactory.create
    make(provider=supplier, code="offered", setup_fee_e9s=10**9)
    make(provider=supplier, code="sold-out", stock_status="out_of_stock")
    make(provider=supplier, code="ask", monthly_price_e9s=0)
    make(provider=supplier, code="yearly", billing_interval="yearly")
    old = clock.now() - timedelta(days=91)
    make(provider=supplier, code="stale", price_checked_at=old)
    make(code="of-nobody", list_price_e9s=1)
    assert set_list_prices(supplier, clock.now()) == 2
    assert keys() == {
        "offered": make_offer(6_770_000_000, 7, "USD").total_e9s,
        "sold-out": 5_770_000_000,
        "ask": ON_REQUEST_SORT_KEY,
        "yearly": 5_770_000_000,
        "stale": 5_770_000_000,
        "of-nobody": 1,
    }
    assert set_list_prices(supplier, clock.now()) == 0


def test_one_update_for_each_distinct_price(relationship, django_assert_num_queries):
    supplier = relationship.external_provider
    for n in range(6):
        OfferingFactory.create(provider=supplier, monthly_price_e9s=10**9 * (1 + n % 2))
    updates = 2 * 4  # savepoint, the provider's lock, update, release
    with django_assert_num_queries(1 + 1 + updates):
        assert set_list_prices(supplier, clock.now()) == 6


def test_job_sets_the_keys_once_for_a_cause(relationship, offering):
    supplier = relationship.external_provider
    request_list_prices(supplier, cause="1")
    request_list_prices(supplier, cause="1")
    request_list_prices(supplier, cause="2")
    assert Job.objects.filter(kind="list_prices").count() == 2
    outcomes = jobs.work_once()
    assert [outcome.note for outcome in outcomes] == ["1 offerings", "0 offerings"]
    assert keys() == {offering.code: 6_350_000_000}


def test_daily_task_follows_ageing(relationship, offering):
    refresh_all(clock.now())
    assert keys() == {offering.code: 6_350_000_000}
    later = clock.now() + timedelta(days=90)
    assert refresh_all(later) == "1 offerings"
    assert keys() == {offering.code: 5_770_000_000}


def test_ageing_can_be_switched_off(relationship, offering, settings):
    settings.PRICE_MAX_AGE_DAYS = 0
    refresh_all(clock.now() + timedelta(days=999))
    assert keys() == {offering.code: 6_350_000_000}
