"""A customer attributed to a reseller, for a time."""

import uuid
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q

from resellers import clock
from resellers.models import checks
from resellers.models.reseller import Reseller
from resellers.models.user import User


class EndReason(models.TextChoices):
    MOVED = "moved", "moved to another reseller"
    CUSTOMER_LEFT = "customer_left", "customer left"
    MISTAKE = "mistake", "mistake"
    OTHER = "other", "other"


class Origin(models.TextChoices):
    STAFF = "staff", "staff"
    API = "api", "API"
    IMPORT = "import", "import"
    CODE = "code", "reseller's code"


class ReferralQuerySet(models.QuerySet["Referral"]):
    def for_reseller(self, reseller: Reseller) -> Self:
        return self.filter(reseller=reseller)

    def open(self) -> Self:
        return self.filter(ended_at=None)

    def of_customer(self, customer_ref: str) -> Self:
        return self.filter(customer_ref=customer_ref)

    def in_effect(self, at: datetime) -> Self:
        """Those whose half-open period holds this moment."""
        return self.filter(Q(ended_at=None) | Q(ended_at__gt=at), referred_at__lte=at)

    def overlapping(self, start: datetime, end: datetime | None = None) -> Self:
        """Those whose period shares a moment with `[start, end)`."""
        sooner = Q() if end is None else Q(referred_at__lt=end)
        return self.filter(Q(ended_at=None) | Q(ended_at__gt=start), sooner)


class Referral(models.Model):
    """Written by `actions.referrals`; the reseller never changes: a move ends the row
    and opens another at the same instant. Periods are half-open, and those of one
    customer never overlap (an exclusion constraint on PostgreSQL, the action on both).
    Source: 5-resellers, sections 1 and 6.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reseller = models.ForeignKey(Reseller, models.PROTECT, related_name="referrals")
    customer_ref = models.CharField(
        "customer reference",
        max_length=255,
        help_text="The customer's id in the shop; capitals count",
    )
    customer_email = models.CharField(max_length=255, blank=True, default="")
    referred_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.CharField(
        max_length=20, choices=EndReason, blank=True, default=""
    )
    origin = models.CharField(max_length=10, choices=Origin)
    notes = models.TextField(max_length=2000, blank=True, default="")
    created_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    created_at = models.DateTimeField(default=clock.now, editable=False)

    objects = ReferralQuerySet.as_manager()

    class Meta:
        ordering = ["-referred_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["customer_ref"],
                name="referral_customer_open",
                condition=Q(ended_at=None),
                violation_error_code="customer_already_referred",
            ),
            models.CheckConstraint(
                name="referral_ends_later",
                condition=Q(ended_at=None) | Q(ended_at__gt=F("referred_at")),
                violation_error_code="out_of_range",
            ),
            models.CheckConstraint(
                name="referral_end_has_reason",
                condition=Q(ended_at__isnull=True, end_reason="")
                | Q(ended_at__isnull=False, end_reason__in=EndReason.values),
                violation_error_code="reason_required",
            ),
            checks.one_of("referral_origin_known", "origin", Origin.values),
            checks.length("referral_customer_ref_length", "customer_ref", 1, 255),
            checks.length("referral_email_length", "customer_email", 0, 255),
            checks.length("referral_notes_length", "notes", 0, 2000),
        ]
        indexes = [
            # whose customer was it at that time: every sale asks
            models.Index(
                fields=["customer_ref", "referred_at"], name="referral_customer"
            ),
            # a reseller's customers, newest first
            models.Index(
                fields=["reseller", "-referred_at", "-id"], name="referral_newest"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer_ref} of {self.reseller.code}"

    @property
    def audit_ref(self) -> str:
        return str(self.pk)
