"""Run what the clock owes: `python manage.py run_clock`."""

import argparse
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from resellers import clock, jobs


class Command(BaseCommand):
    help = "Run the clock's due tasks: deadlines, completions, expiries, purges."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "--at",
            type=moment,
            help="as if it were this time, such as 2026-03-02T09:00Z (DEBUG or DEMO)",
        )

    def handle(self, **options: Any) -> None:
        at = options["at"]
        if at is None:
            outcomes = jobs.run_clock()
        elif settings.DEBUG or settings.DEMO:
            with clock.at(at):
                outcomes = jobs.run_clock(at)
        else:
            raise CommandError("--at is for DEBUG and DEMO only")
        for outcome in outcomes:
            self.stdout.write(f"{outcome.key}: {outcome.state} {outcome.note}".rstrip())


def moment(text: str) -> datetime:
    """ISO 8601; without an offset it is UTC."""
    try:
        found = parse_datetime(text)
    except ValueError:
        found = None
    if found is None:
        raise argparse.ArgumentTypeError("a time such as 2026-03-02T09:00Z")
    return found if timezone.is_aware(found) else found.replace(tzinfo=UTC)
