"""Keeps the processes of `serve` running and ends them together."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import structlog

from config.lifeline import die_with_parent

FIRST_DELAY_SECONDS = 1.0
LONGEST_DELAY_SECONDS = 30.0
STOP_SECONDS = 25.0

log = structlog.get_logger("consign.serve")


@dataclass
class Child:
    """One process, started again when it ends: after 1 s, doubling to 30 s."""

    name: str
    command: Sequence[str]
    inherited: tuple[int, ...] = ()
    process: subprocess.Popen[bytes] | None = None
    delay_seconds: float = FIRST_DELAY_SECONDS
    started_at: float = 0.0
    start_at: float = 0.0

    def tend(self) -> None:
        """Start it when it is due; plan the next start when it has ended."""
        now = time.monotonic()
        if self.process is None:
            if now >= self.start_at:
                self.start()
            return
        code = self.process.poll()
        if code is None:
            return
        if now - self.started_at > LONGEST_DELAY_SECONDS:
            self.delay_seconds = FIRST_DELAY_SECONDS
        log.error(
            "child ended", child=self.name, code=code, again_in=self.delay_seconds
        )
        self.process = None
        self.start_at = now + self.delay_seconds
        self.delay_seconds = min(2 * self.delay_seconds, LONGEST_DELAY_SECONDS)

    def start(self) -> None:
        parent = os.getpid()
        self.started_at = time.monotonic()
        self.process = subprocess.Popen(  # noqa: S603 -- our own command lines
            self.command,
            pass_fds=self.inherited,
            preexec_fn=lambda: die_with_parent(parent),  # noqa: PLW1509 -- one thread
        )

    def send(self, number: signal.Signals) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(number)

    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None


@dataclass
class Supervisor:
    """Tends its children until it is told to stop.

    TERM and INT stop, HUP is passed to those in `reloaded`.
    """

    children: list[Child]
    reloaded: Sequence[Child] = ()
    before_stop: Callable[[], None] = lambda: None
    each_turn: Callable[[], None] = lambda: None
    stopping: bool = False
    reload_due: bool = False
    turn_seconds: float = field(default=0.1)

    def run(self) -> None:
        signal.signal(signal.SIGTERM, self.stop_soon)
        signal.signal(signal.SIGINT, self.stop_soon)
        signal.signal(signal.SIGHUP, self.reload_soon)
        while not self.stopping:
            for child in self.children:
                child.tend()
            if self.reload_due:
                self.reload_due = False
                for child in self.reloaded:
                    child.send(signal.SIGHUP)
            self.each_turn()
            time.sleep(self.turn_seconds)
        self.stop()

    def stop_soon(self, _number: int, _frame: object) -> None:
        self.stopping = True

    def reload_soon(self, _number: int, _frame: object) -> None:
        self.reload_due = True

    def stop(self) -> None:
        """Let the children finish what they accepted, `STOP_SECONDS` at most."""
        deadline = time.monotonic() + STOP_SECONDS
        self.before_stop()
        for child in self.children:
            child.send(signal.SIGTERM)
        while time.monotonic() < deadline and self.living():
            time.sleep(0.05)
        for child in self.living():
            log.error("child killed", child=child.name)
            child.send(signal.SIGKILL)

    def living(self) -> list[Child]:
        return [child for child in self.children if child.running()]
