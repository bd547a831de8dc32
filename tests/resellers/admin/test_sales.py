"""Sales as staff read them: why they earn, whose customer it is, and what to do."""

import datetime

import pytest

from resellers import audit
from resellers.models import LedgerEntry, Referral, Sale
from tests.factories.profiles import RateFactory, ReferralFactory, ResellerFactory
from tests.factories.resellers import AT
from tests.queries import assert_constant
from tests.resellers.admin.pages import (
    labels,
    last_entry,
    listed,
    sentences,
    url,
    words,
)
from tests.resellers.earning import CUSTOMER, DAY, customer, follow, record

pytestmark = pytest.mark.django_db

FORM = {
    "kind": "paid",
    "event_key": "staff:1",
    "occurred_at": "2026-03-02T08:00",
    "customer_ref": CUSTOMER,
    "amount": "65.00",
    "currency": "usd",
    "description": "Annual plan",
}


def trail(sale: Sale) -> list[str]:
    return [entry.action for entry in audit.entries("resellers.sale", sale.event_key)]


def test_a_sale_explains_its_answer_with_what_followed(looking):
    referral = customer()
    sale = record("inv-1")
    refund = follow("r-1", "refunded", "inv-1", 1300, occurred_at=AT)
    page = looking.get(url(sale, "change"))
    shown = words(page)
    assert "15.5 % of USD 65.00 = 10.075, rounded half-up to 10.08." in shown
    assert "Earned" in shown
    assert page.context["buttons"] == []
    followed, entries = page.context["panels"]
    assert [row[5] for row in followed.rows] == [
        "USD 65.00 less 13.00 refunded leaves 52.00; 15.5 % of it is 8.06; that is 2.02"
        " less than before"
    ]
    posted = LedgerEntry.objects.order_by("id")
    assert [(str(row[2]), str(row[4])) for row in entries.rows] == [
        (each.get_kind_display(), each.get_status_display()) for each in posted
    ]
    for row in (referral, referral.reseller, refund):
        assert url(row, "change") in page.content.decode()
    page = looking.get(url(refund, "change"))
    assert url(sale, "change") in page.content.decode()
    assert len(page.context["panels"]) == 1


@pytest.fixture
def sold():
    """Sales that differ in everything the list is asked for."""
    quill = customer().reseller
    return quill, {
        "earned": record("inv-1", invoice_ref="IN-7", payment_ref="pi_9"),
        "euro": record("inv-2", 2900, "EUR", occurred_at=AT - 3 * DAY),
        "refund": follow("r-1", "refunded", "inv-1", 1300, occurred_at=AT),
        "nobodys": record("inv-3", customer_ref="C-2"),
        "waiting": follow("r-2", "refunded", "inv-9", 100, occurred_at=AT),
    }


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"outcome__exact": "not_attributed"}, {"nobodys"}),
        ({"outcome__exact": "waiting"}, {"waiting"}),
        ({"kind__exact": "refunded"}, {"refund", "waiting"}),
        ({"currency": "eur"}, {"euro"}),
        ({"customer": "C-2"}, {"nobodys"}),
        ({"customer": "c-2"}, set()),
        ({"occurred_from": "2026-03-02"}, {"earned", "refund", "nobodys", "waiting"}),
        ({"occurred_to": "2026-02-27"}, {"euro"}),
        ({"occurred_from": "2026-02-27", "occurred_to": "2026-02-27"}, {"euro"}),
        ({"occurred_to": "tomorrow"}, set()),
        ({"currency": "XXX"}, set()),
        ({"q": "inv-1"}, {"earned", "refund"}),
        ({"q": "IN-7"}, {"earned"}),
        ({"q": "pi_9"}, {"earned"}),
        ({"q": "C-2"}, {"nobodys"}),
        ({"q": "inv-"}, {"earned", "euro", "nobodys"}),
        ({"q": "nv-1"}, set()),
        ({"q": "inv_"}, set()),
        ({"source__exact": "staff"}, set()),
    ],
)
def test_the_list_is_filtered(looking, sold, query, expected):
    _, sales = sold
    found = {sale.pk for sale in listed(looking, Sale, **query)}
    assert found == {sales[name].pk for name in expected}


