"""A real `serve` on loopback for tests that need processes, signals or a browser.

It lives in its own process group and database; only what was started here is ever
signalled.
"""

import http.client
import json
import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

from tests.postgres import free_port

ROOT = Path(__file__).resolve().parent.parent
PATIENCE_SECONDS = 60.0


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> object:
        return json.loads(self.body)


@dataclass
class Server:
    """A running `serve`; `environment` is what it was started with."""

    process: subprocess.Popen[bytes]
    port: int
    environment: dict[str, str]
    log: Path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def get(self, path: str, **headers: str) -> Answer:
        """One GET, redirects not followed; OSError when nobody answers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request(
                "GET",
                path,
                headers={n.replace("_", "-"): v for n, v in headers.items()},
            )
            response = connection.getresponse()
            return Answer(response.status, dict(response.headers), response.read())
        finally:
            connection.close()

    def state(self) -> str:
        """What /readyz says; "" while nobody answers."""
        try:
            told = self.get("/readyz").json()
        except (OSError, http.client.HTTPException):
            return ""
        return str(told["status"]) if isinstance(told, dict) else ""

    def processes(self) -> dict[int, str]:
        """Living processes of the group: pid to command line."""
        found = {}
        for directory in Path("/proc").glob("[0-9]*"):
            try:
                state, _, group = (
                    (directory / "stat").read_text().rpartition(")")[2].split()[:3]
                )
                command = (directory / "cmdline").read_text().replace("\0", " ")
            except OSError:
                continue
            if int(group) == self.process.pid and state != "Z":
                found[int(directory.name)] = command
        return found

    def manage(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Another command in the same environment."""
        return subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE_SECONDS,
        )


def wait_until(done: object, seconds: float = PATIENCE_SECONDS) -> bool:
    """Whether the function became true in time."""
    assert callable(done)
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if done():
            return True
        time.sleep(0.05)
    return bool(done())


@contextmanager
def scratch_database(directory: Path) -> Iterator[str]:
    """An empty database of the kind the suite runs on."""
    url = os.environ.get("DATABASE_URL", "")
    if not url.startswith("postgres"):
        yield f"sqlite:///{directory}/served.sqlite3"
        return
    name = f"consign_served_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        try:
            yield urlsplit(url)._replace(path=f"/{name}").geturl()
        finally:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@contextmanager
def serving(
    directory: Path,
    *options: str,
    address: Callable[[str], str] = str,
    **variables: str,
) -> Iterator[Server]:
    """`serve` on a free port, ready; ended with everything it started.

    `address` may lead it to its database by another way, such as a proxy.
    """
    with scratch_database(directory) as database_url:
        port = free_port()
        environment = {
            "PATH": os.environ["PATH"],
            "DATABASE_URL": address(database_url),
            "SECRET_KEY": "only-for-tests-0123456789-abcdefghijklmnopqrstuvwxyz",
            "ALLOWED_HOSTS": "127.0.0.1,localhost",
            "PUBLIC_URL": f"http://127.0.0.1:{port}",
            "EMAIL_URL": f"file:{directory}/mail",
            "PORT": str(port),
            **variables,
        }
        log = directory / f"serve-{port}.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, "manage.py", "serve", *options],
                cwd=ROOT,
                env=environment,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        server = Server(process, port, environment, log)
        try:
            ready = wait_until(
                lambda: server.state() == "ready" or process.poll() is not None
            )
            assert ready, log.read_text()
            assert process.poll() is None, log.read_text()
            yield server
        finally:
            for pid in server.processes():
                os.kill(pid, signal.SIGKILL)
            process.wait()
