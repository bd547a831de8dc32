"""Bulk actions: a page that asks for a fixed set, a page that tells of each row."""

import uuid
from typing import Any

import pytest
from django.urls import reverse

from resellers.actions import bulk
from resellers.models import AuditEntry, Job, Rate, Reseller
from tests.factories.profiles import ContactGroupFactory, ResellerFactory
from tests.factories.resellers import AT
from tests.queries import assert_constant
from tests.resellers.admin.pages import WHY, sentences, words

pytestmark = pytest.mark.django_db

WORDS = ["status", "tier", "group", "rate", "invitation"]
SET: dict[str, dict[str, str]] = {
    "status": {"status": "inactive"},
    "tier": {"partner_tier": "premium"},
    "group": {"contact_group": ""},
    "rate": {"commission_rate": "15.5"},
    "invitation": {},
}
LIST = "/admin/resellers/reseller/"


def door(word: str) -> str:
    return reverse(f"admin:resellers_reseller_bulk_{word}")


def choose(browser: Any, word: str, *rows: Reseller, query: str = "") -> Any:
    """What the list sends when rows are ticked; without rows all that match."""
    ticked = rows or Reseller.objects.all()[:1]
    sent = {
        "action": f"bulk_{word}",
        "index": "0",
        "select_across": "0" if rows else "1",
        "_selected_action": [str(row.pk) for row in ticked],
    }
    return browser.post(f"{LIST}{query}", sent)


def confirm(browser: Any, asked: Any, word: str, **facts: Any) -> Any:
    """Send the form of the page that asked."""
    return browser.post(door(word), form_sent(asked, word, **facts), follow=True)


def form_sent(asked: Any, word: str, **facts: Any) -> dict[str, Any]:
    form = asked.context["form"]
    ids = form.fields["ids"].prepare_value(form["ids"].value())
    return {
        "ids": ids,
        "next": asked.context["way_back"],
        **WHY,
        **SET[word],
        **facts,
    }


def told(page: Any) -> dict[str, str]:
    """Outcome by name, as the page of the result has it."""
    return {row.name: words_of(row.sign, row.why) for row in page.context["rows"]}


def words_of(sign: str, why: str) -> str:
    outcome = next(word for word in ("Done", "Unchanged", "Refused") if word in sign)
    return f"{outcome}: {why}" if why else outcome


def named(*names: str, **facts: Any) -> list[Reseller]:
    return [ResellerFactory.create(last_name=name, **facts) for name in names]


def test_a_page_shows_the_first_twenty_and_how_many_more(editing):
    rows = named(*(f"Quill {n:02}" for n in range(23)))
    Reseller.objects.filter(pk=rows[0].pk).update(status="inactive")
    page = choose(editing, "status", *rows)
    shown = words(page)
    assert page.context["title"] == "Change the status of 23 resellers"
    assert (len(page.context["names"]), page.context["more"]) == (20, 3)
    assert "and 3 more" in shown
    assert "22 active, 1 inactive" in shown
    assert page.context["form"].fields["reason"].required
    assert {row.status for row in Reseller.objects.all()} == {"active", "inactive"}


def test_only_the_selection_is_touched_and_the_result_is_read_again(
    editing, looking, editor
):
    one, two, other = named("One", "Two", "Other")
    page = confirm(editing, choose(editing, "tier", one, two), "tier")
    assert told(page) == {"Avery One": "Done", "Avery Two": "Done"}
    assert page.context["title"] == "Tier set to premium: 2 resellers"
    assert "Agreed by phone" in words(page)
    tiers = dict(Reseller.objects.values_list("last_name", "partner_tier"))
    assert tiers == {"One": "premium", "Two": "premium", "Other": "standard"}
    address = page.redirect_chain[-1][0]
    again = looking.get(address)
    assert told(again) == told(page)
    entries = AuditEntry.objects.filter(action="reseller.updated")
    assert {entry.object_ref for entry in entries} == {str(one.pk), str(two.pk)}
    (batch_id,) = {entry.batch_id for entry in AuditEntry.objects.all()}
    assert str(batch_id) in address
    assert str(other.pk) not in page.content.decode()
    assert {entry.actor for entry in AuditEntry.objects.all()} == {editor}


def test_all_that_match_the_filter_are_touched_and_no_other(editing):
    named("Wren One", "Wren Two", "Quill")
    asked = choose(editing, "status", query="?q=wren")
    assert asked.context["title"] == "Change the status of 2 resellers"
    assert asked.context["way_back"] == f"{LIST}?q=wren"
    page = confirm(editing, asked, "status")
    assert set(told(page).values()) == {"Done"}
    statuses = dict(Reseller.objects.values_list("last_name", "status"))
    assert statuses == {
        "Wren One": "inactive",
        "Wren Two": "inactive",
        "Quill": "active",
    }
    assert page.context["way_back"] == f"{LIST}?q=wren"