def test_the_list_is_filtered_by_reseller_in_any_way(looking, sold):
    quill, sales = sold
    theirs = {sales[name].pk for name in ("earned", "euro", "refund")}
    ResellerFactory.create(last_name="Wren")
    for text in (quill.code, quill.user.email, quill.last_name):
        assert {row.pk for row in listed(looking, Sale, reseller=text)} == theirs
    assert listed(looking, Sale, reseller="Wren") == []
    assert listed(looking, Sale, reseller="nobody") == []


def test_a_filter_that_cannot_be_read_says_so_and_finds_nothing(looking, sold):
    page = looking.get(url(Sale, "changelist"), {"occurred_from": "1 May", "q": "x"})
    assert "Enter a valid date" in words(page)
    assert 'value="1 May"' in page.content.decode()


def test_the_list_needs_the_same_queries(looking):
    looking.get("/admin/jsi18n/")

    def grow(number: int) -> None:
        referral = customer(ref=f"C-{number}")
        record(f"inv-{number}", customer_ref=referral.customer_ref)

    assert_constant(
        lambda: looking.get(url(Sale, "changelist")),
        grow,
        sizes=(1, 3, 12),
        expected=6,
    )


def test_from_nobodys_customer_to_commission(editing, paying, editor, finance):
    """An editor says whose customer it was; finance posts what was sold since."""
    RateFactory.create()
    reseller = ResellerFactory.create(last_name="Wren", code="RS-0000ZZ")
    early = record("inv-1", occurred_at=AT - 2 * DAY)
    sale = record("inv-2")
    assert labels(editing, sale) == ["Attribute customer"]
    assert labels(paying, sale) == ["Attribute customer"]
    asked = editing.get(url(early, "attribute"))
    assert 'value="2026-02-28T09:00"' in asked.content.decode()
    said = {"reseller": "wren", "referred_at": "2026-02-28T09:00"}
    page = editing.post(url(early, "attribute"), said, follow=True)
    assert sentences(page) == [
        "The customer is attributed; the sale can be posted again."
    ]
    referral = Referral.objects.get()
    assert (referral.reseller, referral.customer_ref, referral.referred_at) == (
        reseller,
        CUSTOMER,
        AT - 2 * DAY,
    )
    assert (referral.origin, referral.created_by) == ("staff", editor)
    assert labels(editing, sale) == []
    assert labels(paying, sale) == ["Post again", "Post 2 earlier sales"]
    page = paying.post(url(sale, "post-earlier"), follow=True)
    assert sentences(page) == ["The customer's earlier sales are posted."]
    assert list(Sale.objects.values_list("outcome", "commission_minor")) == [
        ("earned", 650),
        ("earned", 650),
    ]
    assert (trail(sale), labels(paying, sale)) == (
        ["sale.recorded", "sale.posted"],
        [],
    )
    assert last_entry("sale", "inv-2").actor == finance


def test_a_sale_without_a_rate_is_posted_again(paying):
    customer(rate_bp=None)
    sale = record("inv-1")
    assert labels(paying, sale) == ["Post again"]
    page = paying.post(url(sale, "post-again"), follow=True)
    assert sentences(page) == ["The sale still has no referral or no rate."]
    RateFactory.create()
    page = paying.post(url(sale, "post-again"), follow=True)
    assert sentences(page) == ["The sale has its answer."]
    sale.refresh_from_db()
    assert (sale.outcome, sale.commission_minor) == ("earned", 650)


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"reseller": "nobody"}, "No reseller is found by this."),
        ({"reseller": "quill"}, "Several match"),
        ({"reseller": "RS-0000ZZ"}, "Only an active reseller is given customers."),
        ({"reseller": ""}, "This field is required."),
    ],
)
def test_an_attribution_is_refused_in_words(editing, said, sentence):
    ResellerFactory.create_batch(2)
    ResellerFactory.create(last_name="Wren", code="RS-0000ZZ", status="inactive")
    sale = record("inv-1")
    sent = {"referred_at": "2026-03-01T00:00", **said}
    page = editing.post(url(sale, "attribute"), sent)
    assert (page.status_code, Referral.objects.count()) == (422, 0)
    assert sentence in words(page)


def test_what_is_somebodys_has_no_attribute_button(editing):
    ReferralFactory.create(customer_ref=CUSTOMER)
    sale = record("inv-1")
    assert labels(editing, sale) == []
    assert "Attribute customer" not in words(editing.get(url(sale, "change")))


