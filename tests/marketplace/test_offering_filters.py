"""What the marketplace's list can be asked, on both databases alike."""

from datetime import timedelta

import pytest

from marketplace.actions.list_prices import set_list_prices
from marketplace.catalogue.words import search_text
from marketplace.filters import OfferingFilter
from marketplace.models import Offering
from marketplace.models.facets import facets
from marketplace.offers import OfferBook
from resellers import clock
from tests.factories.marketplace import (
    ExternalProviderFactory,
    OfferingFactory,
    ProviderFactory,
    RelationshipFactory,
)
from tests.queries import assert_constant

pytestmark = pytest.mark.django_db


def found(**query):
    filters = OfferingFilter(query, Offering.objects.listed())
    assert filters.form.errors == {}, filters.form.errors
    return [offering.code for offering in filters.qs]


def offer(code, supplier=None, **facts):
    supplier = supplier or ExternalProviderFactory.create()
    name = facts.setdefault("offer_name", f"Cloud {code}")
    city = facts.setdefault("datacenter_city", "Falkenstein")
    words = search_text(name, code, supplier.name, city)
    return OfferingFactory.create(
        provider=supplier, code=code, search_text=words, **facts
    )


@pytest.fixture
def three(supplier):
    offer("dusseldorf", supplier, datacenter_city="Düsseldorf", memory_mb=8192)
    offer("paris", supplier, datacenter_country="FR", gpu_count=1, product_type="gpu")
    offer("small", supplier, processor_cores=1, storage_gb=20, memory_mb=None)


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ({}, ["dusseldorf", "paris", "small"]),
        ({"q": "DUSSELDORF"}, ["dusseldorf"]),
        ({"q": "düss"}, ["dusseldorf"]),
        ({"q": "cloud par"}, ["paris"]),
        ({"q": "par cloud"}, ["paris"]),
        ({"q": "aris"}, []),
        ({"q": "hetz"}, ["dusseldorf", "paris", "small"]),
        ({"q": "nowhere"}, []),
        ({"q": "%"}, []),
        ({"q": "':* | 'paris"}, ["paris"]),
        ({"q": "  "}, ["dusseldorf", "paris", "small"]),
        ({"country": "FR"}, ["paris"]),
        ({"country": "fr"}, ["paris"]),
        ({"product_type": "gpu"}, ["paris"]),
        ({"gpu": "true"}, ["paris"]),
        ({"gpu": "false"}, ["dusseldorf", "small"]),
        ({"min_cores": "2"}, ["dusseldorf", "paris"]),
        ({"min_memory_gb": "8"}, ["dusseldorf"]),
        ({"min_memory_gb": "4"}, ["dusseldorf", "paris"]),
        ({"min_storage_gb": "21"}, ["dusseldorf", "paris"]),
        ({"currency": "EUR"}, []),
        ({"max_price": "5.77"}, ["dusseldorf", "paris", "small"]),
        ({"max_price": "5.769999999"}, []),
        ({"provider": "0" * 64}, []),
    ],
)
@pytest.mark.usefixtures("three")
def test_filter(query, codes):
    assert found(**query, ordering="name") == codes


def test_provider_in_any_case(supplier, offering):
    OfferingFactory.create()
    assert found(provider=supplier.pubkey.upper()) == [offering.code]


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("provider", "zz", "invalid_pubkey"),
        ("seller", "a" * 63, "invalid_pubkey"),
        ("country", "XX", "invalid_country"),
        ("currency", "XXX", "unknown_currency"),
        ("product_type", "a b", "invalid_slug"),
        ("max_price", "1e3", "invalid_number"),
        ("max_price", "-1", "invalid_number"),
        ("max_price", "5,00", "invalid_number"),
        ("max_price", "9999999999", "out_of_range"),
        ("min_cores", "1.0", "not_an_integer"),
        ("min_cores", "\uff11", "not_an_integer"),
        ("min_cores", str(2**31), "out_of_range"),
        ("min_memory_gb", str(2**31), "out_of_range"),
        ("min_storage_gb", "-1", "out_of_range"),
        ("gpu", "1", "invalid_choice"),
        ("rentable", "yes", "invalid_choice"),
        ("ordering", "cheapest", "invalid_ordering"),
        ("q", "x" * 201, "max_length"),
        ("q", "a\x00b", "invalid_character"),
    ],
)
def test_refused_value_filters_nothing(offering, name, value, code):
    filters = OfferingFilter({name: value}, Offering.objects.listed())
    codes = [e.code for e in filters.form.errors.as_data()[name]]
    assert code in codes
    assert list(filters.qs) == [offering]


def test_one_currency_at_a_time(supplier, settings):
    offer("dollar", supplier)
    offer("euro", supplier, currency="EUR")
    assert found() == ["dollar"]
    assert found(currency="eur") == ["euro"]
    settings.PROGRAMME_CURRENCY = "EUR"
    assert found() == ["euro"]


def test_only_listed_offerings(supplier, offering):
    offer("limited", supplier, visibility="limited")
    offer("private", supplier, visibility="private")
    offer(
        "retired",
        supplier,
        status="retired",
        retired_by="staff",
        retired_at=clock.now(),
    )
    assert found() == [offering.code]


