"""Walking the list: every offering once, in order, at a constant number of queries."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from marketplace.filters import OfferingFilter
from marketplace.models import Offering
from marketplace.offers import OfferBook
from resellers import clock
from resellers.models.keyset import count_up_to
from tests.factories.marketplace import (
    ExternalProviderFactory,
    OfferingFactory,
    RelationshipFactory,
)

pytestmark = pytest.mark.django_db

PRICES = [577, 577, 417, 999, 417, 577, 0, 100, 577, 0, 300]
MANY = 10_000


def fill(supplier, count, price_of=lambda n: 10**9):
    template = OfferingFactory.build(provider=supplier)
    kept = {
        field.name: getattr(template, field.name)
        for field in Offering._meta.concrete_fields
        if field.name not in {"id", "code", "list_price_e9s", "monthly_price_e9s"}
    }
    Offering.objects.bulk_create(
        Offering(
            **kept,
            code=f"many-{n}",
            monthly_price_e9s=price_of(n),
            list_price_e9s=price_of(n) or 2**63 - 1,
        )
        for n in range(count)
    )


def walk(limit, **query):
    """The offerings of all pages, forwards, and then backwards by `previous`."""
    filters = OfferingFilter(query, Offering.objects.listed())
    page = filters.keyset.page(filters.qs, limit=limit)
    rows = list(page.rows)
    while page.next:
        page = filters.keyset.page(filters.qs, limit=limit, cursor=page.next)
        rows += page.rows
    back = list(page.rows)
    while page.previous:
        page = filters.keyset.page(filters.qs, limit=limit, cursor=page.previous)
        back = [*page.rows, *back]
    return rows, back


@pytest.fixture(params=[0, 10_000], ids=["many", "few"])
def ceiling(request, monkeypatch):
    """Up to how many rows a search is first found and then sorted."""
    monkeypatch.setattr("marketplace.filters.COUNT_CEILING", request.param)


@pytest.mark.parametrize("ordering", ["price", "-price", "name", "newest"])
@pytest.mark.parametrize("limit", [1, 3, 4, 50])
@pytest.mark.parametrize("words", ["", "cloud"])
@pytest.mark.usefixtures("ceiling")
def test_every_offering_is_met_once_in_order(supplier, ordering, limit, words):
    fill(supplier, len(PRICES), lambda n: PRICES[n] * 10**7)
    rows, back = walk(limit, ordering=ordering, q=words)
    assert rows == back
    priced = [(o.list_price_e9s, o.pk) for o in rows]
    everything = {o.pk for o in Offering.objects.all()}
    if ordering == "-price":
        everything -= set(
            Offering.objects.filter(monthly_price_e9s=0).values_list("pk", flat=True)
        )
        assert priced == sorted(priced, reverse=True)
    if ordering == "price":
        assert priced == sorted(priced)
    if ordering == "newest":
        assert [o.pk for o in rows] == sorted(everything, reverse=True)
    assert len(rows) == len(everything)
    assert {o.pk for o in rows} == everything


def shown(**query):
    """What the list's page reads: rows, their offers and the count."""
    filters = OfferingFilter(query, Offering.objects.listed())
    rows = filters.qs.select_related("provider")
    with CaptureQueriesContext(connection) as captured:
        page = filters.keyset.page(rows, limit=24)
        book = OfferBook(page.rows, clock.now())
        offers = [book.offers(offering) for offering in page.rows]
        count = count_up_to(filters.qs)
    return len(captured), offers, count


def test_queries_do_not_grow_with_offerings_and_sellers(supplier):
    fill(supplier, 10)
    RelationshipFactory.create(external_provider=supplier)
    few, offers, count = shown()
    assert (few, count, {len(each) for each in offers}) == (4, 10, {1})

    Offering.objects.all().delete()
    fill(supplier, MANY + 1)
    for _ in range(19):
        RelationshipFactory.create(external_provider=supplier)
    fill(ExternalProviderFactory.create(), 5)
    many, offers, count = shown()
    assert (many, count) == (few, MANY + 1)
    assert {len(each) for each in offers} == {20}


def test_suspended_seller_is_gone_at_once_with_the_job_not_run(relationship):
    supplier = relationship.external_provider
    fill(supplier, 2)
    Offering.objects.update(list_price_e9s=11 * 10**8)
    _, offers, _ = shown()
    assert [o.offer.total_e9s for each in offers for o in each] == [11 * 10**8] * 2

    relationship.status, relationship.suspended_by = "suspended", "reseller"
    relationship.save()
    _, offers, count = shown()
    assert (offers, count) == ([[], []], 2)
    assert set(Offering.objects.values_list("list_price_e9s", flat=True)) == {
        11 * 10**8
    }
