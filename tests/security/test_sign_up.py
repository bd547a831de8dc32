"""Anybody may sign up; whether an address has an account is told by mail alone."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import get_user
from django.core import mail

from resellers import audit, jobs
from resellers.models import Job, User
from tests.security.conftest import PASSWORD
from tests.security.test_sign_in import without_token

pytestmark = pytest.mark.django_db
FORM = {"name": "Nora", "email": "new@example.com", "password1": PASSWORD}


def link_in_mail() -> str:
    jobs.work_once()
    found = re.search(r"http://localhost:8000(/\S+)", str(mail.outbox[-1].body))
    assert found
    return found.group(1)


def test_signing_up_and_following_the_link_opens_the_door(client, sign_in):
    answer = client.post("/account/signup", FORM)
    assert answer["Location"] == "/account/confirm-email"
    person = User.objects.get()
    assert (person.name, person.email, person.is_staff) == (
        "Nora",
        "new@example.com",
        False,
    )
    assert [e.action for e in audit.entries("resellers.user", str(person.pk))] == [
        "user.signed_up"
    ]
    assert sign_in(person.email)["Location"] == "/account/confirm-email"

    link = link_in_mail()
    assert mail.outbox[0].subject == "Confirm your address"
    assert mail.outbox[0].to == ["new@example.com"]
    assert client.get(link).status_code == 200
    assert not EmailAddress.objects.get().verified
    assert client.post(link)["Location"] == "/account/login"
    assert sign_in(person.email)["Location"] == "/marketplace"
    assert get_user(client) == person


def test_a_name_may_stay_empty(client):
    assert client.post("/account/signup", {**FORM, "name": ""}).status_code == 302
    assert User.objects.get().name == ""


def test_a_known_address_gets_a_mail_and_the_same_page(client, person):
    known = client.post("/account/signup", {**FORM, "email": person.email})
    known_page = client.get(known["Location"])
    client.cookies.clear()
    unknown = client.post("/account/signup", FORM)
    unknown_page = client.get(unknown["Location"])
    assert known["Location"] == unknown["Location"]
    assert without_token(known_page.content, person.email) == without_token(
        unknown_page.content, "new@example.com"
    )
    jobs.work_once()
    subjects = {tuple(m.to): m.subject for m in mail.outbox}
    assert subjects == {
        (person.email,): "You have an account already",
        ("new@example.com",): "Confirm your address",
    }
    assert User.objects.count() == 2


def test_no_address_or_token_stands_in_a_job(client, person):
    client.post("/account/signup", {**FORM, "email": person.email})
    client.post("/account/password/reset", {"email": "nobody@example.com"})
    payloads = str(list(Job.objects.values_list("key", "payload", "about")))
    assert "@" not in payloads
    assert "ann" not in payloads


@pytest.mark.parametrize(
    "password",
    [
        "short",
        "elevenchars",
        "x" * 129,
        "password1234",
        "new@example.com",
        "nora.new@example",
    ],
)
def test_a_weak_password_is_refused_at_its_field(client, password):
    answer = client.post("/account/signup", {**FORM, "password1": password})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["password1"]
    assert not User.objects.exists()


@pytest.mark.parametrize("password", ["elevenchars1", "x1" * 64])
def test_twelve_to_128_characters_will_do(client, password):
    answer = client.post("/account/signup", {**FORM, "password1": password})
    assert answer.status_code == 302


def test_a_link_that_is_used_cut_or_invented_is_404(client):
    client.post("/account/signup", FORM)
    link = link_in_mail()
    for bad in (link[:-1], f"{link}x", "/account/confirm-email/none"):
        page = client.get(bad)
        assert (page.status_code, b"This link does not work" in page.content) == (
            404,
            True,
        )
    client.post(link)
    assert client.get(link).status_code == 404
