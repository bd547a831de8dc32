"""A person or company that refers customers and earns a share of what they pay."""

import uuid
from collections.abc import Iterable, Mapping
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Left
from django.db.models.lookups import Exact

from resellers import clock
from resellers.folding import digits, fold
from resellers.models import checks, conditions
from resellers.models.account import Account
from resellers.models.contact_group import ContactGroup
from resellers.models.user import User

CODE_PREFIX, CODE_SIGNS = "RS-", 6
CODE_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no letter that is taken for a digit."""


class ResellerStatus(models.TextChoices):
    APPLICANT = "applicant", "applicant"
    ACTIVE = "active", "active"
    INACTIVE = "inactive", "inactive"
    SUSPENDED = "suspended", "suspended"


MOVES: dict[ResellerStatus, frozenset[ResellerStatus]] = {
    ResellerStatus.APPLICANT: frozenset(),
    ResellerStatus.ACTIVE: frozenset(
        {
            ResellerStatus.APPLICANT,
            ResellerStatus.INACTIVE,
            ResellerStatus.SUSPENDED,
        }
    ),
    ResellerStatus.INACTIVE: frozenset(
        {
            ResellerStatus.APPLICANT,
            ResellerStatus.ACTIVE,
            ResellerStatus.SUSPENDED,
        }
    ),
    ResellerStatus.SUSPENDED: frozenset(
        {ResellerStatus.ACTIVE, ResellerStatus.INACTIVE}
    ),
}
"""Each status and those it may be reached from. "Reactivated" is a move, no status."""

EARNING_STATUSES = [ResellerStatus.ACTIVE, ResellerStatus.INACTIVE]
STARTING_STATUSES = [ResellerStatus.ACTIVE, ResellerStatus.APPLICANT]


def moves_from(status: str) -> list[ResellerStatus]:
    """The statuses this one may be moved to, in the order of their list."""
    return [to for to in ResellerStatus if status in MOVES[to]]


class PartnerTier(models.TextChoices):
    STANDARD = "standard", "standard"
    PREMIUM = "premium", "premium"
    ENTERPRISE = "enterprise", "enterprise"


class PaymentTerms(models.TextChoices):
    IMMEDIATE = "immediate", "immediate"
    NET15 = "net15", "net 15 days"
    NET30 = "net30", "net 30 days"
    NET45 = "net45", "net 45 days"
    NET60 = "net60", "net 60 days"
    NET90 = "net90", "net 90 days"


HOLD_DAYS: dict[str, int] = {
    PaymentTerms.IMMEDIATE: 0,
    PaymentTerms.NET15: 15,
    PaymentTerms.NET30: 30,
    PaymentTerms.NET45: 45,
    PaymentTerms.NET60: 60,
    PaymentTerms.NET90: 90,
}
"""Payment terms as days from the sale until the commission may be paid."""

LENGTHS: Mapping[str, int] = {
    "first_name": 100,
    "last_name": 100,
    "title": 50,
    "organization": 200,
    "industry": 100,
    "web_site_url": 500,
    "address_1": 255,
    "address_2": 255,
    "city": 100,
    "state_name": 100,
    "company_name": 200,
    "company_phone": 40,
    "company_address": 1000,
    "tax_id": 32,
    "notes": 10_000,
}
"""The longest text of each free column; lengths with a floor have their own CHECK."""


def _bounded(field: str, low: int, high: int, code: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        name=f"reseller_{field}_length",
        condition=Q(**{field: ""}) | conditions.length(field, low, high),
        violation_error_code=code,
    )


class ResellerQuerySet(models.QuerySet["Reseller"]):
    def for_user(self, user: User) -> Self:
        """The portal's tenancy: one's own profile and nobody else's."""
        return self.filter(user=user)

    def with_status(self, *statuses: str) -> Self:
        return self.filter(status__in=statuses)

    def holding(self, key: str, value: str | None = None) -> Self:
        """Those with this extended value; without a value those with the key."""
        return self.filter(extended_values__holds=(key.lower(), value))

    def found_by(self, words: Iterable[str], digits: str = "") -> Self:
        """Every folded word occurs in the search text, or the digits in a number.

        The caller folds (`resellers.folding`); `% _ \\` are literal.
        """
        every = Q()
        for word in words:
            every &= Q(search_text__contains=word)
        return self.filter(
            every | Q(search_digits__contains=digits) if digits else every
        )


