"""`/api/admin/sales`: facts that arrive, each with its answer."""

from functools import partial

import pytest

from resellers.models import LedgerEntry, Outcome, Sale
from tests.factories.profiles import RateFactory
from tests.factories.resellers import AT
from tests.problems import assert_error
from tests.queries import CLOCK_QUERIES, assert_constant
from tests.resellers.earning import customer, follow, record

pytestmark = pytest.mark.django_db
LIST = "/api/admin/sales"
NO_ID = "00000000-0000-4000-8000-000000000000"
PAID = {
    "eventKey": "inv-1001:1",
    "kind": "paid",
    "customerRef": "C-1001",
    "amount": 6500,
    "currency": "USD",
    "occurredAt": "2026-02-28T10:00:00+01:00",
    "description": "Annual plan",
}


def test_sale_is_answered_with_its_commission(finance, clock):
    referral = customer()

    response = finance.post(LIST, PAID)

    sale = Sale.objects.get()
    assert response.status_code == 201
    assert response["Location"] == f"{LIST}/{sale.pk}"
    answer = {
        "id": str(sale.pk),
        "eventKey": "inv-1001:1",
        "kind": "paid",
        "outcome": "earned",
        "resellerId": str(referral.reseller_id),
        "referralId": str(referral.pk),
        "amount": 6500,
        "currency": "USD",
        "commissionRate": "15.5",
        "rateScope": "reseller",
        "commission": 1008,
        "explanation": "15.5 % of USD 65.00 = 10.075, rounded half-up to 10.08",
    }
    assert response.json() == answer
    assert list(response.json()) == list(answer)
    shown = {
        **answer,
        "customerRef": "C-1001",
        "resellerCode": None,
        "saleKey": None,
        "description": "Annual plan",
        "invoiceRef": None,
        "paymentRef": None,
        "source": "api",
        "occurredAt": "2026-02-28T09:00:00Z",
        "receivedAt": "2026-03-02T09:00:00Z",
        "postedAt": "2026-03-02T09:00:00Z",
    }
    assert finance.get(response["Location"]).json() == shown
    assert finance.get(LIST).json() == [shown]


def test_nobodys_customer_is_an_answer_too(finance, clock):
    answer = finance.post(LIST, PAID).json()
    names = ["outcome", "resellerId", "referralId", "commissionRate", "commission"]
    assert [answer[n] for n in names] == ["not_attributed", None, None, None, None]
    assert "Attribute the customer" in answer["explanation"]


def test_refund_takes_its_part_back(finance, clock):
    customer()
    finance.post(LIST, PAID)
    refund = {
        "eventKey": "ref-1",
        "kind": "refunded",
        "saleKey": "inv-1001:1",
        "amount": 1300,
        "currency": "USD",
        "occurredAt": "2026-03-01T09:00:00Z",
    }
    answer = finance.post(LIST, refund).json()
    names = ["outcome", "commission", "amount", "kind"]
    assert [answer[n] for n in names] == ["reversed", -202, 1300, "refunded"]
    too_much = {**refund, "eventKey": "ref-2", "amount": 5201}
    assert_error(finance.post(LIST, too_much), 409, "refund_exceeds_sale")
    euros = {**refund, "eventKey": "ref-3", "currency": "EUR"}
    problem = assert_error(finance.post(LIST, euros), 400, "currency_mismatch")
    assert problem["status"] == 400


def test_document_and_dispute_have_no_amount(finance, clock):
    customer()
    finance.post(LIST, PAID)
    facts = {"occurredAt": "2026-03-01T09:00:00Z"}
    document = {"eventKey": "d-1", "kind": "document", "customerRef": "C-1001", **facts}
    dispute = {"eventKey": "d-2", "kind": "disputed", "saleKey": "inv-1001:1", **facts}
    answers = [finance.post(LIST, body).json() for body in (document, dispute)]
    assert [
        (row["outcome"], row["amount"], row["currency"], row["commission"])
        for row in answers
    ] == [("counted", None, None, None), ("on_hold", None, None, None)]


def test_same_fact_again_is_200_with_the_first_answer(finance, clock):
    customer()
    first = finance.post(LIST, PAID)
    clock.shift(60)
    again = finance.post(LIST, {**PAID, "occurredAt": "2026-02-28T09:00:00Z"})
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    assert again["Location"] == first["Location"]
    other = finance.post(LIST, {**PAID, "amount": 6501})
    problem = assert_error(other, 409, "event_key_reused")
    assert problem["saleId"] == first.json()["id"]
    assert (Sale.objects.count(), LedgerEntry.objects.count()) == (1, 1)


