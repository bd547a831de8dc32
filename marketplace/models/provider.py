import hashlib
from typing import Self

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

from marketplace.models.fields import hex_key, random_key, web_url_field
from resellers import clock
from resellers.models import Account, User, checks

hostname = RegexValidator(
    r"\A(?=.{1,253}\Z)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}\Z",
    "Use a host name in lower case, such as example.com.",
    "invalid_domain",
)


def external_pubkey(domain: str) -> str:
    """Return the key of an external provider: a hash of its domain, 64 hex characters.

    Source: 4-marketplace, section 1.
    """
    return hashlib.sha256(f"external-provider:{domain}".encode()).hexdigest()


class ProviderKind(models.TextChoices):
    ONBOARDED = "onboarded"
    EXTERNAL = "external"


class DataSource(models.TextChoices):
    SCRAPER = "scraper"
    MANUAL_CURATION = "manual_curation"


class ProviderQuerySet(models.QuerySet["Provider"]):
    def external(self) -> Self:
        return self.filter(kind=ProviderKind.EXTERNAL)

    def onboarded(self) -> Self:
        return self.filter(kind=ProviderKind.ONBOARDED)


class Provider(models.Model):
    """A company on the marketplace; `onboarded` ones have members, `external` ones not.

    Made by `actions.providers`; the kind never changes.
    """

    pubkey = models.CharField(
        max_length=64, unique=True, default=random_key, validators=[hex_key]
    )
    kind = models.CharField(max_length=10, choices=ProviderKind)
    name = models.CharField(max_length=100)
    domain = models.CharField(
        max_length=253, blank=True, default="", validators=[hostname]
    )
    website_url = web_url_field()
    logo_url = web_url_field()
    description = models.TextField(max_length=5000, blank=True, default="")
    support_email = models.EmailField(blank=True, default="")
    support_hours = models.CharField(max_length=200, blank=True, default="")
    support_url = web_url_field()
    refund_policy = models.TextField(max_length=5000, blank=True, default="")
    data_source = models.CharField(
        max_length=15, choices=DataSource, blank=True, default=""
    )
    account = models.OneToOneField(
        Account, models.PROTECT, null=True, blank=True, related_name="provider"
    )
    created_at = models.DateTimeField(default=clock.now, editable=False)

    objects = ProviderQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["domain"],
                condition=~Q(domain=""),
                name="provider_domain_unique",
                violation_error_code="domain_taken",
            ),
            checks.hex_key("provider_pubkey_is_hex", "pubkey"),
            checks.one_of("provider_kind_known", "kind", ProviderKind.values),
            checks.length("provider_name_length", "name", 1, 100),
            checks.length("provider_description_length", "description", 0, 5000),
            checks.one_of(
                "provider_data_source_known", "data_source", ["", *DataSource.values]
            ),
            models.CheckConstraint(
                name="provider_external_has_domain",
                condition=Q(kind=ProviderKind.ONBOARDED) | ~Q(domain=""),
                violation_error_code="domain_required",
            ),
            models.CheckConstraint(
                name="provider_onboarded_has_account",
                condition=Q(kind=ProviderKind.EXTERNAL, account__isnull=True)
                | Q(kind=ProviderKind.ONBOARDED, account__isnull=False),
                violation_error_code="account_required",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def audit_ref(self) -> str:
        return self.pubkey

    @property
    def earning_account(self) -> Account:
        """The account of an onboarded provider, which the database promises."""
        assert self.account is not None, self.pubkey  # noqa: S101 -- narrows a CHECK
        return self.account


class ProviderRole(models.TextChoices):
    OWNER = "owner"
    OPERATOR = "operator"
    VIEWER = "viewer"


class ProviderMember(models.Model):
    """A person who acts for one onboarded provider; one user belongs to one provider."""

    user = models.OneToOneField(User, models.PROTECT, related_name="provider_member")
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="members")
    role = models.CharField(max_length=10, choices=ProviderRole)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering = ["id"]
        constraints = [
            checks.one_of("providermember_role_known", "role", ProviderRole.values),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.provider} ({self.role})"

    def may(self, role: str) -> bool:
        """True when this member's role reaches `role`: owner > operator > viewer."""
        ranks = [ProviderRole.VIEWER, ProviderRole.OPERATOR, ProviderRole.OWNER]
        return ranks.index(ProviderRole(self.role)) >= ranks.index(ProviderRole(role))
