"""Refuse a key from now on: `python manage.py revoke_access_key PREFIX`."""

import argparse
from typing import Any

from django.core.management import BaseCommand, CommandError

from resellers.actions.keys import revoke_key
from resellers.models import AccessKey


class Command(BaseCommand):
    help = "Revoke the access key with this public prefix, at once."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("prefix", help="the 8 characters after cs_<environment>_")

    def handle(self, **options: Any) -> None:
        key = AccessKey.objects.filter(prefix=options["prefix"]).first()
        if key is None:
            raise CommandError("No key has this prefix.")
        revoke_key(key, actor=None, reason="revoke_access_key")
