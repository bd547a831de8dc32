"""The headers of every page, walked and not sampled."""

import pytest
from django.test import Client

from config.headers import PERMISSIONS
from tests.security.walk import every_route

pytestmark = pytest.mark.django_db
POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
}
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in PERMISSIONS),
}
ADDRESSES = sorted({route.address for route in every_route()} | {"/none/such"})


@pytest.fixture
def staff_client(staff, client_for, settings):
    settings.STAFF_TOTP = False
    return client_for(staff)


def assert_headers(response) -> None:
    assert set(response["Content-Security-Policy"].split("; ")) == POLICY
    assert {name: response[name] for name in HEADERS} == HEADERS
    assert "Access-Control-Allow-Origin" not in response


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_answer_to_a_visitor_carries_them(client, address):
    assert_headers(client.get(address))


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_answer_to_a_session_is_private(staff_client, address):
    response = staff_client.get(address)
    assert_headers(response)
    assert response["Cache-Control"] == "no-store"
    vary = {word.strip() for word in response["Vary"].split(",")}
    assert {"Cookie", "Authorization", "X-API-Key"} <= vary


@pytest.mark.parametrize("address", ["/account/login", "/account/signup", "/admin/"])
def test_pages_with_a_form_for_one_visitor_are_private_too(client, address):
    assert client.get(address)["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "header", [{"HTTP_AUTHORIZATION": "Bearer none"}, {"HTTP_X_API_KEY": "none"}]
)
def test_answers_to_a_key_are_private(client, header):
    assert client.get("/none/such", **header)["Cache-Control"] == "no-store"


def test_https_is_promised_for_a_year(client, settings):
    settings.SECURE_HSTS_SECONDS = 365 * 86_400
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = settings.SECURE_HSTS_PRELOAD = True
    response = Client().get("/account/login", secure=True)
    promise = "max-age=31536000; includeSubDomains; preload"
    assert response["Strict-Transport-Security"] == promise


def test_cookies_are_bound_to_the_host_where_there_is_https():
    """The names and flags of the real settings, started with a public address."""
    from tests.security.started import started_settings  # noqa: PLC0415 -- a process

    public = started_settings("ALLOWED_HOSTS=consign.example.com")
    assert public == {
        "SESSION_COOKIE_NAME": "__Host-session",
        "SESSION_COOKIE_SECURE": True,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_DOMAIN": None,
        "SESSION_COOKIE_PATH": "/",
        "CSRF_COOKIE_NAME": "__Host-csrf",
        "CSRF_COOKIE_SECURE": True,
        "CSRF_COOKIE_HTTPONLY": True,
        "CSRF_COOKIE_SAMESITE": "Lax",
        "CSRF_COOKIE_DOMAIN": None,
        "SECURE_HSTS_SECONDS": 31_536_000,
        "SECURE_HSTS_INCLUDE_SUBDOMAINS": True,
        "SECURE_HSTS_PRELOAD": True,
        "SECURE_SSL_REDIRECT": True,
        "STAFF_TOTP": True,
    }
