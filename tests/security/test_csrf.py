"""No form is taken that was not sent from one of our pages: every unsafe route."""

import pytest
from django.test import Client

from tests.security.conftest import PASSWORD
from tests.security.walk import every_route

pytestmark = pytest.mark.django_db
PAGES = [route for route in every_route() if not route.address.startswith("/api/")]
API = [route for route in every_route() if route.address.startswith("/api/")]
UNSAFE = ("POST", "PUT", "PATCH", "DELETE")


@pytest.fixture
def careful(staff, settings) -> Client:
    """A signed-in browser without the tokens of its forms."""
    settings.STAFF_TOTP = False
    client = Client(enforce_csrf_checks=True)
    client.force_login(staff)
    return client


@pytest.mark.parametrize("route", PAGES, ids=lambda route: route.address)
def test_a_page_refuses_every_unsafe_method_without_a_token(careful, route):
    for method in UNSAFE:
        answer = careful.generic(method, route.address)
        assert answer.status_code == 403, (method, route.name)


@pytest.mark.parametrize("route", API, ids=lambda route: route.address)
def test_an_api_call_of_a_session_refuses_without_a_token(careful, route):
    for method in UNSAFE:
        answer = careful.generic(method, route.address, content_type="application/json")
        expected = {403} if method in route.methods else {403, 405}
        assert answer.status_code in expected, (method, route.name)


def test_the_refusal_says_what_to_do(careful):
    page = careful.post("/account/logout")
    assert page.status_code == 403
    assert b"send it" in page.content
    assert b"<h1>" in page.content


def test_a_token_from_another_origin_is_refused(person):
    client = Client(enforce_csrf_checks=True)
    token = client.get("/account/login").context["csrf_token"]
    facts = {"login": person.email, "password": PASSWORD, "csrfmiddlewaretoken": token}
    foreign = client.post("/account/login", facts, HTTP_ORIGIN="https://evil.example")
    assert foreign.status_code == 403
    own = client.post("/account/login", facts, HTTP_ORIGIN="http://testserver")
    assert own.status_code == 302
