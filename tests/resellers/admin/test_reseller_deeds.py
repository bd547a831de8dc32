"""Buttons of a profile: each status and role has its own, each asks why."""

import pytest

from resellers import audit, clock
from resellers.admin.reseller_deeds import DEEDS, MOVE_DEEDS
from resellers.models import (
    BEGINNING,
    Job,
    Rate,
    Referral,
    Reseller,
    ResellerStatus,
)
from resellers.models.reseller import MOVES, moves_from
from tests.factories.profiles import RateFactory, ReferralFactory, ResellerFactory
from tests.factories.resellers import UserFactory
from tests.resellers.admin.pages import WHY, labels, sentences, url, words
from tests.resellers.earning import DAY, record

pytestmark = pytest.mark.django_db

TARGETS = {
    "approve": "active",
    "decline": "inactive",
    "reactivate": "active",
    "deactivate": "inactive",
    "suspend": "suspended",
    "reinstate": "active",
    "release": "inactive",
}


def entries(row: Reseller) -> list[tuple[str, str]]:
    found = audit.entries("resellers.reseller", str(row.pk))
    return [(entry.action, entry.reason) for entry in found]


def status_of(row: Reseller) -> str:
    row.refresh_from_db()
    return row.status


def profile(status: str = "active", **facts) -> Reseller:
    user = UserFactory.create(email="avery@example.com")
    row: Reseller = ResellerFactory.create(status=status, user=user, **facts)
    return row


OF_STATUS = {
    "applicant": ["Approve", "Decline"],
    "active": ["Make inactive", "Suspend"],
    "inactive": ["Make active", "Suspend"],
    "suspended": [],
}
ALWAYS = ["Change e-mail"]
MONEY = ["Change rate", "Change terms", "Change tax id"]


@pytest.mark.parametrize("status", OF_STATUS)
def test_each_status_has_its_buttons(looking, editing, paying, status):
    row = profile(status)
    ends = ["End suspension", "End suspension, inactive"]
    moves = OF_STATUS[status]
    more = ends if status == "suspended" else []
    adds = ["Add customer"] if status == "active" else []
    assert labels(looking, row) == []
    assert labels(editing, row) == [*moves, *ALWAYS, *adds]
    assert labels(paying, row) == [*moves, *more, *ALWAYS, *MONEY, *adds]


@pytest.mark.parametrize("status", ResellerStatus.values)
def test_the_buttons_are_exactly_the_moves(status):
    row = Reseller(status=status)
    offered = {TARGETS[deed.word] for deed in MOVE_DEEDS if deed.when(row)}
    assert offered == {str(to) for to in moves_from(status)}


@pytest.mark.parametrize("word", TARGETS)
@pytest.mark.parametrize("status", ResellerStatus.values)
def test_a_button_moves_from_its_own_statuses_alone(paying, status, word):
    row = profile(status)
    deed = next(deed for deed in MOVE_DEEDS if deed.word == word)
    answer = paying.post(url(row, word), WHY, follow=True)
    if deed.when(row):
        assert status_of(row) == TARGETS[word]
        assert sentences(answer) == [deed.done]
        assert entries(row) == [("reseller.status_changed", WHY["reason"])]
    elif status == TARGETS[word]:
        assert (status_of(row), entries(row)) == (status, [])
    else:
        assert answer.status_code == 422
        assert (status_of(row), entries(row)) == (status, [])


def test_every_move_has_a_button():
    pairs = {(str(of), str(to)) for to, sources in MOVES.items() for of in sources}
    offered = {
        (status, TARGETS[deed.word])
        for status in ResellerStatus.values
        for deed in MOVE_DEEDS
        if deed.when(Reseller(status=status))
    }
    assert offered == pairs


@pytest.mark.parametrize("word", ["reinstate", "release"])
def test_only_finance_ends_a_suspension(editing, word):
    row = profile("suspended")
    assert editing.get(url(row, word)).status_code == 403
    assert editing.post(url(row, word), WHY).status_code == 403
    assert status_of(row) == "suspended"


@pytest.mark.parametrize("word", [deed.word for deed in DEEDS])
def test_whoever_looks_presses_no_button(looking, word):
    row = profile(tax_id="12-3456789")
    before = Reseller.objects.values().get(pk=row.pk)
    assert looking.get(url(row, word)).status_code == 403
    assert looking.post(url(row, word), WHY).status_code == 403
    assert Reseller.objects.values().get(pk=row.pk) == before
    assert entries(row) == []


