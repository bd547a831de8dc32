"""`next` never leaves this host."""

import pytest
from django.contrib.auth import get_user
from django.http import HttpResponse

pytestmark = pytest.mark.django_db
PAYLOADS = [
    "https://evil.example",
    "http://evil.example/",
    "//evil.example",
    "///evil.example",
    "////evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "\\/evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "\t//evil.example",
    " //evil.example",
    "\x01//evil.example",
    "https:evil.example",
    "https:/evil.example",
    "https:///evil.example",
    "http:\\\\evil.example",
    "HTTPS://EVIL.EXAMPLE",
    "ftp://evil.example",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\nscript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:msgbox(1)",
    "file:///etc/passwd",
    "mailto:a@evil.example",
    "//localhost@evil.example",
    "http://testserver@evil.example",
    "http://testserver.evil.example",
    "http://evil.example#testserver",
    "http://evil.example?testserver",
    "http://evil.example\\@testserver",
    "//evil.example/..",
    "///\\evil.example",
    "//evil%E3%80%82example",
    "//\u3002evil.example",
    "//[::1]",
    "//127.0.0.1",
    "http://127.0.0.1/",
    "//evil.example:80",
    "..//evil.example",
    "evil.example",
    ".evil.example",
    "@evil.example",
    "http:/\\/evil.example",
]
HOME = "/marketplace"


@pytest.fixture(autouse=True)
def all_hosts(settings):
    """Even a host this installation answers for is another host."""
    settings.ALLOWED_HOSTS = ["testserver", "127.0.0.1", "::1"]


def assert_home_or_refused(answer: HttpResponse) -> None:
    """Home; what holds a control character does not get past the door at all."""
    assert (answer.status_code, answer.get("Location")) in {(302, HOME), (400, None)}


def test_there_are_enough():
    assert len(set(PAYLOADS)) >= 40


@pytest.mark.parametrize("target", PAYLOADS, ids=ascii)
def test_sign_in_goes_home_instead(client, person, sign_in, target):
    assert_home_or_refused(sign_in(person.email, next=target))
    assert_home_or_refused(client.post("/account/logout", {"next": target}))
    assert get_user(client).is_anonymous


@pytest.mark.parametrize("target", PAYLOADS, ids=ascii)
def test_so_does_who_is_signed_in_already(client, person, sign_in, target):
    sign_in(person.email)
    assert_home_or_refused(client.get("/account/login", {"next": target}))


@pytest.mark.parametrize("target", ["/contracts", "/contracts?page=2&q=%2F%2Fx#top"])
def test_a_path_of_this_host_is_followed(person, sign_in, target):
    assert sign_in(person.email, next=target)["Location"] == target
