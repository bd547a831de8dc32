"""`…/orders.csv`: all orders, no access data, no formula. Section 9; ASVS 1.2.10."""

import csv

import pytest

from marketplace.actions import orders
from tests.factories.marketplace import OfferingFactory, order_in, paid_order

pytestmark = pytest.mark.django_db

URL = "/dashboard/provider/reseller/orders.csv"
CANARY = "canary-4711"


def lines(response) -> list[dict[str, str]]:
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(text.splitlines()))


@pytest.fixture
def browser_of(client_for, owner):
    return client_for(owner)


def test_every_order_newest_first(browser_of, relationship, clock):
    first, second = paid_order(relationship), order_in("ordered", relationship)
    response = browser_of.get(URL)
    newer, older = lines(response)
    assert response["Content-Disposition"] == 'attachment; filename="orders.csv"'
    assert [newer["contract_id"], older["contract_id"]] == [
        second.contract_id,
        first.contract_id,
    ]
    assert older == {
        "contract_id": first.contract_id,
        "created_at": "2026-03-02T09:00:00+00:00",
        "status": "pending",
        "state": "placed",
        "payment": "received",
        "offering_code": first.contract.offering_snapshot["code"],
        "offering_name": first.contract.offering_snapshot["offer_name"],
        "external_provider": "Hetzner",
        "currency": "USD",
        "base_price": "5.77",
        "commission_percent": "10",
        "commission": "0.58",
        "total_paid": "6.35",
        "external_order_id": "",
        "actual_cost": "",
        "actual_cost_currency": "",
        "accept_by": "2026-03-02T21:00:00+00:00",
        "fulfil_by": "2026-03-04T09:00:00+00:00",
        "fulfilled_at": "",
        "on_time": "",
        "reason_code": "",
    }


def test_filters_of_the_api_apply(browser_of, relationship):
    paid_order(relationship)
    done = order_in("fulfilled", relationship)
    assert [
        row["contract_id"] for row in lines(browser_of.get(f"{URL}?status=fulfilled"))
    ] == [done.contract_id]


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("status=foo", "foo is not one of the available choices"),
        ("overdue=maybe", "maybe is not one of the available choices"),
        ("created_from=yesterday", "Give a day or a time such as 2026-03-02."),
        ("external_provider=zz", "Use the 64 hexadecimal characters"),
    ],
)
def test_a_bad_filter_shows_its_error_and_exports_nothing(
    browser_of, relationship, query, sentence
):
    order = paid_order(relationship)
    response = browser_of.get(f"{URL}?{query}")
    assert response.status_code == 400
    assert sentence in response.content.decode()
    assert order.contract_id not in response.content.decode()


def test_no_cell_is_a_formula_and_no_access_data_leaves(browser_of, relationship):
    offering = OfferingFactory.create(
        provider=relationship.external_provider,
        offer_name="=cmd|' /C calc'!A0",
        code="@code",
    )
    order = paid_order(relationship, offering=offering)
    orders.fulfil_order(
        order,
        external_order_id="-1+1",
        external_order_details={"password": CANARY},
        actor=None,
    )
    (row,) = lines(browser_of.get(URL))
    assert row["offering_name"] == "'=cmd|' /C calc'!A0"
    assert (row["offering_code"], row["external_order_id"]) == ("'@code", "'-1+1")
    assert CANARY not in str(row)


def test_stranger_exports_nothing_of_it(client_for, stranger, buyer, relationship):
    paid_order(relationship)
    assert lines(client_for(stranger).get(URL)) == []
    assert client_for(buyer).get(URL).status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_queries_do_not_grow(
    browser_of, relationship, count, django_assert_num_queries
):
    for _ in range(count):
        paid_order(relationship)
    browser_of.get(URL)
    with django_assert_num_queries(4):
        assert len(lines(browser_of.get(URL))) == count
