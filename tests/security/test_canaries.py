"""What people type stands in no log line: 200 canaries, at the most talkative level."""

import io
import logging
from collections.abc import Iterator

import pytest
import structlog
from django.test import Client

from config import logs
from tests.security.conftest import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Every line the product would write with LOG_LEVEL=debug."""
    options = dict(logs.logging_settings("json", "debug")["formatters"]["line"])
    options.pop("()")
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(**options))
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield stream
    root.removeHandler(handler)
    root.setLevel(before)


class Canaries:
    """Words that occur nowhere else, counted as they are handed out."""

    def __init__(self) -> None:
        self.words: list[str] = []

    def new(self) -> str:
        self.words.append(f"canary{len(self.words):04}q")
        return self.words[-1]


def test_no_canary_sings(person, log):
    canaries = Canaries()
    new = canaries.new
    while len(canaries.words) < 200:
        client = Client()
        client.cookies["session"] = new()
        headers = {"Authorization": f"Bearer {new()}", "X-API-Key": new()}
        client.get(f"/account/login?next=/{new()}&password={new()}", headers=headers)
        facts = {
            "login": f"{new()}@example.com",
            "password": new(),
            "next": f"/{new()}",
        }
        client.post("/account/login", facts)
        client.post("/account/login", {"login": person.email, "password": PASSWORD})
        changed = {"oldpassword": new(), "password1": new(), "password2": new()}
        client.post("/account/password/change", changed)
        client.post("/account/email", {"email": f"{new()}@a.example", "action_add": 1})
        client.post("/account/two-factor/set-up", {"code": new()})
        client.post("/account/password/reset", {"email": f"{new()}@b.example"})
        client.get(f"/account/confirm-email/{new()}")
        client.get(f"/account/password/reset/1-{new()}")
        Client(enforce_csrf_checks=True).post(
            "/account/login", {"csrfmiddlewaretoken": new(), "password": new()}
        )
    text = log.getvalue()
    assert [word for word in canaries.words if word in text] == []
    # The detector hears: the requests and refusals themselves are there.
    assert "account/login" in text
    assert "password_refused" in text
    assert "csrf_refused" in text
    assert person.email not in text
    assert "@example.com" in text  # masked, not left out


def test_the_detector_would_hear_one(log):
    structlog.get_logger("consign.security").info("control", word="canary9999q")
    assert "canary9999q" in log.getvalue()
