"""The source's three examples, field by field, with synthetic people.

Source: document 2, "API Endpoints"; 5-resellers, section 13.1.
"""

import pytest

from resellers.models import Reseller
from resellers.money import Money
from tests.factories.profiles import ReferralFactory
from tests.problems import assert_error
from tests.resellers.earning import record

pytestmark = pytest.mark.django_db
LIST = "/api/admin/resellers"
SOURCE_FIELDS = [
    "id",
    "userId",
    "contactGroup",
    "firstName",
    "lastName",
    "email",
    "title",
    "organization",
    "address1",
    "address2",
    "city",
    "state",
    "zipCode",
    "country",
    "phone",
    "mobilePhone",
    "fax",
    "webSiteUrl",
    "industry",
    "extendedValues",
    "commissionRate",
    "totalCustomersReferred",
    "totalRevenueGenerated",
    "status",
    "createdAt",
    "updatedAt",
]
FURTHER_FIELDS = [
    "code",
    "contactGroupName",
    "stateName",
    "countryCode",
    "companyName",
    "companyPhone",
    "companyAddress",
    "taxIdLast4",
    "partnerTier",
    "paymentTerms",
    "stripeConnectId",
    "payoutMethod",
    "effectiveCommissionRate",
    "effectiveRateScope",
    "totalDocumentsProcessed",
    "totalCommissionEarned",
    "totalsByCurrency",
    "notes",
    "pendingEmail",
    "statusChangedAt",
]
PROFILE = {
    "contactGroup": "event_registrants",
    "firstName": "Avery",
    "lastName": "Quill",
    "title": "Miss",
    "address1": "5131 Example Avenue South",
    "city": "Exampleton",
    "state": "Florida",
    "zipCode": "00707",
    "country": "United States",
    "phone": "727-555-0142",
    "extendedValues": [{"key": "custom_info", "value": "additional data"}],
}
PATCH = {
    "contactGroup": "event_registrants",
    "firstName": "Avery",
    "lastName": "Quill",
    "title": "Mrs.",
    "organization": "Quill Events",
    "address1": "5132 Example Avenue South",
    "city": "Exampleton",
    "state": "Florida",
    "zipCode": "00707",
    "country": "United States",
    "phone": "727-555-0142",
    "mobilePhone": "727-555-0177",
    "webSiteUrl": "https://example.com",
    "industry": "Event Management",
    "extendedValues": [
        {"key": "referral_source", "value": "conference_2024"},
        {"key": "vip_status", "value": "yes"},
        {"key": "preferred_contact_method", "value": "email"},
    ],
}
CLEARED = [name for name in PATCH if name != "extendedValues"]


@pytest.fixture
def made(finance, clock):
    body = {**PROFILE, "email": "Avery@Example.com", "commissionRate": "15.50"}
    response = finance.post(LIST, body)
    assert response.status_code == 201, response.json()
    clock.shift(60)
    return response.json()


@pytest.fixture
def address(made):
    return f"{LIST}/{made['id']}"