def test_rentable_and_seller(relationship, offering):
    stale = clock.now() - timedelta(days=91)
    offer("stale", relationship.external_provider, price_checked_at=stale)
    offer("of-nobody")
    seller = relationship.reseller.pubkey
    assert found(rentable="true") == found(seller=seller) == [offering.code]
    assert found(rentable="false", ordering="name") == ["of-nobody", "stale"]
    relationship.status, relationship.suspended_by = "suspended", "reseller"
    relationship.save()
    assert found(rentable="true") == found(seller=seller) == []


def test_dearest_first_leaves_out_prices_on_request(supplier):
    offer("five", supplier)
    offer("nine", supplier, monthly_price_e9s=9 * 10**9)
    offer("ask", supplier, monthly_price_e9s=0, list_price_e9s=2**63 - 1)
    assert found() == ["five", "nine", "ask"]
    assert found(ordering="-price") == ["nine", "five"]
    assert found(ordering="newest") == ["ask", "nine", "five"]


def test_name_order_ignores_case_and_accents(supplier):
    for name in ["Zürich", "ärger", "Zebra", "Łódź", "apple"]:
        offer(search_text(name), supplier, offer_name=name)
    assert found(ordering="name") == ["apple", "arger", "lodz", "zebra", "zurich"]


def test_facets_are_one_query(three, relationship, django_assert_num_queries):
    OfferingFactory.create(
        currency="EUR", datacenter_country="AT", visibility="private"
    )
    with django_assert_num_queries(1):
        read = facets()
    assert read.country == [("DE", "DE"), ("FR", "FR")]
    assert read.currency == [("USD", "USD")]
    assert read.product_type == [("compute", "compute"), ("gpu", "gpu")]
    seller = relationship.reseller
    assert read.seller == [(seller.pubkey, seller.name)]
    assert [label for _, label in read.provider][1:] == ["Hetzner"]


def test_selects_are_drawn_with_one_query(three, django_assert_num_queries):
    form = OfferingFilter({}, Offering.objects.listed()).form
    with django_assert_num_queries(1):
        page = form.as_div()
    assert '<option value="FR">FR</option>' in page
    assert '<option value="USD" selected>USD</option>' in page


@pytest.fixture
def two_suppliers(seller, relationship, supplier):
    """The seller asks 10 % on one and 50 % on the other; a rival asks 0 % on both."""
    second = ExternalProviderFactory.create()
    dear = RelationshipFactory.create(
        reseller=seller, external_provider=second, commission_percent=50
    )
    rival = ProviderFactory.create()
    for each in (supplier, second):
        RelationshipFactory.create(
            reseller=rival, external_provider=each, commission_percent=0
        )
    for code, units in (("a-5.00", 500), ("a-6.01", 601), ("a-6.40", 640)):
        offer(code, supplier, monthly_price_e9s=units * 10**7)
    for code, units in (("b-4.00", 400), ("b-4.41", 441), ("b-4.70", 470)):
        offer(code, second, monthly_price_e9s=units * 10**7)
    for each in (supplier, second):
        set_list_prices(each, clock.now())
    return dear


def totals(codes, seller):
    book = OfferBook(Offering.objects.all(), clock.now())
    offerings = {one.code: one for one in Offering.objects.filter(code__in=codes)}
    shown = [book.offer_of(offerings[code], seller) for code in codes]
    return [str(one.offer.total) for one in shown if one]


@pytest.mark.parametrize("query", [{}, {"q": "cloud"}])
def test_with_a_seller_its_own_totals_are_in_order(two_suppliers, seller, query):
    query = {**query, "seller": seller.pubkey}
    assert found() == ["b-4.00", "b-4.41", "b-4.70", "a-5.00", "a-6.01", "a-6.40"]

    cheapest = found(**query)

    assert totals(cheapest, seller) == ["5.50", "6.00", "6.61", "6.62", "7.04", "7.05"]
    assert found(**query, ordering="-price") == cheapest[::-1]


@pytest.mark.parametrize(
    ("limit", "count"),
    [
        ("5.499999999", 0),
        ("5.50", 1),
        ("6.609999999", 2),
        ("6.61", 3),
        ("6.62", 4),
        ("7.05", 6),
        ("9223372036", 6),
        ("0", 0),
    ],
)
def test_with_a_seller_the_bound_is_on_its_own_totals(
    two_suppliers, seller, limit, count
):
    asked = {"seller": seller.pubkey}
    assert found(**asked, max_price=limit) == found(**asked)[:count]


def test_with_a_seller_every_page_goes_on_in_order(two_suppliers, seller):
    query = {"seller": seller.pubkey}
    filters = OfferingFilter(query, Offering.objects.listed())
    codes, cursor = [], None
    for _ in range(6):
        page = filters.keyset.page(filters.qs, limit=1, cursor=cursor)
        codes += [one.code for one in page.rows]
        cursor = page.next
    assert (codes, cursor) == (found(**query), None)


def test_the_sellers_list_takes_the_same_queries_for_many_suppliers(
    two_suppliers, seller, client
):
    def listed():
        client.get(f"/api/v1/offerings?seller={seller.pubkey}&max_price=9")

    def another(_):
        supplier = ExternalProviderFactory.create()
        RelationshipFactory.create(reseller=seller, external_provider=supplier)
        offer(f"of-{supplier.pk}", supplier)

    assert_constant(listed, another, sizes=(1, 20), expected=7)
