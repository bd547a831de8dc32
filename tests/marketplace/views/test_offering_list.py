"""`/marketplace`: cards, filters, order and paging. Source: section 9."""

import re
from datetime import timedelta

import pytest
from django.utils.html import escape

from marketplace.models import ON_REQUEST_SORT_KEY, Offering
from marketplace.pricing import make_offer
from resellers import clock as present
from tests.factories.marketplace import (
    ExternalProviderFactory,
    OfferingFactory,
    ProviderFactory,
    RelationshipFactory,
)
from tests.marketplace.views.pages import words

pytestmark = pytest.mark.django_db

URL = "/marketplace"
HTMX = {"headers": {"HX-Request": "true"}}
HOSTILE = "<script>alert(1)</script>\" onload='x'"


def card(client, offering, query="") -> str:
    """The words of one offering's card."""
    page = client.get(f"{URL}{query}").content.decode()
    found = re.search(rf'<li[^>]*id="offering-{offering.pk}".*?</li>', page, re.DOTALL)
    assert found, "the offering is not listed"
    return words(found[0])


def names(response) -> list[str]:
    found = re.findall(r"/marketplace/\d+\">([^<]+)</a>", response.content.decode())
    return [name for name in found if name]


# Cards


def test_card_says_machine_place_price_seller_and_age(client, offering, relationship):
    assert card(client, offering) == (
        f"{offering.offer_name} 2 vCPU · 4 GB RAM · 40 GB storage · Falkenstein, DE"
        " Via Nimbus Resale +10 % checked yesterday 6.35 USD per month"
    )


@pytest.mark.parametrize("percent", range(51))
def test_card_shows_the_price_of_make_offer(client, offering, relationship, percent):
    relationship.commission_percent = percent
    relationship.save()

    total = make_offer(5_770_000_000, percent, "USD").total
    assert f"Via Nimbus Resale +{percent} % " in card(client, offering)
    assert f" {total} USD per month" in card(client, offering)


def test_external_card_shows_the_base_and_the_way_out(client, offering):
    page = client.get(URL).content.decode()

    assert "External" in card(client, offering)
    assert "5.77 USD per month" in card(client, offering)
    assert (
        f'href="{offering.product_page_url}" target="_blank" rel="noopener nofollow"'
        in page
    )


def test_offered_card_has_no_way_out(client, offering, relationship):
    assert "Visit provider" not in card(client, offering)


def test_native_card_is_direct_and_has_no_price_age(client, seller):
    offering = OfferingFactory.create(provider=seller)

    text = card(client, offering)
    assert " Direct " in text
    assert "checked" not in text


def test_card_counts_sellers_and_names_the_cheapest(client, offering, relationship):
    for percent in (25, 50):
        RelationshipFactory.create(
            external_provider=offering.provider, commission_percent=percent
        )
    assert "3 sellers from 6.35" in card(client, offering)


def test_card_tells_the_set_up_of_the_first_month(client, supplier, relationship):
    offering = OfferingFactory.create(provider=supplier, setup_fee_e9s=5_000_000_000)

    text = card(client, offering)
    assert "11.85 USD first month incl. 5.00 set-up" in text


def test_on_request_has_no_number(client, supplier, relationship):
    offering = OfferingFactory.create(
        provider=supplier, monthly_price_e9s=0, list_price_e9s=ON_REQUEST_SORT_KEY
    )
    text = card(client, offering)
    assert "On request" in text
    assert "External" in text
    assert "0.00" not in text


@pytest.mark.parametrize(
    ("facts", "sign"),
    [
        ({"stock_status": "limited"}, "Via Nimbus Resale +10 % Limited stock"),
        ({"stock_status": "out_of_stock"}, "External Out of stock"),
    ],
)
def test_stock_is_said_where_it_is_not_plain(
    client, supplier, relationship, facts, sign
):
    offering = OfferingFactory.create(provider=supplier, **facts)
    assert sign in card(client, offering)


