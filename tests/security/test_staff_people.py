"""What the composition adds to the people's admin: help for a lost device."""

import pytest
from django.urls import reverse

from config.signin import two_factor
from resellers import audit
from tests.factories.resellers import StaffFactory, SuperuserFactory, UserFactory
from tests.marketplace.admin.pages import allow

pytestmark = pytest.mark.django_db

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture(autouse=True)
def _no_second_factor(settings):
    settings.STAFF_TOTP = False


@pytest.fixture
def person():
    person = UserFactory.create()
    two_factor.enrol(person, SECRET, actor=None)
    return person


def reset_url(person) -> str:
    return reverse("admin:resellers_user_reset_two_factor", args=[person.pk])


def page_of(person) -> str:
    return reverse("admin:resellers_user_change", args=[person.pk])


def test_a_superuser_resets_it_with_a_reason(client_for, person, settings):
    settings.FRESH_ROUTES = set()
    boss = SuperuserFactory.create()
    client = client_for(boss)
    assert reset_url(person) in client.get(page_of(person)).content.decode()
    assert client.post(reset_url(person), {"reason": ""}).status_code == 422
    assert two_factor.enrolled(person)
    assert client.post(reset_url(person), {"reason": "Lost phone"}).status_code == 302
    assert not two_factor.enrolled(person)
    assert reset_url(person) not in client.get(page_of(person)).content.decode()
    entry = audit.entries("resellers.user", str(person.pk)).last()
    assert entry is not None
    assert (entry.action, entry.reason, entry.actor) == (
        "user.two_factor_reset",
        "Lost phone",
        boss,
    )


def test_other_staff_have_no_such_button(client_for, person, settings):
    settings.FRESH_ROUTES = set()
    client = client_for(allow(StaffFactory.create(), "view_", "change_"))
    assert reset_url(person) not in client.get(page_of(person)).content.decode()
    assert client.post(reset_url(person), {"reason": "Mine"}).status_code == 403
    assert two_factor.enrolled(person)


def test_it_asks_for_a_fresh_proof(client_for, person):
    """A session that proved nothing lately is sent to do so first."""
    client = client_for(SuperuserFactory.create())
    answer = client.post(reset_url(person), {"reason": "Lost phone"})
    assert answer.url.startswith(reverse("account_reauthenticate"))
    assert two_factor.enrolled(person)


@pytest.mark.parametrize(
    "name",
    [
        "admin:auth_group_add",
        "admin:auth_group_change",
        "admin:resellers_user_add",
        "admin:resellers_user_change",
        "admin:resellers_user_reset_two_factor",
        "admin:resellers_accesskey_add",
        "admin:resellers_accesskey_revoke",
        "admin:marketplace_providermember_add",
        "admin:marketplace_providermember_change",
        "admin:marketplace_providermember_remove",
    ],
)
def test_keys_roles_and_rights_ask_for_a_fresh_proof(client_for, settings, name):
    assert name in settings.FRESH_ROUTES
    row = [] if name.endswith("_add") else ["1"]
    answer = client_for(SuperuserFactory.create()).post(reverse(name, args=row))
    assert answer.url.startswith(reverse("account_reauthenticate"))
