"""Groups of rights: written by superusers, through the admin too, and audited."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import ValidationError
from django.urls import reverse

from resellers import audit
from resellers.actions import groups
from resellers.errors import PermissionRefused
from tests.factories.resellers import StaffFactory, SuperuserFactory
from tests.marketplace.admin.pages import allow, form_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_second_factor(settings):
    settings.STAFF_TOTP = False
    settings.FRESH_ROUTES = set()


@pytest.fixture
def boss():
    return SuperuserFactory.create()


@pytest.fixture
def looking() -> Permission:
    return Permission.objects.get(codename="view_job")


def actions_on(group: Group) -> list[str]:
    return [entry.action for entry in audit.entries("auth.group", str(group.pk))]


def test_a_group_is_made_and_changed_with_a_trail(boss, looking):
    group = groups.make_group(name="Viewers", permissions=[looking], actor=boss)
    groups.change_group(group, name="Viewers", permissions=[looking], actor=boss)
    groups.change_group(group, name="Watchers", permissions=[], actor=boss)
    assert actions_on(group) == ["group.created", "group.changed"]
    entry = audit.entries("auth.group", str(group.pk))[1]
    assert entry.before == {"name": "Viewers", "permissions": ["view_job"]}
    assert entry.after == {"name": "Watchers", "permissions": []}


def test_only_a_superuser_writes_them(boss, looking):
    staff = StaffFactory.create()
    with pytest.raises(PermissionRefused):
        groups.make_group(name="Mine", permissions=[looking], actor=staff)
    group = groups.make_group(name="Viewers", permissions=[], actor=boss)
    with pytest.raises(PermissionRefused):
        groups.change_group(group, name="V", permissions=[looking], actor=staff)
    assert group.permissions.count() == 0


def test_a_name_is_given_once(boss):
    groups.make_group(name="Viewers", permissions=[], actor=boss)
    with pytest.raises(ValidationError):
        groups.make_group(name="Viewers", permissions=[], actor=boss)


def test_the_admin_adds_changes_and_never_deletes(client_for, boss, looking):
    client = client_for(boss)
    add = reverse("admin:auth_group_add")
    facts = {"name": "Viewers", "permissions": [looking.pk]}
    assert client.post(add, facts).status_code == 302
    group = Group.objects.get(name="Viewers")
    assert list(group.permissions.all()) == [looking]
    assert client.post(add, facts).status_code == 422
    page = reverse("admin:auth_group_change", args=[group.pk])
    assert client.post(page, form_of(client, group, name="Watchers")).status_code == 302
    group.refresh_from_db()
    assert (group.name, list(group.permissions.all())) == ("Watchers", [looking])
    assert actions_on(group) == ["group.created", "group.changed"]
    delete = reverse("admin:auth_group_delete", args=[group.pk])
    assert client.post(delete, {"post": "yes"}).status_code == 403


def test_a_refusal_of_the_action_lands_on_the_form(client_for, boss, looking):
    group = groups.make_group(name="Viewers", permissions=[], actor=boss)
    staff = allow(StaffFactory.create(), "view_", "change_")
    staff.user_permissions.add(*Permission.objects.filter(codename__endswith="_group"))
    client = client_for(staff)
    page = reverse("admin:auth_group_change", args=[group.pk])
    facts = form_of(client, group, permissions=[looking.pk])
    refused = client.post(page, facts)
    assert refused.status_code == 422
    assert "Only a superuser changes rights." in refused.content.decode()
    assert group.permissions.count() == 0


def test_no_right_to_delete_is_offered(client_for, boss):
    page = client_for(boss).get(reverse("admin:auth_group_add")).content.decode()
    assert "Can change offering" in page
    assert "Can delete" not in page
