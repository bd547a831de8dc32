"""Referrals in the hands of staff: found, moved, ended, given a rate; told where."""

import pytest

from resellers import audit
from resellers.models import Rate, Referral, Sale
from tests.factories.profiles import RateFactory, ReferralFactory, ResellerFactory
from tests.factories.resellers import AT
from tests.queries import assert_constant
from tests.resellers.admin.pages import (
    WHY,
    fields,
    form_of,
    labels,
    last_entry,
    listed,
    sentences,
    url,
    words,
)
from tests.resellers.earning import CUSTOMER, DAY, customer, follow, record

pytestmark = pytest.mark.django_db


@pytest.fixture
def wren():
    return ResellerFactory.create(last_name="Wren", code="RS-0000ZZ")


def trail(referral: Referral) -> list[tuple[str, str]]:
    found = audit.entries("resellers.reseller", str(referral.reseller_id))
    return [(entry.action, entry.reason) for entry in found]


def test_a_referral_tells_its_rate_its_sums_and_its_sales(looking):
    RateFactory.create()
    referral = customer(notes="Met at the fair")
    RateFactory.create(scope="referral", referral=referral, rate_bp=2000)
    sale = record("inv-1")
    record("inv-2", 2900, "EUR")
    follow("r-1", "refunded", "inv-1", 1500, occurred_at=AT)
    page = looking.get(url(referral, "change"))
    shown = words(page)
    for told in ("50.00 USD", "29.00 EUR", "10.00 USD", "5.80 EUR"):
        assert told in shown
    assert "20 % of what is paid, agreed for this customer" in shown
    assert "Met at the fair" in shown
    assert page.context["buttons"] == []
    sales, rates = page.context["panels"]
    assert (len(sales.rows), [row[0] for row in rates.rows]) == (3, ["20 %"])
    assert url(sale, "change") in page.content.decode()
    assert f"?customer={CUSTOMER}" in page.content.decode()


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"q": "C-10"}, {"open", "ended"}),
        ({"q": "C-1001"}, {"open"}),
        ({"q": "c-1001"}, {"open"}),
        ({"q": "KIM@example.com"}, {"ended"}),
        ({"standing": "open"}, {"open", "other"}),
        ({"standing": "ended"}, {"ended"}),
        ({"end_reason__exact": "mistake"}, {"ended"}),
        ({"origin__exact": "code"}, {"other"}),
        ({"reseller": "wren"}, {"other"}),
        ({"reseller": "nobody"}, set()),
    ],
)
def test_the_list_is_searched_and_filtered(looking, wren, query, expected):
    rows = {
        "open": ReferralFactory.create(customer_ref="C-1001"),
        "ended": ReferralFactory.create(
            customer_ref="C-1002",
            customer_email="kim@example.com",
            ended_at=AT,
            end_reason="mistake",
        ),
        "other": ReferralFactory.create(
            customer_ref="D-1", reseller=wren, origin="code"
        ),
    }
    found = {row.pk for row in listed(looking, Referral, **query)}
    assert found == {rows[name].pk for name in expected}


def test_the_list_needs_the_same_queries(looking):
    looking.get("/admin/jsi18n/")

    def grow(number: int) -> None:
        referral = customer(ref=f"C-{number}")
        RateFactory.create(scope="referral", referral=referral, rate_bp=2000)
        record(f"inv-{number}", customer_ref=referral.customer_ref)

    assert_constant(
        lambda: looking.get(url(Referral, "changelist")),
        grow,
        sizes=(1, 3, 12),
        expected=8,
    )
    shown = words(looking.get(url(Referral, "changelist")))
    assert (shown.count("20 %"), shown.count("13.00 USD")) == (12, 12)


def test_a_customer_moves_and_both_rows_tell_it(editing, editor, wren):
    referral = customer()
    asked = words(editing.get(url(referral, "move")))
    assert f"What was sold before stays with {referral.reseller}" in asked
    page = editing.post(url(referral, "move"), {"to": "wren", **WHY}, follow=True)
    assert sentences(page) == ["The customer was moved; this referral has ended."]
    referral.refresh_from_db()
    opened = Referral.objects.get(ended_at=None)
    assert (referral.end_reason, referral.ended_at) == ("moved", AT)
    assert (opened.reseller, opened.customer_ref, opened.referred_at) == (
        wren,
        CUSTOMER,
        AT,
    )
    assert (opened.created_by, labels(editing, referral)) == (editor, [])
    assert trail(referral)[-1] == ("referral.moved", "Agreed by phone")
    assert trail(opened) == [("referral.created", "Agreed by phone")]
    history = words(editing.get(url(opened, "history")))
    assert "Referral created" in history
    assert "Referral moved" not in history


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"to": "nobody", **WHY}, "to"),
        ({"to": "wren", "reason": "why"}, "reason"),
        ({"to": "own", **WHY}, "__all__"),
        ({"to": "RS-0000YY", **WHY}, "__all__"),
    ],
)
def test_a_move_is_refused_at_its_field(editing, wren, said, field):
    ResellerFactory.create(code="RS-0000YY", status="suspended")
    referral = customer()
    if said["to"] == "own":
        said = {**said, "to": referral.reseller.code}
    page = editing.post(url(referral, "move"), said)
    assert (page.status_code, list(page.context["form"].errors)) == (422, [field])
    assert Referral.objects.filter(ended_at=None).count() == 1


def test_a_customer_leaves(editing):
    referral = customer()
    said = {"end_reason": "customer_left", **WHY}
    page = editing.post(url(referral, "end"), said, follow=True)
    assert sentences(page) == ["The referral has ended."]
    referral.refresh_from_db()
    assert (referral.end_reason, referral.ended_at) == ("customer_left", AT)
    assert trail(referral)[-1] == ("referral.ended", "Agreed by phone")
    again = editing.post(url(referral, "end"), said)
    assert again.status_code == 422
    moved = editing.post(url(referral, "end"), {**said, "end_reason": "moved"})
    assert "end_reason" in moved.context["form"].errors


