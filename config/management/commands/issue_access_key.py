"""Issue a key: `python manage.py issue_access_key provider:<public key>`."""

import argparse
from typing import Any

from django.core.management import BaseCommand, CommandError

from marketplace.models import Provider
from resellers import keys
from resellers.actions.keys import issue_key
from resellers.errors import DomainError
from resellers.models import User


class Command(BaseCommand):
    help = "Issue an access key and print it: once, and nothing else."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "principal", help="user:<email> of staff, or provider:<64 hex characters>"
        )
        parser.add_argument("--scopes", help="comma list; by default all of its kind")
        parser.add_argument("--days", type=int, default=90)

    def handle(self, **options: Any) -> None:
        kind, _, ref = options["principal"].partition(":")
        principal = find_principal(kind, ref)
        scopes = options["scopes"].split(",") if options["scopes"] else None
        try:
            _, text = issue_key(
                **principal,
                scopes=keys.known_scopes().get(kind, []) if scopes is None else scopes,
                days=options["days"],
                actor=None,
            )
        except DomainError as refusal:
            raise CommandError(refusal.detail) from refusal
        self.stdout.write(text)


def find_principal(kind: str, ref: str) -> dict[str, Any]:
    """Whom the key stands for; CommandError (exit 1) when there is nobody."""
    if kind == "user":
        user = User.objects.filter(email=ref.lower(), is_active=True).first()
        if user is not None and user.is_staff:
            return {"principal_kind": kind, "user": user}
    elif kind == "provider":
        provider = Provider.objects.filter(pubkey=ref.lower()).first()
        if provider is not None:
            return {"principal_kind": kind, "principal_ref": provider.pubkey}
    raise CommandError("No such principal: user:<email of staff> or provider:<hex>.")