class Reseller(models.Model):
    """The profile, and the right to earn; `actions.profiles` and `.statuses` write it.

    No rate and no total stands here: a percent is a `Rate`, a total is a query.
    Texts are never NULL: "" here is null in JSON. Source: document 2; 5-resellers,
    section 1.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.CharField(max_length=9, editable=False)
    user = models.OneToOneField(User, models.PROTECT, related_name="reseller")
    account = models.OneToOneField(Account, models.PROTECT, related_name="reseller")
    status = models.CharField(
        max_length=10, choices=ResellerStatus, default=ResellerStatus.ACTIVE
    )
    status_changed_at = models.DateTimeField(default=clock.now)
    contact_group = models.ForeignKey(
        ContactGroup,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="resellers",
        db_index=False,
    )
    first_name = models.CharField(max_length=100, blank=True, default="")
    last_name = models.CharField(max_length=100, blank=True, default="")
    title = models.CharField(max_length=50, blank=True, default="")
    organization = models.CharField(max_length=200, blank=True, default="")
    industry = models.CharField(max_length=100, blank=True, default="")
    web_site_url = models.CharField(max_length=500, blank=True, default="")
    address_1 = models.CharField("address 1", max_length=255, blank=True, default="")
    address_2 = models.CharField("address 2", max_length=255, blank=True, default="")
    city = models.CharField(max_length=100, blank=True, default="")
    state = models.CharField(max_length=2, blank=True, default="")
    state_name = models.CharField(max_length=100, blank=True, default="")
    zip_code = models.CharField(max_length=10, blank=True, default="")
    country = models.CharField(max_length=2, blank=True, default="")
    phone = models.CharField(max_length=20, blank=True, default="")
    mobile_phone = models.CharField(max_length=20, blank=True, default="")
    fax = models.CharField(max_length=20, blank=True, default="")
    extended_values = models.JSONField(default=list, blank=True)
    company_name = models.CharField(max_length=200, blank=True, default="")
    company_phone = models.CharField(max_length=40, blank=True, default="")
    company_address = models.TextField(max_length=1000, blank=True, default="")
    tax_id = models.CharField(max_length=32, blank=True, default="")
    partner_tier = models.CharField(
        max_length=10, choices=PartnerTier, default=PartnerTier.STANDARD
    )
    payment_terms = models.CharField(
        max_length=10, choices=PaymentTerms, default=PaymentTerms.NET30
    )
    notes = models.TextField(max_length=10_000, blank=True, default="")
    search_text = models.TextField(blank=True, default="", editable=False)
    search_digits = models.TextField(blank=True, default="", editable=False)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    updated_at = models.DateTimeField(default=clock.now, editable=False)

    objects = ResellerQuerySet.as_manager()

    class Meta:
        db_table = "resellers"
        ordering = ["-created_at", "-id"]
        permissions = [
            ("import_reseller", "Can import resellers, referrals and sales"),
            ("export_reseller", "Can export resellers"),
            (
                "finance_reseller",
                "Can set rates, terms and tax ids and end a suspension",
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["code"], name="reseller_code"),
            checks.one_of(
                "reseller_status_known",
                "status",
                ResellerStatus.values,
                code="invalid_status",
            ),
            checks.one_of(
                "reseller_tier_known",
                "partner_tier",
                PartnerTier.values,
                code="invalid_partner_tier",
            ),
            checks.one_of(
                "reseller_terms_known",
                "payment_terms",
                PaymentTerms.values,
                code="invalid_payment_terms",
            ),
            checks.length("reseller_code_length", "code", 9, 9),
            _bounded("state", 2, 2, "invalid_state"),
            _bounded("country", 2, 2, "unknown_country"),
            _bounded("zip_code", 3, 10, "invalid_zip"),
            _bounded("phone", 10, 20, "invalid_phone"),
            _bounded("mobile_phone", 10, 20, "invalid_phone"),
            _bounded("fax", 10, 20, "invalid_phone"),
            *(
                checks.length(f"reseller_{field}_length", field, 0, longest)
                for field, longest in LENGTHS.items()
            ),
            models.CheckConstraint(
                name="reseller_url_scheme",
                condition=Q(web_site_url="")
                | Q(Exact(Left("web_site_url", 7), "http://"))
                | Q(Exact(Left("web_site_url", 8), "https://")),
                violation_error_code="invalid_url",
            ),
        ]
        indexes = [
            models.Index(fields=["status"], name="idx_reseller_status"),
            models.Index(fields=["contact_group"], name="idx_reseller_contact_group"),
            models.Index(fields=["organization"], name="idx_reseller_organization"),
            models.Index(fields=["city", "state"], name="idx_reseller_city_state"),
            # the list, newest first, in pages and API
            models.Index(
                F("created_at").desc(), F("id").desc(), name="idx_reseller_created"
            ),
            # the same list by name
            models.Index(
                fields=["last_name", "first_name", "id"], name="idx_reseller_name"
            ),
        ]

    def __str__(self) -> str:
        return self.full_name or self.organization or self.code

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def email(self) -> str:
        return self.user.email

    @property
    def audit_ref(self) -> str:
        return str(self.pk)

    @property
    def search_columns(self) -> dict[str, str]:
        """What the search columns hold of the profile as it stands, e-mail included."""
        names = (
            self.first_name,
            self.last_name,
            self.organization,
            self.company_name,
            self.email,
            self.code,
        )
        return {
            "search_text": fold(" ".join(names)),
            "search_digits": digits(self.phone, self.mobile_phone, self.fax),
        }

    @property
    def hold_days(self) -> int:
        return HOLD_DAYS[self.payment_terms]

    @property
    def may_receive_referrals(self) -> bool:
        return self.status == ResellerStatus.ACTIVE
