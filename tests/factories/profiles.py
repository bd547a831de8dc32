"""The plainest valid rows of resellers, referrals, rates and sales."""

import datetime
import hashlib
from typing import Any

import factory
from factory.django import DjangoModelFactory

from resellers.models import (
    BEGINNING,
    ContactGroup,
    Rate,
    Referral,
    Reseller,
    Sale,
    User,
)
from resellers.models.reseller import HOLD_DAYS
from tests.factories.resellers import AT, AccountFactory, UserFactory

LONG_AGO = datetime.datetime(2025, 1, 1, tzinfo=datetime.UTC)
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def code_of(number: int) -> str:
    """RS- and six Crockford digits."""
    signs = ""
    for _ in range(6):
        number, rest = divmod(number, len(ALPHABET))
        signs = ALPHABET[rest] + signs
    return f"RS-{signs}"


class ContactGroupFactory(DjangoModelFactory[ContactGroup]):
    class Meta:
        model = ContactGroup

    slug = factory.Sequence(lambda n: f"group_{n}")
    name = factory.Sequence(lambda n: f"Group {n}")


class ResellerFactory(DjangoModelFactory[Reseller]):
    """An active profile with its user and account, as the create action leaves it."""

    class Meta:
        model = Reseller

    user: Any = factory.SubFactory(UserFactory)
    code = factory.Sequence(code_of)
    first_name = "Avery"
    last_name = factory.Sequence(lambda n: f"Quill {n}")
    created_at = LONG_AGO
    updated_at = LONG_AGO
    status_changed_at = LONG_AGO

    @factory.lazy_attribute
    def account(self) -> Any:
        return AccountFactory.create(
            kind="reseller",
            owner_ref=str(self.id),
            code=self.code,
            name=f"{self.first_name} {self.last_name}",
            hold_days=HOLD_DAYS[getattr(self, "payment_terms", "net30")],
        )

    @factory.lazy_attribute
    def id(self) -> Any:
        return Reseller._meta.get_field("id").get_default()

    @factory.lazy_attribute
    def search_text(self) -> str:
        user: User = self.user
        names = f"{self.first_name} {self.last_name}"
        return f"{names} {user.email} {self.code}".casefold()


class ReferralFactory(DjangoModelFactory[Referral]):
    class Meta:
        model = Referral

    reseller: Any = factory.SubFactory(ResellerFactory)
    customer_ref = factory.Sequence(lambda n: f"C-{n}")
    referred_at = LONG_AGO
    created_at = LONG_AGO
    origin = "staff"


class RateFactory(DjangoModelFactory[Rate]):
    """The programme's 10 %; `scope="reseller", reseller=…` for another."""

    class Meta:
        model = Rate

    scope = "programme"
    rate_bp = 1_000
    valid_from = BEGINNING
    reason = "agreed"
    created_at = LONG_AGO


class SaleFactory(DjangoModelFactory[Sale]):
    """65.00 USD that nobody's customer paid; what earning does is in the action."""

    class Meta:
        model = Sale

    kind = "paid"
    source = "api"
    event_key = factory.Sequence(lambda n: f"inv-{n}:1")
    fingerprint = factory.LazyAttribute(
        lambda row: hashlib.sha256(row.event_key.encode()).hexdigest()
    )
    customer_ref = factory.Sequence(lambda n: f"stranger-{n}")
    currency = "USD"
    amount_minor = 6_500
    occurred_at = AT
    received_at = AT
    outcome = "not_attributed"