def test_replay_by_key_is_one_sale(finance, clock):
    customer()
    key = {"Idempotency-Key": "once"}
    first, second = (finance.post(LIST, PAID, headers=key) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert second.content == first.content
    assert second["Idempotent-Replayed"] == "true"
    assert Sale.objects.count() == 1


@pytest.mark.parametrize(
    ("facts", "code", "pointer"),
    [
        ({"eventKey": "a b"}, "invalid_event_key", "eventKey"),
        ({"eventKey": "x" * 201}, "invalid_event_key", "eventKey"),
        ({"eventKey": "stripe:in_1:1"}, "event_key_reserved", "eventKey"),
        ({"eventKey": None}, "null", "eventKey"),
        ({"kind": "sold"}, "invalid_choice", "kind"),
        ({"customerRef": None}, "invalid", "customerRef"),
        ({"customerRef": "x" * 256}, "too_long", "customerRef"),
        ({"amount": -1}, "amount_out_of_range", "amount"),
        ({"amount": 10**14 + 1}, "amount_out_of_range", "amount"),
        ({"amount": 65.5}, "not_an_integer", "amount"),
        ({"amount": "6500"}, "not_an_integer", "amount"),
        ({"amount": True}, "not_an_integer", "amount"),
        ({"amount": None}, "invalid", "amount"),
        ({"currency": None}, "invalid", "currency"),
        ({"currency": "usd"}, "unknown_currency", "currency"),
        ({"currency": "DOLLAR"}, "unknown_currency", "currency"),
        ({"amount": None, "currency": None}, "invalid", "amount"),
        ({"occurredAt": "2026-03-02T09:05:01Z"}, "occurred_ahead", "occurredAt"),
        ({"occurredAt": "2026-03-02 09:00"}, "timezone_required", "occurredAt"),
        ({"occurredAt": 1}, "invalid", "occurredAt"),
        ({"saleKey": "inv-1"}, "invalid", "saleKey"),
        ({"description": "a\u0007"}, "bad_input", None),
        ({"source": "stripe"}, "unknown_field", "source"),
        ({"kind": "refunded"}, "invalid_event_key", "saleKey"),
        ({"kind": "document"}, "invalid", "amount"),
    ],
)
def test_bad_facts_are_refused(finance, clock, facts, code, pointer):
    problem = assert_error(finance.post(LIST, {**PAID, **facts}), 400, code)
    told = [error["pointer"] for error in problem.get("errors", [])]
    assert told == ([f"#/{pointer}"] if pointer else [])
    assert not Sale.objects.exists()


def test_unposted_sale_is_posted_again_once_there_is_a_rate(finance, clock):
    referral = customer(rate_bp=None)
    made = finance.post(LIST, PAID)
    assert made.json()["outcome"] == "no_rate"
    address = f"{made['Location']}/post-again"
    assert_error(finance.post(address), 409, "cannot_post")
    RateFactory.create(scope="reseller", reseller=referral.reseller, rate_bp=1550)
    posted = finance.post(address)
    assert (posted.status_code, posted.json()["outcome"]) == (200, "earned")
    assert posted.json() == finance.get(made["Location"]).json()
    assert_error(finance.post(address), 409, "already_posted")


def test_filters(viewer, clock):
    referral = customer()
    record("inv-1", occurred_at=AT)
    record("inv-2", 999, "JPY", customer_ref="stranger")
    follow("ref-1", "refunded", "inv-1", 100, occurred_at=AT)

    def keys(query):
        response = viewer.get(f"{LIST}?{query}")
        assert response.status_code == 200, response.json()
        return {row["eventKey"] for row in response.json()}

    assert keys("") == {"inv-1", "inv-2", "ref-1"}
    assert keys(f"resellerId={referral.reseller_id}") == {"inv-1", "ref-1"}
    assert keys(f"resellerId={NO_ID}") == set()
    assert keys("customerRef=stranger") == {"inv-2"}
    assert keys("kind=refunded") == {"ref-1"}
    assert keys("outcome=not_attributed") == {"inv-2"}
    assert keys("currency=jpy") == {"inv-2"}
    assert keys("occurredFrom=2026-03-02&occurredTo=2026-03-03") == {
        "inv-1",
        "inv-2",
        "ref-1",
    }
    assert keys("occurredTo=2026-03-02T09:00:00Z") == set()
    assert keys("occurredFrom=2026-03-02T09:00:00.000001Z") == set()


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("resellerId=1", "invalid"),
        ("kind=sold", "invalid_choice"),
        ("outcome=x", "invalid_choice"),
        ("currency=QQQ", "unknown_currency"),
        ("occurredFrom=yesterday", "invalid_time"),
        ("occurredTo=2026-03-02T09:00:00", "invalid_time"),
        ("occurredTo=2026-13-02", "invalid_time"),
        ("ordering=amount", "unknown_parameter"),
    ],
)
def test_bad_filters_are_refused(viewer, query, code):
    assert_error(viewer.get(f"{LIST}?{query}"), 400, code)


def test_list_with_refunds_costs_the_same_queries(viewer):
    customer()

    def sell(number):
        record(f"inv-{number}")
        follow(f"ref-{number}", "refunded", f"inv-{number}", 100)

    assert_constant(
        partial(viewer.get, LIST), sell, sizes=(1, 3), expected=7 + CLOCK_QUERIES
    )
    outcomes = {row["outcome"] for row in viewer.get(LIST).json()}
    assert outcomes == {Outcome.EARNED, Outcome.REVERSED}