def test_a_sale_is_recorded_by_hand_and_says_what_it_earned(paying, finance):
    customer()
    form = paying.get(url(Sale, "add")).context["form"]
    assert form.initial["event_key"].startswith("staff:2026-03-02:")
    assert form.initial["occurred_at"] == AT
    page = paying.post(url(Sale, "add"), FORM, follow=True)
    sale = Sale.objects.get()
    assert page.redirect_chain[-1][0] == url(sale, "change")
    why = "15.5 % of USD 65.00 = 10.075, rounded half-up to 10.08."
    assert sentences(page) == [f"Recorded. {why}"]
    assert (sale.source, sale.amount_minor, sale.currency) == ("staff", 6500, "USD")
    assert sale.occurred_at == AT - datetime.timedelta(hours=1)
    assert audit.entries("resellers.sale", "staff:1").get().actor == finance
    page = paying.post(url(Sale, "add"), FORM, follow=True)
    assert sentences(page) == [f"This was recorded before, with the same facts. {why}"]
    assert Sale.objects.count() == 1


@pytest.mark.parametrize(
    ("kind", "facts", "outcome"),
    [
        ("refunded", {"sale_key": "inv-1", "amount": "13.00"}, "reversed"),
        ("restored", {"sale_key": "inv-1", "amount": "5.00"}, "restored"),
        ("disputed", {"sale_key": "inv-1"}, "on_hold"),
        ("released", {"sale_key": "inv-1"}, "no_effect"),
        ("document", {"customer_ref": CUSTOMER}, "counted"),
        ("refunded", {"sale_key": "inv-8", "amount": "13.00"}, "waiting"),
    ],
)
def test_every_kind_is_recorded_by_hand(paying, kind, facts, outcome):
    customer()
    record("inv-1", occurred_at=AT - DAY)
    if kind == "restored":
        follow("r-0", "refunded", "inv-1", 1300, occurred_at=AT - DAY)
    common = {
        "kind": kind,
        "event_key": "by-hand",
        "occurred_at": "2026-03-02T08:30",
        "currency": "USD" if "amount" in facts else "",
    }
    paying.post(url(Sale, "add"), common | facts)
    sale = Sale.objects.get(event_key="by-hand")
    assert (sale.kind, sale.outcome, sale.source) == (kind, outcome, "staff")


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"amount": "65,00"}, "amount"),
        ({"amount": "65.001"}, "amount"),
        ({"amount": "-1"}, "amount"),
        ({"amount": ""}, "amount"),
        ({"currency": ""}, "currency"),
        ({"currency": "XXX"}, "currency"),
        ({"kind": "document"}, "amount"),
        ({"kind": "gift"}, "kind"),
        ({"customer_ref": ""}, "customer_ref"),
        ({"kind": "refunded"}, "sale_key"),
        ({"event_key": "stripe:in_1"}, "event_key"),
        ({"event_key": "white space"}, "event_key"),
        ({"occurred_at": "2026-03-02T09:06"}, "occurred_at"),
        ({"occurred_at": "today"}, "occurred_at"),
    ],
)
def test_what_cannot_be_recorded_is_said_at_its_field(paying, changed, field):
    page = paying.post(url(Sale, "add"), FORM | changed)
    assert (page.status_code, Sale.objects.count()) == (422, 0)
    assert list(page.context["form"].errors) == [field]
    if "amount" in changed:
        assert page.context["form"]["amount"].value() == changed["amount"]


def test_the_same_key_with_other_facts_is_refused(paying):
    record("staff:1", 9900)
    page = paying.post(url(Sale, "add"), FORM)
    assert page.status_code == 422
    assert page.context["form"].errors["event_key"] == [
        "The event key named other facts before."
    ]


def test_sales_are_neither_edited_nor_deleted(paying):
    sale = record("inv-1")
    before = Sale.objects.values().get()
    for role in ("change", "delete"):
        assert paying.post(url(sale, role), {**FORM, "post": "yes"}).status_code == 403
    assert Sale.objects.values().get() == before


def test_only_finance_records_and_posts(editing, looking):
    customer(rate_bp=None)
    sale = record("inv-1")
    for browser in (editing, looking):
        assert browser.get(url(Sale, "add")).status_code == 403
        assert browser.post(url(Sale, "add"), FORM).status_code == 403
        assert browser.post(url(sale, "post-again")).status_code == 403
        assert browser.post(url(sale, "post-earlier")).status_code == 403
    assert looking.post(url(sale, "attribute"), {}).status_code == 403
    assert Sale.objects.count() == 1