def test_price_older_than_the_limit_has_no_offer(client, supplier, relationship):
    old = present.now() - timedelta(days=91)
    offering = OfferingFactory.create(provider=supplier, price_checked_at=old)

    text = card(client, offering)
    assert "External checked 91 days ago 5.77 USD" in text


def test_suspended_seller_is_gone_with_the_next_view(client, offering, relationship):
    relationship.status, relationship.suspended_by = "suspended", "reseller"
    relationship.save()

    assert "External" in card(client, offering)


def test_chosen_seller_shows_its_own_offer(client, offering, relationship):
    dearer = RelationshipFactory.create(
        reseller=ProviderFactory.create(name="Stratus"),
        external_provider=offering.provider,
        commission_percent=20,
    )
    text = card(client, offering, f"?seller={dearer.reseller.pubkey.upper()}")
    assert "Via Stratus +20 %" in text
    assert "6.92 USD" in text


# What is listed


@pytest.mark.parametrize(
    "facts",
    [
        {"visibility": "private"},
        {"visibility": "limited"},
        {"status": "retired", "retired_by": "staff", "retired_at": True},
        {"currency": "EUR"},
    ],
)
def test_only_public_live_offerings_of_one_currency_are_listed(client, facts):
    if facts.get("retired_at"):
        facts = {**facts, "retired_at": present.now()}
    OfferingFactory.create(**facts)

    page = client.get(URL)
    assert names(page) == []
    assert "0 offerings" in words(page.content.decode())


def test_nothing_there_tells_a_visitor_to_come_back(client):
    assert "No offerings yet The catalogue is being prepared." in words(
        client.get(URL).content.decode()
    )


def test_nothing_there_tells_staff_how_to_import(client_for, staff, settings):
    settings.STAFF_TOTP = False
    page = client_for(staff).get(URL).content.decode()
    assert "manage.py import_catalogue" in page


# Filters


def test_filters_stand_in_the_page_and_can_be_taken_off(client, offering):
    page = client.get(f"{URL}?country=DE&min_cores=2&ordering=name").content.decode()

    assert "Country: Germany" in words(page)
    assert 'href="/marketplace?min_cores=2&amp;ordering=name"' in page
    assert 'href="/marketplace?ordering=name">Clear all</a>' in page


def test_no_match_offers_the_way_back(client, offering):
    page = client.get(f"{URL}?q=nonesuch").content.decode()

    assert "No offering matches" in page
    assert "Clear all filters" in page
    assert 'value="nonesuch"' in page


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("min_cores=x", "Give a whole number."),
        ("min_memory_gb=-1", "Give a whole number from 0"),
        ("max_price=4,59", "Give a price in plain digits, such as 4.59."),
        ("country=Germany", "Use an ISO 3166 code of two letters"),
        ("provider=zz", "Use the 64 hexadecimal characters"),
        ("currency=dollars", "Use an ISO 4217 code of three letters"),
    ],
)
def test_bad_filter_value_shows_its_error_and_filters_nothing(
    client, offering, query, sentence
):
    response = client.get(f"{URL}?{query}")

    assert response.status_code == 200
    assert sentence in words(response.content.decode())
    assert names(response) == [offering.offer_name]


@pytest.mark.parametrize(
    "query", ["utm_source=x", "page=2", "cursor=", "cursor=x", "cursor=e30:1:2", "q="]
)
def test_unknown_parameters_and_bad_cursors_give_page_one(client, offering, query):
    response = client.get(f"{URL}?{query}")

    assert response.status_code == 200
    assert names(response) == [offering.offer_name]


