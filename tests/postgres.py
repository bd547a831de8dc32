"""A PostgreSQL for the tests: TEST_DATABASE_URL, else a cluster that lives for a run.

    python -m tests.postgres pytest tests/resellers     any pytest arguments

runs them with DATABASE_URL set; exit 75 when there is no PostgreSQL to be had. The
cluster listens on loopback with `fsync` on, and ends with the run.
"""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

NOT_THERE = 75
PATIENCE_SECONDS = 30


def program(name: str) -> str | None:
    """A PostgreSQL program on the path, or where Debian keeps them."""
    debian = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True)
    found = [path for path in debian if int(path.parts[-3]) >= 15]
    return shutil.which(name) or (str(found[0]) if found else None)


def other_user() -> dict[str, Any]:
    """PostgreSQL refuses to run as root: then it runs as `postgres` or `nobody`."""
    if os.geteuid() != 0:
        return {}
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    who = names.get("postgres") or names["nobody"]
    return {"user": who.pw_uid, "group": who.pw_gid, "extra_groups": []}


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def temporary_cluster() -> Iterator[str]:
    """The address of an empty cluster that lives inside the block."""
    initdb, postgres = program("initdb"), program("postgres")
    if initdb is None or postgres is None:
        raise LookupError("no initdb on the path")
    identity = other_user()
    with tempfile.TemporaryDirectory(prefix="consign-pg-") as directory:
        Path(directory).chmod(0o777 if identity else 0o700)
        data, port = Path(directory) / "data", free_port()
        form = ["--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"]
        subprocess.run(
            [initdb, "--pgdata", data, "--username=postgres", *form],
            check=True,
            cwd=directory,
            stdout=subprocess.DEVNULL,
            **identity,
        )
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": port,
            "unix_socket_directories": "",
            "fsync": "on",
            "max_connections": 200,
            "timezone": "UTC",
        }
        options = [f"--{name}={value}" for name, value in settings.items()]
        process = subprocess.Popen(
            [postgres, "-D", data, *options],
            cwd=directory,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            **identity,
        )
        try:
            wait_for("127.0.0.1", port)
            yield f"postgres://postgres@127.0.0.1:{port}/postgres"
        finally:
            # Fast shutdown: what is still connected is disconnected.
            process.send_signal(signal.SIGINT)
            process.wait(timeout=PATIENCE_SECONDS)


def wait_for(host: str, port: int) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        with closing(socket.socket()) as probe:
            if probe.connect_ex((host, port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError(f"PostgreSQL does not answer on port {port}")


@contextmanager
def test_database() -> Iterator[str]:
    """The address tests use; LookupError when there is no PostgreSQL at hand."""
    given = os.environ.get("TEST_DATABASE_URL", "")
    if given:
        yield given
        return
    with temporary_cluster() as url:
        yield url


def main() -> int:
    try:
        with test_database() as url:
            return subprocess.run(
                [sys.executable, "-m", *sys.argv[1:]],
                env={**os.environ, "DATABASE_URL": url},
                check=False,
            ).returncode
    except LookupError as absent:
        sys.stderr.write(f"SKIPPED: PostgreSQL: {absent}\n")
        return NOT_THERE


if __name__ == "__main__":
    sys.exit(main())
