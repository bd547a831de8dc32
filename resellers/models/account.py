"""Who earns: one commission account per provider, reseller profile or OTA reseller."""

import uuid
import zoneinfo
from functools import cache

from django.core.exceptions import ValidationError
from django.db import models

from resellers import clock
from resellers.models.conditions import between, length, one_of


class AccountKind(models.TextChoices):
    PROVIDER = "provider", "provider"
    RESELLER = "reseller", "reseller"
    OTA_RESELLER = "ota_reseller", "OTA reseller"


class AccountState(models.TextChoices):
    OPEN = "open", "open"
    HELD = "held", "held"
    CLOSED = "closed", "closed"


MOVES: dict[AccountState, frozenset[AccountState]] = {
    AccountState.HELD: frozenset({AccountState.OPEN}),
    AccountState.OPEN: frozenset({AccountState.HELD, AccountState.CLOSED}),
    AccountState.CLOSED: frozenset({AccountState.OPEN, AccountState.HELD}),
}
"""Each state and those it may be reached from."""


class PayoutMethod(models.TextChoices):
    MANUAL = "manual", "bank transfer by hand"
    STRIPE = "stripe", "Stripe"
    NETTING = "netting", "netted on the statement"


class SettlementCycle(models.TextChoices):
    WEEKLY = "weekly", "weekly"
    MONTHLY = "monthly", "monthly"
    QUARTERLY = "quarterly", "quarterly"


@cache
def zones() -> frozenset[str]:
    """Names of all time zones; finding them walks the file system."""
    return frozenset(zoneinfo.available_timezones())


def validate_zone(name: str) -> None:
    if name not in zones():
        raise ValidationError("Give an IANA time zone.", code="unknown_zone")


class Account(models.Model):
    """Moves by `actions.accounts`: open, hold, release, close.

    The balance is no column: it is the sum of the account's entries.
    Source: 6-ledger, section 2.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.CharField(max_length=120)
    kind = models.CharField(max_length=20, choices=AccountKind)
    owner_ref = models.CharField(max_length=120)
    name = models.CharField(max_length=200)
    state = models.CharField(
        max_length=10, choices=AccountState, default=AccountState.OPEN
    )
    state_reason = models.CharField(max_length=200, blank=True, default="")
    method = models.CharField(
        max_length=10, choices=PayoutMethod, default=PayoutMethod.MANUAL
    )
    hold_days = models.PositiveSmallIntegerField(
        help_text="Days from a fact until it may be paid"
    )
    settlement_cycle = models.CharField(
        max_length=10, choices=SettlementCycle, default=SettlementCycle.MONTHLY
    )
    zone = models.CharField(max_length=64, default="UTC", validators=[validate_zone])
    stripe_account_id = models.CharField(max_length=64, blank=True, default="")
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering = ["code", "id"]
        constraints = [
            models.UniqueConstraint(fields=["code"], name="account_code"),
            models.UniqueConstraint(fields=["kind", "owner_ref"], name="account_owner"),
            models.UniqueConstraint(
                fields=["stripe_account_id"],
                name="account_stripe",
                condition=~models.Q(stripe_account_id=""),
            ),
            models.CheckConstraint(
                condition=one_of("kind", AccountKind), name="account_kind_known"
            ),
            models.CheckConstraint(
                condition=one_of("state", AccountState), name="account_state_known"
            ),
            models.CheckConstraint(
                condition=one_of("settlement_cycle", SettlementCycle),
                name="account_cycle_known",
            ),
            models.CheckConstraint(
                condition=models.Q(method__in=["manual", "stripe"])
                | models.Q(method="netting", kind="ota_reseller"),
                name="account_method_fits_kind",
            ),
            models.CheckConstraint(
                condition=between("hold_days", 0, 365),
                name="account_hold_days_range",
                violation_error_code="hold_days_out_of_range",
            ),
            models.CheckConstraint(
                condition=length("code", 4, 120)
                & length("owner_ref", 1, 120)
                & length("name", 1, 200)
                & length("state_reason", 0, 200)
                & length("stripe_account_id", 0, 64),
                name="account_lengths",
            ),
            models.CheckConstraint(
                condition=models.Q(state="open") | ~models.Q(state_reason=""),
                name="account_stopped_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.code
