"""The admin is a door too: it reads everything and changes by actions only."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from resellers import keys
from resellers.models import (
    AccessKey,
    Account,
    AuditEntry,
    Job,
    LedgerEntry,
    User,
)
from tests.factories.resellers import (
    AccessKeyFactory,
    AccountFactory,
    AuditEntryFactory,
    JobFactory,
    LedgerEntryFactory,
    StaffFactory,
    SuperuserFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
FACTORIES: dict[Any, Any] = {
    AccessKey: AccessKeyFactory,
    Account: AccountFactory,
    AuditEntry: AuditEntryFactory,
    Job: JobFactory,
    LedgerEntry: LedgerEntryFactory,
    User: UserFactory,
}


def url(model, role, *args):
    return reverse(f"admin:resellers_{model._meta.model_name}_{role}", args=args)


@pytest.fixture(autouse=True)
def _no_second_factor(settings):
    """What the sign-in asks of staff is proved in tests/security."""
    settings.STAFF_TOTP = False
    settings.FRESH_ROUTES = []


@pytest.fixture
def boss():
    return SuperuserFactory()


@pytest.fixture
def browser(client_for, boss):
    return client_for(boss)


@pytest.mark.parametrize("model", FACTORIES)
def test_every_model_is_listed_and_shown(browser, model):
    row = FACTORIES[model]()
    page = browser.get(url(model, "changelist"))
    assert page.status_code == 200
    assert browser.get(url(model, "change", row.pk)).status_code == 200


@pytest.mark.parametrize("model", FACTORIES)
def test_nothing_is_deleted(browser, model):
    row = FACTORIES[model]()
    assert (
        browser.post(url(model, "delete", row.pk), {"post": "yes"}).status_code == 403
    )
    assert model.objects.filter(pk=row.pk).exists()
    assert (
        "delete_selected" not in browser.get(url(model, "changelist")).content.decode()
    )


@pytest.mark.parametrize("model", [Account, AuditEntry, Job, LedgerEntry])
def test_nothing_is_added_or_edited_by_form(browser, model):
    row = FACTORIES[model]()
    before = model.objects.values().get(pk=row.pk)
    assert browser.post(url(model, "add"), {}).status_code == 403
    assert browser.post(url(model, "change", row.pk), {"memo": "x"}).status_code == 403
    assert model.objects.values().get(pk=row.pk) == before


@pytest.mark.parametrize("model", FACTORIES)
@pytest.mark.parametrize("rows", [1, 3])
def test_lists_need_the_same_queries(
    browser, model, rows, django_assert_max_num_queries
):
    for _ in range(rows):
        FACTORIES[model]()
    with django_assert_max_num_queries(9):
        browser.get(url(model, "changelist"))


def test_a_dead_job_is_tried_again_or_given_up(browser, boss):
    job = JobFactory(state="dead")
    assert b"Try again" in browser.get(url(Job, "change", job.pk)).content
    answer = browser.post(url(Job, "retry", job.pk))
    assert (answer.status_code, answer.url) == (302, url(Job, "change", job.pk))
    job.refresh_from_db()
    assert job.state == "ready"
    page = browser.post(
        url(Job, "give-up", job.pk), {"reason": "Wrong address"}, follow=True
    )
    assert "The job is queued." in page.content.decode()
    assert AuditEntry.objects.get().actor == boss
    assert browser.get(url(Job, "retry", job.pk)).status_code == 405
    assert b"Try again" not in browser.get(url(Job, "change", job.pk)).content


def test_reading_staff_see_no_button_and_change_nothing(client_for):
    staff = StaffFactory()
    staff.user_permissions.add(Permission.objects.get(codename="view_job"))
    browser, job = client_for(staff), JobFactory(state="dead")
    assert b"Try again" not in browser.get(url(Job, "change", job.pk)).content
    assert browser.post(url(Job, "retry", job.pk)).status_code == 403
    assert client_for(UserFactory()).post(url(Job, "retry", job.pk)).status_code != 200
    job.refresh_from_db()
    assert job.state == "dead"


def test_an_account_is_held_with_a_reason(browser):
    account = AccountFactory()
    LedgerEntryFactory(account=account)
    page = browser.get(url(Account, "change", account.pk)).content.decode()
    assert "USD 10.00: pending 10.00, on hold 0.00, available 0.00; paid 0.00" in page
    browser.post(url(Account, "hold", account.pk), {"reason": "Papers are missing"})
    account.refresh_from_db()
    assert (account.state, account.state_reason) == ("held", "Papers are missing")
    assert account.entries.get().status == "hold"


def test_a_key_is_issued_shown_once_and_revoked(browser, settings):
    settings.ACCESS_KEY_SCOPES = {"provider": ["marketplace:read"]}
    facts = {
        "principal_kind": "provider",
        "principal_ref": "ab" * 32,
        "scopes": ["marketplace:read"],
        "days": 30,
    }
    assert browser.get(url(AccessKey, "add")).status_code == 200
    page = browser.post(url(AccessKey, "add"), facts)
    key = AccessKey.objects.get()
    (text,) = [w for w in page.content.decode().split('"') if w.startswith("cs_")]
    assert keys.find(text) == key
    assert "no-store" in page.headers["Cache-Control"]
    shown = browser.get(url(AccessKey, "change", key.pk)).content.decode()
    assert key.secret_sha256 not in shown
    browser.post(url(AccessKey, "revoke", key.pk), {"reason": "Leaked"})
    assert keys.find(text) is None


def test_a_refused_key_keeps_the_input(browser):
    page = browser.post(
        url(AccessKey, "add"), {"principal_ref": "cd" * 32, "days": "x"}
    )
    assert page.status_code == 422
    assert "cd" * 32 in page.content.decode()
    assert not AccessKey.objects.exists()


def test_a_user_is_added_and_edited_by_actions(browser, boss):
    answer = browser.post(
        url(User, "add"), {"email": "New@example.com", "is_staff": "on"}
    )
    user = User.objects.get(email="new@example.com")
    assert answer.url == url(User, "change", user.pk)
    facts = {"email": "new@example.com", "name": "New", "is_active": "on"}
    browser.post(url(User, "change", user.pk), facts)
    user.refresh_from_db()
    assert (user.name, user.is_staff, user.has_usable_password()) == (
        "New",
        False,
        False,
    )
    actions = AuditEntry.objects.order_by("id").values_list("action", "actor")
    assert list(actions) == [
        ("user.created", boss.pk),
        ("user.renamed", boss.pk),
        ("user.rights_changed", boss.pk),
    ]
    taken = browser.post(url(User, "change", user.pk), {**facts, "email": boss.email})
    assert taken.status_code == 422
    assert "Somebody uses this e-mail address already" in taken.content.decode()
