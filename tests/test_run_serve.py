"""`serve` as it is: processes, signals, readiness."""

import json
import os
import signal
import socket
import time

import pytest

from tests.servers import serving, wait_until

WEB, WORKER = "config.web", "manage.py worker"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("served"), WEB_WORKERS="2") as running:
        yield running


def named(server, part):
    return {pid for pid, command in server.processes().items() if part in command}


def test_serve_answers_in_one_process_group(server):
    vendor = server.environment["DATABASE_URL"].partition(":")[0]
    ready = server.get("/readyz", X_Request_ID="my-own-id")
    assert ready.json() == {
        "status": "ready",
        "database": {"sqlite": "sqlite", "postgres": "postgresql"}[vendor],
    }
    assert ready.headers["X-Request-ID"] == "my-own-id"
    assert server.get("/healthz").json() == {"status": "ok"}
    assert len(named(server, WEB)) == 3  # the parent and two workers
    assert len(named(server, WORKER)) == 1


def test_health_answers_for_any_host_and_forged_ids_are_replaced(server):
    answer = server.get("/healthz", Host="elsewhere.example", X_Request_ID="a b")
    assert answer.status == 200
    assert len(answer.headers["X-Request-ID"]) == 36


def test_killed_children_are_replaced(server):
    before = server.processes()
    killed = {min(named(server, WORKER)), max(named(server, WEB))}
    for pid in killed:
        os.kill(pid, signal.SIGKILL)
    assert wait_until(
        lambda: (
            len(named(server, WORKER)) == 1
            and len(named(server, WEB)) == 3
            and not killed & set(server.processes())
        )
    )
    assert wait_until(lambda: server.state() == "ready")
    assert server.process.pid in before


def test_hup_replaces_the_web_workers_without_a_refused_request(server):
    parent = min(named(server, WEB))
    old = named(server, WEB) - {parent}
    statuses = set()

    def replaced():
        statuses.add(server.get("/readyz").status)
        now = named(server, WEB)
        return parent in now and len(now) == 3 and not old & now

    server.process.send_signal(signal.SIGHUP)
    assert wait_until(replaced)
    assert statuses == {200}


def test_request_line_names_the_route_and_never_the_query(server):
    server.get("/no/such/page?email=ann@example.com&secret=hunter2", X_Request_ID="q-1")
    lines = [line for line in server.log.read_text().splitlines() if '"q-1"' in line]
    assert wait_until(lambda: '"q-1"' in server.log.read_text(), 5)
    lines = [line for line in server.log.read_text().splitlines() if '"q-1"' in line]
    facts = json.loads(lines[-1])
    assert {
        "event": "request",
        "method": "GET",
        "route": "",
        "status": 404,
    }.items() <= (facts.items())
    assert set(facts) == {
        *("ts", "level", "event", "request_id", "method", "route", "status", "ms"),
        *("db_ms", "queries", "principal", "key_prefix", "ip"),
    }
    assert "hunter2" not in server.log.read_text()
    assert "ann@" not in server.log.read_text()


def test_term_drains_and_ends_everything(tmp_path):
    with serving(tmp_path) as server:
        with socket.create_connection(("127.0.0.1", server.port)) as slow:
            slow.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n")
            started = time.monotonic()
            server.process.send_signal(signal.SIGTERM)
            assert wait_until(lambda: server.state() == "draining", 3)
            slow.sendall(b"Connection: close\r\n\r\n")
            assert slow.recv(100).startswith(b"HTTP/1.1 200 ")
        assert server.process.wait(timeout=25) == 0
        assert time.monotonic() - started < 25
        assert server.processes() == {}


def test_nothing_outlives_a_killed_serve(tmp_path):
    with serving(tmp_path) as server:
        assert len(server.processes()) == 5
        server.process.kill()
        server.process.wait()
        assert wait_until(lambda: server.processes() == {}, 2)


def test_taken_port_is_told(tmp_path, server):
    done = server.manage("serve")
    assert done.returncode == 1
    assert f"Cannot listen on 127.0.0.1:{server.port}" in done.stderr


def test_serve_without_workers_runs_none(tmp_path):
    with serving(tmp_path, "--no-worker", WEB_WORKERS="1") as server:
        assert named(server, WORKER) == set()
        assert len(named(server, WEB)) == 2
