from datetime import datetime, timedelta
from typing import Any, Self

from django.db import models

from marketplace.models.fields import (
    SIGNED_64_LIMIT,
    hex_key,
    random_key,
)
from marketplace.models.offering import Offering
from marketplace.models.provider import Provider
from resellers import clock
from resellers.models import User, checks

COVERED = timedelta(hours=720)


class ContractStatus(models.TextChoices):
    AWAITING_PAYMENT = "awaiting_payment"
    IN_PROGRESS = "in_progress"
    DELIVERED = "delivered"
    ENDED = "ended"
    CANCELLED = "cancelled"
    REFUND_DUE = "refund_due"
    REFUNDED = "refunded"


class ContractQuerySet(models.QuerySet["Contract"]):
    def for_buyer(self, user: User) -> Self:
        return self.filter(buyer=user)


class Contract(models.Model):
    """What a customer bought; identified by 32 bytes in hex.

    Born with its payment and reseller order in `actions.orders.place_order`. What was
    sold is frozen in `offering_snapshot`; `status` is read off the payment and order.
    """

    contract_id = models.CharField(
        primary_key=True, max_length=64, default=random_key, validators=[hex_key]
    )
    buyer = models.ForeignKey(User, models.PROTECT, related_name="contracts")
    offering = models.ForeignKey(Offering, models.PROTECT, related_name="contracts")
    seller = models.ForeignKey(Provider, models.PROTECT, related_name="contracts_sold")
    currency = models.CharField(max_length=3)
    total_e9s = models.BigIntegerField()
    offering_snapshot = models.JSONField()
    operating_system = models.CharField(max_length=100, blank=True, default="")
    ssh_public_key = models.CharField(max_length=2000, blank=True, default="")
    note = models.TextField(max_length=4000, blank=True, default="")
    quote_id = models.CharField(max_length=64)
    problem_text = models.TextField(max_length=2000, blank=True, default="")
    problem_at = models.DateTimeField(null=True, blank=True)
    problem_resolved_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=clock.now)

    objects = ContractQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-contract_id"]
        constraints = [
            models.UniqueConstraint(
                fields=["buyer", "quote_id"],
                name="contract_quote_once",
                violation_error_code="quote_used",
            ),
            checks.hex_key("contract_id_is_hex", "contract_id"),
            checks.in_range("contract_total", "total_e9s", 1, SIGNED_64_LIMIT),
            checks.length("contract_currency_length", "currency", 3, 3),
            checks.length("contract_ssh_key_length", "ssh_public_key", 0, 2000),
            checks.length("contract_note_length", "note", 0, 4000),
            checks.length("contract_problem_length", "problem_text", 0, 2000),
        ]
        indexes = [
            # "My contracts", newest first
            models.Index(
                fields=["buyer", "-created_at", "-contract_id"],
                name="contract_by_buyer",
            ),
        ]

    def __str__(self) -> str:
        return f"Contract {self.contract_id[:8]}"

    @property
    def audit_ref(self) -> str:
        return self.contract_id

    @property
    def payment_reference(self) -> str:
        """What a bank transfer must quote: `CS-` and eight characters of the id."""
        return f"CS-{self.contract_id[:8]}"

    @property
    def problem_open(self) -> bool:
        return self.problem_at is not None and self.problem_resolved_at is None

    @property
    def is_delivered(self) -> bool:
        """True while the buyer has what was rented; not after a failed delivery."""
        return self.reseller_order.state in {"fulfilled", "completed"}

    @property
    def details(self) -> dict[str, Any] | None:
        """The access data the buyer may see: None before and after delivery."""
        found: dict[str, Any] | None = self.reseller_order.external_order_details
        return found if self.is_delivered else None

    @property
    def ends_at(self) -> datetime | None:
        """720 hours after fulfilment; None until then, and after a failure."""
        fulfilled_at = self.reseller_order.fulfilled_at
        return fulfilled_at + COVERED if fulfilled_at and self.is_delivered else None

    def status(self, now: datetime | None = None) -> ContractStatus:
        """Derived from payment and order, never stored."""
        by_payment = {
            "awaiting": ContractStatus.AWAITING_PAYMENT,
            "refund_due": ContractStatus.REFUND_DUE,
            "refunded": ContractStatus.REFUNDED,
            "void": ContractStatus.CANCELLED,
        }
        state = self.payment.state
        if state in by_payment:
            return by_payment[state]
        if not self.is_delivered:
            return ContractStatus.IN_PROGRESS
        ends_at = self.ends_at
        over = ends_at is not None and ends_at <= (now or clock.now())
        return ContractStatus.ENDED if over else ContractStatus.DELIVERED