@pytest.mark.parametrize("word", ["rate", "terms", "tax-id", "reveal", "reinstate"])
def test_editors_press_none_of_finance_s(editing, word):
    row = profile("suspended", tax_id="12-3456789")
    facts = {**WHY, "rate": "50", "payment_terms": "immediate", "tax_id": "1"}
    assert editing.post(url(row, word), facts).status_code == 403
    assert entries(row) == []


@pytest.mark.parametrize("word", [*TARGETS, "rate", "terms", "tax-id", "reveal"])
def test_the_page_says_what_follows_and_changes_nothing(paying, word):
    row = profile("active", tax_id="12-3456789")
    page = paying.get(url(row, word))
    assert page.status_code == 200
    assert "12-3456789" not in page.content.decode()
    assert "Reason" in words(page)
    assert entries(row) == []


@pytest.mark.parametrize("reason", ["", "four", "x" * 501])
def test_a_reason_is_asked_in_full(paying, reason):
    row = profile()
    page = paying.post(url(row, "suspend"), {"reason": reason})
    assert page.status_code == 422
    assert set(page.context["form"].errors) == {"reason"}
    assert status_of(row) == "active"


def test_an_approval_is_told_by_mail(editing):
    row = profile("applicant")
    assert "They may receive referrals" in words(editing.get(url(row, "approve")))
    editing.post(url(row, "approve"), WHY)
    (job,) = Job.objects.filter(kind="mail")
    assert job.key.startswith(f"mail:profile_approved:{row.pk}")


def test_a_rate_is_set_from_now(paying):
    RateFactory.create()
    row = profile()
    asked = words(paying.get(url(row, "rate")))
    assert "10 % of what customers pay holds now, the programme's." in asked
    paying.post(url(row, "rate"), {**WHY, "rate": "15.50"})
    rate = Rate.objects.get(reseller=row)
    assert (rate.rate_bp, rate.valid_from) == (1550, clock.now())
    asked = words(paying.get(url(row, "rate")))
    assert "15.5 % of what customers pay holds now, their own." in asked
    assert entries(row) == [("rate.set", WHY["reason"])]


def test_a_rate_is_planned_and_taken_away(paying):
    row = profile()
    RateFactory.create(scope="reseller", reseller=row, rate_bp=1550)
    facts = {**WHY, "is_cleared": "on", "valid_from": "2026-05-01T00:00"}
    assert paying.post(url(row, "rate"), facts).status_code == 302
    planned = Rate.objects.get(reseller=row, rate_bp=None)
    assert planned.valid_from.isoformat() == "2026-05-01T00:00:00+00:00"
    lines = paying.get(url(row, "change")).context["rates"]
    assert [line.rate for line in lines] == ["none of its own", "15.5 %"]
    assert ["Planned" in lines[0].mark, "Now" in lines[1].mark] == [True, True]


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({}, "rate"),
        ({"rate": "15", "is_cleared": "on"}, "rate"),
        ({"rate": "15,5"}, "rate"),
        ({"rate": "15.555"}, "rate"),
        ({"rate": "100.01"}, "rate"),
        ({"rate": "15", "valid_from": "2026-03-01T00:00"}, "valid_from"),
        ({"rate": "15", "valid_from": "tomorrow"}, "valid_from"),
    ],
)
def test_a_bad_rate_is_refused_at_its_field(paying, facts, field):
    row = profile()
    page = paying.post(url(row, "rate"), {**WHY, **facts})
    assert page.status_code == 422
    assert set(page.context["form"].errors) == {field}
    assert not Rate.objects.exists()


def test_terms_move_the_account_s_days(paying):
    row = profile()
    assert paying.get(url(row, "terms")).context["form"].initial == {
        "payment_terms": "net30"
    }
    paying.post(url(row, "terms"), {**WHY, "payment_terms": "net60"})
    row.refresh_from_db()
    assert (row.payment_terms, row.account.hold_days) == ("net60", 60)
    assert entries(row) == [("reseller.updated", WHY["reason"])]


