"""Make the first person of the staff: `python manage.py create_superuser EMAIL`."""

import argparse
import getpass
import sys
from typing import Any

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.core.management import BaseCommand, CommandError
from django.db import transaction

from resellers.actions import users
from resellers.errors import DomainError
from resellers.models import User


class Command(BaseCommand):
    help = (
        "Make a superuser through the actions: a strong password (asked for, or the"
        " first line of standard input), a confirmed address, entries in the trail."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", default="")

    def handle(self, **options: Any) -> None:
        password = asked() if sys.stdin.isatty() else sys.stdin.readline().strip()
        try:
            make(options["email"].strip().lower(), options["name"], password)
        except DomainError as refused:
            raise CommandError(refused.detail) from refused
        except ValidationError as refused:
            raise CommandError(" ".join(refused.messages)) from refused


def asked() -> str:
    """The password, typed twice alike."""
    first, again = getpass.getpass("Password: "), getpass.getpass("Again: ")
    if first != again:
        raise CommandError("The two passwords differ.")
    return first


@transaction.atomic
def make(email: str, name: str, password: str) -> User:
    """The person, able to sign in and to set up two-factor; or nothing."""
    user = users.create_user(email=email, name=name, actor=None)
    users.change_password(user, password=password, actor=None)
    users.change_rights(
        user,
        is_active=True,
        is_staff=True,
        is_superuser=True,
        groups=[],
        reason="create_superuser",
        actor=None,
    )
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user
