from dataclasses import dataclass
from typing import Self

from django.db import models
from django.db.models import F, Q

from marketplace.models.provider import Provider
from resellers import clock
from resellers.models import checks

COMMISSION_PERCENT_LIMIT = 50


class RelationshipStatus(models.TextChoices):
    ACTIVE = "active"
    SUSPENDED = "suspended"


class SuspendedBy(models.TextChoices):
    RESELLER = "reseller"
    STAFF = "staff"


@dataclass(frozen=True, slots=True)
class Promise:
    """How soon a seller accepts and delivers, in hours from the payment."""

    accept_hours: int
    fulfil_hours: int


class RelationshipQuerySet(models.QuerySet["ResellerRelationship"]):
    def for_provider(self, provider: Provider) -> Self:
        return self.filter(reseller=provider)

    def active(self) -> Self:
        return self.filter(status=RelationshipStatus.ACTIVE)


class ResellerRelationship(models.Model):
    """An onboarded provider's right to resell one external provider, at a mark-up.

    `actions.relationships` writes it; deleting means suspending.
    Source: document 1, table `reseller_relationships`.
    """

    reseller = models.ForeignKey(
        Provider, models.PROTECT, related_name="relationships_as_reseller"
    )
    external_provider = models.ForeignKey(
        Provider, models.PROTECT, related_name="relationships_as_supplier"
    )
    commission_percent = models.IntegerField(default=10)
    status = models.CharField(
        max_length=10, choices=RelationshipStatus, default=RelationshipStatus.ACTIVE
    )
    suspended_by = models.CharField(
        max_length=10, choices=SuspendedBy, blank=True, default=""
    )
    suspended_reason = models.CharField(max_length=500, blank=True, default="")
    accept_within_hours = models.IntegerField(default=12)
    fulfil_within_hours = models.IntegerField(default=48)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    updated_at = models.DateTimeField(null=True, blank=True)

    objects = RelationshipQuerySet.as_manager()

    class Meta:
        db_table = "reseller_relationships"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["reseller", "external_provider"],
                name="relationship_pair_unique",
                violation_error_code="relationship_exists",
            ),
            checks.in_range(
                "relationship_commission_range",
                "commission_percent",
                0,
                COMMISSION_PERCENT_LIMIT,
                code="commission_out_of_range",
            ),
            checks.in_range(
                "relationship_accept_hours",
                "accept_within_hours",
                1,
                72,
                code="hours_out_of_range",
            ),
            checks.in_range(
                "relationship_fulfil_hours",
                "fulfil_within_hours",
                1,
                336,
                code="hours_out_of_range",
            ),
            models.CheckConstraint(
                name="relationship_fulfil_after_accept",
                condition=Q(fulfil_within_hours__gte=F("accept_within_hours")),
                violation_error_code="hours_out_of_range",
                violation_error_message="Fulfilment cannot be due before acceptance.",
            ),
            checks.one_of(
                "relationship_status_known",
                "status",
                RelationshipStatus.values,
                code="invalid_status",
            ),
            models.CheckConstraint(
                name="relationship_suspended_by_someone",
                condition=Q(status=RelationshipStatus.ACTIVE, suspended_by="")
                | Q(
                    status=RelationshipStatus.SUSPENDED,
                    suspended_by__in=SuspendedBy.values,
                ),
                violation_error_code="invalid_status",
            ),
            checks.length("relationship_reason_length", "suspended_reason", 0, 500),
        ]
        indexes = [
            models.Index(fields=["reseller"], name="idx_reseller_relationships_res"),
            models.Index(fields=["status"], name="idx_reseller_relationships_sta"),
            # every offer of an external provider: who resells it now
            models.Index(
                fields=["external_provider", "status"], name="relationship_by_supplier"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reseller} resells {self.external_provider}"

    @property
    def promise(self) -> Promise:
        return Promise(self.accept_within_hours, self.fulfil_within_hours)

    @property
    def audit_ref(self) -> str:
        return str(self.pk)
