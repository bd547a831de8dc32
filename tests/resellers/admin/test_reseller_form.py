"""The form of a profile: made and changed by actions, refused with the input kept."""

import json
from typing import Any

import pytest
from django.urls import reverse

from resellers import audit
from resellers.actions.profiles import change_reseller
from resellers.models import ContactGroup, Job, Rate, Reseller, User
from tests.factories.profiles import ContactGroupFactory, ResellerFactory
from tests.factories.resellers import UserFactory
from tests.resellers.admin.pages import sentences, url, words

pytestmark = pytest.mark.django_db

ADD = reverse("admin:resellers_reseller_add")
PAIRS = [{"key": "vip_status", "value": "yes"}, {"key": "note", "value": "a\r\nb"}]


@pytest.fixture
def avery(db):
    return ResellerFactory.create(
        first_name="Avery",
        last_name="Quill",
        phone="727-555-0142",
        country="US",
        state="FL",
        state_name="Florida",
        zip_code="33707",
        extended_values=PAIRS,
        notes="First line\nSecond line",
    )


def sent_of(form: Any, **changed: Any) -> dict[str, Any]:
    """What a browser sends of a shown form, with some fields filled in anew."""
    data: dict[str, Any] = {}
    for bound in form:
        value = bound.value()
        if bound.name == "extended_values":
            data |= form.pairs.data_of(bound.name, value)
        elif value is not None and value is not False:
            data[bound.html_name] = value
    return data | changed


def shown(browser, row: Reseller, **changed: Any) -> dict[str, Any]:
    return sent_of(browser.get(url(row, "change")).context["form"], **changed)


def send(browser, row: Reseller, data: dict[str, Any]) -> Any:
    return browser.post(url(row, "change"), data)


def trail(row: Reseller) -> list[tuple[Any, ...]]:
    found = audit.entries("resellers.reseller", str(row.pk))
    return [(each.action, each.before, each.after, each.reason) for each in found]


def test_only_what_was_typed_is_written(editing, avery):
    data = shown(editing, avery, phone="727-555-0177", reason="asked by phone")
    answer = editing.post(url(avery, "change"), data, follow=True)
    assert answer.redirect_chain == [(url(avery, "change"), 302)]
    assert sentences(answer) == ["Avery Quill was saved."]
    avery.refresh_from_db()
    assert avery.phone == "727-555-0177"
    assert avery.extended_values == PAIRS  # line breaks as they were stored
    assert trail(avery) == [
        (
            "reseller.updated",
            {"phone": "••••42"},
            {"phone": "••••77"},
            "asked by phone",
        )
    ]


def test_saving_nothing_is_no_deed(editing, avery):
    page = editing.post(url(avery, "change"), shown(editing, avery), follow=True)
    assert sentences(page) == ["Nothing was changed."]
    assert trail(avery) == []


@pytest.mark.parametrize(
    ("field", "typed", "stored"),
    [
        ("first_name", "  Robin ", "Robin"),
        ("first_name", "", ""),
        ("state", "california", "CA"),
        ("state", "", ""),
        ("zip_code", "33707-1234", "33707-1234"),
        (
            "web_site_url",
            "quill-events.example.com",
            "https://quill-events.example.com",
        ),
        ("partner_tier", "premium", "premium"),
        ("notes", "Only\r\nthis", "Only\nthis"),
        ("country", "", ""),
        ("mobile_phone", "+1 (727) 555-0199", "+1 (727) 555-0199"),
    ],
)
def test_each_field_is_changed_and_cleared(editing, avery, field, typed, stored):
    answer = send(editing, avery, shown(editing, avery, **{field: typed}))
    assert answer.status_code == 302
    avery.refresh_from_db()
    assert getattr(avery, field) == stored
    assert len(trail(avery)) == 1


def test_a_group_is_chosen_and_an_inactive_one_stays(editing, avery):
    gone = ContactGroupFactory.create(slug="gone", is_active=False)
    avery.contact_group = gone
    avery.save(update_fields=["contact_group"])
    other = ResellerFactory.create()
    assert "gone" not in str(editing.get(url(other, "change")).context["form"])
    data = shown(editing, avery, phone="727-555-0177")
    assert data["contact_group"] == "gone"
    assert send(editing, avery, data).status_code == 302
    data = shown(editing, avery, contact_group="info_seekers")
    assert send(editing, avery, data).status_code == 302
    avery.refresh_from_db()
    assert avery.contact_group == ContactGroup.objects.get(slug="info_seekers")
    assert (
        send(editing, other, shown(editing, other, contact_group="gone")).status_code
        == 422
    )


