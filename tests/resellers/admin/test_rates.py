"""The programme's rate is set here, by finance; the history of all is read."""

import pytest

from resellers import audit, clock
from resellers.models import BEGINNING, Rate
from tests.factories.profiles import (
    LONG_AGO,
    RateFactory,
    ReferralFactory,
    ResellerFactory,
)
from tests.factories.resellers import AT
from tests.queries import assert_constant
from tests.resellers.admin.pages import WHY, listed, sentences, url, words

pytestmark = pytest.mark.django_db


def test_the_first_rate_of_the_programme_holds_from_the_beginning(paying, finance):
    page = paying.get(url(Rate, "changelist"))
    assert "There is none yet" in words(page)
    page = paying.post(url(Rate, "add"), {"rate": "10", **WHY}, follow=True)
    assert sentences(page) == ["The programme's rate is set: 10 %."]
    rate = Rate.objects.get()
    assert (rate.scope, rate.rate_bp, rate.valid_from, rate.reason) == (
        "programme",
        1000,
        BEGINNING,
        "Agreed by phone",
    )
    (entry,) = audit.entries("resellers.programme", "programme")
    assert (entry.action, entry.actor) == ("rate.set", finance)
    history = words(paying.get(url(rate, "history")))
    assert "Rate set" in history


def test_a_planned_rate_is_shown_and_undone_by_another_of_its_time(paying):
    RateFactory.create()
    planned = {"valid_from": "2026-04-01T00:00", **WHY}
    paying.post(url(Rate, "add"), {"rate": "12", **planned})
    with clock.at(AT.replace(hour=10)):
        paying.post(url(Rate, "add"), {"rate": "10", **planned})
    page = paying.get(url(Rate, "changelist"))
    (panel,) = page.context["panels"]
    assert [row[0] for row in panel.rows] == ["10 %", "12 %", "10 %"]
    assert ["Planned" in str(row[2]) for row in panel.rows] == [True, True, False]
    assert "Now" in str(panel.rows[2][2])
    assert "the beginning" in words(page)
    assert len(listed(paying, Rate, **{"from": "planned"})) == 2
    assert len(listed(paying, Rate, **{"from": "begun"})) == 1


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"rate": ""}, "rate"),
        ({"rate": "100.01"}, "rate"),
        ({"rate": "15.555"}, "rate"),
        ({"rate": "10", "valid_from": "2026-03-01"}, "valid_from"),
        ({"rate": "10", "reason": "why"}, "reason"),
    ],
)
def test_a_rate_is_refused_at_its_field(paying, said, field):
    page = paying.post(url(Rate, "add"), {**WHY, **said})
    assert (page.status_code, list(page.context["form"].errors)) == (422, [field])
    assert Rate.objects.count() == 0


def test_the_history_names_its_owners_and_is_searched(looking):
    programme = RateFactory.create()
    wren = ResellerFactory.create(last_name="Wren")
    own = RateFactory.create(scope="reseller", reseller=wren, rate_bp=None)
    referral = ReferralFactory.create(customer_ref="C-7")
    agreed = RateFactory.create(scope="referral", referral=referral, rate_bp=2000)
    page = looking.get(url(Rate, "changelist"))
    for text in (url(wren, "change"), url(referral, "change")):
        assert text in page.content.decode()
    assert "none of its own" in words(page)
    assert listed(looking, Rate, q="wren") == [own]
    assert listed(looking, Rate, q="C-7") == [agreed]
    assert listed(looking, Rate, q=referral.reseller.code) == [agreed]
    assert listed(looking, Rate, scope__exact="programme") == [programme]
    shown = words(looking.get(url(own, "change")))
    assert "none of its own" in shown


def test_the_list_needs_the_same_queries(looking):
    looking.get("/admin/jsi18n/")

    def grow(number: int) -> None:
        referral = ReferralFactory.create()
        RateFactory.create(scope="referral", referral=referral, created_at=LONG_AGO)

    assert_constant(
        lambda: looking.get(url(Rate, "changelist")),
        grow,
        sizes=(1, 3, 12),
        expected=7,
    )


def test_only_finance_sets_and_nobody_edits_or_deletes(editing, looking, paying):
    rate = RateFactory.create()
    for browser in (editing, looking):
        assert browser.get(url(Rate, "add")).status_code == 403
        assert browser.post(url(Rate, "add"), {"rate": "1", **WHY}).status_code == 403
        assert "Set the programme" not in words(browser.get(url(Rate, "changelist")))
    assert "Set the programme" in words(paying.get(url(Rate, "changelist")))
    for role in ("change", "delete"):
        assert paying.post(url(rate, role), {"post": "yes"}).status_code == 403
    assert list(Rate.objects.all()) == [rate]
