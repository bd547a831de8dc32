"""One of everything staff act on, each in a state in which something can be done."""

from dataclasses import dataclass
from typing import Any

from resellers.actions.statuses import change_status
from resellers.models import ContactGroup, Referral, Reseller, Sale
from tests.factories.profiles import (
    ContactGroupFactory,
    RateFactory,
    ReferralFactory,
    ResellerFactory,
)
from tests.factories.resellers import AT
from tests.resellers.earning import record

OLD_KEY = [{"key": "old_key", "value": "yes"}]


@dataclass
class Stage:
    active: Reseller
    applicant: Reseller
    inactive: Reseller
    suspended: Reseller
    referral: Referral
    nobodys: Sale
    unposted: Sale
    group: ContactGroup

    def row(self, word: str) -> Any:
        return getattr(self, word)


def set_stage() -> Stage:
    """A customer's sales met no rate; by now the programme has one."""
    active = ResellerFactory.create(
        code="RS-0000AA",
        tax_id="12-3456789",
        extended_values=OLD_KEY,
        user__email="active@example.com",
        user__password=None,
    )
    suspended = ResellerFactory.create(code="RS-0000SS")
    change_status(suspended, status="suspended", reason="On review", actor=None)
    referral = ReferralFactory.create(reseller=active, customer_ref="C-1")
    sales = [record(f"inv-{n}", customer_ref="C-1") for n in (1, 2)]
    RateFactory.create(valid_from=AT, created_at=AT)
    return Stage(
        active=active,
        applicant=ResellerFactory.create(code="RS-0000PP", status="applicant"),
        inactive=ResellerFactory.create(code="RS-0000XX", status="inactive"),
        suspended=Reseller.objects.get(pk=suspended.pk),
        referral=referral,
        nobodys=record("inv-3", customer_ref="C-2"),
        unposted=sales[0],
        group=ContactGroupFactory.create(slug="group", name="Group"),
    )
