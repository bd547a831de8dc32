"""The only place where a percent of the programme, a reseller or a referral lives."""

from datetime import UTC, datetime
from typing import Any, NoReturn, Self

from django.db import models
from django.db.models import F, Q

from resellers import clock
from resellers.commission import BasisPoints
from resellers.models import checks
from resellers.models.referral import Referral
from resellers.models.reseller import Reseller
from resellers.models.user import User
from resellers.pg import AppendOnly

BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)
"""From when the first programme rate holds, and a rate given with its owner."""


class RateScope(models.TextChoices):
    PROGRAMME = "programme", "programme"
    RESELLER = "reseller", "reseller"
    REFERRAL = "referral", "referral"


class RateQuerySet(models.QuerySet["Rate"]):
    def programme(self) -> Self:
        return self.filter(scope=RateScope.PROGRAMME)

    def of_reseller(self, reseller: Reseller) -> Self:
        return self.filter(scope=RateScope.RESELLER, reseller=reseller)

    def of_referral(self, referral: Referral) -> Self:
        return self.filter(scope=RateScope.REFERRAL, referral=referral)

    def newest_first(self) -> Self:
        """In the order in which they count."""
        return self.order_by("-valid_from", "-created_at", "-id")

    def planned(self, now: datetime) -> Self:
        return self.filter(valid_from__gt=now)


class Rate(models.Model):
    """One row of a history that only grows, written by `actions.rates.set_rate`.

    In each scope the row with the newest `valid_from` counts, then the newest
    `created_at`; `rate_bp` NULL says "no rate of its own from here on". A share of
    what was paid. Source: 5-resellers, sections 1 and 5.
    """

    append_only = AppendOnly()

    id = models.BigAutoField(primary_key=True)
    scope = models.CharField(max_length=10, choices=RateScope)
    reseller = models.ForeignKey(
        Reseller,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="rates",
        db_index=False,
    )
    referral = models.ForeignKey(
        Referral,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="rates",
        db_index=False,
    )
    rate_bp = models.IntegerField(null=True, blank=True)
    valid_from = models.DateTimeField()
    reason = models.CharField(max_length=500)
    created_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    created_at = models.DateTimeField(default=clock.now)

    objects = RateQuerySet.as_manager()

    class Meta:
        ordering = ["-valid_from", "-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="rate_scope_has_owner",
                condition=Q(scope="programme", reseller=None, referral=None)
                | Q(scope="reseller", reseller__isnull=False, referral=None)
                | Q(scope="referral", reseller=None, referral__isnull=False),
            ),
            checks.in_range(
                "rate_range", "rate_bp", 0, 10_000, code="rate_out_of_range"
            ),
            models.CheckConstraint(
                name="rate_never_backdated",
                condition=Q(valid_from=BEGINNING) | Q(valid_from__gte=F("created_at")),
                violation_error_code="rate_backdated",
            ),
            checks.length("rate_reason_length", "reason", 1, 500),
        ]
        indexes = [
            # the rate of a sale, and the history of an owner
            models.Index(
                fields=["scope", "reseller", "-valid_from"], name="rate_of_reseller"
            ),
            models.Index(
                fields=["scope", "referral", "-valid_from"], name="rate_of_referral"
            ),
        ]

    def __str__(self) -> str:
        rate = "none of its own" if self.rate is None else str(self.rate)
        return f"{self.scope} {rate}"

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("rates are never deleted; set another one")

    @property
    def rate(self) -> BasisPoints | None:
        return None if self.rate_bp is None else BasisPoints(self.rate_bp)

    @property
    def audit_ref(self) -> str:
        return str(self.pk)
