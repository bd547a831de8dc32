"""`/contracts`: what somebody rented, newest first."""

import re

import pytest
from django.utils.html import escape

from marketplace.models import Contract
from tests.factories.marketplace import OfferingFactory, order_in, rented
from tests.marketplace.views.pages import words

pytestmark = pytest.mark.django_db

URL = "/contracts"
HTMX = {"headers": {"HX-Request": "true"}}
HOSTILE = "<script>alert(1)</script>"


def test_visitor_signs_in_and_comes_back(client):
    response = client.get(URL)

    assert response.status_code == 302
    assert response["Location"].endswith("?next=/contracts")


def test_nothing_rented_leads_to_the_marketplace(client_for, buyer):
    page = client_for(buyer).get(URL).content

    assert "Nothing rented yet" in words(page)
    assert b'href="/marketplace">Go to the marketplace' in page


def test_row_says_what_from_whom_how_far_and_how_much(client_for, buyer, relationship):
    contract = rented(relationship, buyer=buyer)

    page = client_for(buyer).get(URL).content.decode()
    row = re.search(rf'<tr id="contract-{contract.pk}".*?</tr>', page, re.DOTALL)
    assert row
    text = words(row[0])
    assert text.startswith(f"{contract.offering.offer_name} Nimbus Resale")
    assert re.search(r"Awaiting payment Pay: (7 days|6 days 23 h) left 6.35 USD$", text)
    assert f'href="/contracts/{contract.pk}"' in row[0]


@pytest.mark.parametrize(
    ("state", "sign"),
    [
        ("placed", "In progress"),
        ("ordered", "In progress"),
        ("fulfilled", "Delivered"),
        ("completed", "Delivered"),
        ("rejected", "Refund on its way"),
        ("cancelled", "Refund on its way"),
    ],
)
def test_status_is_said_in_the_buyers_words(
    client_for, buyer, relationship, state, sign
):
    order_in(state, relationship, buyer=buyer)
    assert sign in words(client_for(buyer).get(URL).content)


def test_nobody_sees_the_contracts_of_another(
    client_for, buyer, stranger, owner, staff
):
    contract = rented(buyer=buyer)

    for person in (stranger, owner):
        page = client_for(person).get(URL).content.decode()
        assert contract.pk not in page
        assert "Nothing rented yet" in page


def test_pages_meet_each_contract_once(client_for, buyer, relationship):
    contract = rented(relationship, buyer=buyer)
    copies = [
        Contract(
            **{
                **{
                    f.attname: getattr(contract, f.attname)
                    for f in Contract._meta.concrete_fields
                },
                "contract_id": f"{number:064x}",
                "quote_id": f"copy {number}",
            }
        )
        for number in range(30)
    ]
    Contract.objects.bulk_create(copies)
    born_with = (contract.payment, contract.reseller_order)
    for copy in copies:
        for row in born_with:
            row.pk, row.contract_id = None, copy.pk
            row.save(force_insert=True)
    browser = client_for(buyer)

    first = browser.get(URL).content.decode()
    found = re.search(r'hx-get="([^"]+)" hx-target="#contract-pager"', first)
    assert found
    rows = browser.get(URL + found[1].replace("&amp;", "&"), **HTMX).content.decode()
    met = re.findall(r'id="contract-([0-9a-f]{64})"', first + rows)
    assert len(met) == 31
    assert set(met) == set(Contract.objects.values_list("pk", flat=True))
    assert rows.lstrip().startswith('<tr id="contract-')
    assert "My contracts 31" in words(first)


@pytest.mark.parametrize("rows", [1, 3])
def test_list_costs_5_queries(
    client_for, buyer, relationship, rows, django_assert_num_queries
):
    for _ in range(rows):
        rented(relationship, buyer=buyer)
    browser = client_for(buyer)
    browser.get(URL)
    with django_assert_num_queries(5):
        browser.get(URL)


def test_texts_of_others_are_escaped(client_for, buyer, relationship):
    relationship.reseller.name = HOSTILE
    relationship.reseller.save()
    offering = OfferingFactory.create(
        provider=relationship.external_provider, offer_name=HOSTILE
    )
    rented(relationship, buyer=buyer, offering=offering)

    page = client_for(buyer).get(URL).content.decode()
    assert HOSTILE not in page
    assert page.count(escape(HOSTILE)) == 2


@pytest.mark.parametrize("cursor", ["x", "e30:1:2", "%00"])
def test_bad_cursor_gives_page_one(client_for, buyer, relationship, cursor):
    contract = rented(relationship, buyer=buyer)
    response = client_for(buyer).get(f"{URL}?cursor={cursor}")
    assert response.status_code in {200, 400}
    if response.status_code == 200:
        assert contract.pk in response.content.decode()


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_list_is_only_read(client_for, buyer, method):
    assert getattr(client_for(buyer), method)(URL).status_code == 405
