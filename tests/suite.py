"""The default suite, one part after the other: `python -m tests.suite`, `make test`.

What lacks PostgreSQL or chromium is skipped loudly; with CI=1 that is a failure. Ends
with what pytest itself said of each part. CI also runs a short fuzz on both databases
(`make fuzz`: the long one). Source: 9-quality, section 8.
"""

import os
import subprocess
import sys
import time
from dataclasses import dataclass

from tests import browsers, postgres

NO_TESTS = 5  # pytest collected none
FAST = "not (race or fault or fuzz or browser or bench or slow)"
ON_POSTGRES = "not (tools or fuzz or browser or bench or slow)"


@dataclass(frozen=True)
class Part:
    """One pytest run: its name, and whether it failed, passed or was skipped."""

    name: str
    outcome: str
    said: str


def say(text: str, end: str = "\n") -> None:
    sys.stdout.write(text + end)
    sys.stdout.flush()


def pytest(name: str, database_url: str, *arguments: str) -> Part:
    """Run one part, showing its output as it comes; keep pytest's last line."""
    say(f"\n=== {name}")
    command = [sys.executable, "-m", "pytest", "--dist=loadfile", *arguments]
    environment = {**os.environ, "DATABASE_URL": database_url}
    last = ""
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        for line in process.stdout or ():
            say(line, end="")
            last = line.strip() or last
    nothing = process.returncode == NO_TESTS
    outcome = "passed" if process.returncode == 0 or nothing else "FAILED"
    return Part(name, outcome, last.strip("= "))


def skipped(name: str, why: str) -> Part:
    say(f"\n!!! SKIPPED: {name}: {why}")
    return Part(name, "SKIPPED", why)


def workers() -> str:
    return os.environ.get("PYTEST_WORKERS", "2")


def is_ci() -> bool:
    return os.environ.get("CI", "").lower() in {"1", "true"}


def parts() -> list[Part]:
    sqlite = "sqlite:///var/test.sqlite3"
    spread = f"-n={workers()}"
    done = [pytest("fast suite on SQLite", sqlite, spread, "-m", FAST)]
    name = "fast suite, races and faults on PostgreSQL"
    try:
        with postgres.test_database() as url:
            done.append(pytest(name, url, spread, "-m", ON_POSTGRES))
            if is_ci():
                done.append(pytest("fuzz on PostgreSQL", url, "-n=0", "-m", "fuzz"))
    except LookupError as absent:
        done.append(skipped(name, str(absent)))
    if is_ci():
        done.append(pytest("fuzz on SQLite", sqlite, "-n=0", "-m", "fuzz"))
    name = "browser and accessibility tests"
    if browsers.chromium() is None:
        done.append(skipped(name, "no chromium on the path"))
    else:
        done.append(pytest(name, sqlite, "-n=0", "-m", "browser"))
    return done


def main() -> int:
    started = time.monotonic()
    done = parts()
    say(f"\n=== Summary, {time.monotonic() - started:.0f} s")
    for part in done:
        say(f"{part.outcome:8} {part.name}: {part.said}")
    bad = {"FAILED", "SKIPPED"} if is_ci() else {"FAILED"}
    return int(any(part.outcome in bad for part in done))


if __name__ == "__main__":
    sys.exit(main())
