"""Check every invariant of the books: `python manage.py verify_ledger`."""

import argparse
import json
import sys
from typing import Any

from django.core.management import BaseCommand
from django.db import Error

from config import verification

CLEAN, VIOLATED, NOT_RUN = 0, 1, 3


class Command(BaseCommand):
    help = "Exit 0 clean, 1 violated, 3 not run."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true")

    def handle(self, **options: Any) -> None:
        try:
            findings = verification.verify_ledger()
        except Error as failure:
            self.stderr.write(f"not run: {type(failure).__name__}")
            sys.exit(NOT_RUN)
        if options["json"]:
            self.stdout.write(json.dumps([finding.facts for finding in findings]))
        else:
            for finding in findings:
                self.stdout.write(finding.text)
        violated = any(finding.keys for finding in findings)
        sys.exit(VIOLATED if violated else CLEAN)
