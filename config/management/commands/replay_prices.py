"""Recompute every frozen price: `python manage.py replay_prices`."""

import argparse
import sys
from datetime import date
from typing import Any

from django.core.management import BaseCommand

from config import verification

EQUAL, DIFFERENT = 0, 1


class Command(BaseCommand):
    help = "Recompute what was sold from its frozen inputs. Exit 0 equal, 1 different."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "--since", type=date.fromisoformat, help="such as 2026-03-01"
        )

    def handle(self, **options: Any) -> None:
        findings = verification.replay_prices(options["since"])
        for finding in findings:
            self.stdout.write(finding.difference)
        different = any(finding.keys for finding in findings)
        sys.exit(DIFFERENT if different else EQUAL)
