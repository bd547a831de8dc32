"""One rival at an exact moment: before or after a named function of the other.

The rival runs on a connection of its own, until it is done or waits for a lock that
the other holds; only then the other goes on.
"""

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, connections

PATIENCE_SECONDS = 20.0

Call = Callable[[], Any]


class Rival:
    """A second connection with something to do; `waited`: it met a lock."""

    def __init__(self, call: Call) -> None:
        self.call = call
        self.outcome: Any = None
        self.waited = False
        self.backend = 0
        self.thread = threading.Thread(target=self.run)

    def run(self) -> None:
        try:
            connection.ensure_connection()
            self.backend = connection.connection.info.backend_pid
            self.outcome = self.call()
        except Exception as raised:  # noqa: BLE001 -- handed to the test
            self.outcome = raised
        finally:
            connections.close_all()

    def go(self) -> None:
        """Start, and come back when it is done or waits."""
        self.thread.start()
        deadline = time.monotonic() + PATIENCE_SECONDS
        while self.thread.is_alive() and not self.waited:
            assert time.monotonic() < deadline
            self.waited = is_blocked(self.backend)
            time.sleep(0.005)

    def end(self) -> None:
        self.thread.join(PATIENCE_SECONDS)
        assert not self.thread.is_alive()


def is_blocked(backend: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT cardinality(pg_blocking_pids(%s))", [backend])
        return bool(cursor.fetchone()[0])


def meet(
    call: Call, rival_call: Call, *, at: tuple[Any, str], when: str
) -> tuple[Any, Rival]:
    """Run `call`; at its first `at` (module, function) let the rival run."""
    module, name = at
    function, rival = getattr(module, name), Rival(rival_call)

    def meeting(*args: Any, **facts: Any) -> Any:
        if rival.thread.ident is not None:
            return function(*args, **facts)
        if when == "before":
            rival.go()
            return function(*args, **facts)
        result = function(*args, **facts)
        rival.go()
        return result

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, name, meeting)
        try:
            outcome = call()
        except Exception as raised:  # noqa: BLE001 -- handed to the test
            outcome = raised
    rival.end()
    return outcome, rival
