"""A sale that brings a reseller's code attributes its customer, the first one wins."""

import pytest

from resellers import clock
from resellers.models import AuditEntry, Referral
from tests.factories.profiles import ReferralFactory, ResellerFactory
from tests.factories.resellers import AT, AccessKeyFactory
from tests.resellers.earning import (
    CUSTOMER,
    DAY,
    answer,
    paid,
    record,
    standing,
    tell,
)
from tests.resellers.test_rates import TEN, give

pytestmark = pytest.mark.django_db
CODE = "RS-4K9QZ7"


@pytest.fixture(autouse=True)
def _at_nine():
    with clock.at(AT + 9 * DAY):
        yield


@pytest.fixture
def reseller():
    made = ResellerFactory.create(code=CODE)
    give(made, TEN, from_beginning=True)
    return made


def periods():
    rows = Referral.objects.order_by("referred_at")
    return list(rows.values_list("reseller__code", "referred_at", "ended_at", "origin"))


@pytest.mark.parametrize("code", [CODE, " rs-4k9qz7 "])
def test_a_code_attributes_from_the_sale_on(reseller, code):
    key = AccessKeyFactory.create()

    told = tell(paid("inv-1", reseller_code=code), key)

    assert answer(told.sale) == ("earned", 650, True)
    assert periods() == [(CODE, AT, None, "code")]
    created = AuditEntry.objects.get(action="referral.created")
    assert (created.object_ref, created.actor_key) == (str(reseller.pk), key)
    assert created.after == {
        "referral_id": str(told.sale.referral_id),
        "customer_ref": CUSTOMER,
        "referred_at": "2026-03-02T09:00:00Z",
        "origin": "code",
    }
    assert answer(record("inv-2")) == ("earned", 650, True)


@pytest.mark.parametrize("status", ["applicant", "inactive", "suspended"])
def test_only_an_active_resellers_code_counts(status):
    ResellerFactory.create(code=CODE, status=status)
    sale = record("inv-1", reseller_code=CODE)
    assert (answer(sale), periods()) == (("not_attributed", None, False), [])


def test_a_code_of_nobody_is_kept_and_counts_for_nothing():
    sale = record("inv-1", reseller_code="SUMMER-SALE")
    sale.refresh_from_db()
    assert (sale.outcome, sale.reseller_code) == ("not_attributed", "SUMMER-SALE")
    assert periods() == []


def test_the_first_attribution_wins(reseller):
    other = ResellerFactory.create(code="RS-000ZZZ")
    record("inv-1", reseller_code=CODE)

    later = record("inv-2", reseller_code=other.code, occurred_at=AT + DAY)
    earlier = record("inv-3", reseller_code=other.code, occurred_at=AT - DAY)

    assert later.referral is not None
    assert later.referral.reseller == reseller
    assert answer(earlier) == ("not_attributed", None, False)
    assert periods() == [(CODE, AT, None, "code")]


def test_an_earlier_sale_with_the_same_code_begins_earlier(reseller):
    """So that newest first and oldest first end in the same books."""
    sales = [
        record(f"inv-{n}", reseller_code=CODE, occurred_at=AT + n * DAY)
        for n in (2, 0, 1)
    ]

    assert [standing(sale) for sale in sales] == [650] * 3
    assert periods() == [(CODE, AT, None, "code")]
    told = AuditEntry.objects.get(action="referral.updated")
    assert (told.object_ref, told.before) == (
        str(reseller.pk),
        {"referred_at": "2026-03-04T09:00:00Z"},
    )


def test_what_staff_set_begins_when_staff_said(reseller):
    ReferralFactory.create(reseller=reseller, customer_ref=CUSTOMER, referred_at=AT)

    sale = record("inv-1", reseller_code=CODE, occurred_at=AT - DAY)

    assert answer(sale) == ("not_attributed", None, False)
    assert periods() == [(CODE, AT, None, "staff")]


def test_a_customer_who_left_may_come_back_by_a_code(reseller):
    ReferralFactory.create(
        customer_ref=CUSTOMER,
        reseller__code="RS-000ZZZ",
        referred_at=AT - 9 * DAY,
        ended_at=AT,
        end_reason="customer_left",
    )

    sale = record("inv-1", reseller_code=CODE)

    assert answer(sale) == ("earned", 650, True)
    assert periods() == [
        ("RS-000ZZZ", AT - 9 * DAY, AT, "staff"),
        (CODE, AT, None, "code"),
    ]
