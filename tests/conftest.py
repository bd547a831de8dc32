"""What every test may ask for, and what every test is held to.

Sockets reach loopback only (`--allow-hosts` in pyproject.toml); a 500 fails the test
that met it.
"""

import datetime
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.core.signals import got_request_exception
from django.test import Client
from rest_framework.test import APIClient

from tests.guards import let_tests_flush

let_tests_flush()

# A Monday morning in spring, away from month ends and clock changes.
NOW = datetime.datetime(2026, 3, 2, 9, 0, tzinfo=datetime.UTC)


class Strict:
    """A test client for which no answer of the product may be an internal error."""

    def request(self, **request: Any) -> Any:
        response = super().request(**request)  # type: ignore[misc]  # of the client
        assert response.status_code != 500, response.content[:500]
        return response


class StrictClient(Strict, Client):
    pass


class StrictApiClient(Strict, APIClient):
    pass


@pytest.fixture(autouse=True)
def server_errors() -> Iterator[list[BaseException]]:
    """Exceptions no handler expected; a test that provokes one clears the list."""
    seen: list[BaseException] = []

    def remember(**facts: Any) -> None:
        seen.append(sys.exception() or RuntimeError(facts["request"].path))

    got_request_exception.connect(remember, weak=False)
    yield seen
    got_request_exception.disconnect(remember)
    assert seen == []


@pytest.fixture
def client() -> Client:
    """A visitor's browser."""
    return StrictClient()


@pytest.fixture
def client_for() -> Callable[[Any], Client]:
    """A browser in which `user` is signed in."""

    def make(user: Any) -> Client:
        client = StrictClient()
        client.force_login(user)
        return client

    return make


@pytest.fixture
def api_for() -> Callable[[str], APIClient]:
    """An API client that sends the text of an access key."""

    def make(key: str) -> APIClient:
        client = StrictApiClient(enforce_csrf_checks=True)
        client.default_format = "json"
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {key}")
        return client

    return make


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[time_machine.Traveller]:
    """Time stands still at NOW until the test calls `move_to` or `shift`.

    PostgreSQL's own clock would run on, so the process's counts there, too.
    """
    monkeypatch.setattr("resellers.clock.is_held", lambda: True)
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller
