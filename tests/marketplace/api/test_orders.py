"""`/reseller/orders`: the queue and the facts that move an order."""

import csv
import io

import pytest

from marketplace.models import ResellerOrder
from resellers.models import Job, LedgerEntry
from tests.factories.marketplace import order_in, paid_order, placed_order
from tests.problems import assert_error
from tests.queries import CLOCK_QUERIES, assert_constant

pytestmark = pytest.mark.django_db
LIST = "/api/v1/reseller/orders"
BODY = {
    "external_order_id": "HZN-12345678",
    "external_order_details": {"ip": "192.0.2.10", "username": "root"},
    "actual_cost_e9s": 5_770_000_000,
    "actual_cost_currency": "USD",
}


@pytest.fixture
def order(relationship, offering, buyer) -> ResellerOrder:
    return paid_order(relationship, offering=offering, buyer=buyer)


def address(order: ResellerOrder, act: str = "") -> str:
    return f"{LIST}/{order.contract_id}" + (f"/{act}" if act else "")


def test_fulfil_answers_the_order_and_pays_both_parts(clock, api_of, colleague, order):
    response = api_of(colleague).post(address(order, "fulfill"), BODY)

    assert response.status_code == 200
    body = response.json()
    shown = {
        name: body[name]
        for name in (
            "contract_id",
            "base_price",
            "commission",
            "total_paid",
            "total_paid_e9s",
            "status",
            "state",
            "payment",
            "external_order_id",
            "actual_cost",
            "external_order_details",
            "on_time",
            "fulfilled_at_ns",
        )
    }
    assert shown == {
        "contract_id": order.contract_id,
        "base_price": "5.77",
        "commission": "0.58",
        "total_paid": "6.35",
        "total_paid_e9s": 6_350_000_000,
        "status": "fulfilled",
        "state": "fulfilled",
        "payment": "received",
        "external_order_id": "HZN-12345678",
        "actual_cost": "5.77",
        "external_order_details": {"ip": "192.0.2.10", "username": "root"},
        "on_time": True,
        "fulfilled_at_ns": 1772442000000000000,
    }
    posted = LedgerEntry.objects.order_by("component")
    assert list(posted.values_list("component", "amount_minor")) == [
        ("base", 577),
        ("commission", 58),
    ]


def test_the_same_facts_twice_are_one_deed(api_of, colleague, order):
    api = api_of(colleague)
    first = api.post(address(order, "fulfill"), BODY)
    mails = Job.objects.filter(kind="mail").count()

    again = api.post(address(order, "fulfill"), BODY)

    assert again.status_code == 200
    assert again.json() == first.json()
    assert Job.objects.filter(kind="mail").count() == mails
    assert LedgerEntry.objects.count() == 2


def test_other_facts_are_a_conflict_with_the_state(api_of, colleague, order):
    api = api_of(colleague)
    api.post(address(order, "fulfill"), BODY)

    late = api.post(address(order, "fulfill"), {**BODY, "external_order_id": "HZN-2"})

    assert assert_error(late, 409, "order_not_pending")["state"] == "fulfilled"


def test_an_idempotency_key_replays_the_answer(api_of, colleague, order):
    api = api_of(colleague)
    key = {"HTTP_IDEMPOTENCY_KEY": '"fulfil-1"'}
    first = api.post(address(order, "fulfill"), BODY, **key)
    replay = api.post(address(order, "fulfill"), BODY, **key)
    other = api.post(
        address(order, "fulfill"), {**BODY, "external_order_id": "X"}, **key
    )

    assert replay["Idempotent-Replayed"] == "true"
    assert replay.content == first.content
    assert_error(other, 422, "idempotency_key_reused")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"external_order_id": ""}, "external_order_id_required"),
        ({"external_order_id": "a b"}, "invalid_external_order_id"),
        ({"external_order_id": "x" * 101}, "invalid_external_order_id"),
        ({"external_order_details": '{"ip": 1}'}, "details_not_object"),
        ({"external_order_details": [1]}, "details_not_object"),
        (
            {"external_order_details": {str(n): "x" for n in range(21)}},
            "details_too_large",
        ),
        ({"external_order_details": {"a": "x" * 2001}}, "details_too_large"),
        ({"actual_cost_e9s": 1}, "invalid_actual_cost"),
        ({"actual_cost_currency": "ZZZ"}, "invalid_actual_cost"),
        ({"actual_cost_e9s": 5.77}, "not_an_integer"),
        ({"state": "completed"}, "unknown_field"),
    ],
)
def test_bad_facts_are_refused_and_change_nothing(api_of, colleague, order, body, code):
    response = api_of(colleague).post(address(order, "fulfill"), {**BODY, **body})

    assert_error(response, 400, code)
    order.refresh_from_db()
    assert order.state == "placed"
    assert not LedgerEntry.objects.exists()


def test_unpaid_orders_cannot_move(api_of, colleague, relationship):
    order = placed_order(relationship)
    api = api_of(colleague)
    for act, body in (("accept", {}), ("purchase", BODY), ("fulfill", BODY)):
        sent = {k: v for k, v in body.items() if act == "fulfill" or "det" not in k}
        response = api.post(address(order, act), sent)
        assert_error(response, 409, "payment_pending")


def test_every_act_by_the_role_table(api_of, viewer, stranger, buyer, order):
    refusals = {viewer: (403, "role_required"), stranger: (404, "not_found")}
    refusals[buyer] = (403, "not_a_provider_member")
    for person, (status, code) in refusals.items():
        api = api_of(person)
        for act in ("accept", "purchase", "fulfill", "reject", "fail"):
            assert_error(api.post(address(order, act), {}), status, code)
    order.refresh_from_db()
    assert order.state == "placed"