def test_extended_values_are_added_moved_and_removed_as_rows(editing, avery):
    data = shown(editing, avery) | {
        "extended_values-rows": "4",
        "extended_values-0-remove": "on",
        "extended_values-2-key": "Renewal_Date",
        "extended_values-2-value": "2027-01-31",
        "extended_values-2-order": "1",
        "extended_values-3-key": "",
        "extended_values-3-value": "",
    }
    assert send(editing, avery, data).status_code == 302
    avery.refresh_from_db()
    assert avery.extended_values == [
        {"key": "renewal_date", "value": "2027-01-31"},
        {"key": "note", "value": "a\r\nb"},
    ]
    ((_, before, after, _),) = trail(avery)
    assert (before, after) == (
        {"extended_values.vip_status": "yes", "extended_values.renewal_date": None},
        {
            "extended_values.vip_status": None,
            "extended_values.renewal_date": "2027-01-31",
        },
    )


@pytest.mark.parametrize(
    ("changed", "fields"),
    [
        ({"phone": "12"}, {"phone"}),
        (
            {"phone": "12", "state": "Bavaria", "web_site_url": "ftp://x"},
            {"phone", "state", "web_site_url"},
        ),
        ({"zip_code": "1"}, {"zip_code"}),
        ({"country": "Narnia"}, {"country"}),
        ({"country": "Canada"}, {"country"}),
        ({"first_name": "x" * 101}, {"first_name"}),
        ({"notes": "x" * 10_001}, {"notes"}),
        ({"partner_tier": "gold"}, {"partner_tier"}),
        ({"contact_group": "nobody"}, {"contact_group"}),
        ({"extended_values-0-key": "commissionRate"}, {"extended_values"}),
        ({"extended_values-0-key": "no blanks"}, {"extended_values"}),
        ({"extended_values-0-key": "NOTE"}, {"extended_values"}),
        ({"extended_values-0-value": "x" * 2_001}, {"extended_values"}),
    ],
)
def test_bad_input_is_refused_at_its_field_and_kept(editing, avery, changed, fields):
    before = Reseller.objects.values().get(pk=avery.pk)
    page = send(editing, avery, shown(editing, avery, **changed))
    assert page.status_code == 422
    assert set(page.context["form"].errors) == fields
    text = page.content.decode()
    assert "Nothing was saved yet." in text
    kept = [value for value in changed.values() if len(value) < 100]
    assert [
        value for value in kept if f">{value}<" in text or f'"{value}"' in text
    ] == ([value for value in kept if value not in {"gold", "nobody"}])
    assert Reseller.objects.values().get(pk=avery.pk) == before
    assert trail(avery) == []


def test_the_refused_row_is_named(editing, avery):
    data = shown(editing, avery, **{"extended_values-1-key": "balance"})
    page = send(editing, avery, data)
    (error,) = page.context["form"].errors["extended_values"]
    assert error.startswith("Row 2: ")
    assert page.content.decode().count('data-state="refused"') >= 2


def test_a_change_without_an_entry_is_told_as_far_as_it_is_known(editing, avery):
    mine = shown(editing, avery, industry="Catering")
    Reseller.objects.filter(pk=avery.pk).update(city="Springfield")
    page = send(editing, avery, mine)
    assert page.status_code == 422
    assert "Changed by somebody at " in words(page)
    assert Reseller.objects.get(pk=avery.pk).industry != "Catering"


def test_two_at_once_and_nothing_is_overwritten(editing, avery, finance):
    mine = shown(editing, avery, phone="727-555-0155", industry="Catering")
    change_reseller(avery, phone="727-555-0166", city="Springfield", actor=finance)
    page = send(editing, avery, mine)
    assert page.status_code == 422
    told = words(page)
    assert "Changed by finance@example.com at 2 Mar 2026, 09:00 UTC: Updated." in told
    conflict = page.context["conflict"]
    assert [(each.label, each.now, each.yours) for each in conflict.clashes] == [
        ("Phone", "727-555-0166", "727-555-0155"),
        ("City", "Springfield", ""),
    ]
    avery.refresh_from_db()
    assert (avery.phone, avery.industry) == ("727-555-0166", "")
    again = sent_of(page.context["form"])
    assert (again["phone"], again["city"]) == ("727-555-0155", "Springfield")
    assert send(editing, avery, again).status_code == 302
    avery.refresh_from_db()
    assert (avery.phone, avery.city, avery.industry) == (
        "727-555-0155",
        "Springfield",
        "Catering",
    )


def test_a_status_moved_meanwhile_is_told_too(editing, avery, finance):
    mine = shown(editing, avery, phone="727-555-0155")
    Reseller.objects.filter(pk=avery.pk).update(status="suspended")
    change_reseller(avery, partner_tier="premium", actor=finance)
    page = send(editing, avery, mine)
    assert page.status_code == 422
    (clash,) = page.context["conflict"].clashes
    assert (clash.label, clash.now, clash.yours) == ("Partner tier", "Premium", "")


