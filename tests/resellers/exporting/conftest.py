"""People and their rows as life writes them, signs of spreadsheets included."""

import datetime

import pytest

from resellers import clock
from tests.factories.profiles import RateFactory, ReferralFactory, ResellerFactory
from tests.factories.resellers import AT
from tests.resellers import earning, people

SIGNS = [
    "=1+1",
    "+Plus",
    "-Minus",
    "@At",
    "'Apostrophe",
    "''Two",
    "NULL",
    "'NULL",
    "O'Brien",
]


@pytest.fixture(autouse=True)
def _at_nine():
    with clock.at(AT):
        yield


@pytest.fixture
def editor(db):
    return people.editor(email="editor@example.com")


@pytest.fixture
def finance(db):
    return people.finance(email="finance@example.com")


def life():
    """Resellers with every field, strange texts, rates, customers and sales."""
    full = ResellerFactory.create(
        user__email="avery@example.com",
        first_name="Avery",
        last_name="Quill",
        title="Dr.",
        organization="Quill Events",
        industry="Events",
        web_site_url="https://quill.example.com",
        address_1="1 Main Street",
        address_2="Suite 2",
        city="Exampleton",
        state="FL",
        state_name="Florida",
        zip_code="02134",
        country="US",
        phone="+1 727-555-0142",
        mobile_phone="(727) 555-0143",
        fax="727.555.0144",
        company_name="Quill",
        company_phone="7275550145",
        company_address="1 Main Street\nExampleton",
        tax_id="12-3456789",
        partner_tier="premium",
        payment_terms="net60",
        notes="- first\n= second",
        extended_values=[
            {"key": "vip_status", "value": "yes"},
            {"key": "event_date", "value": "2024-06-15"},
            {"key": "a.b-c__d", "value": " =SUM(A1) "},
            {"key": "blank", "value": ""},
            {"key": "zero", "value": "007\r\n"},
        ],
    )
    RateFactory.create()
    RateFactory.create(scope="reseller", reseller=full, rate_bp=1550)
    for sign in SIGNS:
        ResellerFactory.create(
            first_name=sign,
            organization=f"{sign} & Söhne",
            notes=f"\t{sign}"[1:],
            country="DE",
            state_name="Bayern",
            extended_values=[{"key": "note", "value": f"\n{sign}\t"}],
        )
    ResellerFactory.create(status="suspended", country="CA", zip_code="A1A 1A1")
    ResellerFactory.create(status="applicant")
    customer = ReferralFactory.create(
        reseller=full, customer_ref="=C-1001", customer_email="c@example.com", notes="@"
    )
    RateFactory.create(scope="referral", referral=customer, rate_bp=2000)
    ReferralFactory.create(
        customer_ref="-5", ended_at=AT, end_reason="customer_left", origin="api"
    )
    sold = {"customer_ref": "=C-1001", "invoice_ref": "@1", "description": "+Plan"}
    earning.record("-inv:1", 6500, **sold)
    earning.record("inv:2", 999, "JPY", **{**sold, "reseller_code": "RS-000000"})
    moment = AT - datetime.timedelta(days=1, microseconds=123456)
    earning.follow("re:1", "refunded", "-inv:1", 1300, occurred_at=moment)
    earning.follow("dp:1", "disputed", "-inv:1")
    earning.record("other:1", customer_ref="nobody")
    return full


@pytest.fixture
def full(db):
    return life()