def test_a_filter_by_status_selects_across_it(editing):
    named("One", "Two")
    named("Three", status="inactive")
    asked = choose(editing, "status", query="?status=inactive")
    assert [row.last_name for row in asked.context["names"]] == ["Three"]


def test_the_set_is_fixed_when_it_was_chosen(editing):
    one, two = named("Wren One", "Wren Two")
    asked = choose(editing, "tier", query="?q=wren")
    Reseller.objects.filter(pk=one.pk).update(search_text="renamed meanwhile")
    (late,) = named("Wren Late")
    page = confirm(editing, asked, "tier")
    assert told(page) == {"Avery Wren One": "Done", "Avery Wren Two": "Done"}
    late.refresh_from_db()
    assert (late.partner_tier, two.partner_tier) == ("standard", "standard")


def test_one_row_is_refused_among_others_and_says_why(editing, paying):
    (fine,) = named("Fine")
    (held,) = named("Held", status="suspended")
    (same,) = named("Same", status="inactive")
    (new,) = named("New", status="applicant")
    page = confirm(editing, choose(editing, "status", fine, held, same, new), "status")
    assert told(page) == {
        "Avery Fine": "Done",
        "Avery New": "Done",
        "Avery Same": "Unchanged",
        "Avery Held": "Refused: This needs the right resellers.finance_reseller.",
    }
    assert [(count, word) for count, _, word in page.context["counts"]] == [
        (2, "Done"),
        (1, "Unchanged"),
        (1, "Refused"),
    ]
    page = confirm(paying, choose(paying, "status", held), "status", status="active")
    assert told(page) == {"Avery Held": "Done"}


def test_a_group_is_set_and_taken_away(editing):
    group = ContactGroupFactory.create(name="Very important")
    ContactGroupFactory.create(name="Closed", is_active=False)
    (row,) = named("One")
    asked = choose(editing, "group", row)
    assert "Very important" in words(asked)
    assert "Closed" not in words(asked)
    page = confirm(editing, asked, "group", contact_group=str(group.pk))
    assert page.context["title"] == "Contact group set to Very important: 1 reseller"
    row.refresh_from_db()
    assert row.contact_group == group
    page = confirm(editing, choose(editing, "group", row), "group")
    assert page.context["title"] == "Contact group set to no group: 1 reseller"
    row.refresh_from_db()
    assert row.contact_group is None


def test_a_rate_is_set_and_taken_away_by_finance(paying):
    one, two = named("One", "Two")
    page = confirm(paying, choose(paying, "rate", one, two), "rate")
    assert page.context["title"] == "Commission rate set to 15.5 %: 2 resellers"
    assert set(Rate.objects.values_list("reseller", "rate_bp")) == {
        (one.pk, 1550),
        (two.pk, 1550),
    }
    asked = choose(paying, "rate", one)
    for facts in ({"commission_rate": ""}, {"no_rate": "on"}, {"commission_rate": "x"}):
        page = confirm(paying, asked, "rate", **facts)
        assert (page.status_code, list(page.context["form"].errors)) == (
            422,
            ["commission_rate"],
        )
    page = confirm(paying, asked, "rate", commission_rate="", no_rate="on")
    assert told(page) == {"Avery One": "Done"}
    assert page.context["title"].startswith("Commission rate set to no rate of its")


def test_invitations_are_mailed_to_who_has_no_password(editing):
    named("New", user__password=None)
    named("There")
    page = confirm(editing, choose(editing, "invitation"), "invitation")
    assert page.context["title"] == "Invited: 2 resellers"
    outcomes = told(page)
    assert outcomes["Avery New"] == "Done"
    assert outcomes["Avery There"].startswith("Refused: ")
    assert Job.objects.filter(kind="mail").count() == 1


@pytest.mark.parametrize("word", WORDS)
def test_a_reason_is_asked_for_and_what_was_typed_is_kept(paying, word):
    (row,) = named("One")
    asked = choose(paying, word, row)
    page = confirm(paying, asked, word, reason="why")
    assert (page.status_code, list(page.context["form"].errors)) == (422, ["reason"])
    shown = page.content.decode()
    assert row.pk.hex in shown
    assert ">\nwhy</textarea>" in shown
    assert "Change" in page.context["title"] or "1 reseller" in page.context["title"]
    assert AuditEntry.objects.count() == 0


