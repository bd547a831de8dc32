"""Run jobs and the clock: `python manage.py worker`."""

import argparse
import os
import signal
import socket
import threading
import time
from typing import Any

import structlog
from django.core.management import BaseCommand
from django.db import Error, close_old_connections

from resellers import jobs

log = structlog.get_logger("consign.worker")

PAUSE_SECONDS = 1.0
CLOCK_SECONDS = 60.0
AWAY_SECONDS = 5.0


class Command(BaseCommand):
    help = "Run due jobs until TERM, and once a minute what the clock owes."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "--once", action="store_true", help="run what is due now, then end"
        )

    def handle(self, **options: Any) -> None:
        self.worker_id = f"{socket.gethostname()}:{os.getpid()}"[:100]
        self.stopping = threading.Event()
        self.clock_due = 0.0
        if options["once"]:
            self.turn()
            while jobs.work_once(worker_id=self.worker_id):
                pass
            return
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self.stopping.set())
        while not self.stopping.is_set():
            self.stopping.wait(self.pause())

    def pause(self) -> float:
        """One turn; seconds until the next. A database that is away is waited for."""
        try:
            return 0.0 if self.turn() else PAUSE_SECONDS
        except Error as failure:
            log.warning("database away", error=type(failure).__name__)
            return AWAY_SECONDS
        finally:
            close_old_connections()

    def turn(self) -> bool:
        """Insert the clock's jobs once a minute, then run one due job, if any.

        One at a time, so that TERM waits for one job only.
        """
        if time.monotonic() >= self.clock_due:
            jobs.insert_slots()
            self.clock_due = time.monotonic() + CLOCK_SECONDS
        outcomes = jobs.work_once(limit=1, worker_id=self.worker_id)
        for outcome in outcomes:
            log.info("job", key=outcome.key, state=outcome.state, note=outcome.note)
        return bool(outcomes)
