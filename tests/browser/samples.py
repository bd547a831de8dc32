"""One object of every kind and state in the demo, for the pages that show one."""

import json
from typing import Any

from tests.servers import Server

ASKED = """
import json
from django.apps import apps
from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.account.utils import user_pk_to_url_str
from marketplace.models import Offering, Provider, ResellerOrder
from resellers import clock, links, statements
from resellers.models import Account, LedgerEntry, Reseller, User

def orders(**narrowed):
    rows = ResellerOrder.objects.filter(**narrowed).order_by("pk")
    found = {}
    for row in rows.select_related("contract__payment"):
        state = row.state
        if row.contract.problem_open:
            state += "-problem"
        if row.contract.payment.state in {"awaiting", "refund_due"}:
            state += "-" + row.contract.payment.state.replace("_", "-")
        found.setdefault(state, row.contract_id)
    return found

def first(model):
    row = model._meta.default_manager.order_by("pk").first()
    return str(row.pk) if row else ""

earning = Account.objects.get(reseller__user__email="reseller@demo.example.com")
entries = LedgerEntry.objects.for_account(earning).order_by("pk")
months = statements.statements(earning, clock.now())
offerings = Offering.objects.order_by("pk")
reader = User.objects.get(email="harbour-owner@demo.example.com")
invited, moving = Reseller.objects.filter(user__is_active=False).order_by("code")[:2]
User.objects.filter(pk=moving.user_id).update(pending_email="moving@example.com")
moving.user.refresh_from_db()
address, _ = EmailAddress.objects.get_or_create(user=reader, email=reader.email)
told = {
    "bought": orders(contract__buyer__email="buyer@demo.example.com"),
    "bought_other": orders(contract__buyer__email="buyer-other@demo.example.com"),
    "sold": orders(reseller__name="Nimbus Resale"),
    "offerings": {
        "sold": offerings.get(code="hetzner-cax11-fsn1").pk,
        "retired": offerings.get(code="hetzner-cx22-fsn1").pk,
        "native": offerings.get(code="harbour-m1").pk,
        "dedicated": offerings.get(code="ovh-rise-1-gra").pk,
    },
    "seller": Provider.objects.get(name="Nimbus Resale").pubkey,
    "pubkey": Provider.objects.get(domain="hetzner.com").pubkey,
    "entries": {word: e.pk for e in entries for word in (e.kind, e.status)},
    "months": {"closed" if not s.is_open else "open": s.month for s in months},
    "rows": {m._meta.label_lower: first(m) for m in apps.get_models()},
    "confirm_key": EmailConfirmationHMAC(address).key,
    "invitation": links.invitation_token(invited.user),
    "new_address": links.address_token(moving.user),
    "uidb36": user_pk_to_url_str(reader),
    "reset_key": default_token_generator.make_token(reader),
}
print(json.dumps(told))
"""


def samples(server: Server) -> dict[str, Any]:
    told = server.manage("shell", "-v0", "-c", ASKED)
    assert told.returncode == 0, told.stderr
    found: dict[str, Any] = json.loads(told.stdout)
    return found
