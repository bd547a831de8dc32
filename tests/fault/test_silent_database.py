"""A PostgreSQL that falls silent: answers in time, and recovery by itself.

Source: 9-quality, sections 2 and 7.
"""

import os
import time
from urllib.parse import urlsplit

import psycopg
import pytest

from config.database import PatientConnection
from tests.proxy import proxied
from tests.servers import serving, wait_until

pytestmark = pytest.mark.fault


@pytest.fixture
def postgres():
    """Host and port of the suite's PostgreSQL."""
    parts = urlsplit(os.environ["DATABASE_URL"])
    assert parts.scheme.startswith("postgres")
    return parts.hostname or "127.0.0.1", parts.port or 5432


def behind(url, proxy):
    """The address with the proxy's host and port."""
    parts = urlsplit(url)
    user = parts.netloc.rpartition("@")[0]
    return parts._replace(netloc=f"{user}@127.0.0.1:{proxy.port}").geturl()


def test_connection_gives_up_and_refuses_for_a_second(postgres):
    with proxied(*postgres) as proxy:
        url = behind(os.environ["DATABASE_URL"], proxy)
        connection = PatientConnection.connect(url, autocommit=True)
        assert connection.execute("SELECT 1").fetchone() == (1,)
        proxy.mode = "blackhole"
        started = time.monotonic()
        with pytest.raises(psycopg.OperationalError):
            connection.execute("SELECT 1")
        waited = time.monotonic() - started
        assert 3.8 < waited < 4.5
        assert connection.closed
        with pytest.raises(psycopg.OperationalError, match="a moment ago"):
            PatientConnection.connect(url)
        proxy.mode = "ok"
        time.sleep(1.1)
        with PatientConnection.connect(url) as again:
            assert again.execute("SELECT 2").fetchone() == (2,)


def test_server_says_so_within_a_second_and_recovers(postgres, tmp_path):
    with (
        proxied(*postgres) as proxy,
        serving(tmp_path, address=lambda url: behind(url, proxy)) as server,
    ):
        proxy.mode = "blackhole"
        longest = 0.0
        for _ in range(5):
            started = time.monotonic()
            answer = server.get("/readyz")
            longest = max(longest, time.monotonic() - started)
            assert (answer.status, answer.json()) == (503, {"status": "database"})
            assert server.get("/healthz").status == 200
        assert longest < 1.1
        proxy.mode = "ok"
        assert wait_until(lambda: server.state() == "ready", 8)


def test_page_answers_within_five_seconds(postgres, tmp_path):
    with (
        proxied(*postgres) as proxy,
        serving(tmp_path, address=lambda url: behind(url, proxy)) as server,
    ):
        assert server.get("/marketplace").status == 200
        proxy.mode = "blackhole"
        for _ in range(3):
            started = time.monotonic()
            answer = server.get("/marketplace")
            assert (answer.status, time.monotonic() - started < 5) == (503, True)