def test_sent_twice_it_is_done_once(editing):
    (row,) = named("New", user__password=None)
    asked = choose(editing, "invitation", row)
    sent = form_sent(asked, "invitation", idempotency_key="one-click")
    first, second = (editing.post(door("invitation"), sent) for _ in range(2))
    assert (first.status_code, first["Location"]) == (302, second["Location"])
    assert 'name="idempotency_key"' in asked.content.decode()
    assert Job.objects.count() == 1
    assert AuditEntry.objects.filter(action="batch.applied").count() == 1


def test_more_than_the_limit_are_not_even_asked_for(editing, monkeypatch):
    monkeypatch.setattr("resellers.admin.bulk.LIMIT", 2)
    named("One", "Two", "Three")
    page = choose(editing, "tier")
    assert page.status_code == 302
    assert sentences(editing.get(LIST)) == ["Choose at most 1,000 profiles at once."]


@pytest.mark.parametrize(
    "ids", ["", "abc", "1,2", ",".join(uuid.uuid4().hex for _ in range(1001))]
)
def test_made_up_ids_are_refused(editing, ids):
    page = editing.post(door("tier"), {"ids": ids, **WHY, **SET["tier"]})
    assert (page.status_code, list(page.context["form"].errors)) == (422, ["ids"])
    assert AuditEntry.objects.count() == 0


def test_an_id_of_nobody_is_refused_as_a_row(editing):
    nobody = uuid.uuid4()
    sent = {"ids": nobody.hex, **WHY, **SET["tier"]}
    page = editing.post(door("tier"), sent, follow=True)
    assert told(page) == {str(nobody): "Refused: There is no such profile."}


def test_the_fixed_list_is_of_one_field_and_a_thousand_fit(editing):
    ids = [uuid.uuid4() for _ in range(1000)]
    text = ",".join(each.hex for each in ids)
    page = editing.post(door("tier"), {"ids": text, **WHY, **SET["tier"]}, follow=True)
    assert page.status_code == 200
    assert len(page.context["rows"]) == 1000


@pytest.mark.parametrize("word", WORDS)
def test_an_address_opened_by_hand_leads_to_the_list(paying, word):
    assert paying.get(door(word)).url == LIST


def test_nobody_is_led_astray(editing):
    (row,) = named("One")
    sent = {"ids": row.pk.hex, **WHY, **SET["tier"], "next": "https://evil.example/"}
    page = editing.post(door("tier"), sent, follow=True)
    assert "evil.example" not in page.content.decode()


def test_a_missing_batch_is_missing(looking):
    page = reverse("admin:resellers_reseller_batch", args=[uuid.uuid4()])
    assert looking.get(page, follow=True).status_code == 404
    assert looking.post(page).status_code == 405


OFFERED = {
    "looking": [],
    "editing": ["status", "tier", "group", "invitation"],
    "paying": WORDS,
}


@pytest.mark.parametrize("who", OFFERED)
def test_who_is_offered_and_let_in(who, request):
    browser = request.getfixturevalue(who)
    (row,) = named("One", user__password=None)
    form = browser.get(LIST).context["action_form"]
    offered = (
        [] if form is None else [name for name, _ in form.fields["action"].choices]
    )
    assert [word for word in WORDS if f"bulk_{word}" in offered] == OFFERED[who]
    for word in WORDS:
        sent = {"ids": row.pk.hex, **WHY, **SET[word]}
        status = browser.post(door(word), sent).status_code
        assert status == (302 if word in OFFERED[who] else 403), word
        chosen = choose(browser, word, row)
        asks = chosen.status_code == 200 and "names" in (chosen.context or {})
        assert asks == (word in OFFERED[who])


def test_people_without_rights_see_no_batch(client_for, staff_in_no_group):
    batch = bulk.change_tiers(
        [ResellerFactory.create().pk], partner_tier="premium", actor=None, **WHY
    )
    page = reverse("admin:resellers_reseller_batch", args=[batch.id])
    assert client_for(staff_in_no_group).get(page).status_code == 403


def test_the_result_needs_the_same_queries(looking):
    batches: list[bulk.Batch] = []

    def grow(_: int) -> None:
        ResellerFactory.create()
        ids = list(Reseller.objects.values_list("pk", flat=True))
        batches.append(
            bulk.change_tiers(ids, partner_tier="premium", actor=None, **WHY)
        )

    def read() -> None:
        looking.get(reverse("admin:resellers_reseller_batch", args=[batches[-1].id]))

    assert_constant(read, grow, sizes=(1, 3, 12), expected=6)
    assert batches[-1].at == AT
