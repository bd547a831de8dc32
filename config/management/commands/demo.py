"""Load the demo: `python manage.py demo`."""

import argparse
import json
import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError
from django.utils import timezone

from config import demo
from config.management.commands.run_clock import moment


class Command(BaseCommand):
    help = "Load the demo's synthetic data through the actions; twice is once."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "--json",
            metavar="PATH",
            help="write accounts, keys and ids there, mode 0600; - is stdout",
        )
        parser.add_argument("--now", type=moment, help="the demo's present")

    def handle(self, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("The demo needs DEMO=1.", returncode=2)
        try:
            told = demo.load(options["now"] or timezone.now())
        except demo.ForeignDatabase as foreign:
            raise CommandError(
                f"The database holds {foreign} that the demo did not make.",
                returncode=2,
            ) from foreign
        if options["json"]:
            self.tell(json.dumps(told, indent=1), options["json"])

    def tell(self, text: str, path: str) -> None:
        if path == "-":
            self.stdout.write(text)
            return
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
        with os.fdopen(os.open(path, flags, 0o600), "w") as file:
            Path(path).chmod(0o600)
            file.write(f"{text}\n")
