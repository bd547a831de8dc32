"""A profile's page: everything about it, for who edits and for who looks."""

from urllib.parse import quote

import pytest
from django.urls import reverse

from resellers.actions.profiles import change_reseller
from resellers.actions.statuses import change_status
from resellers.models import Reseller, Sale
from tests.factories.profiles import (
    RateFactory,
    ReferralFactory,
    ResellerFactory,
    SaleFactory,
)
from tests.factories.resellers import SuperuserFactory
from tests.queries import assert_constant, queries_of
from tests.resellers.admin.pages import url, words
from tests.resellers.earning import customer, follow, record
from tests.resellers.people import plain_staff

pytestmark = pytest.mark.django_db

KEYS = reverse("admin:resellers_reseller_keys")
SECTIONS = [
    "Status",
    "Contact",
    "Organisation",
    "Address",
    "Web and industry",
    "Extended values",
    "Commission",
    "Legacy",
    "Notes",
]


@pytest.fixture
def row(db):
    return ResellerFactory.create(
        first_name="Avery",
        last_name="Quill",
        title="Dr.",
        organization="Quill Events",
        phone="727-555-0142",
        city="Exampleton",
        state="FL",
        state_name="Florida",
        country="US",
        web_site_url="https://quill-events.example.com",
        extended_values=[{"key": "vip_status", "value": "yes\n<b>"}],
        company_name="Quill Events LLC",
        tax_id="12-3456789",
        notes="Call in the\nmorning <i>",
    )


@pytest.mark.parametrize("browser", ["looking", "editing", "paying"])
def test_the_sections_are_the_same_for_all(request, browser, row):
    page = request.getfixturevalue(browser).get(url(row, "change"))
    assert [section.title for section in page.context["sections"]] == SECTIONS
    told = words(page)
    for fact in (row.code, row.email, "Quill Events LLC", "••••6789", "Active"):
        assert fact in told, fact
    text = page.content.decode()
    assert "<b>" not in text
    assert "<i>" not in text
    assert "12-3456789" not in text


def test_whoever_looks_sees_no_field_and_no_button(looking, row):
    page = looking.get(url(row, "change"))
    text = page.content.decode()
    main = text[text.index('id="content"') :]
    for mark in ("<input", "<textarea", "<select", "<form", 'class="deed"', "<button"):
        assert mark not in main, mark
    told = words(page)
    for fact in ("Dr.", "727-555-0142", "Florida", "United States", "vip_status"):
        assert fact in told, fact
    assert '<a href="https://quill-events.example.com" rel="noopener nofollow"' in text


def test_whoever_looks_is_refused_every_post(looking, row):
    before = Reseller.objects.values().get(pk=row.pk)
    assert (
        looking.post(url(row, "change"), {"phone": "727-555-0199"}).status_code == 403
    )
    add = reverse("admin:resellers_reseller_add")
    assert looking.get(add).status_code == 403
    assert looking.post(add, {"email": "a@example.com"}).status_code == 403
    assert Reseller.objects.values().get(pk=row.pk) == before
    assert Reseller.objects.count() == 1


def test_staff_without_rights_see_nothing(client_for, row):
    browser = client_for(plain_staff())
    assert browser.get(url(row, "change")).status_code == 403
    assert browser.post(url(row, "change"), {}).status_code == 403
    assert browser.get(url(row, "history")).status_code == 403
    assert browser.get(KEYS).status_code == 403


def test_nobody_is_deleted(paying, client_for, row):
    boss = client_for(SuperuserFactory.create())
    for browser in (paying, boss):
        assert browser.post(url(row, "delete"), {"post": "yes"}).status_code == 403
    assert Reseller.objects.count() == 1


@pytest.mark.parametrize("pk", ["abc", "0" * 32, "9" * 40])
def test_a_missing_profile_is_said_to_be_missing(looking, db, pk):
    page = looking.get(url(Reseller, "change", pk), follow=True)
    assert page.redirect_chain[-1][0] == "/admin/"


def test_totals_and_ledger_stand_beside(looking):
    referral = customer(1550)
    record("inv-1")
    record("inv-2", 2900, "EUR")
    follow("r-1", "refunded", "inv-1", 1300)
    page = looking.get(url(referral.reseller, "change"))
    totals = {label: words_of(text) for label, text in page.context["totals"]}
    assert totals == {
        "Customers referred": "1",
        "Documents processed": "0",
        "Revenue generated": "29.00 EUR 52.00 USD",
        "Commission earned": "4.50 EUR 8.06 USD",
    }
    purses = [
        (each.currency, {label: words_of(text) for label, text in each.lines})
        for each in page.context["purses"]
    ]
    assert purses == [
        ("EUR", purse("4.50 EUR", "0.00 EUR")),
        ("USD", purse("8.06 USD", "0.00 USD")),
    ]