def test_accept_purchase_then_fulfil_without_the_id(api_of, colleague, order):
    api = api_of(colleague)
    assert api.post(address(order, "accept"), {}).json()["state"] == "accepted"
    bought = api.post(address(order, "purchase"), {"external_order_id": " S-1 "})
    assert bought.json()["state"] == "ordered"

    done = api.post(address(order, "fulfill"), {"external_order_details": None})

    assert (done.json()["state"], done.json()["external_order_id"]) == (
        "fulfilled",
        "S-1",
    )


@pytest.mark.parametrize("act", ["reject", "fail"])
def test_an_end_needs_a_reason_for_the_buyer(api_of, colleague, order, act):
    api = api_of(colleague)
    api.post(address(order, "accept"), {})
    ended = api.post(
        address(order, act), {"reason_code": "other", "reason": "Sorry, none left."}
    )
    assert ended.json()["payment"] == "refund_due"
    short = api.post(address(order, act), {"reason_code": "other", "reason": "no"})
    assert_error(short, 400, "reason_required")
    odd = api.post(address(order, act), {"reason_code": "bored", "reason": "x" * 20})
    assert_error(odd, 400, "invalid_reason_code")


@pytest.mark.parametrize("missing", [{}, {"reason": ""}, {"reason": None}])
def test_a_missing_reason_is_said_at_the_reason(api_of, colleague, order, missing):
    api = api_of(colleague)
    without = api.post(address(order, "reject"), {"reason_code": "other", **missing})
    problem = assert_error(without, 400, "reason_required")
    assert [each["pointer"] for each in problem["errors"]] == ["#/reason"]


@pytest.mark.parametrize("missing", [{}, {"reason_code": ""}, {"reason_code": None}])
def test_a_missing_reason_code_is_said_at_the_code(api_of, colleague, order, missing):
    api = api_of(colleague)
    without = api.post(address(order, "reject"), {"reason": "x" * 20, **missing})
    problem = assert_error(without, 400, "invalid_reason_code")
    assert [each["pointer"] for each in problem["errors"]] == ["#/reason_code"]


def test_a_recorded_purchase_is_not_swapped(api_of, colleague, order):
    api = api_of(colleague)
    api.post(address(order, "purchase"), {"external_order_id": "S-1"})
    swapped = api.post(address(order, "fulfill"), {"external_order_id": "S-2"})
    problem = assert_error(swapped, 409, "external_order_id_recorded")
    assert problem["external_order_id"] == "S-1"


def test_details_are_for_owner_and_operator_only(
    api_of, owner, colleague, viewer, order
):
    assert api_of(colleague).post(address(order, "fulfill"), BODY).status_code == 200
    for person, seen in (
        (owner, BODY["external_order_details"]),
        (colleague, BODY["external_order_details"]),
        (viewer, None),
    ):
        api = api_of(person, ["marketplace:read"])
        response = api.get(address(order))
        assert response.json()["external_order_details"] == seen
        assert "no-store" in response["Cache-Control"]
        assert "external_order_details" not in api.get(LIST).json()[0]


def test_the_list_filters_and_projects(api_of, viewer, relationship):
    orders = {s: order_in(s, relationship) for s in ("placed", "fulfilled", "failed")}
    api = api_of(viewer)

    def found(query: str) -> list[str]:
        return [row["contract_id"] for row in api.get(f"{LIST}{query}").json()]

    newest_first = [orders[s].contract_id for s in ("failed", "fulfilled", "placed")]
    assert found("") == newest_first
    assert found("?status=pending") == [orders["placed"].contract_id]
    assert found("?state=failed") == [orders["failed"].contract_id]
    supplier = relationship.external_provider.pubkey
    assert found(f"?external_provider={supplier}") == newest_first
    assert found(f"?external_provider={supplier.upper()}") == newest_first
    assert found(f"?external_provider={'0' * 64}") == []
    assert found("?overdue=true") == []
    assert found("?created_to=2001-01-01") == []
    for query, code in (
        ("?status=open", "invalid_status"),
        ("?external_provider=zz", "invalid_pubkey"),
        ("?created_from=yesterday", "invalid_time"),
        ("?color=red", "unknown_parameter"),
    ):
        assert_error(api.get(f"{LIST}{query}"), 400, code)


def test_paging_meets_each_order_once(api_of, viewer, relationship):
    placed = [order_in("placed", relationship).contract_id for _ in range(5)]
    api, url, seen = api_of(viewer), f"{LIST}?limit=2", []
    while url:
        page = api.get(url)
        assert page["X-Total-Count"] == "5"
        seen += [row["contract_id"] for row in page.json()]
        links = page.headers.get("Link", "")
        url = next(
            (
                part[part.index("<") + 1 : part.index(">")].replace(
                    "http://testserver", ""
                )
                for part in links.split(", ")
                if 'rel="next"' in part
            ),
            "",
        )
    assert seen == placed[::-1]


def test_csv_has_the_same_cents_and_no_details(api_of, viewer, colleague, order):
    api_of(colleague).post(address(order, "fulfill"), BODY)

    response = api_of(viewer).get(f"{LIST}.csv?state=fulfilled")
    text = b"".join(response.streaming_content).decode("utf-8-sig")

    (row,) = csv.DictReader(io.StringIO(text))
    amounts = (row["base_price"], row["commission"], row["total_paid"])
    assert amounts == ("5.77", "0.58", "6.35")
    assert "192.0.2.10" not in text


def test_the_list_costs_the_same_queries(api_of, viewer, relationship):
    api = api_of(viewer)
    assert_constant(
        lambda: api.get(LIST),
        lambda _: placed_order(relationship),
        sizes=(1, 3, 20),
        expected=4 + CLOCK_QUERIES,
    )