def test_layout_and_order_survive_in_links_and_form(client, offering):
    page = client.get(f"{URL}?layout=rows&ordering=-price").content.decode()

    assert 'data-layout="rows"' in page
    assert '<input type="hidden" name="layout" value="rows">' in page
    assert 'aria-current="true">Dearest</a>' in page
    assert 'href="/marketplace?layout=cards&amp;ordering=-price"' in page.replace(
        "ordering=-price&amp;layout=cards", "layout=cards&amp;ordering=-price"
    )


# Order and paging


@pytest.mark.parametrize("ordering", ["price", "-price", "name", "newest"])
def test_pages_meet_each_offering_once_in_order(client, supplier, ordering):
    for number in range(30):
        OfferingFactory.create(
            provider=supplier,
            offer_name=f"Cloud {number:02d}",
            monthly_price_e9s=(number % 5 + 1) * 1_000_000_000,
        )
    whole = list(
        Offering.objects.order_by(
            *{
                "price": ["list_price_e9s", "id"],
                "-price": ["-list_price_e9s", "-id"],
                "name": ["offer_name", "id"],
                "newest": ["-id"],
            }[ordering]
        ).values_list("offer_name", flat=True)
    )
    first = client.get(f"{URL}?ordering={ordering}")
    found = re.search(r'href="([^"]+)" rel="next"', first.content.decode())
    assert found
    following = client.get(found[1].replace("&amp;", "&"))

    assert names(first) + names(following) == whole
    assert "30 offerings" in words(following.content.decode())


def test_htmx_gets_the_results_or_the_next_rows_alone(client, supplier):
    OfferingFactory.create_batch(25, provider=supplier)

    results = client.get(f"{URL}?ordering=newest", **HTMX)
    page = results.content.decode()
    assert page.lstrip().startswith('<section class="market-results"')
    assert "HX-Request" in results["Vary"]
    found = re.search(r'hx-get="([^"]+)" hx-target="#offering-pager"', page)
    assert found
    rows = client.get(found[1].replace("&amp;", "&"), **HTMX).content.decode()
    assert rows.lstrip().startswith('<li class="card offering"')
    assert "That is all." in rows


def test_htmx_restoring_history_gets_the_whole_page(client, offering):
    headers = {"HX-Request": "true", "HX-History-Restore-Request": "true"}
    page = client.get(URL, headers=headers).content.decode()
    assert page.lstrip().lower().startswith("<!doctype html>")


@pytest.mark.parametrize("rows", [1, 3, 1000])
def test_visitor_costs_5_queries_whatever_the_number(
    client, supplier, rows, django_assert_num_queries
):
    OfferingFactory.create(provider=supplier)
    Offering.objects.bulk_create(
        OfferingFactory.build_batch(rows - 1, provider=supplier)
    )
    for _ in range(min(rows, 20)):
        RelationshipFactory.create(external_provider=supplier)
    with django_assert_num_queries(5):
        client.get(URL)


@pytest.mark.parametrize("rows", [1, 30])
def test_member_costs_8_queries(
    client_for, owner, relationship, rows, django_assert_num_queries
):
    OfferingFactory.create_batch(rows, provider=relationship.external_provider)
    browser = client_for(owner)
    browser.get(URL)  # writes down when the session was seen
    with django_assert_num_queries(8):
        browser.get(URL)


# Safety


def test_texts_of_others_are_escaped(client):
    supplier = ExternalProviderFactory.create(name=HOSTILE[:90])
    reseller = ProviderFactory.create(name=HOSTILE[:90])
    RelationshipFactory.create(reseller=reseller, external_provider=supplier)
    OfferingFactory.create(
        provider=supplier, offer_name=HOSTILE, datacenter_city=HOSTILE
    )
    page = client.get(URL, {"q": HOSTILE, "country": HOSTILE}).content.decode()
    listed = client.get(URL).content.decode()

    assert "<script>alert" not in page
    assert "<script>alert" not in listed
    assert escape(HOSTILE) in page
    assert escape(HOSTILE) in listed


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_list_is_only_read(client, method):
    assert getattr(client, method)(URL).status_code == 405
