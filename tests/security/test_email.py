"""Another address: a link to the new one, a notice to the old one."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail

from resellers import audit, jobs
from resellers.models import User
from tests.security.conftest import PASSWORD

pytestmark = pytest.mark.django_db
NEW = "other@example.com"


@pytest.fixture
def ask(client, person, sign_in):
    """Sign in and ask for another address; the link of the mail."""

    def send(address: str = NEW) -> str:
        sign_in(person.email)
        answer = client.post("/account/email", {"email": address, "action_add": "1"})
        assert answer.status_code == 302
        jobs.work_once()
        found = re.search(r"http://localhost:8000(/\S+)", str(mail.outbox[-1].body))
        assert found
        return found.group(1)

    return send


def test_the_link_changes_the_login_and_tells_the_old_address(
    client, person, ask, sign_in
):
    link = ask()
    person.refresh_from_db()
    assert person.email == "ann@example.com"
    assert client.post(link).status_code == 302
    person.refresh_from_db()
    assert person.email == NEW
    addresses = EmailAddress.objects.values_list("email", "verified", "primary")
    assert list(addresses) == [(NEW, True, True)]
    jobs.work_once()
    assert [(m.to, m.subject) for m in mail.outbox] == [
        ([NEW], "Confirm your address"),
        (["ann@example.com"], "Your address was changed"),
    ]
    entry = audit.entries("resellers.user", str(person.pk)).get()
    assert (entry.action, entry.before, entry.after) == (
        "user.email_changed",
        {"email": "a…@example.com"},
        {"email": "o…@example.com"},
    )
    client.post("/account/logout")
    assert sign_in("ann@example.com").status_code == 422
    assert sign_in(NEW).status_code == 302


def test_an_address_of_somebody_else_looks_the_same_and_changes_nothing(
    client, person, ask, make_person
):
    make_person(NEW)
    link = ask()
    client.post(link)
    person.refresh_from_db()
    assert person.email == "ann@example.com"
    assert User.objects.filter(email=NEW).count() == 1


def test_an_address_taken_before_it_was_confirmed_changes_nothing(client, person, ask):
    link = ask()
    User.objects.create_user(NEW, PASSWORD)  # signed up meanwhile, not confirmed
    page = client.post(link, follow=True)
    assert b"Somebody uses this e-mail address already" in page.content
    person.refresh_from_db()
    assert person.email == "ann@example.com"


def test_a_change_can_be_asked_for_again_and_given_up(client, person, ask):
    ask()
    client.post("/account/email", {"email": NEW, "action_send": "1"})
    jobs.work_once()
    assert [m.to for m in mail.outbox] == [[NEW], [NEW]]
    client.post("/account/email", {"email": NEW, "action_remove": "1"})
    emails = EmailAddress.objects.values_list("email", flat=True)
    assert list(emails) == ["ann@example.com"]


@pytest.mark.parametrize("address", ["", "no address", "a@b", "ann@example.com"])
def test_what_cannot_be_an_address_is_refused(client, person, sign_in, address):
    sign_in(person.email)
    answer = client.post("/account/email", {"email": address, "action_add": "1"})
    assert answer.status_code == 422
    assert EmailAddress.objects.count() == 1