def test_details_are_the_sources_26_fields_and_what_staff_need(
    viewer, made, address, clock
):
    row = Reseller.objects.get()
    for number in range(3):
        referral = ReferralFactory.create(
            reseller=row, customer_ref=f"C-{number}", referred_at=row.created_at
        )
        record(
            f"inv-{number}",
            customer_ref=referral.customer_ref,
            occurred_at=row.created_at,
        )

    shown = viewer.get(address).json()

    assert list(shown) == [*SOURCE_FIELDS, *FURTHER_FIELDS]
    assert shown == {
        "id": str(row.pk),
        "userId": str(row.user_id),
        "contactGroup": "event_registrants",
        "firstName": "Avery",
        "lastName": "Quill",
        "email": "avery@example.com",
        "title": "Miss",
        "organization": None,
        "address1": "5131 Example Avenue South",
        "address2": None,
        "city": "Exampleton",
        "state": "FL",
        "zipCode": "00707",
        "country": "United States",
        "phone": "727-555-0142",
        "mobilePhone": None,
        "fax": None,
        "webSiteUrl": None,
        "industry": None,
        "extendedValues": [{"key": "custom_info", "value": "additional data"}],
        "commissionRate": "15.5",
        "totalCustomersReferred": 3,
        "totalRevenueGenerated": 3 * 6500,
        "status": "active",
        "createdAt": "2026-03-02T09:00:00Z",
        "updatedAt": "2026-03-02T09:00:00Z",
        "code": row.code,
        "contactGroupName": "Event Registrants",
        "stateName": "Florida",
        "countryCode": "US",
        "companyName": None,
        "companyPhone": None,
        "companyAddress": None,
        "taxIdLast4": None,
        "partnerTier": "standard",
        "paymentTerms": "net30",
        "stripeConnectId": None,
        "payoutMethod": "manual",
        "effectiveCommissionRate": "15.5",
        "effectiveRateScope": "reseller",
        "totalDocumentsProcessed": 0,
        "totalCommissionEarned": 3 * 1008,
        "totalsByCurrency": [
            {"currency": "USD", "revenue": 19_500, "commission": 3_024}
        ],
        "notes": None,
        "pendingEmail": None,
        "statusChangedAt": "2026-03-02T09:00:00Z",
    }
    assert Money(19_500, "USD") == Money.parse("195.00", "USD")


def test_update_takes_the_sources_body_and_keeps_the_rest(editor, made, address, clock):
    changed = editor.patch(address, PATCH)

    assert changed.status_code == 200, changed.json()
    assert changed.json() == {
        **made,
        **PATCH,
        "state": "FL",
        "stateName": "Florida",
        "updatedAt": "2026-03-02T09:01:00Z",
    }
    assert editor.get(address).json() == changed.json()


def test_list_shows_exactly_the_twelve_fields(viewer, made):
    response = viewer.get(LIST)

    assert response.json() == [
        {
            "id": made["id"],
            "firstName": "Avery",
            "lastName": "Quill",
            "email": "avery@example.com",
            "organization": None,
            "contactGroup": "event_registrants",
            "city": "Exampleton",
            "state": "FL",
            "phone": "727-555-0142",
            "totalCustomersReferred": 0,
            "totalRevenueGenerated": 0,
            "status": "active",
        }
    ]
    assert response["Content-Type"] == "application/json"


@pytest.mark.parametrize("nothing", [None, ""])
@pytest.mark.parametrize("name", CLEARED)
def test_each_field_can_be_cleared(editor, made, address, name, nothing):
    body = {name: nothing}
    if name == "country":  # the state of no country is looked up in both lists
        body["state"] = nothing
    editor.patch(address, PATCH)

    cleared = editor.patch(address, body)

    assert cleared.status_code == 200, cleared.json()
    assert cleared.json()[name] is None
    kept = {n: v for n, v in PATCH.items() if n not in {*body, "state"}}
    assert {n: cleared.json()[n] for n in kept} == kept


def test_extended_values_are_cleared_to_the_empty_list(editor, made, address):
    assert (
        editor.patch(address, {"extendedValues": None}).json()["extendedValues"] == []
    )


@pytest.mark.parametrize(
    ("name", "default"), [("partnerTier", "standard"), ("paymentTerms", "net30")]
)
def test_cleared_choices_take_their_default(finance, made, address, name, default):
    value = {"partnerTier": "premium", "paymentTerms": "net90"}[name]
    why = {"reason": "as agreed"}
    assert finance.patch(address, {name: value, **why}).json()[name] == value
    for nothing in (None, ""):
        cleared = finance.patch(address, {name: nothing, **why})
        assert (cleared.status_code, cleared.json()[name]) == (200, default)


@pytest.mark.parametrize("state", ["Florida", "FL", "florida", "fl"])
def test_state_is_taken_by_code_or_name(editor, made, address, state):
    editor.patch(address, {"state": None})
    shown = editor.patch(address, {"state": state}).json()
    assert (shown["state"], shown["stateName"]) == ("FL", "Florida")


def test_there_is_no_delete(finance, made, address):
    response = finance.delete(address)
    assert_error(response, 405, "method_not_allowed")
    assert response["Allow"] == "GET, HEAD, PATCH"
    assert Reseller.objects.count() == 1
