"""Contact groups: made, changed and switched off by staff, with what is in them."""

import pytest

from resellers import audit
from resellers.models import ContactGroup, Reseller
from tests.factories.profiles import ContactGroupFactory, ResellerFactory
from tests.queries import assert_constant
from tests.resellers.admin.pages import fields, form_of, listed, url

pytestmark = pytest.mark.django_db

FORM = {
    "slug": "vips",
    "name": "Very important",
    "description": "By invitation",
    "position": "5",
    "suggested_keys": "vip_status, renewal_date",
}


def test_a_group_is_made(editing, editor):
    page = editing.post(url(ContactGroup, "add"), FORM)
    group = ContactGroup.objects.get(slug="vips")
    assert page.status_code == 302
    assert (group.name, group.description, group.position, group.is_active) == (
        "Very important",
        "By invitation",
        5,
        True,
    )
    assert group.suggested_keys == ["vip_status", "renewal_date"]
    (entry,) = audit.entries("resellers.contactgroup", "vips")
    assert (entry.action, entry.actor) == ("contact_group.created", editor)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"slug": "VIPs"}, "slug"),
        ({"slug": "x"}, "slug"),
        ({"slug": "event_registrants"}, "slug"),
        ({"name": ""}, "name"),
        ({"position": "-1"}, "position"),
        ({"suggested_keys": "phone"}, "suggested_keys"),
        ({"suggested_keys": "two two"}, "suggested_keys"),
        ({"suggested_keys": "_x"}, "suggested_keys"),
    ],
)
def test_a_group_is_refused_at_its_field(editing, changed, field):
    before = ContactGroup.objects.count()
    page = editing.post(url(ContactGroup, "add"), FORM | changed)
    assert page.status_code == 422
    assert list(page.context["adminform"].form.errors) == [field]
    assert ContactGroup.objects.count() == before


def test_only_what_was_changed_is_written_and_the_slug_stays(editing):
    group = ContactGroupFactory.create(
        slug="vips", description="One", suggested_keys=["vip_status"]
    )
    sent = form_of(editing, group, name="Renamed", slug="other")
    ContactGroup.objects.filter(pk=group.pk).update(description="Two")
    editing.post(url(group, "change"), sent)
    group.refresh_from_db()
    assert (group.name, group.slug, group.description, group.suggested_keys) == (
        "Renamed",
        "vips",
        "Two",
        ["vip_status"],
    )
    entry = audit.entries("resellers.contactgroup", "vips").get()
    assert (entry.action, fields(entry.after)) == ("contact_group.changed", ["name"])


def test_a_group_is_switched_off_and_keys_are_replaced(editing):
    group = ContactGroupFactory.create(suggested_keys=["one"])
    sent = form_of(editing, group, suggested_keys="two one")
    del sent["is_active"]
    editing.post(url(group, "change"), sent)
    group.refresh_from_db()
    assert (group.is_active, group.suggested_keys) == (False, ["two", "one"])


def test_the_list_counts_profiles_and_leads_to_them(looking):
    group = ContactGroupFactory.create(slug="vips", name="Very important")
    rows = ResellerFactory.create_batch(2, contact_group=group)
    ResellerFactory.create()
    page = looking.get(url(ContactGroup, "changelist"))
    link = f"{url(Reseller, 'changelist')}?contactGroup=vips"
    assert f'<a href="{link}">2</a>' in page.content.decode()
    found = looking.get(link).context["cl"].result_list
    assert {row.pk for row in found} == {row.pk for row in rows}
    assert listed(looking, ContactGroup, q="important") == [group]


def test_the_list_needs_the_same_queries(looking):
    looking.get("/admin/jsi18n/")
    assert_constant(
        lambda: looking.get(url(ContactGroup, "changelist")),
        lambda _: ResellerFactory.create(contact_group=ContactGroupFactory.create()),
        sizes=(1, 3, 12),
        expected=6,
    )


def test_whoever_only_looks_changes_nothing(looking, paying):
    group = ContactGroupFactory.create()
    before = list(ContactGroup.objects.values())
    assert looking.post(url(ContactGroup, "add"), FORM).status_code == 403
    assert looking.post(url(group, "change"), FORM).status_code == 403
    assert paying.post(url(group, "delete"), {"post": "yes"}).status_code == 403
    assert 'name="_save"' not in looking.get(url(group, "change")).content.decode()
    assert list(ContactGroup.objects.values()) == before
