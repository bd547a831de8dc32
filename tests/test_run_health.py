"""Readiness and metrics, asked of the product in this process."""

import threading
import time
from importlib.metadata import version

import pytest
from django.db import connection

from config import health
from config.board import DRAINING, Board
from resellers import jobs
from resellers.models import Job
from tests.factories.resellers import UserFactory

TOKEN = "0123456789abcdef0123456789abcdef"


def test_health_touches_no_database(client):
    assert client.get("/healthz").json() == {"status": "ok"}


def test_health_takes_no_other_method(client):
    for path in ("/healthz", "/readyz"):
        answer = client.post(path)
        assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize("trouble", ["database", "migrations"])
def test_trouble_is_told_with_503(client, monkeypatch, trouble):
    monkeypatch.setattr(health, "trouble", lambda: trouble)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {"status": trouble})


def test_silent_database_costs_less_than_a_second(client, monkeypatch):
    released = threading.Event()
    monkeypatch.setattr(health, "trouble", lambda: released.wait(5) and "")
    started = time.monotonic()
    answer = client.get("/readyz")
    assert time.monotonic() - started < 1
    released.set()
    assert (answer.status_code, answer.json()) == (503, {"status": "database"})


def test_draining_is_told_first(client, monkeypatch):
    told = Board()
    told.create()
    monkeypatch.setattr(health, "board", told)
    monkeypatch.setattr(health, "trouble", lambda: "")
    assert client.get("/readyz").json() == {
        "status": "ready",
        "database": connection.vendor,
    }
    told.write(DRAINING)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {"status": "draining"})


def test_metrics_are_hidden_without_a_token(client):
    assert client.get("/metrics").status_code == 404


@pytest.mark.django_db
def test_metrics_need_their_bearer(client, client_for, settings):
    settings.METRICS_TOKEN = TOKEN
    assert client.get("/metrics").status_code == 401
    assert client_for(UserFactory()).get("/metrics").status_code == 401
    wrong = {"Authorization": f"Bearer {TOKEN[:-1]}x"}
    assert client.get("/metrics", headers=wrong).status_code == 401


@pytest.mark.django_db
def test_metrics_count_by_query(client, settings):
    settings.METRICS_TOKEN = TOKEN
    settings.CLOCK_TASKS = {"verify_ledger": ("config.verification.run_hourly", 3600)}
    settings.LEDGER_CHECKS = {}
    jobs.run_clock()
    Job.objects.create(kind="mail", key="mail:x:1:1")
    answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    django = version("django")
    lines = set(answer.content.decode().splitlines())
    assert {
        'consign_outbox{kind="clock",state="done"} 1.0',
        'consign_outbox{kind="mail",state="ready"} 1.0',
        "consign_ledger_violations 0.0",
        "consign_orders_overdue 0.0",
        f'consign_build_info{{django="{django}",version="{settings.VERSION}"}} 1.0',
    } <= lines
    names = {line.split("{")[0].split(" ")[0] for line in lines if line[0] != "#"}
    assert {"consign_outbox_oldest_seconds", "consign_clock_last_run_seconds"} <= names
