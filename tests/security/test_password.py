"""A new password: by mail, or by the present one. Either ends what was open."""

import re

import pytest
from django.contrib.auth import get_user
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from config.signin import two_factor
from resellers import audit, jobs
from tests.security.conftest import PASSWORD
from tests.security.test_sign_in import without_token
from tests.security.test_two_factor import SECRET

pytestmark = pytest.mark.django_db
NEW = "lantern mosaic 17 tundra"


def reset_link() -> str:
    jobs.work_once()
    found = re.search(r"http://localhost:8000(/\S+)", str(mail.outbox[-1].body))
    assert found
    return found.group(1)


def test_known_and_unknown_are_one_page_and_one_job_each(client, person):
    pages = []
    for email in (person.email, "nobody@example.com"):
        with CaptureQueriesContext(connection) as asked:
            answer = client.post("/account/password/reset", {"email": email})
        page = without_token(client.get(answer["Location"]).content, email)
        pages.append((answer.status_code, len(asked), page))
    assert pages[0] == pages[1]
    jobs.work_once()
    assert [(m.to, m.subject) for m in mail.outbox] == [
        ([person.email], "A new password for Consign"),
        (["nobody@example.com"], "There is no account for this address"),
    ]


def test_the_link_sets_a_password_once_and_lifts_the_lock(client, person, sign_in):
    for _ in range(11):
        locked = sign_in(person.email, "guess")
    assert locked.status_code == 429
    client.post("/account/password/reset", {"email": person.email})
    link = reset_link()
    page = client.get(link, follow=True)
    form = page.request["PATH_INFO"]
    assert "set-password" in form  # the token is out of the address
    facts = {"password1": NEW, "password2": NEW}
    assert client.post(form, facts).status_code == 302
    assert sign_in(person.email, NEW)["Location"] == "/marketplace"

    again = Client().get(link)
    assert b"This link does not work" in again.content
    actions = [e.action for e in audit.entries("resellers.user", str(person.pk))]
    assert actions == ["user.password_changed"]


def test_the_link_ends_after_an_hour(client, person, clock):
    client.post("/account/password/reset", {"email": person.email})
    link = reset_link()
    clock.shift(3601)
    assert b"This link does not work" in client.get(link).content


def test_changing_the_password_ends_the_other_sessions(client, person, sign_in):
    other = Client()
    other.post("/account/login", {"login": person.email, "password": PASSWORD})
    assert get_user(other) == person
    sign_in(person.email)
    facts = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    assert client.post("/account/password/change", facts).status_code == 302
    assert get_user(client) == person
    assert get_user(other).is_anonymous
    jobs.work_once()
    assert [(m.to, m.subject) for m in mail.outbox] == [
        ([person.email], "Your password was changed")
    ]


def test_the_present_password_is_asked_for_and_its_tries_are_counted(
    client, person, sign_in
):
    sign_in(person.email)
    facts = {"oldpassword": "guess", "password1": NEW, "password2": NEW}
    answers = [
        client.post("/account/password/change", facts).status_code for _ in range(11)
    ]
    assert answers == [422] * 10 + [429]
    person.refresh_from_db()
    assert person.check_password(PASSWORD)


def test_a_reset_does_not_open_the_session(client, staff, sign_in, clock):
    """Whoever reads the mail still needs the second factor."""
    two_factor.enrol(staff, SECRET, actor=None)
    client.post("/account/password/reset", {"email": staff.email})
    form = client.get(reset_link(), follow=True).request["PATH_INFO"]
    client.post(form, {"password1": NEW, "password2": NEW})
    assert get_user(client).is_anonymous
    assert sign_in(staff.email, NEW)["Location"] == "/account/two-factor/code"
    assert get_user(client).is_anonymous
