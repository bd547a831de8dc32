"""Columns of the exports, and the queries they take."""

import csv
import io

import pytest

from resellers import tables
from resellers.errors import Invalid
from resellers.exporting import resellers as exporting
from resellers.exporting.referrals import referrals_table
from resellers.exporting.resellers import resellers_table
from resellers.exporting.sales import sales_table
from resellers.models import Account, Referral, Reseller, Sale
from tests.factories.profiles import ReferralFactory, ResellerFactory, SaleFactory
from tests.factories.resellers import AT
from tests.queries import assert_constant

pytestmark = pytest.mark.django_db


def ids_of(model):
    return list(model.objects.order_by("pk").values_list("pk", flat=True))


def resellers(ids=None, **facts):
    options = {"currency": "USD", "at": AT, "sees_finance": False, "is_workbook": False}
    return resellers_table(
        ids_of(Reseller) if ids is None else ids, **{**options, **facts}
    )


def records(table):
    """The rows as a CSV file tells them."""
    text = "".join(tables.csv_lines(table.header, table.rows)).removeprefix(tables.BOM)
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_profile_is_told_whole(full):
    Account.objects.filter(pk=full.account_id).update(stripe_account_id="acct_123456")
    row = records(resellers([full.pk]))[0]
    assert row == {
        "id": str(full.pk),
        "code": full.code,
        "userId": str(full.user_id),
        "email": "avery@example.com",
        "pendingEmail": "",
        "status": "active",
        "contactGroup": "",
        "contactGroupName": "",
        "title": "Dr.",
        "firstName": "Avery",
        "lastName": "Quill",
        "organization": "Quill Events",
        "industry": "Events",
        "webSiteUrl": "https://quill.example.com",
        "address1": "1 Main Street",
        "address2": "Suite 2",
        "city": "Exampleton",
        "state": "FL",
        "stateName": "Florida",
        "zipCode": "02134",
        "country": "United States",
        "countryCode": "US",
        "phone": "'+1 727-555-0142",
        "mobilePhone": "(727) 555-0143",
        "fax": "727.555.0144",
        "companyName": "Quill",
        "companyPhone": "7275550145",
        "companyAddress": "1 Main Street\nExampleton",
        "taxIdLast4": "6789",
        "partnerTier": "premium",
        "paymentTerms": "net60",
        "payoutMethod": "manual",
        "stripeConnectId": "••••3456",
        "commissionRate": "15.5",
        "effectiveCommissionRate": "15.5",
        "effectiveRateScope": "reseller",
        "totalCustomersReferred": "1",
        "totalDocumentsProcessed": "0",
        "totalRevenueGenerated": "52.00",
        "totalCommissionEarned": "10.40",
        "totalsCurrency": "USD",
        "notes": "'- first\n= second",
        "statusChangedAt": "2025-01-01T00:00:00+00:00",
        "createdAt": "2025-01-01T00:00:00+00:00",
        "updatedAt": "2025-01-01T00:00:00+00:00",
        "ext.a.b-c__d": " =SUM(A1) ",
        "ext.blank": "",
        "ext.event_date": "2024-06-15",
        "ext.vip_status": "yes",
        "ext.zero": "007\r\n",
    }


def test_totals_are_of_the_currency_asked_for(full):
    row = records(resellers([full.pk], currency="JPY"))[0]
    assert row["totalRevenueGenerated"] == "999"
    assert row["totalCommissionEarned"] == "200"
    assert row["totalsCurrency"] == "JPY"


def test_finance_sees_the_payout_account(full):
    Account.objects.filter(pk=full.account_id).update(stripe_account_id="acct_123456")
    row = records(resellers([full.pk], sees_finance=True))[0]
    assert row["stripeConnectId"] == "acct_123456"


def test_rows_have_the_order_asked_for_and_strangers_none(full):
    ids = list(reversed(ids_of(Reseller)))
    assert [row["id"] for row in records(resellers([*ids, full.user_id]))] == [
        str(pk) for pk in ids
    ]


def test_many_keys_become_one_column(full, monkeypatch):
    monkeypatch.setattr(exporting, "KEY_COLUMNS", 2)
    row = records(resellers([full.pk]))[0]
    assert [name for name in row if name.startswith("ext")] == ["extendedValues"]
    assert row["extendedValues"].startswith('[{"key": "vip_status", "value": "yes"}')
    with pytest.raises(Invalid):
        resellers([full.pk], is_workbook=True)


def test_referral_is_told_with_what_it_brought(full):
    row = next(
        row
        for row in records(referrals_table(ids_of(Referral), currency="USD", at=AT))
        if row["origin"] == "staff"
    )
    referral = full.referrals.get()
    assert row == {
        "id": str(referral.pk),
        "customerRef": "'=C-1001",
        "customerEmail": "c@example.com",
        "resellerId": str(full.pk),
        "resellerCode": full.code,
        "resellerName": "Avery Quill",
        "referredAt": "2025-01-01T00:00:00+00:00",
        "endedAt": "",
        "endReason": "",
        "origin": "staff",
        "commissionRate": "20",
        "revenue": "52.00",
        "commission": "10.40",
        "totalsCurrency": "USD",
        "notes": "'@",
        "createdAt": "2025-01-01T00:00:00+00:00",
    }


def test_sale_is_told_with_its_answer(full):
    sale = Sale.objects.get(event_key="re:1")
    row = records(sales_table([sale.pk]))[0]
    assert row == {
        "id": str(sale.pk),
        "eventKey": "re:1",
        "kind": "refunded",
        "source": "api",
        "customerRef": "",
        "resellerCode": "",
        "saleKey": "'-inv:1",
        "amount": "13.00",
        "currency": "USD",
        "occurredAt": "2026-03-01T08:59:59.876544+00:00",
        "description": "",
        "invoiceRef": "",
        "paymentRef": "",
        "receivedAt": AT.isoformat(),
        "outcome": "reversed",
        "resellerId": str(full.pk),
        "resellerName": "Avery Quill",
        "referralId": str(full.referrals.get().pk),
        "commissionRate": "",
        "rateScope": "",
        "commission": "-2.60",
        "commissionCurrency": "USD",
        "postedAt": AT.isoformat(),
    }


def test_queries_are_those_of_a_chunk_not_of_a_row():
    assert_constant(
        lambda: records(resellers()),
        lambda number: ResellerFactory.create(
            extended_values=[{"key": f"k{number}", "value": "x"}]
        ),
        sizes=(1, 3, 10),
        expected=8,
    )
    assert_constant(
        lambda: records(referrals_table(ids_of(Referral), currency="USD", at=AT)),
        lambda _: ReferralFactory.create(),
        sizes=(1, 3, 10),
        expected=4,
    )
    assert_constant(
        lambda: records(sales_table(ids_of(Sale))),
        lambda _: SaleFactory.create(),
        sizes=(1, 3, 10),
        expected=2,
    )