@pytest.mark.parametrize("seen", ["", "{", "[]", '{"extended_values": [{"key": 1}]}'])
def test_a_made_up_memory_does_no_harm(editing, avery, seen):
    data = shown(editing, avery, seen=seen, phone="727-555-0155")
    assert send(editing, avery, data).status_code == 302
    avery.refresh_from_db()
    assert avery.phone == "727-555-0155"
    assert avery.first_name == "Avery"


def test_money_is_not_in_this_form(paying, avery):
    data = shown(
        paying,
        avery,
        tax_id="1",
        payment_terms="net90",
        commission_rate="1",
        status="suspended",
    )
    before = Reseller.objects.values().get(pk=avery.pk)
    assert send(paying, avery, data).status_code == 302
    assert Reseller.objects.values().get(pk=avery.pk) == before
    assert not Rate.objects.exists()


def fresh(browser, **changed: Any) -> dict[str, Any]:
    return sent_of(browser.get(ADD).context["form"], **changed)


def test_a_reseller_is_added_with_a_new_account(editing, editor):
    facts = fresh(
        editing,
        email="Avery@example.com",
        first_name="Avery",
        last_name="Quill",
        state="Florida",
        company_name="Quill Events LLC",
        status="applicant",
    )
    answer = editing.post(ADD, facts)
    row = Reseller.objects.get()
    assert (answer.status_code, answer.url) == (302, url(row, "change"))
    assert (row.status, row.state, row.organization, row.user.email) == (
        "applicant",
        "FL",
        "Quill Events LLC",
        "avery@example.com",
    )
    assert not row.user.is_active
    assert [each[0] for each in trail(row)] == ["reseller.created"]
    assert not Job.objects.filter(kind="mail").exists()


def test_finance_gives_a_first_rate_and_terms(paying):
    facts = fresh(
        paying,
        email="avery@example.com",
        commission_rate="15.50",
        payment_terms="net60",
        tax_id="12-3456789",
        invite="on",
    )
    assert paying.post(ADD, facts).status_code == 302
    row = Reseller.objects.get()
    assert (row.payment_terms, row.tax_id) == ("net60", "12-3456789")
    assert row.account.hold_days == 60
    assert Rate.objects.get(reseller=row).rate_bp == 1550
    assert Job.objects.filter(kind="mail").count() == 1


def test_editors_are_not_asked_for_money(editing):
    form = editing.get(ADD).context["form"]
    assert {"commission_rate", "payment_terms", "tax_id"} & set(form.fields) == set()
    facts = fresh(editing, email="avery@example.com", commission_rate="50", tax_id="1")
    assert editing.post(ADD, facts).status_code == 302
    assert Reseller.objects.get().tax_id == ""
    assert not Rate.objects.exists()


def test_whoever_has_an_account_gets_the_profile(editing):
    user = UserFactory.create(email="avery@example.com")
    editing.post(ADD, fresh(editing, email="AVERY@example.com"))
    assert Reseller.objects.get().user == user
    assert User.objects.filter(email="avery@example.com").count() == 1


def test_who_has_a_profile_is_refused_with_a_way_to_it(editing, avery):
    page = editing.post(ADD, fresh(editing, email=avery.email, last_name="Two"))
    assert page.status_code == 422
    text = page.content.decode()
    assert "This person has a profile already" in text
    assert f'href="{url(avery, "change")}"' in text
    assert Reseller.objects.count() == 1


@pytest.mark.parametrize(
    ("changed", "fields"),
    [
        ({"email": ""}, {"email"}),
        ({"email": "no address"}, {"email"}),
        (
            {"email": "a@example.com", "phone": "1", "zip_code": "?"},
            {"phone", "zip_code"},
        ),
        ({"email": "a@example.com", "status": "suspended"}, {"status"}),
        ({"email": "a@example.com", "commission_rate": "15,5"}, {"commission_rate"}),
        ({"email": "a@example.com", "commission_rate": "101"}, {"commission_rate"}),
    ],
)
def test_a_refused_reseller_is_not_made(paying, changed, fields):
    page = paying.post(ADD, fresh(paying, first_name="Kept", **changed))
    assert page.status_code == 422
    assert set(page.context["form"].errors) == fields
    assert 'value="Kept"' in page.content.decode()
    assert not Reseller.objects.exists()


def test_the_address_may_name_whom_to_add(editing):
    page = editing.get(ADD, {"email": "avery@example.com"})
    assert 'value="avery@example.com"' in page.content.decode()


def test_the_form_s_memory_is_what_it_shows(editing, avery):
    data = shown(editing, avery)
    seen = json.loads(data["seen"])
    assert (seen["state"], seen["country"]) == ("Florida", "United States")
    assert "tax_id" not in seen