def test_a_tax_id_is_changed_masked_and_shown_once(paying, finance):
    row = profile()
    assert "Reveal tax id" not in labels(paying, row)
    paying.post(url(row, "tax-id"), {**WHY, "tax_id": "12-3456789"})
    assert "Reveal tax id" in labels(paying, row)
    shown = paying.get(url(row, "change")).content.decode()
    assert "••••6789" in shown
    assert "12-3456789" not in shown
    page = paying.post(url(row, "reveal"), {"reason": "For the tax office"})
    assert page.status_code == 200
    assert "12-3456789" in page.content.decode()
    assert "no-store" in page.headers["Cache-Control"]
    assert "idempotency_key" not in paying.get(url(row, "reveal")).content.decode()
    told = words(paying.get(url(row, "history")))
    assert "Tax id revealed" in told
    assert "For the tax office" in told
    assert "12-3456789" not in told
    assert entries(row)[-1] == ("reseller.tax_id_revealed", "For the tax office")
    paying.post(url(row, "tax-id"), {**WHY, "tax_id": ""})
    row.refresh_from_db()
    assert row.tax_id == ""


def test_a_new_address_waits_for_its_link(editing):
    row = profile()
    editing.post(url(row, "email"), {**WHY, "email": "New@example.com"})
    row.user.refresh_from_db()
    assert (row.user.email, row.user.pending_email) == (
        "avery@example.com",
        "new@example.com",
    )
    shown = words(editing.get(url(row, "change")))
    assert "new@example.com waits until its link is opened." in shown
    taken = UserFactory.create()
    page = editing.post(url(row, "email"), {**WHY, "email": taken.email})
    assert page.status_code == 422
    assert set(page.context["form"].errors) == {"email"}


def test_who_has_no_password_is_invited(editing):
    row = profile()
    assert "Mail an invitation" not in labels(editing, row)
    row.user.set_unusable_password()
    row.user.save(update_fields=["password"])
    assert "Mail an invitation" in labels(editing, row)
    page = editing.post(url(row, "invite"), {}, follow=True)
    assert sentences(page) == ["The invitation is on its way."]
    assert entries(row) == [("reseller.invited", "")]


def test_a_customer_is_added_from_the_page(editing, editor):
    row = profile()
    facts = {
        "customer_ref": "C-1001",
        "customer_email": "kim@example.net",
        "referred_at": "2026-02-01T08:00",
    }
    answer = editing.post(url(row, "attribute"), facts, follow=True)
    assert answer.redirect_chain == [(url(row, "change"), 302)]
    assert sentences(answer) == [f"Customer C-1001 is {row}'s now."]
    referral = Referral.objects.get()
    assert (referral.reseller, referral.origin, referral.created_by) == (
        row,
        "staff",
        editor,
    )
    assert referral.referred_at.isoformat() == "2026-02-01T08:00:00+00:00"


def test_earlier_sales_of_a_customer_are_offered(editing):
    row = profile()
    record("inv-1", occurred_at=clock.now() - DAY)
    facts = {"customer_ref": "C-1001", "referred_at": "2026-02-01"}
    page = editing.post(url(row, "attribute"), facts, follow=True)
    (told,) = sentences(page)
    referral = Referral.objects.get()
    assert f'<a href="{url(referral, "change")}">Post 1 earlier sale</a>' in told
    assert told in page.content.decode()


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"customer_ref": ""}, "customer_ref"),
        ({"customer_ref": "C-1"}, "customer_ref"),
        ({"customer_ref": "C-2", "customer_email": "nobody"}, "customer_email"),
        (
            {"customer_ref": "C-2", "customer_email": "AVERY@example.com"},
            "customer_email",
        ),
        ({"customer_ref": "C-2", "referred_at": "2027-01-01"}, "referred_at"),
    ],
)
def test_a_bad_customer_is_refused_and_the_input_kept(editing, facts, field):
    row = profile()
    taken = ReferralFactory.create(customer_ref="C-1")
    page = editing.post(url(row, "attribute"), {"notes": "At the fair", **facts})
    assert page.status_code == 422
    assert set(page.context["form"].errors) == {field}
    assert "At the fair" in page.content.decode()
    assert list(Referral.objects.all()) == [taken]


def test_a_rate_of_the_beginning_is_called_so(looking):
    row = profile()
    RateFactory.create(scope="reseller", reseller=row, valid_from=BEGINNING)
    assert "the beginning" in words(looking.get(url(row, "change")))
