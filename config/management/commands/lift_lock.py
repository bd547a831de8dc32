"""Let somebody sign in again: `python manage.py lift_lock EMAIL`."""

import argparse
from typing import Any

from django.core.management import BaseCommand, CommandError

from config.signin import lockout


class Command(BaseCommand):
    help = "Lift the lock that too many wrong passwords put on an account. Audited."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("email")

    def handle(self, **options: Any) -> None:
        if not lockout.lift_lock(options["email"], actor=None):
            raise CommandError("Nobody has this address.")
