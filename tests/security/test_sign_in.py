"""One text for wrong, unknown and inactive; a new session id; sign-out by POST."""

import re

import pytest
from django.conf import settings
from django.contrib.auth import get_user, hashers
from django.db import connection
from django.test.utils import CaptureQueriesContext

from config.signin import backend
from config.signin.adapter import REFUSED
from tests.security.conftest import PASSWORD

pytestmark = pytest.mark.django_db


def without_token(page: bytes, *typed: str) -> str:
    """The page as it is for everybody: no random words, nothing that was typed."""
    text = re.sub(r'value="([A-Za-z0-9]{64}|[0-9a-f]{32})"', "", page.decode())
    text = re.sub(r'"X-CSRFToken": "[A-Za-z0-9]{64}"', "", text)
    for word in typed:
        text = text.replace(word, "typed")
    return text


def test_sign_in_opens_a_session_with_a_new_id(client, person, sign_in):
    client.get("/account/login")
    client.session["planted"] = "by somebody"
    client.session.save()
    before = client.session.session_key
    response = sign_in("ANN@example.com")
    assert (response.status_code, response["Location"]) == (302, "/marketplace")
    assert get_user(client) == person
    assert client.session.session_key != before


def test_wrong_unknown_and_inactive_are_one_page(client, make_person, sign_in):
    make_person("right@example.com")
    make_person("gone@example.com", is_active=False)
    answers = {
        email: sign_in(email, password)
        for email, password in (
            ("right@example.com", "not the password"),
            ("none@example.com", "not the password"),
            ("gone@example.com", PASSWORD),
        )
    }
    assert {answer.status_code for answer in answers.values()} == {422}
    pages = {without_token(a.content, email) for email, a in answers.items()}
    assert len(pages) == 1
    assert REFUSED in pages.pop()
    assert get_user(client).is_anonymous


def test_every_refusal_is_one_question_and_one_hash(make_person, monkeypatch):
    """Equal work is what makes equal time; the clock itself is read in tests/fault."""
    make_person("right@example.com")
    make_person("gone@example.com", is_active=False)
    checked = []
    real = hashers.check_password

    def noted(given: str, encoded: str) -> bool:
        checked.append(encoded.partition("$")[0])
        return real(given, encoded)

    backend.nobodys_password()
    monkeypatch.setattr("config.signin.backend.check_password", noted)
    for email in ("right@example.com", "none@example.com", "gone@example.com"):
        with CaptureQueriesContext(connection) as asked:
            backend.EmailBackend().authenticate(None, email=email, password="wrong")
        assert len(asked) == 1, email
    assert checked == ["md5"] * 3


def test_sign_out_is_a_post(client, person, sign_in):
    sign_in(person.email)
    assert client.get("/account/logout").status_code == 200
    assert get_user(client) == person
    assert client.post("/account/logout").status_code == 302
    assert get_user(client).is_anonymous


def test_only_the_methods_of_a_page_are_taken(client, db):
    for method in (client.put, client.delete, client.patch):
        assert method("/account/login").status_code == 405


def test_no_trailing_slash_and_no_route_but_ours(client, db):
    assert client.get("/account/login/").status_code in {301, 404}
    assert client.get("/account/login/code").status_code == 404


def test_cookies_carry_their_flags(client, person, sign_in):
    response = sign_in(person.email)
    cookie = response.cookies[settings.SESSION_COOKIE_NAME]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (
        True,
        "Lax",
        "/",
    )
    assert cookie["domain"] == ""
    token = client.get("/account/email").cookies[settings.CSRF_COOKIE_NAME]
    assert (token["httponly"], token["samesite"]) == (True, "Lax")