def test_only_what_was_changed_is_written(editing):
    referral = customer(customer_email="kim@example.com", notes="One")
    sent = form_of(editing, referral, notes="Two")
    Referral.objects.update(customer_email="lee@example.com")
    assert editing.post(url(referral, "change"), sent).status_code == 302
    referral.refresh_from_db()
    assert (referral.notes, referral.customer_email) == ("Two", "lee@example.com")
    entry = last_entry("reseller", referral.reseller_id)
    assert (entry.action, fields(entry.before), fields(entry.after)) == (
        "referral.updated",
        ["notes"],
        ["customer_ref", "notes", "referral_id"],
    )


def test_the_own_address_of_the_reseller_is_refused(editing):
    referral = customer()
    own = referral.reseller.user.email
    sent = form_of(editing, referral, customer_email=own)
    page = editing.post(url(referral, "change"), sent)
    assert page.status_code == 422
    assert "own" in words(page)
    referral.refresh_from_db()
    assert referral.customer_email == ""


def test_finance_gives_a_customer_a_rate_now_or_later(editing, paying):
    referral = customer()
    assert labels(editing, referral) == ["Move", "End"]
    assert labels(paying, referral) == ["Move", "End", "Change rate"]
    paying.post(url(referral, "rate"), {"rate": "20", **WHY})
    planned = {"rate": "25", "valid_from": "2026-04-01T00:00", **WHY}
    paying.post(url(referral, "rate"), planned)
    paying.post(
        url(referral, "rate"),
        {"is_cleared": "on", "valid_from": "2026-05-01", **WHY},
    )
    own = Rate.objects.of_referral(referral).order_by("valid_from")
    assert list(own.values_list("rate_bp", flat=True)) == [2000, 2500, None]
    page = paying.get(url(referral, "change"))
    rates = page.context["panels"][1]
    assert [row[0] for row in rates.rows] == ["none of its own", "25 %", "20 %"]
    assert ["Planned" in str(row[2]) for row in rates.rows] == [True, True, False]
    assert "Now" in str(rates.rows[2][2])


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({}, "rate"),
        ({"rate": "20", "is_cleared": "on"}, "rate"),
        ({"rate": "15,5"}, "rate"),
        ({"rate": "20", "valid_from": "2026-03-01"}, "valid_from"),
        ({"rate": "20", "reason": ""}, "reason"),
    ],
)
def test_a_rate_is_refused_at_its_field(paying, said, field):
    referral = customer()
    page = paying.post(url(referral, "rate"), {**WHY, **said})
    assert (page.status_code, list(page.context["form"].errors)) == (422, [field])
    assert Rate.objects.of_referral(referral).count() == 0


def test_a_customer_is_attributed_with_the_past_and_its_sales(
    editing, paying, editor, wren
):
    RateFactory.create()
    record("inv-1", occurred_at=AT - DAY)
    record("inv-2", occurred_at=AT - 9 * DAY)
    said = {
        "reseller": "wren",
        "customer_ref": CUSTOMER,
        "customer_email": "Kim@Example.com",
        "referred_at": "2026-02-25",
        "notes": "By letter",
    }
    page = editing.post(url(Referral, "add"), said, follow=True)
    assert sentences(page) == [f"{CUSTOMER} is Avery Wren's customer."]
    referral = Referral.objects.get()
    assert page.redirect_chain[-1][0] == url(referral, "change")
    assert (referral.reseller, referral.customer_email, referral.notes) == (
        wren,
        "kim@example.com",
        "By letter",
    )
    assert labels(editing, referral) == ["Move", "End"]
    assert labels(paying, referral)[-1] == "Post 1 earlier sale"
    page = paying.post(url(referral, "post-earlier"), follow=True)
    assert sentences(page) == ["The earlier sales are posted."]
    outcomes = dict(Sale.objects.values_list("event_key", "outcome"))
    assert outcomes == {"inv-1": "earned", "inv-2": "not_attributed"}


def test_only_finance_is_asked_for_the_rate_of_a_new_customer(editing, paying, wren):
    said = {"reseller": "wren", "customer_ref": "C-1", "commission_rate": "20"}
    assert "commission_rate" not in editing.get(url(Referral, "add")).context["form"]
    editing.post(url(Referral, "add"), said)
    assert Rate.objects.count() == 0
    paying.post(url(Referral, "add"), said | {"customer_ref": "C-2"})
    rate = Rate.objects.get()
    assert (rate.referral, rate.rate_bp) == (
        Referral.objects.get(customer_ref="C-2"),
        2000,
    )


def test_a_taken_customer_is_refused_and_the_reseller_named(editing, wren):
    referral = customer()
    said = {"reseller": "wren", "customer_ref": CUSTOMER}
    page = editing.post(url(Referral, "add"), said)
    assert page.status_code == 422
    (sentence,) = page.context["form"].errors["customer_ref"]
    assert referral.reseller.code in sentence


def test_whoever_only_looks_changes_nothing(looking):
    referral = customer()
    before = list(Referral.objects.values())
    facts = {"to": "quill", "end_reason": "other", "rate": "1", **WHY, "notes": "x"}
    for role in ("move", "end", "rate", "post-earlier", "change", "delete"):
        assert looking.post(url(referral, role), facts).status_code == 403
    assert looking.get(url(Referral, "add")).status_code == 403
    assert looking.post(url(Referral, "add"), facts).status_code == 403
    assert list(Referral.objects.values()) == before