def purse(pending: str, nothing: str) -> dict[str, str]:
    return {
        "Pending": pending,
        "On hold": nothing,
        "Available": nothing,
        "In payout": "N/A",
        "Paid": nothing,
    }


def words_of(text: object) -> str:
    class Page:
        content = str(text).replace("</div>", " ").encode()

    return words(Page())


def test_the_newest_customers_and_sales_are_listed(editing):
    referral = customer(1550, customer_email="kim@example.net")
    sale = record("inv-1", description="Annual plan")
    refund = follow("r-1", "refunded", "inv-1", 1300)
    ended = ReferralFactory.create(
        reseller=referral.reseller,
        customer_ref="C-0",
        ended_at=sale.occurred_at,
        end_reason="customer_left",
    )
    page = editing.get(url(referral.reseller, "change"))
    text = page.content.decode()
    lines = {line.customer: line for line in page.context["referrals"]}
    assert [label for label, _ in lines["C-1001"].acts] == ["Move", "End"]
    assert lines["C-0"].acts == []
    assert "customer left" in str(lines["C-0"].ended)
    assert words_of(lines["C-1001"].revenue) == "52.00 USD"
    back = quote(url(referral.reseller, "change"), safe="")
    assert f'href="{url(referral, "move")}?next={back}"' in text
    assert url(ended, "change") in text
    sales = [(line.kind, line.customer, line.rate) for line in page.context["sales"]]
    assert sorted(sales) == [("Paid", "C-1001", "15.5 %"), ("Refunded", "C-1001", "")]
    for each in (sale, refund):
        assert url(each, "change") in text
    assert f"?reseller={referral.reseller.code}" in text


def test_twenty_of_each_are_shown_at_one_price(looking, row):
    def grow(number: int) -> None:
        referral = ReferralFactory.create(reseller=row, customer_ref=f"K-{number}")
        SaleFactory.create(
            referral=referral,
            outcome="earned",
            customer_ref=f"K-{number}",
            rate_bp=1000,
            rate_scope="programme",
            rate_since=referral.referred_at,
            commission_minor=650,
            posted_at=referral.referred_at,
        )

    RateFactory.create()
    count = queries_of(lambda: looking.get(url(row, "change")))
    grow(0)
    wanted = queries_of(lambda: looking.get(url(row, "change")))
    assert wanted - count <= 1
    assert_constant(
        lambda: looking.get(url(row, "change")),
        lambda number: grow(number + 1),
        sizes=[3, 25],
        expected=wanted,
    )
    page = looking.get(url(row, "change"))
    assert len(page.context["referrals"]) == len(page.context["sales"]) == 20
    assert Sale.objects.count() == 26


def test_history_tells_who_what_and_why(looking, row, editor, finance):
    change_reseller(
        row,
        phone="727-555-0177",
        extended_values_patch={"vip_status": None, "Renewal_Date": "2027-01-31"},
        reason="asked by phone",
        actor=editor,
    )
    change_status(row, status="suspended", reason="Under review", actor=finance)
    page = looking.get(url(row, "history"))
    status, updated = page.context["events"]
    assert (status.title, status.by, status.reason) == (
        "Status changed",
        "finance@example.com",
        "Under review",
    )
    told = [(each.field, each.before, each.after) for each in updated.changes]
    assert (updated.title, updated.by) == ("Updated", "editor@example.com")
    assert sorted(told) == [
        ("Phone", "••••42", "••••77"),
        ("renewal_date", "", "2027-01-31"),
        ("vip_status", "yes\n<b>", "–"),
    ]
    latest = looking.get(url(row, "change")).context["latest"]
    assert [event.title for event in latest] == ["Status changed", "Updated"]


def test_keys_in_use_are_offered_most_used_first(editing, row):
    for number in range(2):
        ResellerFactory.create(
            extended_values=[{"key": "membership_level", "value": str(number)}]
        )
    answer = editing.get(KEYS)
    assert answer.json() == ["membership_level", "vip_status"]


def test_the_form_offers_the_keys_of_the_groups(editing, row):
    text = editing.get(url(row, "change")).content.decode()
    assert 'data-pairs-key="lead_source" data-choice="info_seekers"' in text
    assert f'data-keys="{KEYS}"' in text
    assert "js/desk/key_values.js" in text
